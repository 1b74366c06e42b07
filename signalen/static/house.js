// The token of the page goes along with every request that htmx makes.
document.addEventListener("htmx:configRequest", (event) => {
  const field = document.querySelector("input[name=csrf_token]");
  if (field) event.detail.headers["X-CSRFToken"] = field.value;
});
