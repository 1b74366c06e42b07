"""Looks for words in all that a browser left on a disk, however it wrote them: for tests that nothing stayed.

Looked at: every file as it is; the tables of LevelDB (IndexedDB, localStorage) with their blocks and values that Snappy made
small; logs of LevelDB without the marks in between; what zlib or gzip made small. Not looked at: Brotli, which no server of
ours sends, and what the browser itself encrypts.
"""

from __future__ import annotations

import base64
import zlib
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

PIECE = 6
"""Characters: of a longer word each piece of this length is looked for, so that half a word is found as well."""
TABLE = bytes.fromhex("57fb808b247547db")
"""The last bytes of a table of LevelDB."""
LOG_BLOCK, LOG_HEAD = 32768, 7
SMALL_VALUE = b"\xff\x11\x02"
"""Before a value of IndexedDB that Snappy made small."""
DEFLATED = {b"\x1f\x8b\x08": 31, b"\x78\x01": 15, b"\x78\x5e": 15, b"\x78\x9c": 15, b"\x78\xda": 15}


def find_traces(
    folder: Path, words: Iterable[str], *, pictures: Iterable[bytes] = ()
) -> set[tuple[str, str]]:
    """Which words stand in which files, as (word, file). `pictures`: bytes of which every 24 at a time are looked for."""
    wanted = [(word, needle) for word in words for needle in needles(word)]
    seen = [(f"picture {n}", piece) for n, data in enumerate(pictures) for piece in _pieces(data)]
    found = set()
    for path in sorted(folder.rglob("*")):
        if path.is_symlink() or not path.is_file():
            continue
        for data in layers(path):
            lower = data.lower()
            place = str(path.relative_to(folder))
            found |= {
                (word, place)
                for word, needle in wanted
                if needle in (data if needle != needle.lower() else lower)
            }
            found |= {(word, place) for word, needle in seen if needle in data}
    return found


def _pieces(data: bytes) -> list[bytes]:
    """Parts of a picture that only this picture has."""
    pieces = [data[at : at + 24] for at in range(0, len(data) - 24, 512)]
    return [piece for piece in pieces if len(set(piece)) > 16]


def needles(word: str) -> set[bytes]:
    """The ways in which a word, or a piece of it, can stand in a file."""
    low = word.lower()
    pieces = {low[at : at + PIECE] for at in range(len(low) - PIECE + 1)} or {low}
    plain = {piece.encode(code) for piece in pieces for code in ("utf-8", "utf-16-le")}
    # The last byte of each letter is left out: in the other order it stands one byte further.
    plain |= {piece.encode("utf-16-be")[1:] for piece in pieces}
    return plain | {_letters(word.encode(), lead) for lead in range(3)}


def _letters(data: bytes, lead: int) -> bytes:
    """The letters of base64 that do not depend on what stands before and after, which is `lead` bytes out of step."""
    whole = base64.b64encode(b"\0" * lead + data)
    return whole[(0, 2, 3)[lead] : (lead + len(data)) * 8 // 6]


def layers(path: Path) -> Iterator[bytes]:
    """The file as it is, and what was made small in it."""
    data = path.read_bytes()
    yield data
    yield from unpacked(data)
    inner: list[bytes] = []
    if data.endswith(TABLE):
        inner = list(blocks(data))
    elif path.suffix == ".log":
        inner = [unmarked(data)]
    for each in inner:
        yield each
        yield from unpacked(each)


def unpacked(data: bytes) -> Iterator[bytes]:
    """Every part that begins as something made small, as far as it can be read."""
    at = data.find(SMALL_VALUE)
    while at >= 0:
        yield unsnapped(data[at + len(SMALL_VALUE) :])
        at = data.find(SMALL_VALUE, at + 1)
    for head, window in DEFLATED.items():
        at = data.find(head)
        while at >= 0:
            with suppress(zlib.error):
                yield zlib.decompressobj(window).decompress(data[at : at + (1 << 18)], 1 << 22)
            at = data.find(head, at + 1)


def blocks(table: bytes) -> Iterator[bytes]:
    """The blocks of a table of LevelDB."""
    at = len(table) - 48
    for _ in range(2):  # the place of the index of indexes
        _number, at = _varint(table, at)
    start, at = _varint(table, at)
    size, at = _varint(table, at)
    index = _block(table, start, size)
    end = len(index) - 4 - 4 * int.from_bytes(index[-4:], "little")
    at = 0
    while at < end:
        _shared, at = _varint(index, at)
        rest, at = _varint(index, at)
        length, at = _varint(index, at)
        start, after = _varint(index, at + rest)
        size, _end = _varint(index, after)
        yield _block(table, start, size)
        at += rest + length


def _block(table: bytes, start: int, size: int) -> bytes:
    data = table[start : start + size]
    return unsnapped(data) if table[start + size] == 1 else data


def unmarked(log: bytes) -> bytes:
    """A log of LevelDB without the marks that cut a value in two."""
    whole = bytearray()
    for start in range(0, len(log), LOG_BLOCK):
        at, end = start, min(start + LOG_BLOCK, len(log))
        while at + LOG_HEAD <= end:
            length = int.from_bytes(log[at + 4 : at + 6], "little")
            whole += log[at + LOG_HEAD : min(at + LOG_HEAD + length, end)]
            at += LOG_HEAD + length
    return bytes(whole)


def unsnapped(data: bytes) -> bytes:
    """What Snappy made small; what was read so far when the rest is something else."""
    out = bytearray()
    with suppress(IndexError):
        length, at = _varint(data, 0)
        while at < len(data) and len(out) < min(length, 1 << 24):
            tag = data[at]
            at += 1
            if tag & 3 == 0:
                size = (tag >> 2) + 1
                if size > 60:
                    more = size - 60
                    size = int.from_bytes(data[at : at + more], "little") + 1
                    at += more
                out += data[at : at + size]
                at += size
                continue
            wide = (0, 1, 2, 4)[tag & 3]
            back = int.from_bytes(data[at : at + wide], "little")
            at += wide
            size = (tag >> 2) + 1
            if wide == 1:
                back, size = back | (tag >> 5) << 8, (tag >> 2 & 7) + 4
            if not 0 < back <= len(out):
                break
            for _ in range(size):
                out.append(out[-back])
    return bytes(out)


def _varint(data: bytes, at: int) -> tuple[int, int]:
    number = shift = 0
    while True:
        byte = data[at]
        number |= (byte & 127) << shift
        at, shift = at + 1, shift + 7
        if byte < 128:
            return number, at
