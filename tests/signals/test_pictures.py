"""Pictures: judged by what is in them, measured before they are decoded, and made anew without a word about them."""

from __future__ import annotations

import io
import os
import re
import struct
import subprocess
import sys
import time
import tracemalloc
from contextlib import suppress

import pytest
from PIL import Image, ImageCms

from signalen.signals import darkroom, pictures
from signalen.signals.darkroom import PictureRefused, develop
from signalen.signals.pictures import LARGEST, clean
from tests.signals.pictures import (
    HTML,
    PDF,
    PHP,
    SVG,
    archive,
    chunk,
    exif_with_place,
    file_of,
    in_jpeg,
    in_webp,
    photo,
    png,
    scene,
    with_text,
)

JS_COMMENT = photo()[:2] + b"\xff\xe0/*" + b"JFIF".ljust(0x2F2A - 2, b"\0") + photo()[2:]


def opened(data: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(data))
    image.load()
    return image


def chunks(webp: bytes) -> list[bytes]:
    """The names of what a WebP consists of."""
    assert webp[:4] + webp[8:12] == b"RIFFWEBP"
    found, at = [], 12
    while at < len(webp):
        name, length = struct.unpack_from("<4sI", webp, at)
        found.append(name)
        at += 8 + length + length % 2
    return found


def refusal_of(data: bytes) -> str:
    with pytest.raises(PictureRefused) as refused:
        clean(data)
    return refused.value.code


def peak(data: bytes, work=clean) -> int:
    """The most bytes above what was there, as the kernel counts them: decoders do not ask Python for memory."""
    program = (
        "import re, sys\n"
        "def most(): return int(re.search(r'VmHWM:\\s+(\\d+)', open('/proc/self/status').read())[1])\n"
        "from signalen.signals.pictures import *\n"
        "from tests.signals.test_pictures import naively\n"
        "data = sys.stdin.buffer.read()\n"
        "base = most()\n"
        "try:\n"
        f"    {work.__name__}(data)\n"
        "except PictureRefused:\n"
        "    pass\n"
        "print(most() - base)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], input=data, capture_output=True, cwd=darkroom.ROOT, check=True
    )
    return int(done.stdout) * 1024


def naively(data: bytes) -> None:
    """What must not be done: decode first and look afterwards."""
    Image.MAX_IMAGE_PIXELS = None
    Image.open(io.BytesIO(data)).load()


def test_a_picture_of_144_megapixels_in_18_kilobytes_is_refused_and_the_memory_stays_flat() -> None:
    bomb = png(12_000, 12_000)
    assert len(bomb) <= 18 * 1024
    assert refusal_of(bomb) == "too-large"
    assert peak(bomb) < 2_000_000
    assert peak(bomb, naively) > 100_000_000  # the measure would have seen it


def test_python_allocates_next_to_nothing_for_what_is_refused() -> None:
    bomb = png(12_000, 12_000)
    tracemalloc.start()
    refusal_of(bomb)
    _now, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 500_000


def test_claims_of_many_pixels_are_refused_in_each_format_before_decoding() -> None:
    jpeg, webp = bytearray(photo()), bytearray(in_webp(b"", b"EXIF"))
    frame = jpeg.index(b"\xff\xc0")
    jpeg[frame + 5 : frame + 9] = struct.pack(">HH", 12_000, 12_000)
    assert refusal_of(bytes(jpeg)) == "too-large"
    extended = b"VP8X" + struct.pack("<I", 10) + bytes(4) + (11_999).to_bytes(3, "little") * 2
    webp[12:12] = extended
    webp[4:8] = struct.pack("<I", len(webp) - 8)
    assert refusal_of(bytes(webp)) == "too-large"
    lossless = bytearray(file_of(scene(), "WEBP", lossless=True))
    lossless[21:25] = struct.pack("<I", 11_999 | 11_999 << 14)
    assert refusal_of(bytes(lossless)) == "too-large"


def test_just_under_the_limit_is_taken() -> None:
    made = clean(png(7_900, 5_000))
    assert (made.width, made.height) == (1600, 1013)


