"""Presses of any length and any history: what the detector makes of them against the judge."""

import math
import random
from collections.abc import Iterator
from dataclasses import dataclass

from button.core.clicks import Timing
from vigie.lab import judge, models, switches
from vigie.lab.detect import detect
from vigie.lab.hands import Closing
from vigie.lab.proof.claim import Claim, Part, parts, run

SHORTEST_MS, LONGEST_MS = 15.0, 40_000.0
PAUSES_MS = (1.0, 6000.0)
_HISTORY = 100
"""Presses in one history."""
MARGINS_MS = {"clean": 0.0, "tact": 2.0, "ganssle": 8.0, "worn_25": 30.0}
"""Bounce moves edges by so much: closer to a threshold the judge, who sees no bounce, cannot say
on which side a bouncing press is."""


@dataclass(frozen=True, slots=True)
class Tally:
    """What became of some presses."""

    presses: int
    silent: int
    twice: int
    other: int


def claims(seed: int, presses: int) -> Iterator[Claim]:
    """A million clean presses, and a tenth as many on each switch that bounces."""
    for name in MARGINS_MS:
        n = presses if name == "clean" else max(_HISTORY, presses // 10)
        tallies = run(_tally, list(parts("presses", seed, n, name)))
        made = sum(t.presses for t in tallies)
        silent, twice, other = (
            sum(getattr(t, field) for t in tallies) for field in ("silent", "twice", "other")
        )
        yield Claim(
            f"every press counts, once ({name})",
            f"Contacts of {SHORTEST_MS:.0f} ms or more, of any length and after any history, on a "
            f"{name} switch, end in exactly one gesture, the one that the rules name.",
            made,
            f"{silent} silent, {twice} in two gestures, {other} in another gesture than the rules",
            silent == twice == other == 0,
        )


def history(rng: random.Random, presses: int, margin_ms: float, timing: Timing) -> list[Closing]:
    """Presses and pauses, short ones as likely as long ones."""
    made: list[Closing] = []
    t_ms = 0.0
    lengths = (timing.long_ms - timing.release_ms, timing.long_ms)
    pauses = (timing.release_ms, timing.gap_ms)
    for _ in range(presses):
        until_ms = t_ms + _apart(rng, (SHORTEST_MS, LONGEST_MS), lengths, margin_ms)
        made.append((round(t_ms, 3), round(until_ms, 3)))
        t_ms = until_ms + _apart(rng, PAUSES_MS, pauses, margin_ms)
    return made


def _apart(
    rng: random.Random, between: tuple[float, float], thresholds: tuple[int, int], margin_ms: float
) -> float:
    """A length on a logarithmic scale, no closer to a threshold than the margin."""
    while True:
        ms = math.exp(rng.uniform(*map(math.log, between)))
        if margin_ms == 0 or min(abs(ms - t) for t in thresholds) > margin_ms:
            return ms


def _tally(part: Part) -> list[Tally]:
    rng = random.Random(part.seed)
    timing = Timing()
    switch = models.switches()[part.what]
    made: list[Tally] = []
    for _ in range(0, part.cases, _HISTORY):
        closings = history(rng, _HISTORY, MARGINS_MS[part.what], timing)
        expected = judge.verdicts(closings, timing)
        decided = [g.kind for g in detect(switches.edges(rng, switch, closings), timing)]
        if decided == [v.kind for v in expected]:
            made.append(Tally(len(closings), 0, 0, 0))
            continue
        more = len(decided) - len(expected)
        made.append(Tally(len(closings), max(0, -more), max(0, more), 1 if more == 0 else 0))
    return made
