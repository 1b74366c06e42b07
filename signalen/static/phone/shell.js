// Installs the worker that opens this screen without network, and tells it which language the screen speaks.
(function (scope) {
  "use strict";
  const workers = scope.navigator.serviceWorker;

  async function install(address, home, language) {
    if (!workers) return;
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
      scope.setTimeout(resolve, 1000);
      worker.postMessage({ language }, [port2]);
    });
  }

  scope.Signalen = scope.Signalen || {};
  scope.Signalen.shell = { install, speak };
})(self);
