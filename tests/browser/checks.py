"""What must be true of every page, whoever looks at it and in whatever language."""

from __future__ import annotations

from playwright.sync_api import Page

from tests.support.chromium import axe

NARROW = 320
RIGHT_TO_LEFT = {"ar"}

# Words in Latin letters are fine in text that says its own language, and in <bdi> or .code: names, references, codes.
# Outside those: the name of the platform and the names of formats, which Arabic writes in Latin letters as well.
_LATIN = r"""
() => {
  const allowed = new Set(["Signalen", "QR", "PDF", "Atom", "CSV", "JSON", "ICS", "SMS", "JPEG", "PNG", "WebP", "HEIC"]);
  const latin = /\p{Script=Latin}{2,}/gu;
  const found = [];
  const look = (text, where) => {
    const words = [...(text || "").matchAll(latin)].map(([word]) => word).filter(word => !allowed.has(word));
    if (words.length) found.push(`${where} says "${words.join(" ").slice(0, 80)}"`);
  };
  const own = element => {
    for (let at = element; at && at !== document.documentElement; at = at.parentElement)
      if (at.hasAttribute("lang") || at.matches("bdi, .code, script, style, template, textarea")) return true;
    return false;
  };
  // A title has no parts: what stands in it may stand on the page as well, where it says its language.
  let title = document.title;
  for (const element of document.body.querySelectorAll("[lang], bdi")) title = title.replace(element.textContent.trim(), "");
  look(title, "title");
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) if (!own(walker.currentNode.parentElement)) look(walker.currentNode.data, walker.currentNode.parentElement.tagName);
  for (const element of document.body.querySelectorAll("[alt], [title], [aria-label], [placeholder], [aria-description]"))
    if (!own(element)) for (const name of ["alt", "title", "aria-label", "placeholder", "aria-description"]) look(element.getAttribute(name), `${element.tagName} ${name}`);
  return found;
}
"""

_WIDE = """
() => {
  const limit = document.documentElement.clientWidth;
  const width = document.scrollingElement.scrollWidth;
  if (width <= limit) return [];
  const inside = element => { for (let at = element.parentElement; at; at = at.parentElement)
      if (getComputedStyle(at).overflowX !== "visible") return true; return false; };
  const wide = [...document.body.querySelectorAll("*")].filter(e => (e.getBoundingClientRect().right > limit + 1 || e.getBoundingClientRect().left < -1) && !inside(e));
  return [`${width} px wide: ` + wide.slice(-3).map(e => `${e.tagName}.${e.className}`).join(" ")];
}
"""


def complaints(page: Page, language: str) -> list[str]:
    """What is wrong with the page as it stands, in plain words; empty is good. Leaves the window 320 px wide."""
    facts = page.evaluate(
        "() => ({lang: document.documentElement.lang, dir: document.documentElement.dir,"
        " h1: document.querySelectorAll('h1').length, title: document.title.trim()})"
    )
    found = []
    if facts["lang"] != language:
        found.append(f"speaks {facts['lang']} instead of {language}")
    if facts["dir"] != ("rtl" if language in RIGHT_TO_LEFT else "ltr"):
        found.append(f"runs {facts['dir']}")
    if facts["h1"] != 1:
        found.append(f"has {facts['h1']} h1")
    if not facts["title"]:
        found.append("has no title")
    found += axe(page)
    if language == "ar":
        found += page.evaluate(_LATIN)
    return found + too_wide(page)


def too_wide(page: Page) -> list[str]:
    """Whether a reader at 320 px must scroll sideways, and because of what."""
    height = (page.viewport_size or {"height": 800})["height"]
    page.set_viewport_size({"width": NARROW, "height": height})
    return list(page.evaluate(_WIDE))
