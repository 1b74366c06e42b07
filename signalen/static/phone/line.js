// The line on top: whether there is network, what waits, and what can be done when it waits too long. And the language.
(function (scope) {
  "use strict";
  const DAY = 24 * 3600 * 1000;
  const STORE = "signalen.language";

  function mount({ data, outbox, shown, say, keep }) {
    const box = document.getElementById("line");
    const overdue = document.getElementById("overdue");
    const title = document.getElementById("overdue-title");
    const words = document.getElementById("t-words").dataset;
    const part = (name) => box.querySelector(`[data-${name}]`);
    const worker = () => scope.navigator.serviceWorker?.controller;

    async function draw() {
      const { count, oldest } = await outbox.waiting();
      const here = outbox.person;
      const off = outbox.reachable === false || scope.navigator.onLine === false;
      const asks = Boolean(count && !off && here && !here.signed);
      box.hidden = !here || !(off || count);
      part("icon=off").hidden = !off;
      part("icon=on").hidden = off;
      const waits = off ? "waiting" : "going";
      part("text").textContent = count ? shown.counted(waits, count) : words.noNetwork;
      part("look").hidden = !count;
      part("sign-in").hidden = !asks;
      part("now").hidden = !count || off || asks;
      const late = Boolean(here && oldest && Date.now() - oldest.getTime() > DAY);
      overdue.hidden = !late;
      if (late) title.textContent = title.dataset.since.replace("{time}", shown.time(oldest));
    }

    async function saveACopy() {
      const url = URL.createObjectURL(await outbox.exportFile());
      Object.assign(document.createElement("a"), { href: url, download: words.file }).click();
      scope.setTimeout(() => URL.revokeObjectURL(url), 10_000);
      say(words.copied);
    }

    // The person chose another language elsewhere: this screen opens in it, once.
    async function speak() {
      const wish = outbox.person?.language;
      if (wish === data.lang) scope.sessionStorage.removeItem(STORE);
      if (!wish || wish === data.lang || !worker() || scope.sessionStorage.getItem(STORE) === wish) return;
      scope.sessionStorage.setItem(STORE, wish);
      await keep();
      await scope.Signalen.shell.speak(wish);
      scope.location.reload();
    }

    outbox.addEventListener("person", speak);
    for (const button of document.querySelectorAll("[data-now]")) button.addEventListener("click", () => outbox.sendNow());
    document.querySelector("[data-export]").addEventListener("click", saveACopy);
    part("look").addEventListener("click", (event) => {
      event.preventDefault();
      shown.focus();
    });
    scope.setInterval(draw, 60_000);
    return { draw };
  }

  scope.Signalen = scope.Signalen || {};
  scope.Signalen.line = { mount };
})(self);
