// Leaving at once: the page is replaced, so that "back" does not show it again. The server forgets what was typed meanwhile.
(() => {
  const form = document.querySelector("form.leave");
  if (!form) return;
  const PRESSES = 3; // of Escape
  const WITHIN = 2000; // milliseconds
  let presses = [];

  function go() {
    document.title = "…";
    document.body.hidden = true;
    fetch(form.action, { method: "POST", keepalive: true, credentials: "same-origin" }).catch(() => {});
    location.replace(form.dataset.elsewhere);
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    go();
  });
  addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    presses = [...presses.filter((at) => event.timeStamp - at < WITHIN), event.timeStamp];
    if (presses.length >= PRESSES) go();
  });
})();
