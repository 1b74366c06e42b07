from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from signalen.core.errors import DomainError
from signalen.themes.report import Group, NotAReport, Report, parse_report

DATA = Path(__file__).parent / "data"


def read(name: str) -> Report:
    return parse_report((DATA / name).read_text(encoding="utf-8"))


def group(report: Report, number: int) -> Group:
    return next(group for group in report.groups if group.number == number)


def proposals(*paragraphs: str, gap: str = "\n\n\n\n") -> tuple[str, ...]:
    text = "Werkgroep 1: proef\n\nEen bevinding.\n\nConcrete voorstellen\n\n\n\n" + gap.join(paragraphs)
    return parse_report(text).groups[0].entries


def test_title_and_groups_stand_as_in_the_document() -> None:
    report = read("rivierstad.txt")
    assert report.title == "Ronde van Rivierstad"
    assert [(found.number, found.title, len(found.entries)) for found in report.groups] == [
        (1, "warm wonen", 5),
        (2, "samen beslissen, samen dragen", 3),
        (3, "ideeën voor de wijk", 4),
        (4, "dromen van later", 3),
    ]


def test_every_damage_of_the_plain_report_is_mended() -> None:
    assert group(read("rivierstad.txt"), 1).entries == (
        "Elke huurder krijgt een gratis energiescan aan huis, met raad in zijn taal.",
        "De stad richt een ontmoetingsplek in waar mensen toestellen kunnen lenen en leren herstellen, "
        "met speel- en groenruimte.",
        "Een huurwaarborg wordt voorafgeschoten voor wie een leefloon krijgt en nog geen spaargeld heeft.",
        "Belang van een vast gezicht. Eén werker volgt het gezin van de eerste vraag tot de verhuis...",
        "Niet-evidente oplossingen krijgen een kans, ook een niet-evidente buur.",
    )


def test_the_list_opens_at_its_heading_whatever_word_the_typist_chose() -> None:
    assert group(read("rivierstad.txt"), 2).entries == (
        "Bewoners zonder papieren tellen mee in elke bevraging.",
        "Elk antwoord van de stad is leesbaar binnen de maand: wat gebeurt er mee, en waarom niet?",
        "De A-kaart blijft, zoals het (proef)project toonde (met dank aan de buurtwerking)",
    )


def test_ideas_and_dreams_without_a_heading_start_after_their_announcement() -> None:
    report = read("rivierstad.txt")
    assert group(report, 3).entries == (
        "Soep op de stoep. Elke vrijdag aan een andere deur.",
        "Ruilkast met gerief voor de school.",
        "Fietsen delen. Een bakfiets per straat.",
        "Leegstaande winkels: Starters proberen er een half jaar hun zaak uit.",
    )
    assert group(report, 4).entries == (
        "Een stad zonder drempels Voor wie rolt en wie stapt.",
        "Genoeg.",
        "Scholen die mee op huisbezoek gaan.",
    )


def test_markdown_headings_and_lists_are_read_too() -> None:
    report = read("heuvelgem.md")
    assert report.title == "Heuvelgem luistert"
    assert report.groups == (
        Group(
            1,
            "Kinderen eerst",
            (
                "Een gratis warme maaltijd op elke school, ook in de vakantie.",
                "Opvang telt plaatsen vrij voor ouders die les volgen: in elke wijk, zonder wachtlijst.",
                "Lees de brief samen voor je hem verstuurt.",
            ),
        ),
        Group(
            2,
            "Rond de tafel",
            (
                "Nodig bewoners uit vóór de plannen klaar zijn.",
                "Betaal hun verplaatsing en hun tijd.",
                "Stuur elke keer twee mensen, zodat niemand alleen zit.",
            ),
        ),
        Group(3, "Stilte", ()),
    )


@pytest.mark.parametrize(
    ("damaged", "mended"),
    [
        ("Zorg voor **vaste** plekken.", "Zorg voor vaste plekken."),
        ("Zorg voor *vaste* en _open_ plekken.", "Zorg voor vaste en open plekken."),
        ("Zorg voor <b>vaste</b> plekken.", "Zorg voor vaste plekken."),
        ("Zorg voor vaste** plekken.", "Zorg voor vaste plekken."),
        ("Zorg voor ontmoe\u00adting.", "Zorg voor ontmoeting."),
        ("Zorg voor ontmoe\u00ad\nting.", "Zorg voor ontmoeting."),
        ("Zorg voor ontmoe-\nting.", "Zorg voor ontmoeting."),
        ("Ontmoeting telt, ook ontmoe- ting op straat.", "Ontmoeting telt, ook ontmoeting op straat."),
        ("Zorg voor speel-\nen groenruimte.", "Zorg voor speel- en groenruimte."),
        ("Zorg voor de regio Noord-\nBrabant.", "Zorg voor de regio Noord-Brabant."),
        ("Zorg voor\u00a0plekken\r\nvoor allen.", "Zorg voor plekken voor allen."),
        ("Zorg voor \ufb01etsen.", "Zorg voor fietsen."),
        ("Zorg \u200bvoor\u200b plekken.", "Zorg voor plekken."),
        ("Voorstel 3: zorg voor plekken.", "zorg voor plekken."),
    ],
)
def test_damage_is_mended_in_a_proposal(damaged: str, mended: str) -> None:
    entries = proposals("Het eerste voorstel staat hier vooraan.", damaged, "Het laatste voorstel sluit af.")
    assert entries == ("Het eerste voorstel staat hier vooraan.", mended, "Het laatste voorstel sluit af.")


