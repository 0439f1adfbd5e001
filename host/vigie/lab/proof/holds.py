"""Holds in which the key chatters, as a tremor or a weak finger makes it."""

import random
from collections.abc import Iterator

from button.core.clicks import Timing
from vigie.lab import models, switches
from vigie.lab.detect import detect
from vigie.lab.hands import Closing
from vigie.lab.proof.claim import Claim, Part, parts, run

LENGTH_MS = (2000.0, 6000.0)
OPENING_MS = (1.0, 40.0)
CLOSED_MS = (30.0, 800.0)
"""Between the openings; at 12 Hz, the quickest tremor, 83 ms are a whole period."""
SWITCHES = ("clean", "tact", "ganssle")
KEPT_LEAST = 0.9999
OFF_MOST_MS = 5.0


def claims(seed: int, n: int) -> Iterator[Claim]:
    """Whether they are `long`, and when."""
    offs = run(_offs, list(parts("holds", seed, n)))
    kept = [off for off in offs if off is not None]
    worst_ms = max(kept, default=0.0)
    yield Claim(
        "holds that chatter",
        "Holds of 2 s or more with openings of up to 40 ms: at least 99.99 % become `long`, "
        "within 5 ms of the threshold, counted from the first edge.",
        len(offs),
        f"{len(offs) - len(kept)} not long; {worst_ms:.3f} ms from the threshold at most",
        len(kept) >= KEPT_LEAST * len(offs) and worst_ms <= OFF_MOST_MS,
    )


def chattering(rng: random.Random) -> list[Closing]:
    """A hold with openings."""
    length_ms = rng.uniform(*LENGTH_MS)
    made: list[Closing] = []
    t_ms = 0.0
    while True:
        until_ms = t_ms + rng.uniform(*CLOSED_MS)
        if until_ms >= length_ms:
            return [*made, (t_ms, max(length_ms, t_ms + CLOSED_MS[0]))]
        made.append((t_ms, until_ms))
        t_ms = until_ms + rng.uniform(*OPENING_MS)


def _offs(part: Part) -> list[float | None]:
    """How far from the threshold each was decided; None for one that was not `long`."""
    rng = random.Random(part.seed)
    timing = Timing()
    made: list[float | None] = []
    for _ in range(part.cases):
        switch = models.switches()[rng.choice(SWITCHES)]
        edges = switches.edges(rng, switch, chattering(rng))
        gestures = detect(edges, timing)
        is_long = [g.kind for g in gestures] == ["long"]
        off_ms = abs(gestures[0].t_us / 1000 - timing.long_ms) if is_long else None
        made.append(off_ms)
    return made
