from __future__ import annotations

import pytest
import sqlalchemy as sa
from sqlmodel import Session, col, select

from signalen.consultations.models import AnswerKind
from signalen.core.models import Event
from signalen.core.permissions import SYSTEM
from signalen.people.models import Level
from signalen.signals.models import SignalKind
from signalen.themes import vocabulary
from signalen.themes.models import CodeKind, Frame, FrameItem, Keyword, Name, Theme, ThemesVerb
from signalen.themes.operations import load_vocabulary
from signalen.themes.queries import (
    forget_names,
    frame_items_for_themes,
    frames_with_items,
    keywords,
    names,
)

LANGUAGES = {"nl", "fr", "en", "ar"}


@pytest.mark.parametrize("kind", list(vocabulary.FILES))
def test_every_code_has_a_name_of_its_own_in_every_offered_language(kind: CodeKind) -> None:
    entries = vocabulary.entries(kind)
    assert len({entry["code"] for entry in entries}) == len(entries)
    for entry in [*entries, *(item for frame in entries for item in frame.get("items", []))]:
        assert set(entry["names"]) == LANGUAGES
        assert all(isinstance(name, str) and 0 < len(name) <= 300 for name in entry["names"].values())


def test_codes_in_the_vocabulary_are_the_codes_in_the_code() -> None:
    assert set(vocabulary.order(CodeKind.ANSWER_KIND)) == {kind.value for kind in AnswerKind}
    assert set(vocabulary.order(CodeKind.SIGNAL_KIND)) == {kind.value for kind in SignalKind} | {"hulp"}
    assert set(vocabulary.order(CodeKind.LEVEL)) == {level.value for level in Level}
    themes = set(vocabulary.order(CodeKind.THEME))
    for frame in vocabulary.entries(CodeKind.FRAME):
        assert [item["n"] for item in frame["items"]] == list(range(1, len(frame["items"]) + 1))
        assert all(set(item["themes"]) <= themes for item in frame["items"])


def test_an_answer_says_what_it_needs_and_whether_it_is_interim() -> None:
    assert vocabulary.answer_needs("nee") == ("reason",)
    assert vocabulary.is_interim("onderzoek")
    assert not vocabulary.is_interim("ja")
    assert vocabulary.answer_needs("misschien") == ()


def test_loading_again_changes_nothing_and_records_nothing(session: Session) -> None:
    loaded = (
        select(sa.func.count())
        .select_from(Event)
        .where(col(Event.verb) == ThemesVerb.VOCABULARY_LOADED.value)
    )
    before = session.exec(loaded).one()
    counts = load_vocabulary(session, actor=SYSTEM)
    assert before == 1
    assert set(counts.values()) == {0}
    assert session.exec(loaded).one() == before


def test_loading_again_mends_names_and_keeps_what_a_steward_added(session: Session) -> None:
    session.add(Theme(code="dieren", position=99))
    session.flush()
    session.add(Keyword(theme_code="dieren", language="nl", word="hond"))
    session.add(Name(kind=CodeKind.THEME, code="dieren", language="nl", name="Dieren"))
    session.execute(sa.update(Theme).where(col(Theme.code) == "energie").values(active=False))
    session.execute(
        sa.update(Name).where(col(Name.code) == "wonen", col(Name.language) == "fr").values(name="?")
    )
    session.execute(sa.delete(Keyword).where(col(Keyword.word) == "schimmel"))
    counts = load_vocabulary(session, actor=SYSTEM)
    assert counts["name"] == counts["keyword"] == 1
    found = names(session, "fr")
    assert found.theme("wonen") == "Logement"
    assert found.theme("dieren") == "Dieren"
    assert found.themes()[-1] == ("dieren", "Dieren")
    assert "energie" not in dict(found.themes())
    assert found.theme("energie") == "Énergie et eau"
    assert keywords(session, "nl")["dieren"] == ["hond"]
    assert "energie" not in keywords(session, "nl")


def test_names_come_in_the_language_of_the_reader_and_in_the_order_of_the_facts(session: Session) -> None:
    arabic = names(session, "ar")
    assert arabic.theme("wonen") == "السكن"
    assert arabic.themes()[0] == ("wonen", "السكن")
    assert len(arabic.themes()) == 18
    assert len(arabic.groups()) == 24
    assert len(arabic.barriers()) == 21
    assert len(arabic.places()) == 10
    assert [code for code, _ in arabic.levels()] == [
        "organisatie",
        "district",
        "stad",
        "regio",
        "vlaanderen",
        "federaal",
        "europa",
    ]
    assert [code for code, _ in arabic.kinds()] == ["signaal", "klacht", "hulp", "goed"]
    assert [code for code, _ in arabic.answer_kinds()][:2] == ["ja", "deels"]
    assert len(arabic.reasons()) == 8
    assert len(arabic.frames()) == 7
    assert arabic.group("ouderen") == "كبار السن"
    assert arabic.barrier("geld") == "التكلفة عالية جدًا"
    assert arabic.place("antwerpen") == "أنتويرب"
    assert arabic.level("stad").startswith("المدينة")
    assert arabic.kind("goed") == "هذا يسير جيدًا"
    assert arabic.answer_kind("nee") == "لا"
    assert arabic.reason("geen-reden") == "لم يُذكر سبب"


def test_a_missing_name_falls_back_to_dutch_and_then_to_the_code(session: Session) -> None:
    turkish = names(session, "tr")
    assert turkish.theme("wonen") == "Wonen"
    assert turkish.theme("onbekend") == "onbekend"


def test_names_are_read_with_one_statement_and_kept_for_a_minute(session: Session) -> None:
    forget_names()
    seen: list[str] = []
    sa.event.listen(session.connection(), "before_cursor_execute", lambda *call: seen.append(call[2]))
    now = [100.0]
    first = names(session, "nl", tick=lambda: now[0])
    assert len(seen) == 1
    now[0] = 159.0
    assert names(session, "nl", tick=lambda: now[0]) is first
    now[0] = 160.0
    assert names(session, "nl", tick=lambda: now[0]) is not first
    assert len(seen) == 2


def test_frames_come_with_their_items_and_the_crosswalk_leads_to_them(session: Session) -> None:
    frames = frames_with_items(session, "en")
    assert [frame.code for frame in frames][:2] == ["apsmo-2.0", "staten-generaal-2020"]
    second = frames[1]
    assert [item.n for item in second.items] == list(range(1, 13))
    assert second.items[1].name == "Participation as a democratic right"
    assert names(session, "nl").frame_item(second.items[1].id) == "Participatie als democratisch recht"
    found = frame_items_for_themes(session, ["energie"])
    rows = session.exec(select(FrameItem.frame_code, FrameItem.n).where(col(FrameItem.id).in_(found))).all()
    assert ("staten-generaal-2020", 1) in rows
    assert ("grondwet-23-24", 3) in rows
    assert frame_items_for_themes(session, []) == []
    recommendations = session.get(Frame, "gekleurde-armoede-2008")
    assert recommendations is not None
    assert recommendations.facts["recommendations"]["2"] == "12-17"
