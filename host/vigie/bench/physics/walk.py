"""What a walk away from the button and back shows of the radio's range. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median


@dataclass(frozen=True, slots=True)
class Heard:
    """An advertisement of the button: when (seconds), and how strong it arrived (dBm)."""

    t_s: float
    rssi_dbm: int


@dataclass(frozen=True, slots=True)
class Walk:
    """A walk, summed up.

    near_dbm: median of the first seconds; weakest_dbm: the weakest that was heard at all.
    longest_silence_s: without an advertisement.
    silences: how often nothing was heard for longer than `silent_s`.
    """

    heard: int
    near_dbm: float
    weakest_dbm: int
    longest_silence_s: float
    silences: int


def walk(
    heard: Sequence[Heard], until_s: float, *, near_s: float = 5.0, silent_s: float = 2.0
) -> Walk | None:
    """Sum it up; None if nothing was heard.

    Args:
        heard: in order, in seconds since the walk began.
        until_s: when it ended.
        near_s: so long the person stood beside the button.
        silent_s: a gap from this length on counts as out of reach.
    """
    if not heard:
        return None
    times_s = [0.0, *(h.t_s for h in heard), max(until_s, heard[-1].t_s)]
    gaps_s = [b - a for a, b in pairwise(times_s)]
    near = [h.rssi_dbm for h in heard if h.t_s <= near_s] or [heard[0].rssi_dbm]
    return Walk(
        len(heard),
        median(near),
        min(h.rssi_dbm for h in heard),
        max(gaps_s),
        sum(gap > silent_s for gap in gaps_s),
    )
