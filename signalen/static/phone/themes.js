// Which themes words seem to be about: the same as signalen/themes/rules.py, so that the phone suggests without network.
(() => {
  "use strict";

  const MOST_SUGGESTED = 3;
  const SHORT = 4; // letters; a keyword of at most so many only bends, longer ones may stand inside a compound
  const TOKEN = /[\p{L}\p{N}]+/gu;
  const VOWELS = "aeiou";
  const ENDINGS = {
    nl: ["", "s", "n", "en", "e", "je", "jes", "er", "ers"],
    fr: ["", "s", "x", "e", "es"],
    en: ["", "s", "es", "ed", "ing", "er", "ers"],
    ar: ["", "ه", "ي", "ات", "ين", "ون", "ها", "هم", "نا", "تي"],
  };
  const ARABIC_PREFIXES = ["وال", "بال", "فال", "كال", "لل", "ال", "و", "ب", "ل", "ف"];
  const ARABIC_LETTERS = { ة: "ه", ى: "ي", "ـ": "" };
  const NO_COMPOUNDS = new Set(["transport", "transporten", "transports", "groente", "groenten"]);
  const marks = new Map();
  const sought = new WeakMap();

  // Python folds ß to ss and the last sigma to sigma; the dotless i stays what it is.
  function folded(char) {
    return char === "ı" ? char : char.toLowerCase().toUpperCase().toLowerCase();
  }

  // A mark that is drawn on the letter before it: normalizing puts it before U+0345, which comes last of all marks.
  function isMark(char) {
    if (!marks.has(char)) marks.set(char, char === "\u0345" || ("\u0345" + char).normalize("NFD")[0] !== "\u0345");
    return marks.get(char);
  }

  function plain(text) {
    let small = "";
    for (const char of text) small += folded(char);
    let bare = "";
    for (const char of small.normalize("NFKD")) {
      if (char < "\u0300" || !isMark(char)) bare += ARABIC_LETTERS[char] ?? char;
    }
    return bare;
  }

  function withoutArticle(word) {
    for (const prefix of ARABIC_PREFIXES) {
      const rest = word.length - prefix.length;
      if (word.startsWith(prefix) && rest >= 2 + (prefix.length === 1 ? 1 : 0)) return word.slice(prefix.length);
    }
    return word;
  }

  // A Dutch word and its stem before -en: afspraak and afsprake, bus and busse, brief and brieve.
  function forms(keyword) {
    const body = keyword.slice(0, -1);
    const last = keyword.at(-1);
    if (keyword.length < 3 || VOWELS.includes(last) || !VOWELS.includes(body.at(-1))) return [keyword];
    const voiced = { f: "v", s: "z" }[last] || last;
    if ("aeou".includes(body.at(-2)) && body.at(-2) === body.at(-1)) return [keyword, `${body.slice(0, -1)}${voiced}e`];
    if (VOWELS.includes(body.at(-2))) return [keyword, `${body}${voiced}e`];
    return [keyword, `${body}${last}${last}e`];
  }

  function matches(word, part, language) {
    if (word === part.text) return true;
    if (part.text.length <= SHORT) return part.bent.has(word);
    if (NO_COMPOUNDS.has(word)) return false;
    if (part.forms.some((form) => word.startsWith(form))) return true;
    return language === "nl" && [...word].length >= part.text.length + 3 && part.forms.some((form) => word.includes(form));
  }

  function prepared(keyword, language) {
    return (plain(keyword).match(TOKEN) || []).map((text) => {
      const all = language === "nl" ? forms(text) : [text];
      const endings = ENDINGS[language] || [""];
      return { text, forms: all, bent: new Set(all.flatMap((form) => endings.map((ending) => form + ending))) };
    });
  }

  // Once per list of keywords: they stay the same while somebody types.
  function seekers(keywords, language) {
    if (!sought.has(keywords)) {
      const list = Object.entries(keywords).map(([theme, theirs]) => [
        theme,
        theirs.map((keyword) => prepared(keyword, language)).filter((parts) => parts.length),
      ]);
      sought.set(keywords, list);
    }
    return sought.get(keywords);
  }

  function* found(parts, words, places, language) {
    for (const [word, starts] of places) {
      if (!matches(word, parts[0], language)) continue;
      for (const start of starts) {
        const said = words.slice(start, start + parts.length);
        if (said.length !== parts.length || !said.every((each, n) => matches(each, parts[n], language))) continue;
        for (let place = start; place < start + parts.length; place += 1) yield place;
      }
    }
  }

  function raise(map, key, theme, weight) {
    if (!map.has(key)) map.set(key, new Map());
    const weights = map.get(key);
    weights.set(theme, Math.max(weights.get(theme) || 0, weight));
  }

  // Codes of the themes whose keywords stand in the text, best first, at most three. `keywords`: per theme its words in
  // `language`, in the order of the vocabulary.
  function suggest(text, language, keywords) {
    if (!keywords) return [];
    let words = (plain(text).match(TOKEN) || []).map(plain);
    if (language === "ar") words = words.map(withoutArticle);
    const places = new Map();
    words.forEach((word, place) => {
      if (!places.has(word)) places.set(word, []);
      places.get(word).push(place);
    });
    const best = new Map();
    for (const [theme, theirs] of seekers(keywords, language)) {
      for (const parts of theirs) {
        const weight = parts.reduce((sum, part) => sum + part.text.length, 0);
        for (const place of found(parts, words, places, language)) raise(best, place, theme, weight);
      }
    }
    // A word said ten times counts once, with its heaviest keyword per theme.
    const perWord = new Map();
    for (const [place, weights] of best) {
      for (const [theme, weight] of weights) raise(perWord, words[place], theme, weight);
    }
    // The longest keyword has the word: huurcontract speaks of housing, though contract speaks of work.
    const score = new Map();
    for (const weights of perWord.values()) {
      const heaviest = Math.max(...weights.values());
      for (const [theme, weight] of weights) if (weight === heaviest) score.set(theme, (score.get(theme) || 0) + 1);
    }
    const order = Object.keys(keywords);
    return [...score.keys()]
      .sort((a, b) => score.get(b) - score.get(a) || order.indexOf(a) - order.indexOf(b))
      .slice(0, MOST_SUGGESTED);
  }

  self.Signalen = self.Signalen || {};
  self.Signalen.themes = { suggest, plain };
})();
