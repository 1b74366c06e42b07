"""Photos on the phone: made small there, nothing told about them, and shown with a way to take each away."""

from __future__ import annotations

import base64
import io
import os

import pytest
from flask import render_template
from PIL import Image
from playwright.sync_api import expect

from signalen.signals.pictures import clean
from signalen.web.locale import speaking
from tests.browser.checks import complaints
from tests.signals.pictures import SVG, exif_with_place, file_of, photo, scene
from tests.signals.test_pictures import chunks

pytestmark = pytest.mark.browser

PREPARE = """async ([data, type]) => {
  const bytes = Uint8Array.from(atob(data), (c) => c.charCodeAt(0));
  try {
    const made = await Signalen.photos.prepare(new File([bytes], "IMG_1.jpg", { type }));
    let text = "";
    for (const byte of made.bytes) text += String.fromCharCode(byte);
    return { ...made, bytes: btoa(text) };
  } catch (error) {
    return { code: error.code };
  }
}"""
# Photos kept in an array in place of the box of the phone.
MOUNT = """() => {
  const kept = (self.kept = []);
  Signalen.photos.mount(document.getElementById("photos"), {
    add: async (bytes, type) => kept.push({ hash: String(self.next = (self.next || 0) + 1), type, bytes: async () => bytes }),
    remove: async (hash) => kept.splice(kept.findIndex((photo) => photo.hash === hash), 1),
    list: async () => kept,
  });
}"""


@pytest.fixture
def phone(house, somebody):
    """A phone in English with the field for photos on its screen."""
    amina = somebody(house.url, "en", "phone")
    amina.go("/sign-in")
    with house.app.test_request_context(), speaking("en"):
        field = render_template("signals/_photos.html", form=None)
    amina.page.evaluate(
        "(html) => { document.querySelector('main').innerHTML = `<h1>Photos</h1>${html}`; }", field
    )
    amina.page.add_script_tag(url="/static/phone/photos.js")
    return amina


def prepared(phone, data: bytes, kind: str = "image/jpeg") -> dict:
    made = phone.page.evaluate(PREPARE, [base64.b64encode(data).decode(), kind])
    return {**made, "bytes": base64.b64decode(made["bytes"])} if "bytes" in made else made


def profile(data: bytes) -> bytes | None:
    return Image.open(io.BytesIO(data)).info.get("icc_profile")


def test_a_photo_of_twelve_megapixels_gets_small_upright_and_silent(phone) -> None:
    lying = scene(4000, 3000).transpose(Image.Transpose.ROTATE_90)
    given = file_of(lying, quality=92, exif=exif_with_place(6))
    assert b"CanaryPhone" in given
    made = prepared(phone, given)
    assert (made["type"], made["width"], made["height"]) == ("image/webp", 1600, 1200)
    assert len(made["bytes"]) <= 400 * 1024
    # Chromium says which colours a canvas has: the same of every photo, and left out by the server.
    assert set(chunks(made["bytes"])) <= {b"VP8X", b"ICCP", b"VP8 "}
    assert profile(made["bytes"]) == profile(prepared(phone, photo(9, 9))["bytes"])
    assert b"Canary" not in made["bytes"]
    red, _green, blue = Image.open(io.BytesIO(made["bytes"])).getpixel((100, 100))
    assert red > 200
    assert blue < 60


def test_even_noise_stays_under_the_limit_and_what_is_small_stays_as_large_as_it_was(phone) -> None:
    noise = Image.frombytes("RGB", (2400, 1600), os.urandom(2400 * 1600 * 3))
    made = prepared(phone, file_of(noise, "PNG", compress_level=1), "image/png")
    assert len(made["bytes"]) <= 400 * 1024
    assert max(made["width"], made["height"]) <= 1600
    assert prepared(phone, photo(200, 100))["width"] == 200


def test_glass_becomes_white(phone) -> None:
    made = prepared(phone, file_of(Image.new("RGBA", (64, 64), (0, 0, 0, 0)), "PNG"), "image/png")
    assert min(Image.open(io.BytesIO(made["bytes"])).convert("RGB").getpixel((32, 32))) > 245


