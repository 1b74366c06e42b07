from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

import signalen.texts
from signalen.texts.rules import Band, Formula, ReadingCheck, read_text
from signalen.texts.sentences import sentences_of, syllables_in, words_of
from signalen.texts.tips import TipKind

FACTS = Path(signalen.texts.__file__).parent / "facts"

PLAIN_NL = (
    "Je vertelde ons dat je lang moet wachten op een sociale woning. We vroegen aan de stad wat ze eraan doet. "
    "De stad zegt: er komen 200 woningen bij. Dat duurt nog tot 2028. Tot dan verandert er voor jou niets. "
    "Op 12 maart 2027 vragen we het opnieuw. Je hoeft zelf niets te doen."
)
HARD_NL = (
    "Teneinde de toekenning van de aanvullende financiële ondersteuning te optimaliseren, dienen begunstigden voorafgaandelijk "
    "de noodzakelijke bewijsstukken over te maken aan de bevoegde instantie, overeenkomstig de vigerende regelgeving inzake "
    "maatschappelijke dienstverlening. De implementatie van deze procedure wordt jaarlijks geëvalueerd door het stadsbestuur."
)
PLAIN_FR = (
    "Tu nous as dit que ton logement est trop humide. Nous avons demandé à la ville d'agir. La ville répond oui, mais pas tout "
    "de suite. Un contrôleur vient chez toi avant l'été. Tu ne dois rien payer."
)
HARD_FR = (
    "Les bénéficiaires susmentionnés sont tenus de solliciter préalablement l'octroi de l'allocation auprès de l'instance "
    "compétente, conformément aux modalités prévues dans le cadre de la réglementation en vigueur. La décision est notifiée par "
    "courrier recommandé."
)
PLAIN_EN = (
    "You told us that your home is damp. We asked the city to act. The city says yes, but not now. Someone will visit you "
    "before summer. You do not have to pay for it. You will get a letter."
)
HARD_EN = (
    "The municipality will facilitate the implementation of additional accommodation in accordance with the applicable "
    "regulations, provided that beneficiaries are considered eligible for assistance by the competent authorities."
)
PLAIN_AR = "قلت لنا إن بيتك رطب. طلبنا من المدينة أن تتصرف. هل فهمت؟ سيأتي شخص لزيارتك قبل الصيف."


def tips_of(check: ReadingCheck, kind: TipKind) -> list[str]:
    return [tip.where for tip in check.tips if tip.kind is kind]


@pytest.mark.parametrize(
    ("text", "language"),
    [(PLAIN_NL, "nl"), (PLAIN_FR, "fr"), (PLAIN_EN, "en"), (PLAIN_AR, "ar"), (PLAIN_NL, "nl-BE")],
)
def test_plain_text_is_clear(text: str, language: str) -> None:
    assert read_text(text, language).band is Band.CLEAR


@pytest.mark.parametrize(("text", "language"), [(HARD_NL, "nl"), (HARD_FR, "fr"), (HARD_EN, "en")])
def test_the_language_of_offices_is_hard(text: str, language: str) -> None:
    assert read_text(text, language).band is Band.HARD


def test_a_text_between_the_two_is_mostly_clear() -> None:
    text = (
        "De stad antwoordt dat er volgend jaar tweehonderd woningen bij komen. De wachtlijst blijft lang, want er schrijven zich elke "
        "maand meer gezinnen in. Een medewerker van het sociaal centrum bekijkt samen met jou welke andere oplossing mogelijk is."
    )
    assert read_text(text, "nl").band is Band.MOSTLY_CLEAR


@pytest.mark.parametrize("text", ["", "   \n\n ", "...", "!? - "])
def test_an_empty_text_gives_zeros(text: str) -> None:
    check = read_text(text, "nl")
    assert (check.sentences, check.words, check.average_sentence, check.long_word_share) == (0, 0, 0.0, 0.0)
    assert (check.score, check.formula, check.lix, check.longest, check.long_words, check.tips) == (
        None,
        None,
        None,
        (),
        (),
        (),
    )
    assert check.band is Band.CLEAR


def test_the_dutch_score_is_doumas_formula() -> None:
    # 2 sentences, 8 words, 10 syllables: 206.84 - 0.93 x 4 - 77 x 10/8
    check = read_text("Ik woon in Gent. Jij werkt in Brussel.", "nl")
    assert check.formula is Formula.DOUMA
    assert check.score == pytest.approx(206.84 - 0.93 * 4 - 77 * 9 / 8, abs=0.06)


def test_french_and_english_have_their_own_formula() -> None:
    french = read_text("Je vais bien. Tu dors.", "fr")
    assert french.formula is Formula.KANDEL_MOLES
    assert french.score == pytest.approx(207 - 1.015 * 2.5 - 73.6, abs=0.06)
    english = read_text("The cat sat. It ran.", "en")
    assert english.formula is Formula.FLESCH
    assert english.score == pytest.approx(206.835 - 1.015 * 2.5 - 84.6, abs=0.06)


