// Signing out, or somebody signing in: what this phone could still open of the last one is closed. What waits stays, sealed.
(function () {
  "use strict";
  const { store } = self.Signalen;

  async function close() {
    for (const record of await store.all("records")) {
      if (record.copy) await store.change("records", record.key, (now) => ({ ...now, copy: null }));
    }
    for (const photo of await store.all("photos")) {
      if (photo.view) await store.change("photos", photo.hash, (now) => ({ ...now, view: null }));
    }
    for (const { who } of await store.all("people")) {
      await store.change("people", who, (person) => ({ who, token: person.token, lock: null, here: false }));
    }
    await store.remove("facts", "shared");
    self.localStorage.removeItem("signalen.last");
    store.changed("left");
  }

  for (const form of document.querySelectorAll("form[data-leaves]")) {
    form.addEventListener("submit", (event) => {
      if (form.dataset.left) return;
      event.preventDefault();
      // Leaving goes on, also where the browser keeps nothing.
      close().catch(() => {}).finally(() => {
        form.dataset.left = "yes";
        form.requestSubmit(event.submitter);
      });
    });
  }
})();
