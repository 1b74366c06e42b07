"""Photos of signals: sealed in files of their own, seen by who sees the signal, gone when they are taken away."""

from __future__ import annotations

import hashlib
import os
import stat
import uuid
from datetime import timedelta

import pytest
from sqlmodel import select

from signalen.core import clock
from signalen.core.errors import NotAllowed
from signalen.core.models import Event
from signalen.core.permissions import NOBODY, SYSTEM, Role
from signalen.core.vault import CannotOpen
from signalen.signals import photos
from signalen.signals.darkroom import Picture, PictureRefused
from signalen.signals.models import Attachment, SignalVerb
from signalen.signals.operations import withdraw
from signalen.signals.photos import (
    MOST,
    PhotoGone,
    Sent,
    TooManyPhotos,
    find_photo,
    keep_photo,
    open_plain,
    open_sealed,
    photo_bytes,
    photos_of,
    remove_photo,
    sweep,
    was_removed,
)
from tests.factories import member, signal, user
from tests.signals.pictures import photo

SECRET = "Mijn man slaat mij."
PIXELS = b"the pixels of a picture"


def sent(name: str = "one") -> Sent:
    """A photo that was opened already."""
    return Sent(hashlib.sha256(name.encode()).digest(), Picture(PIXELS, "image/webp", 1600, 1200))


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "attachments"


@pytest.fixture
def amina(cast):
    return cast.actor(cast.amina)


@pytest.fixture
def own(session, vault, amina):
    return signal(session, vault, amina)


@pytest.fixture
def kept(session, vault, folder, own, amina):
    made = keep_photo(session, vault, folder, own, sent(), actor=amina)
    session.commit()
    return made


def events_of(session, verb: SignalVerb) -> list[Event]:
    return list(session.exec(select(Event).where(Event.verb == verb.value)))


def test_a_photo_of_a_phone_is_opened_made_anew_and_sealed(
    session, vault, letterbox, folder, own, amina
) -> None:
    sealed = letterbox.seal_photo(photo(), str(own.key))
    made = keep_photo(session, vault, folder, own, open_sealed(letterbox, sealed, own.key), actor=amina)
    assert (made.media_type, made.width, made.height) == ("image/webp", 640, 480)
    assert made.sent_hash == hashlib.sha256(sealed).digest()
    opened = photo_bytes(session, vault, folder, made, own, actor=amina)
    assert (opened[8:12], len(opened)) == (b"WEBP", made.size)


def test_a_photo_sealed_for_another_record_cannot_be_opened(letterbox) -> None:
    key = uuid.uuid4()
    with pytest.raises(CannotOpen):
        open_sealed(letterbox, letterbox.seal_photo(photo(), str(uuid.uuid4())), key)
    with pytest.raises(PictureRefused):
        open_sealed(letterbox, letterbox.seal_photo(b"<svg/>", str(key)), key)


def test_what_lies_on_disk_is_sealed_has_a_random_name_and_is_for_this_user_only(kept, folder, own) -> None:
    file = folder / kept.name
    assert PIXELS not in file.read_bytes()
    assert str(kept.id) not in kept.name
    assert own.reference not in kept.name
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [path.name for path in folder.iterdir()] == [kept.name]  # no draft is left


def test_a_file_put_in_the_place_of_another_does_not_open(session, vault, folder, own, kept, amina) -> None:
    other = keep_photo(session, vault, folder, own, sent("two"), actor=amina)
    (folder / other.name).write_bytes((folder / kept.name).read_bytes())
    assert photo_bytes(session, vault, folder, kept, own, actor=amina) == PIXELS
    with pytest.raises(CannotOpen):
        photo_bytes(session, vault, folder, other, own, actor=amina)