def test_lix_counts_sentence_length_and_words_of_seven_letters_and_more() -> None:
    assert read_text("Dit is een eenvoudige zin.", "nl").lix == 5 + 20


@pytest.mark.parametrize("language", ["ar", "fa", "tr", "ti"])
def test_languages_without_hyphenation_get_lengths_alone(language: str) -> None:
    check = read_text(PLAIN_AR, language)
    assert (check.score, check.formula, check.lix) == (None, None, None)
    assert check.sentences == 4
    assert check.words > 10


def test_other_languages_fall_back_on_lix() -> None:
    check = read_text("Recibo cartas que no entiendo. Después llega una multa.", "es")
    assert check.score is None
    assert check.lix is not None


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("Dhr. J. Peeters kreeg 3.500 euro op 12.03.2026 om 14.30 uur.", 1),
        ("Breng een bewijs mee, bv. een brief van de dienst o.a. voor energie.", 1),
        ("Kijk op www.stad.be voor uitleg. Of bel.", 2),
        ("Klaar?! Ja… zo is het. Echt waar!", 3),
        ("“Kom binnen!” Ze kwam.", 2),
        ("Hij zei “kom!” tegen haar.", 1),
        ("Brood, melk, enz. Dat is alles.", 2),
        ("هل فهمت الجواب؟ نعم. شكراً لك.", 3),
        ("کیا آپ سمجھ گئے؟ جی ہاں۔ شکریہ۔", 3),
        ("Titel zonder punt\nEen zin die\nop drie regels\nstaat. Nog een.", 3),
        ("Breng mee:\n- je kaart\n- een brief\n1. je huurcontract", 4),
        ("Eerste deel\n\ntweede deel", 2),
        ("M. Dupont attend Mme Claes. Elle arrive.", 2),
        ("See Dr. Smith, e.g. on Monday. Then call.", 2),
    ],
)
def test_sentences_are_cut_where_people_end_them(text: str, count: int) -> None:
    assert len(sentences_of(text)) == count


@pytest.mark.parametrize(
    ("word", "language", "count"),
    [
        ("over", "nl", 2),
        ("gemeenteraad", "nl", 4),
        ("begunstigde", "nl", 4),
        ("huis", "nl", 1),
        ("école", "fr", 2),
        ("une", "fr", 1),
        ("appartement", "fr", 4),
        ("about", "en", 2),
        ("use", "en", 1),
        ("information", "en", 4),
        ("2026", "nl", 1),
    ],
)
def test_syllables_are_counted_as_spoken(word: str, language: str, count: int) -> None:
    assert syllables_in(word, language) == count


def test_words_with_marks_and_joiners_stay_whole() -> None:
    assert words_of("نمی‌توانیم مُتَرجِم") == ["نمی‌توانیم", "مُتَرجِم"]
    assert words_of("mama's 3.500 12-03-2026") == ["mama's", "3.500", "12-03-2026"]
    assert words_of("l'aide d'urgence", "fr") == ["l", "aide", "d", "urgence"]


def test_sentences_of_more_than_fifteen_and_twenty_words_are_pointed_out() -> None:
    check = read_text(f"Je {'wacht ' * 15}. Je {'wacht ' * 20}. Je wacht.", "nl")
    numbers = [(tip.kind, tip.number) for tip in check.tips if "sentence" in tip.kind]
    assert numbers == [(TipKind.VERY_LONG_SENTENCE, 21), (TipKind.LONG_SENTENCE, 16)]
    assert [sentence.words for sentence in check.longest] == [21, 16]


def test_long_words_are_listed_with_their_syllables_and_names_are_not() -> None:
    check = read_text("De samenwerkingsovereenkomst geldt in Geraardsbergenstraat voor jou.", "nl")
    assert [word.text for word in check.long_words] == ["samenwerkingsovereenkomst"]
    assert (check.long_words[0].syllables or 0) >= 7
    assert check.long_word_share == pytest.approx(1 / 7, abs=0.001)


def test_a_plainer_word_comes_with_a_suggestion_also_for_several_words() -> None:
    check = read_text("De Begunstigde krijgt dit in het kader van de wet.", "nl")
    found = {tip.where: tip.suggestion for tip in check.tips if tip.kind is TipKind.PLAINER_WORD}
    assert found == {"Begunstigde": "wie het krijgt", "in het kader van": "voor, bij"}


