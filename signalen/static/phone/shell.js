// Installs the worker that opens this screen without network, and tells it which language the screen speaks.
(function (scope) {
  "use strict";
  const workers = scope.navigator.serviceWorker;
  const PATIENCE = 1_000; // milliseconds

  async function install(address, home, language) {
    if (!workers) return;
    for (const link of document.querySelectorAll("a[hreflang]")) link.addEventListener("click", (event) => change(event, link, home));
    const registration = await workers.register(address, { scope: home, updateViaCache: "none" });
    const worker = registration.active || registration.waiting || registration.installing;
    worker?.postMessage({ language });
  }

  // Resolves when the worker knows: the next time it opens the screen in this language.
  async function speak(language) {
    const worker = workers?.controller;
    if (!worker) return;
    const { port1, port2 } = new MessageChannel();
    await new Promise((resolve) => {
      port1.onmessage = resolve;
      scope.setTimeout(resolve, PATIENCE);
      worker.postMessage({ language }, [port2]);
    });
  }

  // Another language by hand: the worker knows it before the screen opens again, and without network that is enough.
  function change(event, link, home) {
    if (!workers.controller || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    const follow = scope.navigator.onLine === false ? home : link.href;
    speak(link.hreflang).then(() => scope.location.assign(follow));
  }

  scope.Signalen = scope.Signalen || {};
  scope.Signalen.shell = { install, speak };
})(self);