@pytest.mark.parametrize(
    "running",
    [
        "12",
        "- 12 -",
        "Pagina 12 van 40",
        "Figuur 3: de zaal",
        "© De fotograaf",
        "**Op korte termijn**",
        "Wonen",
    ],
)
def test_furniture_and_subheadings_are_no_proposals(running: str) -> None:
    for gap in ("\n\n", "\n\n\n\n"):
        entries = proposals(
            "Maak plaats voor elk kind.", running, "Luister naar elke ouder.", "Kom langs.", gap=gap
        )
        assert entries == ("Maak plaats voor elk kind.", "Luister naar elke ouder.", "Kom langs.")


def test_proposals_one_blank_line_apart_are_read_one_by_one() -> None:
    entries = proposals(
        "Maak plaats voor elk kind.", "Genoeg inkomen.", "Luister naar elke ouder.", gap="\n\n"
    )
    assert entries == ("Maak plaats voor elk kind.", "Genoeg inkomen.", "Luister naar elke ouder.")


def test_text_above_a_list_with_marks_is_no_proposal() -> None:
    text = "Dit vonden we het belangrijkste.\n\n- Maak plaats.\n- Geef tijd.\n- Luister."
    assert proposals(text) == ("Maak plaats.", "Geef tijd.", "Luister.")


def test_points_under_a_proposal_belong_to_it() -> None:
    entries = proposals(
        "Maak plaats.", "Zorg in elke wijk voor:\n- een bank;\n- een boom.", "Luister naar ouders."
    )
    assert entries == ("Maak plaats.", "Zorg in elke wijk voor: een bank; een boom.", "Luister naar ouders.")


def test_a_closing_heading_ends_the_list() -> None:
    for heading in ("Conclusie", "## Over dit verslag", "**Met dank aan:**"):
        assert proposals("Maak plaats.", "Geef tijd.", heading, "Dat was het dan.") == (
            "Maak plaats.",
            "Geef tijd.",
        )


def test_proposals_on_lines_of_their_own_are_read_line_by_line() -> None:
    assert len(proposals("Maak plaats.\nLuister naar ouders.\nKom bij mensen thuis.\nGeef tijd.")) == 4


def test_the_heading_of_a_group_may_stand_on_two_lines_or_repeat_on_a_next_page() -> None:
    text = (
        "Verslag\n\nWerkgroep 1: samen leven,\nsamen wonen\n\nVoorstellen\n\nMaak plaats.\n\n"
        "Werkgroep 1: samen leven, samen wonen\n\nGeef tijd.\n\nWerkgroep 2\n\nRond de tafel\n\nVoorstellen\n\nLuister."
    )
    # Under the repeated heading no list opens again: it is the same group on its next page.
    assert parse_report(text).groups == (
        Group(1, "samen leven, samen wonen", ("Maak plaats.", "Geef tijd.")),
        Group(2, "Rond de tafel", ("Luister.",)),
    )


def test_a_report_in_french_or_english_is_read_by_its_own_words() -> None:
    french = "Rapport\n\nGroupe de travail 1 : le logement\n\nTexte.\n\nNos propositions\n\nUn toit pour tous.\n\nUn bail."
    english = "# Report\n\n## Group 1: homes\n\nText.\n\n### Recommendations\n\n* A roof for all.\n* A lease."
    assert parse_report(french).groups == (Group(1, "le logement", ("Un toit pour tous.", "Un bail.")),)
    assert parse_report(english).groups == (Group(1, "homes", ("A roof for all.", "A lease.")),)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "empty"),
        (" \n\ufeff\n\f ", "empty"),
        (
            "Beste buren,\n\nzondag is er soep. In werkgroep 2 praten we over voorstellen.\n\nTot dan.",
            "no-groups",
        ),
        ("# Recept\n\n## Voorstellen\n\n- Snijd de prei.", "no-groups"),
        (
            "Werkgroep 1: warm wonen\n\nEr werd veel verteld.\n\nWerkgroep 2: school\n\nOok hier.",
            "no-proposals",
        ),
    ],
)
def test_a_text_that_is_no_report_is_refused_with_its_reason(text: str, code: str) -> None:
    with pytest.raises(NotAReport) as refused:
        parse_report(text)
    assert isinstance(refused.value, DomainError)
    assert refused.value.code == code


PIECES = st.sampled_from(
    [
        "Werkgroep 1: a",
        "Werkgroep 2",
        "## Groep 3 b",
        "Concrete voorstellen",
        "- ",
        "1. ",
        "**",
        "*",
        "_",
        "\n",
        "\n\n\n\n",
        "-\n",
        "\xad",
        "\x0c",
        "12",
        "#",
        "ideeën hier:",
        "woord ",
        "Zin. ",
        "(",
        "[x](",
        "====",
        "\t",
        "Foto: ",
        "|",
        ">",
    ]
)


@settings(max_examples=150, deadline=None)
@given(st.one_of(st.text(max_size=400), st.lists(PIECES, max_size=80).map("".join)))
def test_any_text_is_a_report_or_refused(text: str) -> None:
    try:
        report = parse_report(text)
    except NotAReport:
        return
    assert any(found.entries for found in report.groups)
    for found in report.groups:
        for entry in found.entries:
            assert entry == " ".join(entry.split()) != ""
            assert "**" not in entry
            assert "\u00ad" not in entry


@pytest.mark.parametrize(
    "piece", ["*a ", "_a_ ", "- x\n", "woord-\n", "[a](", "\u00ad", "Werkgroep 1: x\n\n", "12\n\n"]
)
def test_a_long_hostile_text_is_read_to_its_end(piece: str) -> None:
    text = "Werkgroep 1: x\n\nVoorstellen\n\nEen.\n\n" + piece * (50_000 // len(piece))
    assert parse_report(text).groups[0].number == 1
