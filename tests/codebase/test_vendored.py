"""Files of others stand here as they came."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ROWS = re.findall(
    r"^\| `([^`]+)` .*`([0-9a-f]{64})` \|$", (ROOT / "docs/vendored.md").read_text(), re.MULTILINE
)

LONGEST_OF_OURS = 400
"""Characters of a line; what was written by a machine has all in one."""


def test_the_table_lists_every_minified_file_and_every_font() -> None:
    kept = {
        str(path.relative_to(ROOT))
        for top in ("signalen", "tests")
        for path in (ROOT / top).rglob("*.js")
        if any(len(line) > LONGEST_OF_OURS for line in path.read_text().splitlines())
    }
    fonts = {str(path.relative_to(ROOT)) for path in (ROOT / "signalen").rglob("*.ttf")}
    assert {path for path, _ in ROWS} == kept | fonts


@pytest.mark.parametrize(("path", "digest"), ROWS)
def test_a_vendored_file_is_unchanged(path: str, digest: str) -> None:
    assert hashlib.sha256((ROOT / path).read_bytes()).hexdigest() == digest
