from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from signalen.signals.privacy import PersonalData, find_personal_data, is_iban, is_national_number, kinds_in

DEMO = yaml.safe_load(
    (Path(__file__).parents[2] / "signalen/desk/facts/demo_signals.yaml").read_text("utf-8")
)


def found(text: str) -> list[tuple[PersonalData, str]]:
    return [(finding.kind, finding.quote) for finding in find_personal_data(text)]


@pytest.mark.parametrize("words", [signal["text"] for signal in DEMO], ids=range(len(DEMO)))
def test_the_demo_signals_raise_no_alarm(words: str) -> None:
    assert found(words) == []


@pytest.mark.parametrize(
    "number",
    [
        "0470 12 34 56",
        "0470/12.34.56",
        "0470123456",
        "03/226.12.34",
        "02 279 22 11",
        "+32 470 12 34 56",
        "0032470123456",
        "+31 6 12345678",
        "470123456",
        "٠٤٧٠١٢٣٤٥٦",
        "۰۴۷۰۱۲۳۴۵۶",
    ],
)
def test_phone_numbers_are_found(number: str) -> None:
    assert found(f"Bel me op {number} na de les.") == [(PersonalData.PHONE, number)]


def test_two_numbers_behind_each_other_are_two() -> None:
    assert [quote for _, quote in found("0470 12 34 56 0471 22 33 44")] == ["0470 12 34 56", "0471 22 33 44"]


@pytest.mark.parametrize(
    "words",
    [
        "geboren op 12.03.2026",
        "op 01/02/2026 om 09:30",
        "dossier S-2026-00417",
        "3.500 euro en 1 200 000 euro",
        "van 8 tot 12 uur, 2060 Antwerpen",
        "al 10 jaar, 4 kinderen, 65 m2",
    ],
)
def test_dates_amounts_and_references_are_no_phone_numbers(words: str) -> None:
    assert found(words) == []


@pytest.mark.parametrize(
    "address", ["jan.peeters@voorbeeld.be", "a+b@mail.voorbeeld.org", "fatima_88@voorbeeld.com"]
)
def test_mail_addresses_are_found(address: str) -> None:
    assert found(f"Mail naar {address}.") == [(PersonalData.EMAIL, address)]


@pytest.mark.parametrize("words", ["Iedereen @ huis", "@buurtwerk", "om 8u@school"])
def test_a_lone_at_sign_is_no_mail_address(words: str) -> None:
    assert found(words) == []


@pytest.mark.parametrize("number", ["85.07.30-033.28", "85073003328", "85 07 30 033 28"])
def test_national_numbers_are_found(number: str) -> None:
    assert found(f"Mijn nummer is {number}.") == [(PersonalData.NATIONAL_NUMBER, number)]


@given(st.integers(0, 99), st.integers(1, 12), st.integers(1, 28), st.integers(1, 997), st.booleans())
def test_a_national_number_of_both_centuries_checks(
    year: int, month: int, day: int, row: int, this_century: bool
) -> None:
    first = f"{year:02}{month:02}{day:02}{row:03}"
    check = 97 - int(("2" if this_century else "") + first) % 97
    assert is_national_number(f"{first}{check:02}")


def test_eleven_digits_with_a_wrong_check_or_month_are_no_national_number() -> None:
    assert not is_national_number("85073003329")
    assert not is_national_number("85133003328")
    assert not is_national_number("85073203328")


@pytest.mark.parametrize(
    "account", ["BE68 5390 0754 7034", "BE68539007547034", "be68-5390-0754-7034", "NL91 ABNA 0417 1643 00"]
)
def test_bank_accounts_are_found_and_end_where_their_country_says(account: str) -> None:
    assert found(f"Mijn rekening {account} is geblokkeerd") == [(PersonalData.BANK_ACCOUNT, account)]


def test_an_account_with_a_typing_mistake_or_unknown_country_is_none() -> None:
    assert not is_iban("BE68539007547035")
    assert not is_iban("BE6853900754703")
    assert not is_iban("ZZ68539007547034")


