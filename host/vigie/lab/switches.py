"""What a switch makes of closings: edges with bounce, in microseconds."""

import random
from collections.abc import Sequence

from vigie.lab.hands import Closing
from vigie.lab.models import Bounce, Switch
from vigie.lab.traces import Edge


def edges(rng: random.Random, switch: Switch, closings: Sequence[Closing]) -> list[Edge]:
    """The edges of these closings. Bounce ends when the next closing or opening begins."""
    times = [round(t * 1000) for closing in closings for t in closing]
    made: list[Edge] = []
    for i, at_us in enumerate(times):
        level = 1 - i % 2
        at_us = max(at_us, made[-1][0] + 1 if made else 0)
        made.append((at_us, level))
        for_us = _bounce_us(rng, switch.close if level else switch.open)
        until_us = at_us + for_us
        if i + 1 < len(times):
            until_us = min(until_us, times[i + 1] - 1)
        _flutter(rng, switch, made, until_us)
    return made


def _flutter(rng: random.Random, switch: Switch, made: list[Edge], until_us: int) -> None:
    """Add what the contact does until it rests where the last edge has brought it."""
    t_us, level = made[-1]
    mean_us = switch.flutter_ms * 1000
    while True:
        away_us = t_us + 1 + round(rng.expovariate(1) * mean_us)
        back_us = away_us + 1 + round(rng.expovariate(1) * mean_us)
        if back_us >= until_us:
            return
        made += [(away_us, 1 - level), (back_us, level)]
        t_us = back_us


def _bounce_us(rng: random.Random, bounce: Bounce) -> int:
    if rng.random() < bounce.rare_share:
        return round(rng.uniform(bounce.usual_ms, bounce.rare_ms) * 1000)
    return round(rng.uniform(0, bounce.usual_ms) * 1000)
