// Reads the page aloud, sentence by sentence, each in the language it is written in, with a voice that this device has for it.
// Without such a voice for the language of the page there is no button: an English voice that reads Arabic helps nobody.
(() => {
  const bar = document.querySelector("[data-listen]");
  const speech = self.speechSynthesis;
  if (!bar || !speech || !self.SpeechSynthesisUtterance) return;
  const [play, pause] = bar.querySelectorAll("button");
  const said = bar.querySelector("[role=status]");
  const words = bar.dataset;
  const BLOCKS = "h1, h2, h3, p, li, dt, dd, blockquote";
  const QUIET = "form, nav, button, svg, [hidden], .no-print, .sr, [aria-hidden=true]";
  const RATE = 0.95;
  const LONGEST = 200; // characters of one utterance: some voices stop by themselves after a while
  const lit = self.CSS?.highlights && self.Highlight ? new Highlight() : null;
  if (lit) CSS.highlights.set("listening", lit);
  let pieces = [];
  let at = -1; // which piece is read; -1: nothing
  let run = 0; // utterances of an earlier start are not ours any more

  const tongue = (lang) => (lang || "").toLowerCase().split("-")[0];
  const languageOf = (element) => tongue(element.closest("[lang]")?.lang || document.documentElement.lang);

  function voiceFor(lang) {
    const fit = speech.getVoices().filter((voice) => tongue(voice.lang.replace("_", "-")) === lang);
    return fit.find((voice) => voice.localService) || fit[0] || null;
  }

  function ready() {
    const able = Boolean(voiceFor(tongue(document.documentElement.lang)));
    bar.hidden = !able;
    if (!able) stop();
  }

  // ---- what is read ----
  function sentences(text, lang) {
    if (self.Intl?.Segmenter) {
      return [...new Intl.Segmenter(lang, { granularity: "sentence" }).segment(text)].map((each) => [each.index, each.segment]);
    }
    return [...text.matchAll(/[^.!?؟…]+[.!?؟…]*\s*/gu)].map((each) => [each.index, each[0]]);
  }

  function short([from, sentence]) {
    const parts = [];
    let rest = sentence;
    while (rest.length > LONGEST) {
      const cut = Math.max(rest.lastIndexOf(" ", LONGEST), 1);
      parts.push([from, rest.slice(0, cut)]);
      from += cut;
      rest = rest.slice(cut);
    }
    return [...parts, [from, rest]];
  }

  function collect() {
    const found = [];
    const walker = document.createTreeWalker(document.getElementById("main"), NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      const node = walker.currentNode;
      const element = node.parentElement;
      if (!node.data.trim() || element.closest(QUIET) || !element.closest(BLOCKS)) continue;
      if (element.checkVisibility && !element.checkVisibility()) continue;
      const lang = languageOf(element);
      for (const sentence of sentences(node.data, lang)) {
        for (const [from, text] of short(sentence)) {
          if (/[\p{L}\p{N}]/u.test(text)) found.push({ node, from, text, lang });
        }
      }
    }
    return found;
  }

  // ---- reading ----
  function mark(piece) {
    document.querySelector(".listening")?.classList.remove("listening");
    lit?.clear();
    if (!piece) return;
    const range = new Range();
    range.setStart(piece.node, piece.from);
    range.setEnd(piece.node, piece.from + piece.text.length);
    if (lit) lit.add(range);
    else piece.node.parentElement.classList.add("listening");
    piece.node.parentElement.scrollIntoView({ block: "nearest" });
  }

  function show() {
    const on = at >= 0;
    play.setAttribute("aria-pressed", String(on));
    play.querySelector("span").textContent = on ? words.stop : words.play;
    pause.hidden = !on;
    pause.querySelector("span").textContent = speech.paused ? words.resume : words.pause;
  }

  function read(index, mine) {
    if (mine !== run) return;
    at = index;
    const piece = pieces[index];
    if (!piece) return stop();
    const utterance = new SpeechSynthesisUtterance(piece.text.trim());
    utterance.voice = voiceFor(piece.lang);
    utterance.lang = utterance.voice?.lang || piece.lang;
    utterance.rate = RATE;
    utterance.onend = () => read(index + 1, mine);
    utterance.onerror = () => mine === run && stop();
    mark(piece);
    show();
    speech.speak(utterance);
  }

  function start() {
    const all = collect();
    pieces = all.filter((piece) => voiceFor(piece.lang));
    said.textContent = pieces.length < all.length ? words.skipped : "";
    speech.cancel();
    run += 1;
    read(0, run);
  }

  function stop() {
    run += 1;
    at = -1;
    speech.cancel();
    mark(null);
    show();
  }

  play.addEventListener("click", () => (at < 0 ? start() : stop()));
  pause.addEventListener("click", () => {
    if (speech.paused) speech.resume();
    else speech.pause();
    show();
  });
  addEventListener("pagehide", stop);
  speech.addEventListener?.("voiceschanged", ready); // many browsers know their voices only after a while
  ready();
})();