def test_the_same_photo_twice_is_one_and_one_event(session, vault, folder, own, kept, amina) -> None:
    assert keep_photo(session, vault, folder, own, sent(), actor=amina).id == kept.id
    assert len(photos_of(session, own.id)) == 1
    [event] = events_of(session, SignalVerb.PHOTO_ADDED)
    assert (event.subject_id, event.actor_id, event.data) == (own.id, amina.id, {"photo": str(kept.id)})


def test_the_same_photo_with_two_signals_is_two(session, vault, folder, kept, amina) -> None:
    other = keep_photo(session, vault, folder, signal(session, vault, amina), sent(), actor=amina)
    assert other.id != kept.id


def test_a_signal_has_six_photos_at_most(session, vault, folder, own, amina) -> None:
    for number in range(MOST):
        keep_photo(session, vault, folder, own, sent(str(number)), actor=amina)
    with pytest.raises(TooManyPhotos):
        keep_photo(session, vault, folder, own, sent("one more"), actor=amina)
    assert keep_photo(session, vault, folder, own, sent("0"), actor=amina).signal_id == own.id  # it is there
    assert len(list(folder.iterdir())) == MOST


def test_photos_stand_in_the_order_in_which_they_came(session, vault, folder, own, amina, frozen) -> None:
    made = []
    for number in range(3):
        with clock.travel(frozen + timedelta(minutes=number)):
            made.append(keep_photo(session, vault, folder, own, sent(str(number)), actor=amina).id)
    assert [row.id for row in photos_of(session, own.id)] == made


def test_only_who_wrote_the_signal_down_adds_photos(session, vault, folder, own, cast) -> None:
    colleague = user(session, "Colleague")
    member(session, colleague, Role.WORKER, organisation_id=cast.linde.id)
    people = [colleague, cast.dre, cast.bart, cast.sofie, cast.chloe, cast.emma, cast.stijn]
    for actor in (*(cast.actor(person) for person in people), NOBODY):
        with pytest.raises(NotAllowed):
            keep_photo(session, vault, folder, own, sent(), actor=actor)
    assert keep_photo(session, vault, folder, own, sent(), actor=SYSTEM).added_by is None


def test_a_signal_that_was_taken_back_gets_no_photos(session, vault, folder, own, amina) -> None:
    withdraw(session, own, actor=amina)
    with pytest.raises(NotAllowed):
        keep_photo(session, vault, folder, own, sent(), actor=amina)


SEES = {
    "plain": {"amina", "bart", "sofie"},
    "sensitive": {"amina", "bart"},
}


@pytest.mark.parametrize("kind", SEES)
def test_each_sees_the_photos_of_the_signals_they_see(session, vault, folder, cast, amina, kind) -> None:
    made = signal(session, vault, amina, **({"text": SECRET} if kind == "sensitive" else {}))
    assert made.sensitive == (kind == "sensitive")
    its = keep_photo(session, vault, folder, made, sent(), actor=amina)
    for name in ("amina", "dre", "bart", "sofie", "chloe", "emma", "stijn"):
        actor = cast.actor(getattr(cast, name))
        found = find_photo(session, its.id, actor=actor)
        assert (found is not None) == (name in SEES[kind]), name
        if found:
            assert photo_bytes(session, vault, folder, *found, actor=actor) == PIXELS
        else:
            with pytest.raises(NotAllowed):
                photo_bytes(session, vault, folder, its, made, actor=actor)
    assert find_photo(session, its.id, actor=NOBODY) is None
    assert find_photo(session, uuid.uuid4(), actor=SYSTEM) is None


def test_each_reading_of_a_sensitive_photo_is_logged_and_of_others_none(
    session, vault, folder, cast, amina
) -> None:
    bart = cast.actor(cast.bart)
    for words in (SECRET, "De bus komt niet."):
        made = signal(session, vault, amina, text=words)
        its = keep_photo(session, vault, folder, made, sent(), actor=amina)
        photo_bytes(session, vault, folder, its, made, actor=bart)
    [event] = events_of(session, SignalVerb.PHOTO_READ)
    assert event.actor_id == bart.id
    assert session.get_one(Attachment, uuid.UUID(event.data["photo"])).signal_id == event.subject_id


