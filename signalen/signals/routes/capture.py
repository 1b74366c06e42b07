"""Pages: capture."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("capture", __name__)
