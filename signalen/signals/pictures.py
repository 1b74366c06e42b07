"""Pictures made anew: judged by content and never by name, measured before they are decoded, kept without metadata.

Runs as a program of its own (`darkroom.develop`): this module alone loads Pillow.
"""

from __future__ import annotations

import io
import os
import re
import resource
import struct
import sys
from collections.abc import Callable, Mapping

from PIL import Image, ImageCms

from signalen.signals.darkroom import Picture, PictureRefused

MOST_PIXELS = 40_000_000
LONGEST_SIDE = 1600
LARGEST = 400 * 1024
"""Bytes of a picture as it is kept."""
SIZES = (1600, 1280, 1024, 800, 640, 480)
QUALITIES = (80, 65, 50)
MOST_PARTS = 20_000
"""Segments or chunks of a file; the largest honest ones have some two thousand."""
MEMORY = 1024 * 1024 * 1024
SECONDS = 15

Parts = tuple[int, list[bytes], int]
"""Pixels that the header claims, everything that is not pixels, and where the picture ends."""


def clean(data: bytes) -> Picture:
    """Checks and decodes a picture and makes it anew: upright, sRGB, ≤ 1600 px, ≤ 400 KB, WebP, the first frame only.

    Raises `PictureRefused`. Nothing is decoded before its pixels are counted.
    """
    kind = next((kind for kind, (starts, _) in KINDS.items() if starts(data)), None)
    if kind is None:
        raise PictureRefused("heic" if data[4:8] == b"ftyp" and data[8:12] in HEIC else "not-a-picture")
    try:
        pixels, beside, end = KINDS[kind][1](data)
    except (IndexError, ValueError, struct.error):
        raise PictureRefused("not-a-picture") from None
    _check_size(pixels)
    if _hides(data, beside, data[end:]):
        raise PictureRefused("hides-something")
    try:
        with Image.open(io.BytesIO(data[:end]), formats=[kind]) as image:
            _check_size(image.width * image.height)
            return _small_file(_upright(image))
    except PictureRefused:
        raise
    except MemoryError:
        raise PictureRefused("too-large") from None
    except Exception:  # noqa: BLE001  # decoders fail on broken files in every way there is
        raise PictureRefused("not-a-picture") from None


def _check_size(pixels: int) -> None:
    if pixels > MOST_PIXELS:
        raise PictureRefused("too-large")
    if pixels == 0:
        raise PictureRefused("not-a-picture")


def _jpeg(data: bytes) -> Parts:
    pixels, beside, at = 0, [data[2:6]], 2
    for _ in range(MOST_PARTS):
        if data[at] != 0xFF:
            raise ValueError
        while data[at + 1] == 0xFF:
            at += 1
        marker, start = data[at + 1], at + 2
        if marker == 0xD9:
            return pixels, beside, start
        at = start + struct.unpack_from(">H", data, start)[0]
        beside.append(data[start:at])
        if 0xC0 <= marker <= 0xCF and marker not in {0xC4, 0xC8, 0xCC}:
            height, width = struct.unpack_from(">HH", data, start + 3)
            pixels = max(pixels, width * height)
        if marker == 0xDA:
            found = _AFTER_A_SCAN.search(data, at)
            if found is None:
                raise ValueError
            at = found.start()
    raise ValueError


_AFTER_A_SCAN = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")


def _png(data: bytes) -> Parts:
    beside, at = [], 8
    width, height = struct.unpack_from(">II", data, 16)
    if data[12:16] != b"IHDR":
        raise ValueError
    for _ in range(MOST_PARTS):
        length, name = struct.unpack_from(">I4s", data, at)
        start, at = at + 8, at + length + 12
        if at > len(data):
            raise ValueError
        if name not in {b"IDAT", b"fdAT"}:
            beside.append(data[start : start + length])
        if name == b"IEND":
            return width * height, beside, at
    raise ValueError


