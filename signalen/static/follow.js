// A scanned code stands behind the # of the address: it never travels in a request line. Put it in the form, drop it, send it.
const field = document.getElementById("f-code");
if (field && location.hash.length > 1 && !document.getElementById("errors")) {
  field.value = decodeURIComponent(location.hash.slice(1));
  history.replaceState(null, "", location.pathname);
  field.form.requestSubmit();
}
