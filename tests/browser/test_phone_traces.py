"""After a sign-out no word can be found on the disk of a phone, and the next person sees nothing; what waited still arrives."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image, ImageDraw
from playwright.sync_api import Page, Playwright, expect

from tests.browser.street import (
    AMINA,
    DRE,
    SEND,
    Phones,
    profile,
    send_all,
    serve_phones,
    settled,
    sign_in,
)
from tests.signals.pictures import exif_with_place
from tests.support.traces import find_traces

pytestmark = pytest.mark.browser

# Words that no language and no browser has, one for each way in which a word can come onto a phone.
CANARIES = {
    "typed": "qwizzelvarkoem",
    "offline": "zjabbelkwintor",
    "refused": "vroekkwapsteli",
    "conflict": "plomzjiefkwarg",
    "waiting": "gnurfelkwezzop",
    "draft": "kwispelzjoffra",
    "place": "bjoezelkwurtim",
    "agreed": "fnoerkzwapliex",
    "shared": "tjiemelkwabzor",
    "file": "snorfelkwiebaz",
    "exif": "dwarrelkwixmop",
    "taken back": "zwoefelkjantri",
}
SHARE = """(words) => {
  const form = Object.assign(document.createElement("form"), { method: "post", action: "/capture/share", enctype: "multipart/form-data" });
  form.append(Object.assign(document.createElement("input"), { type: "hidden", name: "text", value: words }));
  document.body.append(form);
  form.submit();
}"""
IN_PLAIN = """async ({ local, session, database, title, field, cached }) => {
  localStorage.setItem("control", local);
  sessionStorage.setItem("control", session);
  await (await caches.open("control")).put("/control", new Response(cached));
  const db = await idb.openDB("control", 1, { upgrade: (each) => each.createObjectStore("words") });
  // Enough for LevelDB to write tables, in blocks that it makes small.
  for (let n = 0; n < 400; n += 1) {
    const noise = Array.from(crypto.getRandomValues(new Uint16Array(5000)), (each) => each.toString(36)).join("");
    await db.put("words", { text: `de woorden ${database} ` + noise }, n);
  }
  history.replaceState({ field }, "", "#" + title);
}"""


@pytest.fixture(scope="module")
def phones(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Phones]:
    with serve_phones(sqlite_template, tmp_path_factory.mktemp("phones")) as running:
        yield running


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    """A photo that says where it was made and by whom, under a name that says something too."""
    image = Image.effect_noise((640, 480), 60).convert("RGB")
    ImageDraw.Draw(image).text((20, 20), CANARIES["exif"], fill=(0, 0, 0))
    exif = exif_with_place()
    exif[0x010E] = exif[0x013B] = CANARIES["exif"]
    path = tmp_path / f"{CANARIES['file']}.jpg"
    image.save(path, "JPEG", exif=exif, comment=CANARIES["exif"].encode())
    return path


def save(page: Page, name: str, state: str, answer: int = 0, **said: str) -> None:
    """Types and saves the words of this name; waits until it came to this state."""
    if answer:
        page.context.route(SEND, lambda route: route.fulfill(status=answer, json=said))
    there = page.locator(f"#kept [data-is={state}]")
    before = there.count()
    page.locator("#f-text").fill(f"De buurt zegt {CANARIES[name]} en nog wat.")
    page.locator("#capture .sticky button").click()
    expect(page.locator("#f-text")).to_have_value("")
    expect(there).to_have_count(before + 1)
    if answer:
        page.context.unroute(SEND)


def a_draft_is_kept(page: Page) -> None:
    """All that was typed lies on the phone."""
    page.evaluate(
        """async () => {
          const { outbox } = Signalen;
          const typed = document.getElementById("f-text").value;
          const kept = async () => {
            for (const { key, state } of await outbox.list()) {
              if (state === "draft" && (await outbox.read(key))?.fields.text === typed) return true;
            }
            return false;
          };
          while (!(await kept())) await new Promise((resolve) => setTimeout(resolve, 10));
        }"""
    )


def sign_out(page: Page, origin: str) -> None:
    page.goto(f"{origin}/account")
    page.locator("form[data-leaves] button").first.click()
    page.wait_for_url(lambda url: "/account" not in url)


def a_day_of_amina(page: Page, origin: str, picture: Path) -> bytes:
    """Everything that a word can go through on a phone. Gives the bytes of the photo as it was kept."""
    context = page.context
    text = page.locator("#f-text")
    text.press_sequentially(f"Het is {CANARIES['typed']} hier.", delay=20)
    a_draft_is_kept(page)
    page.reload()
    settled(page)
    expect(text).to_have_value(f"Het is {CANARIES['typed']} hier.")
    page.locator("[name=district]:not([value=''])").first.evaluate("(box) => box.click()")
    page.locator("#capture .sticky button").click()
    expect(page.locator("#kept [data-is=received]").first).to_be_visible()
    context.set_offline(offline=True)
    save(page, "offline", "ready")
    page.reload()
    settled(page)
    context.set_offline(offline=False)
    send_all(page)
    save(page, "taken back", "received")
    save(page, "refused", "refused", 422, error="refused", why="cannot-open")
    save(page, "conflict", "conflict", 409, error="conflict")
    # The same worry again, and the pages that show words of signals.
    page.goto(f"{origin}/capture")
    settled(page)
    page.locator("#again button").first.click()
    page.goto(f"{origin}/mine")
    page.goto(f"{origin}/capture")
    settled(page)
    context.route(SEND, lambda route: route.abort())
    page.evaluate(SHARE, CANARIES["shared"])
    page.wait_for_url(f"{origin}/capture")
    settled(page)
    expect(text).to_have_value(CANARIES["shared"])
    page.locator("#capture .sticky button").click()
    expect(text).to_have_value("")
    # With a photo and all fields where one can type, waiting; and one that is not finished.
    text.fill(f"Kijk: {CANARIES['waiting']}.")
    page.locator("#photos input[type=file]").set_input_files(picture)
    expect(page.locator("#photos img")).to_be_visible()
    kept = page.evaluate(
        """async () => {
          const { key } = (await Signalen.outbox.list()).find(({ state }) => state === "draft");
          const [photo] = await Signalen.outbox.photos(key);
          return Array.from(await photo.bytes());
        }"""
    )
    for fold in page.locator("#capture > details").all():
        fold.evaluate("(each) => { each.open = true; }")
    page.locator("[name=neighbourhood]").fill(CANARIES["place"])
    page.locator("[name=on_behalf]").check()
    page.locator("[name=agreed_how]").fill(CANARIES["agreed"])
    page.locator("[name=district]:not([value=''])").nth(2).evaluate("(box) => box.click()")
    page.locator("#capture .sticky button").click()
    expect(text).to_have_value("")
    text.press_sequentially(f"Niet af {CANARIES['draft']}", delay=20)
    a_draft_is_kept(page)
    return bytes(kept)


def test_no_word_of_a_day_is_on_the_disk_and_the_next_person_sees_nothing(
    phones, playwright: Playwright, tmp_path: Path, picture: Path
) -> None:
    disk = tmp_path / "profile"
    with profile(playwright, disk) as context:
        page = context.pages[0]
        sign_in(page, phones.url)
        kept = a_day_of_amina(page, phones.url, picture)
        assert len(kept) > 2000
        sign_out(page, phones.url)
    assert find_traces(disk, CANARIES.values(), pictures=[kept, picture.read_bytes()]) == set()

    with profile(playwright, disk) as context:
        page = context.pages[0]
        sent: list[str] = []
        context.on("request", lambda request: sent.append(request.url))
        sign_in(page, phones.url, DRE)
        now = send_all(page)
        seen = page.content() + page.evaluate("() => JSON.stringify({ ...localStorage, ...sessionStorage })")
        assert not [name for name, word in CANARIES.items() if word in seen.lower()]
        expect(page.locator("#kept [data-key]")).to_have_count(0)
        assert page.locator("#again").is_hidden()
        assert page.locator("#f-text").input_value() == ""
        assert page.locator("[name=district]:checked").evaluate_all(
            "(boxes) => boxes.map((box) => box.value)"
        ) in ([], [""])
        assert not [url for url in sent if any(word in url for word in CANARIES.values())]
        left = [record["state"] for record in now if record["state"] != "received"]
        assert sorted(left) == ["conflict", "draft", "refused"]
        sign_out(page, phones.url)
    assert find_traces(disk, CANARIES.values(), pictures=[kept, picture.read_bytes()]) == set()

    words = {words: email for _key, _number, words, email in phones.signals()}
    for name in ("typed", "offline", "taken back", "shared", "waiting"):
        assert [email for text, email in words.items() if CANARIES[name] in text] == [AMINA], name


def test_the_same_search_finds_words_that_do_lie_there(
    phones, playwright: Playwright, tmp_path: Path
) -> None:
    disk = tmp_path / "profile"
    control = {
        name: f"{word}x"
        for name, word in zip(
            ("local", "session", "database", "title", "field", "cached"), CANARIES.values(), strict=False
        )
    }
    with profile(playwright, disk) as context:
        page = context.pages[0]
        sign_in(page, phones.url)
        page.evaluate(IN_PLAIN, control)
        page.goto(f"{phones.url}/capture")
    found = find_traces(disk, control.values())
    assert {word for word, _place in found} >= {
        control[name] for name in ("local", "database", "cached", "title")
    }
    # The database in tables that LevelDB made small.
    assert [place for word, place in found if word == control["database"] and place.endswith(".ldb")]
