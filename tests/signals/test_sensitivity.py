from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

import signalen.signals
from signalen.signals.sensitivity import SensitiveReason, looks_sensitive

DEMO = yaml.safe_load(
    (Path(__file__).parents[2] / "signalen/desk/facts/demo_signals.yaml").read_text("utf-8")
)
WORDS = yaml.safe_load(
    (Path(signalen.signals.__file__).parent / "facts" / "sensitive_words.yaml").read_text("utf-8")
)
LANGUAGES = ["nl", "fr", "en", "ar", "tr", "es", "ro", "fa", "uk", "pl", "bg", "ru"]
V, C, R, D = (
    SensitiveReason.VIOLENCE,
    SensitiveReason.CHILDREN,
    SensitiveReason.RESIDENCE,
    SensitiveReason.DISCRIMINATION,
)

TOLD = [
    ("nl", V, "Mijn man heeft mij gisteren weer geslagen."),
    ("nl", V, "Er is sprake van partnergeweld in dat gezin."),
    ("nl", C, "Ze dreigen ermee onze kinderen bij ons weg te halen, ze willen de kinderen gewoon afpakken."),
    ("nl", R, "Hij heeft geen papieren en durft niet naar het ziekenhuis."),
    ("nl", D, "Ik kreeg de job niet door mijn hoofddoek."),
    ("fr", V, "Mon mari me frappe quand il a bu."),
    ("fr", C, "J'ai peur qu'on vienne prendre mes enfants."),
    ("fr", R, "Je suis sans papiers et je n'ose pas aller chez le médecin."),
    ("fr", D, "On m'a refusé à cause de mon origine."),
    ("en", V, "My husband beats me and I have nowhere to go."),
    ("en", C, "I am afraid they will take my children away."),
    ("en", R, "I am undocumented and the doctor sent me home."),
    ("en", D, "They refused me because of my skin, it is plain racism."),
    ("ar", V, "زوجي يضربني كل يوم ولا أعرف أين أذهب"),
    ("ar", C, "أخاف أن يأخذوا أطفالي مني"),
    ("ar", R, "أنا بدون أوراق ولا أستطيع الذهاب إلى الطبيب"),
    ("ar", D, "رفضوني في العمل بسبب حجابي، هذه عنصرية"),
    ("tr", V, "Kocam beni dövüyor, kimseye söyleyemiyorum."),
    ("tr", C, "Çocuklarımı elimden alacaklar diye korkuyorum."),
    ("tr", R, "Oturum iznim yok, doktora gidemiyorum."),
    ("tr", D, "Yabancı olduğum için ev vermediler, bu ayrımcılık."),
    ("es", V, "Mi marido me pega delante de los niños."),
    ("es", C, "Tengo miedo de que quiten a mis hijos."),
    ("es", R, "Estoy sin papeles y no puedo alquilar nada."),
    ("es", D, "No me alquilan el piso por mi acento."),
    ("ro", V, "Soțul meu mă bate și nu am unde să plec."),
    ("ro", C, "Mi-e frică să nu ia copiii de la noi."),
    ("ro", R, "Nu am acte și nu pot merge la medic."),
    ("ro", D, "Nu ne primesc pentru că suntem romi."),
    ("fa", V, "شوهرم مرا کتک می‌زند و کسی را ندارم"),
    ("fa", C, "می‌ترسم بچه‌هایم را از من بگیرند"),
    ("fa", R, "ما هنوز اقامت نداریم و پناهنده هستیم"),
    ("fa", D, "به خاطر روسری‌ام به من کار ندادند، این تبعیض است"),
    ("uk", V, "Чоловік побив мене, я боюся йти додому."),
    ("uk", C, "Боюся, що вони заберуть моїх дітей."),
    ("uk", R, "Я без документів і не можу піти до лікаря."),
    ("uk", D, "Мені відмовили через мій акцент."),
    ("pl", V, "Mąż bije mnie i dzieci to widzą."),
    ("pl", C, "Boję się, że zabiorą nam dzieci."),
    ("pl", R, "Nie mam karty pobytu i nie wiem, co robić."),
    ("pl", D, "Nie dostałam mieszkania z powodu nazwiska."),
    ("bg", V, "Мъжът ми ме бие пред децата."),
    ("bg", C, "Страх ме е, че ще вземат децата ни."),
    ("bg", R, "Нямам документи и не ходя на лекар."),
    ("bg", D, "Не ни дават жилище, защото сме роми."),
    ("ru", V, "Муж бьёт меня, мне некуда идти."),
    ("ru", C, "Боюсь, что заберут моих детей."),
    ("ru", R, "Мы живём без документов и боимся идти к врачу."),
    ("ru", D, "Мне отказали из-за акцента, это дискриминация."),
]

