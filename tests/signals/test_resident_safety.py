"""A resident who tells something: leaving at once, numbers to call, a photo without an account."""

from __future__ import annotations

import io
import uuid

import pytest
from sqlmodel import select

from signalen.core.models import Keep
from signalen.signals.helplines import helplines
from signalen.signals.models import Attachment, Signal
from signalen.signals.routes.report import MOST_PHOTOS, PHOTOS_AN_HOUR
from tests.signals.pictures import HTML, photo

BEATEN = "Mijn man slaat mij en ik ben bang."
CALM = "Het loket is altijd dicht."


def begin(client, text: str = CALM) -> None:
    client.post("/report/words", data={"text": text, "language": "nl", "key": str(uuid.uuid4())})


def tell(client, text: str = CALM) -> None:
    begin(client, text)
    client.post("/report/about", data={})
    assert client.post("/report/answer", data={}).location == "/report/receipt"


def add(client, data: bytes, name: str = "photo.jpg"):
    return client.post(
        "/report/photo", data={"photos": (io.BytesIO(data), name)}, content_type="multipart/form-data"
    )


def kept(store) -> int:
    number = len(store.exec(select(Attachment)).all())
    store.commit()
    return number


def test_leaving_forgets_what_was_typed_and_goes_to_a_harmless_page(app, client, store) -> None:
    begin(client, BEATEN)
    answer = client.post("/leave")
    elsewhere = app.extensions["signalen.config"].exit_url
    assert answer.headers["Refresh"] == f"0; url={elsewhere}"
    assert "Signalen" not in answer.text
    assert client.get("/report/about").location == "/report/words"
    assert BEATEN not in client.get("/report/words").text
    assert store.exec(select(Keep)).all() == []
    store.rollback()


def test_leaving_takes_the_code_off_the_screen(client) -> None:
    tell(client)
    assert "qr" in client.get("/report/receipt").text
    client.post("/leave")
    assert client.get("/report/receipt").location == "/report"


@pytest.mark.parametrize("path", ["/report", "/report/words", "/report/help", "/report/notice", "/follow"])
def test_the_way_out_is_on_every_page_where_people_tell_and_read(client, path) -> None:
    page = client.get(path).text
    assert 'action="/leave"' in page
    assert page.index('action="/leave"') < page.index("<main")


@pytest.mark.parametrize("path", ["/", "/board", "/languages"])
def test_other_pages_have_no_such_button(client, path) -> None:
    assert 'action="/leave"' not in client.get(path).text


@pytest.mark.parametrize(
    ("text", "numbers"),
    [(BEATEN, {"1712", "1813"}), ("Ze willen mijn kinderen afpakken.", {"1712", "116000"}), (CALM, set())],
)
def test_the_right_numbers_stand_beside_what_somebody_tells_and_never_in_the_way(
    client, text, numbers
) -> None:
    begin(client, text)
    page = client.get("/report/about").text
    assert {
        each for each in ("112", "1712", "1813", "116000", "106") if f'href="tel:{each}"' in page
    } == numbers
    client.post("/report/about", data={})
    assert client.post("/report/answer", data={}).location == "/report/receipt"
    assert all(f'href="tel:{each}"' in client.get("/report/receipt").text for each in numbers)


def test_all_numbers_of_the_platform_are_on_the_page_of_help(store) -> None:
    found = {line.number for line in helplines(store, "ar")}
    assert {"112", "1712", "1733", "106", "107", "116000", "1813"} <= found


def test_a_photo_is_added_after_telling_made_anew_and_at_most_three(client, store) -> None:
    tell(client)
    for n in range(MOST_PHOTOS + 1):
        assert add(client, photo(width=640 + 8 * n)).location == "/report/receipt#photo"
    assert kept(store) == MOST_PHOTOS
    assert "3 foto" in client.get("/report/receipt").text


@pytest.mark.parametrize("data", [HTML, b"", b"<svg xmlns='http://www.w3.org/2000/svg'/>"])
def test_what_is_no_photo_is_refused_in_place_and_the_code_stays_on_the_screen(client, store, data) -> None:
    tell(client)
    answer = add(client, data)
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text
    assert "qr" in answer.text
    assert kept(store) == 0


def test_without_a_receipt_nobody_adds_a_photo(client, store) -> None:
    assert add(client, photo()).location == "/report"
    tell(client)
    client.post("/report/forget")
    assert add(client, photo()).location == "/report"
    assert kept(store) == 0


def test_one_client_cannot_fill_the_disk(client, store) -> None:
    tell(client)
    for _ in range(PHOTOS_AN_HOUR):
        add(client, HTML)
    assert add(client, photo()).status_code == 429
    assert kept(store) == 0


def test_the_photo_is_seen_by_who_sees_the_signal_and_nobody_else(client, as_, people, store) -> None:
    tell(client)
    add(client, photo())
    (row,) = store.exec(select(Attachment)).all()
    signal = store.exec(select(Signal)).one()
    assert row.signal_id == signal.id
    address = f"/attachments/{row.id}"
    store.commit()
    assert as_(people.bart).get(address).status_code == 200
    assert as_(people.chloe).get(address).status_code == 404
    assert as_(people.dre).get(address).status_code == 404
