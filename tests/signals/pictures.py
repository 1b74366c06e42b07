"""Pictures for the tests, made on the spot: honest ones, and those that are or carry something else."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from typing import Any

from PIL import Image, PngImagePlugin

SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><circle r="9"/></svg>'
HTML = b"<!DOCTYPE html><html><body><script>alert(1)</script></body></html>"
PDF = b"%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF"
PHP = b"<?php system($_GET['c']); ?>"


def file_of(image: Image.Image, kind: str = "JPEG", **options: Any) -> bytes:
    """A picture as a file."""
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def scene(width: int = 640, height: int = 480) -> Image.Image:
    """A red quarter in the corner where writing starts, on grey that changes: one can see how it is turned."""
    image = Image.linear_gradient("L").resize((width, height)).convert("RGB")
    image.paste((255, 0, 0), (0, 0, width // 2, height // 2))
    return image


def photo(width: int = 640, height: int = 480, **options: Any) -> bytes:
    """An ordinary photo."""
    return file_of(scene(width, height), **options)


def exif_with_place(orientation: int = 1) -> Image.Exif:
    """What a phone writes: where it was, with what, and how it was held."""
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010F] = "CanaryPhone"
    exif.get_ifd(0x8825).update({1: "N", 2: (51.0, 13.0, 12.0), 3: "E", 4: (4.0, 24.0, 9.0)})
    return exif


def archive() -> bytes:
    """A ZIP with a page in it."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        made.writestr("index.html", HTML)
    return out.getvalue()


def chunk(name: bytes, data: bytes) -> bytes:
    """A chunk of a PNG."""
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def png(width: int, height: int, *, extra: bytes = b"") -> bytes:
    """A black PNG of one bit per pixel, packed as tightly as can be; `extra`: chunks before the pixels."""
    packer, row = zlib.compressobj(9), bytes(width // 8 + 2)
    pixels = b"".join(packer.compress(row[: (width + 7) // 8 + 1]) for _ in range(height)) + packer.flush()
    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    parts = (chunk(b"IHDR", header), extra, chunk(b"IDAT", pixels), chunk(b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def in_jpeg(payload: bytes, marker: int = 0xFE) -> bytes:
    """A photo with `payload` in a segment of its own: 0xFE is a comment."""
    whole = photo()
    return whole[:2] + struct.pack(">BBH", 0xFF, marker, len(payload) + 2) + payload + whole[2:]


def in_webp(payload: bytes, name: bytes = b"XMP ") -> bytes:
    """A WebP with `payload` in a chunk of its own."""
    whole = photo(kind="WEBP")
    body = whole[8:] + struct.pack("<4sI", name, len(payload)) + payload + b"\0" * (len(payload) % 2)
    return b"RIFF" + struct.pack("<I", len(body)) + body


def with_text(text: str) -> bytes:
    """A PNG with a note in it."""
    note = PngImagePlugin.PngInfo()
    note.add_text("Comment", text)
    return file_of(scene(), "PNG", pnginfo=note)