@pytest.mark.parametrize(
    ("words", "address"),
    [
        ("Ik woon in de Kerkstraat 12 in Deurne", "Kerkstraat 12"),
        ("in de kerkstraat 12 bus 3", "kerkstraat 12 bus 3"),
        ("Turnhoutsebaan 124, 2140 Borgerhout", "Turnhoutsebaan 124"),
        ("Sint-Jansplein nr. 4", "Sint-Jansplein nr. 4"),
        ("J'habite rue de la Paix 12.", "rue de la Paix 12"),
        ("14, avenue Louise", "14, avenue Louise"),
        ("rue de l'Église 3", "rue de l'Église 3"),
        ("I live at 12 Baker Street.", "12 Baker Street"),
    ],
)
def test_street_addresses_are_found(words: str, address: str) -> None:
    assert found(words) == [(PersonalData.ADDRESS, address)]


@pytest.mark.parametrize(
    "words",
    [
        "De lampen in de Kerkstraat doen het niet",
        "In de Kerkstraat 3 jaar geleden",
        "Onderweg 3 keer gestopt",
        "In onze winkelstraat 4 winkels leeg, allerlei 3 dingen",
        "De Turnhoutsebaan 2025 wordt heraangelegd",
        "Dans la rue il y a 3 personnes",
        "Sur la place 3 arbres",
    ],
)
def test_a_street_without_a_house_is_no_address(words: str) -> None:
    assert found(words) == []


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("mevrouw Peeters kwam niet", "Peeters"),
        ("dhr. De Smet belde", "De Smet"),
        ("de heer van den Berg", "van den Berg"),
        ("mijn buurvrouw Fatima El Amrani wacht", "Fatima El Amrani"),
        ("Mijn man Ahmed werkt", "Ahmed"),
        ("het gezin Peeters", "Peeters"),
        ("ik heet Fatima", "Fatima"),
        ("Mme Dupont attend", "Dupont"),
        ("M. Claes attend", "Claes"),
        ("je m'appelle Nadia", "Nadia"),
        ("l'amie Sofie", "Sofie"),
        ("my neighbour John Smith", "John Smith"),
        ("Mr Jones came", "Jones"),
        ("اسمي فاطمة وأسكن هنا", "فاطمة"),
        ("Ayşe Hanım geldi", "Ayşe"),
        ("меня зовут Олена", "Олена"),
    ],
)
def test_likely_names_are_found(words: str, name: str) -> None:
    assert found(words) == [(PersonalData.NAME, name)]


@pytest.mark.parametrize(
    "words",
    [
        "mevrouw X en meneer B. wachten",
        "Ik sprak met mijn zoon. Hij wacht.",
        "mijn zoon Hij wacht",
        "een vrouw Marokkaanse",
        "mijn vriend van Gent",
        "Een gezin kreeg een brief. Mijn naam is niet belangrijk.",
        "de dokter van het OCMW",
        "mama's en papa's",
        "Mijn dochter\nAntwerpen",
    ],
)
def test_people_without_a_name_are_left_alone(words: str) -> None:
    assert found(words) == []


def test_number_plates_are_found() -> None:
    assert found("een auto met 1-ABC-123") == [(PersonalData.PLATE, "1-ABC-123")]


def test_findings_quote_the_text_and_come_in_its_order_without_overlap() -> None:
    text = (
        "Mevrouw Peeters, Kerkstraat 12, 0470 12 34 56, BE68 5390 0754 7034, a@voorbeeld.be, 85.07.30-033.28"
    )
    findings = find_personal_data(text)
    assert [finding.kind for finding in findings] == [
        PersonalData.NAME,
        PersonalData.ADDRESS,
        PersonalData.PHONE,
        PersonalData.BANK_ACCOUNT,
        PersonalData.EMAIL,
        PersonalData.NATIONAL_NUMBER,
    ]
    assert all(text[finding.start : finding.end] == finding.quote for finding in findings)
    assert all(one.end <= other.start for one, other in pairwise(findings))


@given(st.text(max_size=300))
def test_no_text_breaks_the_search(text: str) -> None:
    for finding in find_personal_data(text):
        assert text[finding.start : finding.end] == finding.quote


HOSTILE = [
    "0",
    "0 ",
    "04 7",
    "@",
    "a@",
    "a.a@a.",
    "BE68 ",
    "a",
    "Mevrouw De ",
    "rue de ",
    "12 Baker ",
    "ik heet ",
    "(0",
    "\n",
    "Hanım ",
]


