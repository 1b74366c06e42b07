"""Small numbers: under five is "a few" everywhere outside the desk, differences between totals included.

A total of two, or a total that grows by one on a known day, points at people (facts/loop.md, safety.md).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Mapping

FEW = 5
"""The first number that may be shown as it is."""

Key = TypeVar("Key")


def few(n: int) -> int | None:
    """The number as it may be shown outside the desk; None means "a few" (one to four). Zero stays zero: nobody is in it."""
    if n < 0:
        msg = "a count is never negative"
        raise ValueError(msg)
    return None if 0 < n < FEW else n


def next_total(shown: int | None, actual: int) -> int | None:
    """The total to publish now, given what was last `shown` (None: nothing, or "a few").

    A total that was shown stays until it differs by at least five: otherwise the difference of two visits is a small number.
    """
    if shown is None or abs(actual - shown) >= FEW:
        return few(actual)
    return shown


def few_each(counts: Mapping[Key, int]) -> dict[Key, int | None]:
    """A breakdown as it may be shown beside its total; None means "a few".

    Empty groups are left out. When a single group would be hidden, total minus the rest would still give it away: then the
    next smallest is hidden with it.
    """
    present = {key: count for key, count in counts.items() if count}
    shown = {key: few(count) for key, count in present.items()}
    hidden = [key for key, count in shown.items() if count is None]
    if len(hidden) == 1 and len(shown) > 1:
        smallest = min((key for key in shown if shown[key] is not None), key=lambda key: present[key])
        shown[smallest] = None
    return shown