EVERYDAY = [
    ("nl", "Dat was een geweldig feest en iedereen is geslaagd."),
    ("nl", "Ik moet elke keer opnieuw papieren invullen voor de kinderen."),
    ("nl", "Op de hoek ligt illegaal gestort afval en de zon slaat op het raam."),
    ("nl", "We worden met uithuiszetting bedreigd omdat de huur te hoog is."),
    ("nl", "Ik wil mijn kinderen meenemen naar het zwembad, maar het is te duur."),
    ("nl", "De bus naar school zit elke ochtend vol."),
    ("fr", "Il faut attendre des mois pour une place à la crèche."),
    ("fr", "Le loyer a encore augmenté et les charges sont abusives."),
    ("fr", "Je dois remplir trop de papiers pour une petite prime."),
    ("en", "I take my children to school by bus and it is always late."),
    ("en", "The waiting list for a home is five years long."),
    ("en", "They gave me a form that I cannot read."),
    ("ar", "الضريبة مرتفعة جداً ولا أستطيع دفع الفاتورة"),
    ("ar", "انتظرت ستة أشهر للحصول على درس اللغة"),
    ("ar", "لا يوجد حافلة إلى المستشفى"),
    ("tr", "Kirayı ödeyemiyorum, çok pahalı."),
    ("tr", "Çocuklarım için kreşte yer yok."),
    ("tr", "Mektupları anlamıyorum."),
    ("es", "El alquiler es demasiado caro para nosotros."),
    ("es", "Mis hijos no tienen plaza en la guardería."),
    ("es", "No entiendo la carta del ayuntamiento."),
    ("ro", "Chiria este prea mare pentru noi."),
    ("ro", "Copiii mei nu au loc la grădiniță."),
    ("ro", "Nu înțeleg scrisoarea de la primărie."),
    ("fa", "اجاره خانه خیلی گران است"),
    ("fa", "نامه شهرداری را نمی‌فهمم"),
    ("fa", "برای کلاس زبان هفت ماه منتظر هستم"),
    ("uk", "Оренда надто дорога для нас."),
    ("uk", "У дитячому садку немає місць."),
    ("uk", "Автобус до лікарні не їздить."),
    ("pl", "Czynsz jest dla nas za wysoki."),
    ("pl", "W przedszkolu nie ma miejsca dla dzieci."),
    ("pl", "Nie rozumiem listu z urzędu."),
    ("bg", "Наемът е твърде висок за нас."),
    ("bg", "Няма място в детската градина."),
    ("bg", "Не разбирам писмото от общината."),
    ("ru", "Аренда слишком дорогая для нас."),
    ("ru", "В детском саду нет мест."),
    ("ru", "Я не понимаю письмо из города."),
]


@pytest.mark.parametrize("signal", [s for s in DEMO if s.get("sensitive")], ids=lambda s: s["text"][:24])
def test_every_sensitive_demo_signal_is_caught_by_its_words_or_its_theme(signal: dict[str, str]) -> None:
    assert looks_sensitive(signal["text"], signal["lang"], [signal["theme"]])


def test_of_the_other_demo_signals_at_most_one_in_twenty_is_suspected() -> None:
    others = [s for s in DEMO if not s.get("sensitive")]
    alarms = [s["text"] for s in others if looks_sensitive(s["text"], s["lang"], [s["theme"]])]
    assert len(alarms) <= len(others) / 20, alarms


@pytest.mark.parametrize(("language", "reason", "words"), TOLD)
def test_what_people_tell_in_each_language_is_caught(
    language: str, reason: SensitiveReason, words: str
) -> None:
    assert reason in looks_sensitive(words, language)


@pytest.mark.parametrize(("language", "words"), EVERYDAY)
def test_everyday_worries_are_not_suspected(language: str, words: str) -> None:
    assert looks_sensitive(words, language) == frozenset()


@pytest.mark.parametrize(("language", "reason", "words"), [told for told in TOLD if told[0] != "nl"])
def test_most_words_are_caught_also_under_the_language_of_the_page(
    language: str, reason: SensitiveReason, words: str
) -> None:
    assert looks_sensitive(words, "nl"), (language, reason)


def test_two_themes_are_sensitive_whatever_the_words() -> None:
    assert looks_sensitive("Help ons.", "nl", ["verblijf"]) == {SensitiveReason.RESIDENCE}
    assert looks_sensitive("Help ons.", "nl", ["discriminatie", "wonen"]) == {SensitiveReason.DISCRIMINATION}
    assert looks_sensitive("De lampen zijn stuk.", "nl", ["veiligheid"]) == frozenset()


def test_one_text_can_have_several_reasons() -> None:
    words = "Ze werd geslagen en durft niets te zeggen, want ze heeft geen papieren."
    assert looks_sensitive(words, "nl", ["veiligheid"]) == {
        SensitiveReason.VIOLENCE,
        SensitiveReason.RESIDENCE,
    }


@pytest.mark.parametrize(
    ("words", "language"),
    [
        ("MIJN MAN HEEFT MIJ GESLAGEN", "nl"),
        ("maltraitee par mon mari", "fr"),
        ("maltraitée par mon mari", "fr"),
        ("زوجي يَضْرِبُني", "ar"),
        ("Zonder   papieren", "nl-BE"),
        ("zonder papieren", "xx"),
    ],
)
def test_accents_capitals_and_vowel_signs_make_no_difference(words: str, language: str) -> None:
    assert looks_sensitive(words, language)


def test_a_short_word_counts_in_its_own_language_only() -> None:
    assert looks_sensitive("Elle porte le voile", "fr")
    assert not looks_sensitive("Een jurk van voile", "nl")


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_language_has_words_for_each_reason(language: str) -> None:
    assert set(WORDS[language]) == set(SensitiveReason)
    assert all(len(WORDS[language][reason]) >= 8 for reason in SensitiveReason)
    assert all(isinstance(entry, str) and entry for entries in WORDS[language].values() for entry in entries)


@given(st.text(max_size=300), st.sampled_from([*LANGUAGES, "", "xx"]))
def test_no_text_breaks_the_look(text: str, language: str) -> None:
    assert looks_sensitive(text, language) <= set(SensitiveReason)


@pytest.mark.parametrize(
    "piece", ["a", "a ", "kinderen ", "omdat ", "' ", "\u0301", "\u0640", "\n", "take x "]
)
def test_hostile_text_is_looked_at_to_its_end(piece: str) -> None:
    """A quarter of a million characters: a pattern that looks back over all of them again would not come back."""
    assert looks_sensitive(piece * (250_000 // len(piece)), "nl") <= set(SensitiveReason)
