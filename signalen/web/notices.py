"""A line on the next page about what just happened."""

from __future__ import annotations

from flask import Flask, flash, get_flashed_messages


def notice(text: str, level: str = "good") -> None:
    """Shows `text` once on the next page. `level`: good, due or late. Never holds words of a signal or a code."""
    flash(text, level)


def init_notices(app: Flask) -> None:
    """Templates show the notices with `notices()`."""
    app.jinja_env.globals["notices"] = lambda: get_flashed_messages(with_categories=True)