@pytest.mark.parametrize("piece", HOSTILE)
def test_hostile_text_is_searched_to_its_end(piece: str) -> None:
    """A quarter of a million characters: a pattern that looks back over all of them again would not come back."""
    found = find_personal_data(piece * (250_000 // len(piece)))
    assert all(finding.quote for finding in found)


def replaced(text: str, language: str) -> str:
    for each in reversed(find_personal_data(text, language)):
        text = text[: each.first] + each.instead + text[each.last :]
    return text


@pytest.mark.parametrize(
    ("language", "words", "neutral"),
    [
        ("nl", "Mevrouw Peeters wacht.", "Een vrouw wacht."),
        ("nl", "Het is koud. De heer Van den Berg is ziek.", "Het is koud. Een man is ziek."),
        ("nl", "volgens dokter El Amrani", "volgens een arts"),
        ("nl", "het gezin Yilmaz moet weg", "een gezin moet weg"),
        ("nl", "mijn buurvrouw Fatima Benali helpt", "mijn buurvrouw helpt"),
        ("nl", "mijn man Ahmed werkt", "mijn man werkt"),
        ("nl", "ik heet Samira", "ik heet [naam]"),
        ("nl", "Fatima Benali kan niet betalen", "Iemand kan niet betalen"),
        ("nl", "dat Fatima Benali wacht", "dat iemand wacht"),
        ("nl", "bel 0470 12 34 56", "bel [telefoonnummer]"),
        ("nl", "in de Kerkstraat 12", "in de [adres]"),
        ("fr", "Mme Dupont attend", "Une femme attend"),
        ("fr", "Hier M. Claes attendait", "Hier un homme attendait"),
        ("fr", "avec Nadia Bouzidi", "avec quelqu'un"),
        ("fr", "elle s'appelle Mariam", "elle s'appelle [nom]"),
        ("fr", "son numéro est 85.07.30-033.28", "son numéro est [numéro national]"),
        ("en", "the Hosseini family was evicted", "a family was evicted"),
        ("en", "Mrs Jones waits", "A woman waits"),
        ("en", "my son Elias is bullied", "my son is bullied"),
        ("en", "a van, 1-ABC-123", "a van, [number plate]"),
        ("ar", "اسمي فاطمة", "اسمي [الاسم]"),
        ("tr", "a@voorbeeld.be", "[e-mail address]"),
    ],
)
def test_a_neutral_writing_is_offered(language: str, words: str, neutral: str) -> None:
    assert replaced(words, language) == neutral


SETS = sorted((Path(__file__).parent / "facts").glob("personal_*.yaml"))
LINES = [line for path in SETS for line in yaml.safe_load(path.read_text("utf-8"))["found"]]


def test_what_was_replaced_is_not_found_again() -> None:
    again = [
        (line["text"], neutral)
        for line in LINES
        if find_personal_data(neutral := replaced(line["text"], line["language"]))
    ]
    assert again == []


def test_a_finding_shows_its_sentence_and_no_other() -> None:
    [found] = find_personal_data("Het is koud.\nNu wacht mevrouw Peeters al lang! Niemand komt.")
    assert (found.before, found.after) == ("Nu wacht mevrouw ", " al lang!")


def test_the_kinds_of_findings_hold_no_word() -> None:
    found = find_personal_data("Mevrouw Peeters en meneer Claes, 0470 12 34 56")
    assert kinds_in(found) == ["name", "phone"]


@pytest.mark.parametrize(
    "words",
    [
        "bel \u2066+32 470 12 34 56\u2069",
        "bel 0470\u00a012\u00a034\u00a056",
        "bel 0470\u201112\u201134\u201156",
        "bel \uff10\uff14\uff17\uff10\uff11\uff12\uff13\uff14\uff15\uff16",
    ],
)
def test_a_number_that_was_pasted_with_odd_signs_is_found(words: str) -> None:
    assert [kind for kind, _ in found(words)] == [PersonalData.PHONE]


def test_a_number_of_a_firm_and_a_free_number_are_no_phone_numbers() -> None:
    assert found("ondernemingsnummer 0456.123.789, gratis 0800 12 345 of 1700") == []


def test_an_account_number_from_before_2010_is_found_by_its_check_digits() -> None:
    first = 1234567890
    assert found(f"rekening 123-4567890-{first % 97:02}") == [
        (PersonalData.BANK_ACCOUNT, f"123-4567890-{first % 97:02}")
    ]
    assert found("rekening 123-4567890-01") == []
