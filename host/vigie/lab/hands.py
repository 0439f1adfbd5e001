"""Presses as hands and switches make them.

Durations are those of a young hand in the research on click timing (harness, B.5: press 90 ms, gap
110 ms, log-normal); bounce is that of a worn tactile switch (B.3: closing in bursts within some
milliseconds, opening up to 6 ms).
"""

import random

from vigie.lab.traces import Edge

PRESS_MS = 90.0
GAP_MS = 110.0
_SPREAD = 0.25
_BOUNCE_MS = 6.0
_CONTACT_MS = 0.5


def press(rng: random.Random, at_us: int, hold_ms: float) -> list[Edge]:
    """One bouncing press, closed at `at_us` and open for good about `hold_ms` later."""
    return [*_bounce(rng, at_us, 1), *_bounce(rng, at_us + round(hold_ms * 1000), 0)]


def clicks(rng: random.Random, at_us: int, count: int) -> list[Edge]:
    """A run of clicks."""
    edges: list[Edge] = []
    t_us = at_us
    for _ in range(count):
        edges += press(rng, t_us, PRESS_MS * rng.lognormvariate(0, _SPREAD))
        t_us = edges[-1][0] + round(GAP_MS * rng.lognormvariate(0, _SPREAD) * 1000)
    return edges


def hold(rng: random.Random, at_us: int, hold_ms: float = 2600.0) -> list[Edge]:
    """A press that is held."""
    return press(rng, at_us, hold_ms)


def _bounce(rng: random.Random, at_us: int, level: int) -> list[Edge]:
    """The edge to `level`, and what the contact does until it rests there."""
    edges: list[Edge] = [(at_us, level)]
    end_us = at_us + round(rng.uniform(0, _BOUNCE_MS) * 1000)
    t_us = at_us
    while True:
        t_us += 1 + round(rng.expovariate(1 / _CONTACT_MS) * 1000)
        back_us = t_us + 1 + round(rng.expovariate(1 / _CONTACT_MS) * 1000)
        if back_us > end_us:
            return edges
        edges += [(t_us, 1 - level), (back_us, level)]
        t_us = back_us
