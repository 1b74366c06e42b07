"""How long the reading check takes for a text of three hundred words: `python -m bench.reading`."""

from __future__ import annotations

import statistics
import time

from signalen.texts.rules import read_text

SENTENCE = (
    "De stad wijzigt de procedure voor begunstigden en realiseert een voorziening in het kader van het plan. "
)
WORDS = 300
ROUNDS = 50


def main() -> None:
    """Prints the median and the slowest of fifty rounds, the first one (which loads the lists) apart."""
    text = SENTENCE * (WORDS // len(SENTENCE.split()) + 1)
    text = " ".join(text.split()[:WORDS])
    taken = []
    for _ in range(ROUNDS + 1):
        start = time.perf_counter()
        read_text(text, "nl")
        taken.append((time.perf_counter() - start) * 1000)
    print(
        f"{WORDS} words: first {taken[0]:.1f} ms, then {statistics.median(taken[1:]):.1f} ms (slowest {max(taken[1:]):.1f})"
    )


if __name__ == "__main__":
    main()