def test_a_browser_that_writes_no_webp_makes_a_jpeg_without_metadata(phone) -> None:
    phone.page.evaluate(
        """() => {
          const inner = HTMLCanvasElement.prototype.toBlob;
          HTMLCanvasElement.prototype.toBlob = function (done, type, quality) {
            return inner.call(this, done, type === "image/webp" ? "image/png" : type, quality);
          };
        }"""
    )
    made = prepared(phone, photo(3000, 2000, exif=exif_with_place()))
    assert (made["type"], made["width"]) == ("image/jpeg", 1600)
    assert len(made["bytes"]) <= 400 * 1024
    picture = Image.open(io.BytesIO(made["bytes"]))
    assert not picture.getexif()
    assert picture.format == "JPEG"


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (SVG, "image/svg+xml"),
        (b"no picture at all", "image/jpeg"),
        (photo()[:300], "image/jpeg"),
        (b"", "image/jpeg"),
    ],
    ids=["an SVG", "words", "a stump", "nothing"],
)
def test_what_is_no_photo_is_refused_with_a_code(phone, data, kind) -> None:
    assert prepared(phone, data, kind) == {"code": "not-a-picture"}


def test_what_the_phone_makes_is_what_the_server_takes(phone) -> None:
    made = clean(prepared(phone, photo(3000, 2000))["bytes"])
    assert (made.width, made.height) == (1600, 1067)


def choose(phone, *files: bytes) -> None:
    named = [
        {"name": f"IMG_{number}.jpg", "mimeType": "image/jpeg", "buffer": data}
        for number, data in enumerate(files)
    ]
    phone.page.get_by_label("Add a photo").set_input_files(named)


def test_photos_are_shown_named_and_taken_away_and_each_step_is_said(phone) -> None:
    phone.page.evaluate(MOUNT)
    said = phone.page.get_by_role("status")
    choose(phone, photo(), photo(300, 200))
    expect(said).to_have_text("The photo was added.")
    pictures = phone.page.get_by_role("list").get_by_role("img")
    expect(pictures).to_have_count(2)
    assert pictures.nth(1).get_attribute("alt") == "Photo 2"
    assert pictures.nth(1).evaluate("(img) => img.decode().then(() => img.naturalWidth)") == 300
    assert (
        phone.page.get_by_label("Add a photo").get_attribute("name") is None
    )  # the form does not carry them too
    assert complaints(phone.page, "en") == []
    phone.page.get_by_role("button", name="Remove photo 1").click()
    expect(said).to_have_text("The photo was removed.")
    expect(pictures).to_have_count(1)
    expect(phone.page.get_by_label("Add a photo")).to_be_focused()


def test_the_seventh_photo_is_refused_and_so_is_what_is_none(phone) -> None:
    phone.page.evaluate(MOUNT)
    said = phone.page.get_by_role("status")
    choose(phone, b"no picture")
    expect(said).to_have_text("This is not a photo that can be read here. JPEG, PNG and WebP can.")
    choose(phone, *[photo(80, 60)] * 4)
    expect(said).to_have_text("The photo was added.")
    choose(phone, *[photo(80, 60)] * 4)
    expect(said).to_have_text("At most 6 photos with one signal.")
    expect(phone.page.get_by_role("list").get_by_role("img")).to_have_count(6)


def test_a_phone_that_can_keep_nothing_gives_the_field_back_to_the_form(phone) -> None:
    field = phone.page.get_by_label("Add a photo")
    names = phone.page.evaluate(
        """() => {
          const [box, field] = [document.getElementById("photos"), document.getElementById("f-photos")];
          const again = Signalen.photos.mount(box, { add: async () => {}, remove: async () => {}, list: async () => [] });
          const before = field.name;
          again.stop();
          return [before, field.name];
        }"""
    )
    assert names == ["", "photos"]
    field.set_input_files([{"name": "a.jpg", "mimeType": "image/jpeg", "buffer": photo()}])
    assert field.evaluate("(field) => field.files.length") == 1


def test_a_box_that_is_full_is_said_and_nothing_is_shown(phone) -> None:
    phone.page.evaluate(
        """() => Signalen.photos.mount(document.getElementById("photos"), {
          add: async () => { throw Object.assign(new Error("full"), { code: "full" }); },
          remove: async () => {}, list: async () => [],
        })"""
    )
    choose(phone, photo())
    expect(phone.page.get_by_role("status")).to_have_text("The photo could not be kept on this phone.")
