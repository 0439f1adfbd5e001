"""The rules told a second time, over whole presses: what every history must come to.

The detector decides edge by edge and cannot look ahead. Here the whole history is known, so the
rules of the design can be said in a few lines that share nothing with the detector. Whoever
changes a rule changes both, or `vigie clicks prove` and the property tests find the difference.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from button.core.clicks import Timing
from vigie.lab.hands import Closing


@dataclass(frozen=True, slots=True)
class Verdict:
    """A gesture, and how many presses it is made of."""

    kind: str
    presses: int


def verdicts(closings: Sequence[Closing], timing: Timing) -> list[Verdict]:
    """The gestures of a history of clean closings (milliseconds).

    Each press is in one. A hold that follows three clicks of its own run is a `long` of its own.
    """
    made: list[Verdict] = []
    clicks = 0
    until_ms = 0.0
    for press in _presses(closings, timing.release_ms):
        if clicks and press[0] - until_ms >= timing.gap_ms:
            made += _run(clicks)
            clicks = 0
        until_ms = press[1]
        # At the threshold an opening of less than release_ms cannot be told from chatter.
        if until_ms + timing.release_ms > press[0] + timing.long_ms:
            made += _run(clicks) if clicks >= 3 else []
            made.append(Verdict("long", 1 if clicks >= 3 else clicks + 1))
            clicks = 0
        else:
            clicks += 1
    return made + _run(clicks)


def _run(clicks: int) -> list[Verdict]:
    return [Verdict(("", "single", "double", "triple")[min(clicks, 3)], clicks)] if clicks else []


def _presses(closings: Sequence[Closing], release_ms: float) -> list[Closing]:
    """Closings less than `release_ms` apart are one press."""
    made: list[Closing] = []
    for closing in closings:
        if made and closing[0] - made[-1][1] < release_ms:
            made[-1] = (made[-1][0], closing[1])
        else:
            made.append(closing)
    return made
