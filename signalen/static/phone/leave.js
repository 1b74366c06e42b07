// On the pages to sign out and in: what this phone could still open is closed at sign-out. What waits stays, sealed, and is
// still sent. A page that is closed too early has left its mark: the next start finishes what it began.
(function () {
  "use strict";
  const { store } = self.Signalen;
  const PATIENCE = 3_000; // milliseconds: leaving goes on, also where the browser keeps nothing

  async function close() {
    await store.close();
    store.drop("leaving");
    store.changed("left");
  }

  for (const form of document.querySelectorAll("form[data-leaves]")) {
    form.addEventListener("submit", (event) => {
      if (form.dataset.left) return;
      event.preventDefault();
      store.mark("leaving");
      const late = new Promise((resolve) => setTimeout(resolve, PATIENCE));
      Promise.race([close(), late])
        .catch(() => {})
        .finally(() => {
          form.dataset.left = "yes";
          form.requestSubmit(event.submitter);
        });
    });
  }

  // Perhaps somebody else signs in: until the server said who it is, this phone shows nothing of the last one.
  for (const form of document.querySelectorAll("form[data-comes]")) form.addEventListener("submit", () => store.mark("asked"));

  if (store.marked("leaving")) close().catch(() => {});
})();
