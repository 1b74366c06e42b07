"""The data of the demo: files beside this one, in our own words."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import yaml

_FOLDER = Path(__file__).parent / "facts"


@cache
def facts(name: str) -> Any:
    """What stands in one file of `facts/`."""
    return yaml.safe_load((_FOLDER / f"{name}.yaml").read_text("utf-8"))