def test_there_are_at_least_sixty_dutch_pairs_and_none_is_there_twice() -> None:
    facts = yaml.safe_load((FACTS / "plain_words.yaml").read_text("utf-8"))
    assert len(facts["nl"]) >= 60
    for language, pairs in facts.items():
        phrases = [phrase for pair in pairs for phrase in pair["instead_of"]]
        assert len(phrases) == len(set(phrases)), language
        assert all(
            phrase == phrase.lower() and pair["say"] for pair in pairs for phrase in pair["instead_of"]
        )


@pytest.mark.parametrize(
    ("sentence", "language", "quote"),
    [
        ("De aanvraag wordt door de dienst behandeld.", "nl", "wordt door de dienst behandeld"),
        ("Je brief werd verstuurd.", "nl", "werd verstuurd"),
        ("We weten dat het gevraagd wordt.", "nl", "gevraagd wordt"),
        ("Drie mensen werden gisteren uitgenodigd.", "nl", "werden gisteren uitgenodigd"),
        ("La décision n'est pas encore prise.", "fr", "est pas encore prise"),
        ("Les lettres ont été envoyées.", "fr", "été envoyées"),
        ("The letter was not sent.", "en", "was not sent"),
        ("Your question has been answered.", "en", "been answered"),
    ],
)
def test_the_passive_voice_is_noticed(sentence: str, language: str, quote: str) -> None:
    assert tips_of(read_text(sentence, language), TipKind.PASSIVE) == [quote]


@pytest.mark.parametrize(
    ("sentence", "language"),
    [
        ("Het wordt moeilijk, want ze heeft geen geld.", "nl"),
        ("Je wordt gezond als je rust.", "nl"),
        ("Het wordt beter.", "nl"),
        ("Ze is gekomen.", "nl"),
        ("Elle est arrivée hier.", "fr"),
        ("Elle s'est inscrite.", "fr"),
        ("Tu es fatigué.", "fr"),
        ("You are tired.", "en"),
        ("She is at home.", "en"),
    ],
)
def test_the_active_voice_is_left_alone(sentence: str, language: str) -> None:
    assert tips_of(read_text(sentence, language), TipKind.PASSIVE) == []


def test_an_abbreviation_is_asked_to_be_explained_once() -> None:
    assert tips_of(read_text("Ga naar het CAW of bel de RVA.", "nl"), TipKind.ABBREVIATION) == ["CAW", "RVA"]
    explained = (
        "Ga naar het Centrum Algemeen Welzijnswerk (CAW). Het CAW helpt je. Of bel de RVA (dienst voor werk)."
    )
    assert tips_of(read_text(explained, "nl"), TipKind.ABBREVIATION) == []


def test_abbreviations_that_everyone_knows_and_shouted_lines_are_no_tip() -> None:
    assert tips_of(read_text("Je krijgt een sms van het OCMW.", "nl"), TipKind.ABBREVIATION) == []
    assert tips_of(read_text("JE HOEFT NIETS TE DOEN", "nl"), TipKind.ABBREVIATION) == []
    assert tips_of(read_text("Artikel II en boek IV gelden.", "nl"), TipKind.ABBREVIATION) == []


def test_a_text_that_speaks_to_nobody_gets_a_tip() -> None:
    text = "De stad bouwt woningen. De woningen zijn klaar in 2028. " * 3
    assert tips_of(read_text(text, "nl"), TipKind.NO_ADDRESS) == [""]
    assert tips_of(read_text(text + "Jij krijgt een brief.", "nl"), TipKind.NO_ADDRESS) == []
    assert tips_of(read_text(PLAIN_AR * 3, "ar"), TipKind.NO_ADDRESS) == []


def test_dates_and_numbers_are_no_difficulty() -> None:
    check = read_text("Je krijgt 1.250,50 euro op 12/03/2026 of op 13-03-2026.", "nl")
    assert check.tips == ()


def test_tips_of_one_kind_stop_at_ten() -> None:
    text = " ".join(f"Dit is onderwerp {'maatschappelijk' + 'e' * n}." for n in range(30))
    assert len(tips_of(read_text(text, "nl"), TipKind.LONG_WORD)) == 10


@given(st.text(max_size=300), st.sampled_from(["nl", "fr", "en", "ar", "uk", "xx", ""]))
def test_no_text_breaks_the_check(text: str, language: str) -> None:
    check = read_text(text, language)
    assert check.words >= check.sentences >= 0
    assert 0 <= check.long_word_share <= 1


HOSTILE = [
    "a",
    ".",
    "a.",
    "A. ",
    "\n",
    "a-",
    " ",
    "'",
    "e\u0301",
    "- ",
    "1",
    "wordt ge ",
    "(",
    "\u202e",
    "\x00",
    "\u200d",
]


@pytest.mark.parametrize("piece", HOSTILE)
def test_hostile_text_is_read_to_its_end(piece: str) -> None:
    """A quarter of a million characters: a pattern that looks back over all of them again would not come back."""
    assert read_text(piece * (250_000 // len(piece)), "nl").band in set(Band)