def test_a_photo_whose_file_is_not_there_says_so(session, vault, folder, own, kept, amina) -> None:
    (folder / kept.name).unlink()
    with pytest.raises(PhotoGone):
        photo_bytes(session, vault, folder, kept, own, actor=amina)


REMOVES = {
    "amina": True,
    "bart": True,
    "sofie": True,
    "dre": False,
    "chloe": False,
    "emma": False,
    "stijn": False,
}


@pytest.mark.parametrize("name", REMOVES)
def test_staff_and_the_organisation_take_a_photo_away_and_nobody_else(
    session, folder, own, kept, cast, name
) -> None:
    actor = cast.actor(getattr(cast, name))
    if not REMOVES[name]:
        with pytest.raises(NotAllowed):
            remove_photo(session, folder, kept, own, actor=actor)
        assert (folder / kept.name).exists()
        return
    remove_photo(session, folder, kept, own, actor=actor)
    assert (folder / kept.name).exists()  # until it is kept
    session.commit()
    assert not (folder / kept.name).exists()
    assert photos_of(session, own.id) == []
    [event] = events_of(session, SignalVerb.PHOTO_REMOVED)
    assert (event.subject_id, event.actor_id) == (own.id, actor.id)
    assert was_removed(session, own, sent().hash)
    assert not was_removed(session, own, sent("two").hash)


def test_the_file_stays_when_taking_it_away_was_rolled_back(session, folder, own, kept, amina) -> None:
    remove_photo(session, folder, kept, own, actor=amina)
    session.rollback()
    session.commit()
    assert (folder / kept.name).exists()
    assert len(photos_of(session, own.id)) == 1


def test_the_file_stays_while_only_a_part_of_the_work_is_kept(session, folder, own, kept, amina) -> None:
    remove_photo(session, folder, kept, own, actor=amina)
    with session.begin_nested():
        session.add(own)
    assert (folder / kept.name).exists()
    session.commit()
    assert not (folder / kept.name).exists()


def test_when_the_disk_is_full_there_is_no_row_and_no_half_file(
    session, vault, folder, own, amina, monkeypatch
) -> None:
    def full(_file) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(photos.os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        keep_photo(session, vault, folder, own, sent(), actor=amina)
    assert list(folder.iterdir()) == []
    assert photos_of(session, own.id) == []


def test_files_without_a_row_are_swept_after_a_day_and_no_others(
    session, vault, folder, own, kept, amina
) -> None:
    keep_photo(session, vault, folder, own, sent("rolled back"), actor=amina)
    session.rollback()
    assert len(list(folder.iterdir())) == 2
    assert sweep(session, folder) == 0  # it may be of a request that is still under way
    with clock.travel(clock.now() + timedelta(days=2)):
        assert sweep(session, folder) == 1
    assert [path.name for path in folder.iterdir()] == [kept.name]


def test_pieces_that_stopped_coming_are_swept_after_a_week(session, folder) -> None:
    parts = folder / "parts"
    parts.mkdir(parents=True)
    (parts / "old").write_bytes(b"half")
    (parts / "new").write_bytes(b"half")
    os.utime(parts / "old", (0, (clock.now() - timedelta(days=8)).timestamp()))
    os.utime(parts / "new", (0, (clock.now() - timedelta(days=6)).timestamp()))
    assert sweep(session, folder) == 1
    assert [path.name for path in parts.iterdir()] == ["new"]


def test_there_is_nothing_to_sweep_before_the_first_photo(session, folder) -> None:
    assert sweep(session, folder) == 0


def test_the_hash_of_a_photo_from_a_form_says_nothing_to_who_has_the_same_photo(vault) -> None:
    data = photo()
    made = open_plain(vault, data)
    assert made.hash != hashlib.sha256(data).digest()
    assert open_plain(vault, data).hash == made.hash