NO_PICTURES = {
    "nothing": b"",
    "words": b"just words",
    "an SVG": SVG,
    "an SVG with a sign in front": b"\xef\xbb\xbf\n" + SVG,
    "a page": HTML,
    "a PDF": PDF,
    "an archive": archive(),
    "a program": b"\x7fELF\x02\x01\x01" + bytes(64),
    "a GIF": file_of(scene(), "GIF"),
    "a BMP": file_of(scene(), "BMP"),
    "a TIFF": file_of(scene(), "TIFF"),
    "half a JPEG": photo()[: len(photo()) // 2],
    "a JPEG without its end": photo()[:-2],
    "half a PNG": file_of(scene(), "PNG")[:-40],
    "half a WebP": photo(kind="WEBP")[:-40],
    "the sign of a JPEG alone": b"\xff\xd8\xff",
    "the sign of a PNG alone": b"\x89PNG\r\n\x1a\n",
    "the sign of a WebP alone": b"RIFF\x04\0\0\0WEBP",
    "a JPEG of nothing but signs": b"\xff\xd8" + b"\xff" * 500,
    "a PNG without pixels": png(8, 8)[:33] + chunk(b"IEND", b""),
    "a PNG whose pixels are noise": png(8, 8)[:33] + chunk(b"IDAT", b"noise") + chunk(b"IEND", b""),
    "a PNG of no size": png(0, 8),
    "a PDF with a photo in it": PDF + photo(),
    "an archive with a photo in front of it by name only": archive() + photo(),
}


@pytest.mark.parametrize("name", NO_PICTURES)
def test_what_is_no_picture_is_refused_whatever_it_is_called(name) -> None:
    assert refusal_of(NO_PICTURES[name]) == "not-a-picture"


def test_a_photo_in_the_format_that_only_apple_reads_is_named_as_such() -> None:
    assert refusal_of(b"\0\0\0\x18ftypheic" + bytes(40)) == "heic"


POLYGLOTS = {
    "a ZIP behind a JPEG": photo() + archive(),
    "a ZIP behind a PNG": file_of(scene(), "PNG") + archive(),
    "a ZIP behind a WebP": photo(kind="WEBP") + archive(),
    "a ZIP in a comment": in_jpeg(archive()),
    "a ZIP behind a video behind a JPEG": photo() + b"\0\0\0\x18ftypmp42" + os.urandom(5000) + archive(),
    "a PDF behind a JPEG": photo() + PDF,
    "a PDF in a comment": in_jpeg(PDF),
    "a PDF in a segment of an application": in_jpeg(PDF, 0xEB),
    "a PDF in a chunk of a PNG": png(64, 64, extra=chunk(b"prVt", PDF)),
    "a page behind a JPEG": photo() + HTML,
    "a page in a comment": in_jpeg(HTML),
    "a page in a note of a PNG": with_text(HTML.decode()),
    "a page in the metadata of a WebP": in_webp(HTML),
    "a page in EXIF": photo(exif=_exif.tobytes())
    if (_exif := exif_with_place()).update({0x010E: "<ScRiPt >alert(1)</sCrIpT >"}) is None
    else b"",
    "a picture that fetches, behind a JPEG": photo() + b"<img src=x onerror=alert(1)>",
    "PHP in a comment": in_jpeg(PHP),
    "PHP in a note of a PNG": with_text(PHP.decode()),
    "PHP behind a WebP": photo(kind="WEBP") + PHP,
    "short PHP in a comment": in_jpeg(b"<?= `$_GET[0]` ?>"),
    "an SVG behind a PNG": file_of(scene(), "PNG") + SVG,
    "an SVG in the metadata of a WebP": in_webp(SVG),
    "an RAR behind a JPEG": photo() + b"Rar!\x1a\x07\x01\x00" + bytes(50),
    "a 7z behind a JPEG": photo() + b"7z\xbc\xaf\x27\x1c" + bytes(50),
    "a gzip behind a JPEG": photo() + b"\x1f\x8b\x08" + bytes(50),
    "a tar behind a JPEG": photo() + bytes(257) + b"ustar\x00" + bytes(300),
    "a Windows program behind a JPEG": photo() + b"MZ\x90\x00" + bytes(80),
    "a Linux program in a comment": in_jpeg(b"\x7fELF\x02\x01\x01" + bytes(80)),
    "a program of the shell behind a PNG": file_of(scene(), "PNG") + b"\n#!/bin/sh\nid\n",
    "an old Office file behind a JPEG": photo() + b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(80),
    "a JPEG that is JavaScript": JS_COMMENT,
}


@pytest.mark.parametrize("name", POLYGLOTS)
def test_a_picture_that_is_also_something_else_is_refused(name) -> None:
    assert Image.open(io.BytesIO(POLYGLOTS[name])).size[0] in {64, 640}  # it is a picture too
    assert refusal_of(POLYGLOTS[name]) == "hides-something"


HONEST = {
    "with zeros behind it, as some cameras pad": photo() + bytes(4096),
    "a moving photo, the video behind it": photo() + b"\0\0\0\x18ftypmp42" + os.urandom(200_000),
    "a gain map behind it": photo() + photo(320, 240),
    "a small picture of itself in EXIF": photo(exif=b"Exif\0\0II*\0\x08\0\0\0\0\0\0\0\0\0" + photo(160, 120)),
    "what an editor wrote about it": in_jpeg(
        b'http://ns.adobe.com/xap/1.0/\0<?xpacket begin=""?><x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF>'
        b'<rdf:Description about=""><dc:title><rdf:Alt><rdf:li>x</rdf:li></rdf:Alt></dc:title></rdf:Description>'
        b"</rdf:RDF></x:xmpmeta>",
        0xE1,
    ),
    "built up in passes": photo(progressive=True),
    "with marks to start again": photo(restart_marker_blocks=4),
}


@pytest.mark.parametrize("name", HONEST)
def test_an_honest_photo_is_taken_and_nothing_but_its_pixels_stays(name) -> None:
    made = clean(HONEST[name])
    assert (made.media_type, made.width, made.height) == ("image/webp", 640, 480)
    assert chunks(made.data) == [b"VP8 "]


def test_noise_is_never_taken_for_a_hidden_file() -> None:
    """A check that refuses the photos of honest people would be worse than none."""
    for _ in range(20):
        assert not pictures._hides(b"", [b"", os.urandom(200_000)], os.urandom(200_000))


def test_where_it_was_taken_is_not_kept() -> None:
    given = photo(
        exif=exif_with_place(), icc_profile=ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    )
    assert opened(given).getexif().get_ifd(0x8825)
    assert b"CanaryPhone" in given
    made = clean(given)
    assert chunks(made.data) == [b"VP8 "]
    assert not opened(made.data).getexif()
    assert opened(made.data).info.keys() <= {"loop", "background", "timestamp", "duration"}
    for word in (b"CanaryPhone", b"GPS", b"Exif", b"EXIF", b"ICCP", b"XMP"):
        assert word not in made.data


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_what_other_formats_say_about_themselves_is_not_kept_either(kind) -> None:
    given = file_of(scene(), kind, exif=exif_with_place(), xmp=b"<x:xmpmeta>CanaryWords</x:xmpmeta>")
    assert b"CanaryPhone" in given
    made = clean(given)
    assert chunks(made.data) == [b"VP8 "]
    assert not re.search(b"Canary", made.data)


@pytest.mark.parametrize("held", range(1, 9))
def test_a_photo_stands_upright_however_the_phone_was_held(held) -> None:
    back = {1: None, 2: 0, 3: 3, 4: 1, 5: 5, 6: 2, 7: 6, 8: 4}[held]  # what undoes each way of holding
    lying = scene() if back is None else scene().transpose(Image.Transpose(back))
    made = opened(clean(file_of(lying, exif=exif_with_place(held))).data)
    assert made.size == (640, 480)
    red, _green, blue = made.getpixel((100, 100))
    assert red > 200
    assert blue < 60
    assert made.getpixel((600, 400))[2] > 100


def sixteen_bits() -> Image.Image:
    grey = Image.new("I;16", (64, 64))
    grey.putdata([n * 65535 // 4095 for n in range(4096)])
    return grey


def palette_with_holes() -> Image.Image:
    image = Image.new("P", (64, 64), 1)
    image.putpalette([0, 0, 0, 0, 0, 255])
    image.paste(0, (0, 0, 32, 64))
    image.info["transparency"] = 0
    return image


def glass() -> Image.Image:
    image = Image.new("RGBA", (64, 64), (0, 0, 0, 0))
    image.paste((0, 0, 255, 255), (32, 0, 64, 64))
    return image


MODES = {
    "four inks": (file_of(Image.new("CMYK", (64, 64), (255, 0, 0, 0))), (0, 255, 255), (0, 255, 255)),
    "grey": (file_of(Image.new("L", (64, 64), 77)), (77, 77, 77), (77, 77, 77)),
    "sixteen bits": (file_of(sixteen_bits(), "PNG"), (31, 31, 31), (222, 222, 222)),
    "a palette with holes": (file_of(palette_with_holes(), "PNG"), (255, 255, 255), (0, 0, 255)),
    "glass": (file_of(glass(), "PNG"), (255, 255, 255), (0, 0, 255)),
    "glass in a WebP": (file_of(glass(), "WEBP", lossless=True), (255, 255, 255), (0, 0, 255)),
    "grey glass": (file_of(glass().convert("LA"), "PNG"), (255, 255, 255), (29, 29, 29)),
    "one bit": (png(64, 64), (0, 0, 0), (0, 0, 0)),
}


@pytest.mark.parametrize("name", MODES)
def test_every_kind_of_pixel_becomes_colour_on_white(name) -> None:
    data, start, end = MODES[name]
    made = opened(clean(data).data)
    assert made.mode == "RGB"
    for at, wanted in (((8, 8), start), ((56, 56), end)):
        assert all(abs(a - b) < 12 for a, b in zip(made.getpixel(at), wanted, strict=True)), made.getpixel(at)


def test_colours_of_another_profile_are_brought_to_the_one_everybody_has() -> None:
    lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()
    broken = clean(photo(icc_profile=b"no profile at all"))
    strange = clean(photo(icc_profile=lab))
    assert (broken.width, strange.width) == (640, 640)
    assert chunks(strange.data) == [b"VP8 "]


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_of_a_moving_picture_the_first_moment_is_kept(kind) -> None:
    frames = [Image.new("RGB", (64, 64), colour) for colour in ("red", "blue", "green")]
    made = clean(file_of(frames[0], kind, save_all=True, append_images=frames[1:], duration=100))
    assert chunks(made.data) == [b"VP8 "]
    red, _green, blue = opened(made.data).getpixel((30, 30))
    assert red > 200
    assert blue < 60


def test_two_pictures_in_one_file_of_a_phone_are_one() -> None:
    made = clean(file_of(scene(), "MPO", save_all=True, append_images=[scene(320, 240)]))
    assert (made.width, made.height) == (640, 480)


def test_a_photo_is_at_most_1600_pixels_and_400_kilobytes_even_of_pure_noise() -> None:
    noise = Image.frombytes("RGB", (2000, 1500), os.urandom(2000 * 1500 * 3))
    for given in (photo(4000, 3000), file_of(noise, "PNG", compress_level=0)):
        made = clean(given)
        assert max(made.width, made.height) <= 1600
        assert len(made.data) <= LARGEST
        assert abs(made.width / made.height - 4 / 3) < 0.01


def test_the_darkroom_says_the_same_as_the_picture_itself() -> None:
    assert develop(photo()) == clean(photo())
    for data, code in (
        (png(12_000, 12_000), "too-large"),
        (SVG, "not-a-picture"),
        (photo() + PDF, "hides-something"),
    ):
        with pytest.raises(PictureRefused) as refused:
            develop(data)
        assert refused.value.code == code


def test_what_never_ends_is_given_up(monkeypatch) -> None:
    monkeypatch.setattr(darkroom, "PATIENCE", 0.001)
    with pytest.raises(PictureRefused) as refused:
        develop(photo())
    assert refused.value.code == "too-large"


def test_the_program_that_opens_pictures_gets_no_keys_and_little_of_everything(monkeypatch) -> None:
    seen = {}

    def note(command, **options):
        seen.update(options)
        return subprocess.CompletedProcess(command, 1, b"", b"")

    monkeypatch.setenv("SIGNALEN_VAULT_KEYS", "secret")
    monkeypatch.setattr(darkroom.subprocess, "run", note)
    with pytest.raises(PictureRefused):
        develop(photo())
    assert set(seen["env"]) == {"PATH"}


def test_a_worker_that_shows_pages_never_loads_the_library_of_pictures() -> None:
    program = "import sys, signalen.app; print('PIL' in sys.modules); import signalen.signals.pictures; print('PIL' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, cwd=darkroom.ROOT, check=True, text=True
    )
    assert done.stdout.split() == ["False", "True"]


@pytest.mark.parametrize(
    "data",
    [
        b"\xff\xd8" + b"\xff\xfe\x00\x02" * 500_000,
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", struct.pack(">IIBBBBB", 9, 9, 8, 2, 0, 0, 0))
        + chunk(b"tEXt", b"") * 100_000,
        b"RIFF" + struct.pack("<I", 4 + 8 * 200_000) + b"WEBP" + b"XMP \0\0\0\0" * 200_000,
        in_jpeg(b"<" * 65_000),
        in_jpeg(b"#!/usr/" * 9_000),
    ],
    ids=["segments", "chunks of a PNG", "chunks of a WebP", "brackets", "almost a program"],
)
def test_a_file_made_to_be_slow_is_not(data) -> None:
    began = time.perf_counter()
    with suppress(PictureRefused):
        clean(data)
    assert time.perf_counter() - began < 2
