"""Bad luck around the engine of the phone: windows at the same moment, answers of somebody else's network, another person."""

from __future__ import annotations

import pytest

from tests.browser.person import open_person
from tests.browser.phone import Phone, new_record

pytestmark = pytest.mark.browser
ME = "**/capture/me"


@pytest.fixture
def amina(house, browser):
    """Signed in, with the engine running."""
    phone = Phone(house, open_person(browser, house.url, "nl", "phone")).sign_in()
    yield phone
    phone.person.close()


@pytest.mark.parametrize("status", [400, 409, 422])
def test_what_a_network_answers_in_the_place_of_the_server_decides_nothing(amina, status) -> None:
    amina.answering(status, "<title>Blocked by your provider</title>")
    key = amina.ready()
    assert amina.tried(key)["state"] == "ready"
    amina.all_gets_through()
    amina.call("sendNow")
    assert amina.becomes(key, "received")["receipt"]


def test_a_page_that_is_not_there_does_not_close_what_this_phone_can_open(amina) -> None:
    draft = new_record("Drie gezinnen wachten.")
    amina.call("keepDraft", draft)
    amina.answering(404, "<h1>404 Not Found</h1><p>proxy</p>", pattern=ME)
    amina.page.evaluate("() => Signalen.here.ask()")
    assert amina.person_here()["who"]
    assert amina.call("read", draft["key"])["fields"] == draft["fields"]


def test_two_windows_that_ask_at_the_same_moment_share_one_lock_and_one_token(amina) -> None:
    """As when a browser opens again with both: a draft of each can be opened by the other."""
    amina.call("leave")
    windows = amina.page, amina.person.context.new_page()
    amina.start(windows[1])
    amina.call("leave")
    for window in windows:
        window.evaluate(
            """() => {
          const { seal, store } = Signalen;
          const made = seal.newLock;
          // Both have looked, and neither has kept its lock.
          seal.newLock = async () => {
            const lock = await made();
            const channel = new BroadcastChannel("both");
            await new Promise((resolve) => { channel.onmessage = () => { channel.postMessage("here"); resolve(); }; channel.postMessage("here"); });
            return lock;
          };
          self.asked = Signalen.here.ask();
        }"""
        )
    for window in windows:
        window.evaluate("() => self.asked")
    draft = new_record("Drie gezinnen wachten.")
    windows[0].evaluate("(draft) => Signalen.outbox.keepDraft(draft)", draft)
    other = new_record("Nog twee gezinnen wachten.")
    windows[1].evaluate("(draft) => Signalen.outbox.keepDraft(draft)", other)
    for window in windows:
        for each in (draft, other):
            read = window.evaluate("(key) => Signalen.outbox.read(key)", each["key"])
            assert read is not None
            assert read["fields"] == each["fields"]
    assert amina.dump()["people"][0]["token"]


def test_words_that_stood_in_line_when_another_person_came_are_not_theirs(amina) -> None:
    draft = new_record("Drie gezinnen wachten.")
    amina.page.evaluate(
        """async (draft) => {
      const { outbox, seal, here } = Signalen;
      const made = seal.envelope;
      let slow = null;
      const held = new Promise((resolve) => (slow = resolve));
      seal.envelope = async (...given) => { await held; return made(...given); };
      const first = outbox.keepDraft({ ...draft, key: crypto.randomUUID() });
      const second = outbox.keepDraft(draft); // behind the first
      await Promise.resolve();
      here.person = { ...here.person, who: "0000000000000000", lock: await seal.newLock() };
      slow();
      await Promise.all([first, second]);
    }""",
        draft,
    )
    assert amina.lies(draft["key"]) is None or amina.lies(draft["key"])["who"] != "0000000000000000"