def _webp(data: bytes) -> Parts:
    end = 8 + struct.unpack_from("<I", data, 4)[0]
    if end > len(data):
        raise ValueError
    pixels, beside, at = 0, [data[4:8]], 12
    for _ in range(MOST_PARTS):
        if at + 8 > end:
            return pixels, beside, end
        name, length = struct.unpack_from("<4sI", data, at)
        start = at + 8
        if name == b"VP8X":
            width, height = (int.from_bytes(data[n : n + 3], "little") + 1 for n in (start + 4, start + 7))
        elif name == b"VP8L":
            bits = struct.unpack_from("<I", data, start + 1)[0]
            width, height = (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
        elif name == b"VP8 ":
            width, height = (side & 0x3FFF for side in struct.unpack_from("<HH", data, start + 6))
        else:
            width = height = 0
        pixels = max(pixels, width * height)
        if name not in {b"VP8 ", b"VP8L", b"ALPH", b"ANMF"}:
            beside.append(data[start : start + length])
        at = start + length + length % 2
    raise ValueError


KINDS: Mapping[str, tuple[Callable[[bytes], bool], Callable[[bytes], Parts]]] = {
    "JPEG": (lambda data: data.startswith(b"\xff\xd8\xff"), _jpeg),
    "PNG": (lambda data: data.startswith(b"\x89PNG\r\n\x1a\n"), _png),
    "WEBP": (lambda data: data.startswith(b"RIFF") and data[8:12] == b"WEBP", _webp),
}
HEIC = frozenset({b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"mif1", b"msf1"})

# A picture that is also something else. Phones add to their photos what is not in this list (a gain map, the video of a
# moving photo): that is let in, and left out of the picture that is made.
_ANYWHERE = re.compile(
    rb"%PDF-|<\?php|<script[\s>/]|<!doctype\s|<html[\s>]|<svg[\s>:]|Rar!\x1a\x07|7z\xbc\xaf\x27\x1c|"
    rb"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1|\xfd7zXZ\x00|PK\x05\x06\x00\x00\x00\x00",
    re.IGNORECASE,
)
_BESIDE = re.compile(
    rb"<(?:\?=|head|body|iframe|img|object|embed|meta|link|style|form|base|foreignobject)[\s>/]|javascript:|"
    rb"PK\x03\x04[\x00-\x3f]\x00|\x7fELF[\x01\x02][\x01\x02]\x01|#!/(?:usr/)?bin/|ustar[\x00 ]|\xca\xfe\xba\xbe\x00",
    re.IGNORECASE,
)
_BEHIND = (b"\x1f\x8b\x08", b"BZh", b"MZ", b"GIF8", b"<?xml")
_ZIP_END = 22 + 65_535
"""Where a reader of archives looks: the last bytes of a file."""


def _hides(data: bytes, beside: list[bytes], behind: bytes) -> bool:
    return (
        _ANYWHERE.search(data) is not None
        or b"PK\x05\x06" in data[-_ZIP_END:]
        or any(_BESIDE.search(part) for part in (*beside, behind))
        or behind.lstrip().startswith(_BEHIND)
        or beside[0][2:4] == b"/*"  # a JPEG whose first length opens a comment of JavaScript
    )


_TURNS: Mapping[int, Image.Transpose] = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


def _upright(image: Image.Image) -> Image.Image:
    """Small, in sRGB on white, turned as the camera was held, with nothing but pixels."""
    share = 2 * LONGEST_SIDE / max(image.size)
    image.draft(
        None, (int(image.width * share), int(image.height * share))
    )  # a JPEG is decoded at a part of its size
    image.load()  # before anything else is asked: a second try would find nothing wrong with broken pixels
    turn, profile = _TURNS.get(_orientation(image)), image.info.get("icc_profile")
    picture = _comparable(image)
    picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    if picture.mode in {"RGBA", "LA"}:
        on_white = Image.new("RGB", picture.size, "white")
        on_white.paste(picture.convert("RGB"), mask=picture.getchannel("A"))
        picture = on_white
    picture = _in_srgb(picture, profile)
    return picture.transpose(turn) if turn is not None else picture


def _orientation(image: Image.Image) -> int:
    try:
        return int(image.getexif().get(0x0112, 1))
    except Exception:  # noqa: BLE001  # a broken note about the picture is no reason to refuse it
        return 1


def _comparable(image: Image.Image) -> Image.Image:
    """In a mode whose neighbouring pixels can be mixed."""
    if image.mode == "P" or "transparency" in image.info:
        return image.convert("RGBA")
    if image.mode.startswith("I"):  # sixteen bits of grey
        return image.convert("I").point(lambda value: value * (1 / 256)).convert("L")
    if image.mode == "1":
        return image.convert("L")
    return image


def _in_srgb(picture: Image.Image, profile: bytes | None) -> Image.Image:
    if profile:
        try:
            given, wanted = ImageCms.ImageCmsProfile(io.BytesIO(profile)), ImageCms.createProfile("sRGB")
            turned = ImageCms.profileToProfile(picture, given, wanted, outputMode="RGB")
        except (ImageCms.PyCMSError, OSError, ValueError):
            turned = None  # a profile of something else: the colours as they are
        if turned is not None:
            return turned
    return picture.convert("RGB")


def _small_file(picture: Image.Image) -> Picture:
    """As WebP, of lower quality and then smaller, until it is small enough."""
    picture.info = {}  # the encoder would copy what stands there
    for side in SIZES:
        picture.thumbnail((side, side))
        for quality in QUALITIES:
            file = io.BytesIO()
            picture.save(file, "WEBP", quality=quality, method=4)
            if file.tell() <= LARGEST:
                return Picture(file.getvalue(), "image/webp", picture.width, picture.height)
    raise PictureRefused("too-large")


def main() -> None:
    """Reads a file from the input; says what became of it in one line, the picture behind it."""
    for limit, most in (
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_CPU, SECONDS),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(limit, (most, most))
    os.nice(5)  # pages go first
    out = sys.stdout.buffer
    try:
        made = clean(sys.stdin.buffer.read())
    except PictureRefused as refused:
        out.write(f"refused {refused.code}\n".encode())
        return
    out.write(f"kept {made.media_type} {made.width} {made.height}\n".encode() + made.data)


if __name__ == "__main__":
    main()
