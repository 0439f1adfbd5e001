"""What a hand means and what it does: labels to closings of the key, without any bounce."""

import random

from vigie.lab.models import Hand, Pair

LABELS = ("single", "double", "triple", "long")
CLICKS = {"single": 1, "double": 2, "triple": 3}

PANIC_CLICKS = (4, 12)
PANIC_PRESS_MS = (40.0, 200.0)
PANIC_GAP_MS = (60.0, 450.0)
PANIC_HOLD_MS = (2000.0, 6000.0)
PANIC_HOLD_SHARE = 0.25
"""Mashing: quick, uneven, four times or more, sometimes ending in a hold. A finger that taps as
fast as it can makes six or seven taps a second, and lifts for more than 60 ms of each."""

Closing = tuple[float, float]
"""The key is closed from then to then, in milliseconds."""


def closings(rng: random.Random, hand: Hand, label: str) -> list[Closing]:
    """What this hand does when it means `label`, one of LABELS."""
    if label == "long":
        return _press(rng, hand, 0.0, rng.uniform(*hand.hold_ms), is_hold=True)
    made: list[Closing] = []
    t_ms = 0.0
    for _ in range(CLICKS[label]):
        held_ms = _log_normal(rng, hand.press_ms, hand.spread)
        made += _press(rng, hand, t_ms, held_ms, is_hold=False)
        t_ms = made[-1][1] + _log_normal(rng, hand.gap_ms, hand.spread)
    return made


def uneven(rng: random.Random, count: int, press_ms: Pair, gap_ms: Pair) -> list[Closing]:
    """Clicks whose lengths and pauses are anything in these ranges."""
    made: list[Closing] = []
    t_ms = 0.0
    for _ in range(count):
        made.append((t_ms, t_ms + rng.uniform(*press_ms)))
        t_ms = made[-1][1] + rng.uniform(*gap_ms)
    return made


def panic(rng: random.Random) -> list[Closing]:
    """Mashing."""
    made = uneven(rng, rng.randint(*PANIC_CLICKS), PANIC_PRESS_MS, PANIC_GAP_MS)
    if rng.random() < PANIC_HOLD_SHARE:
        from_ms = made[-1][1] + rng.uniform(*PANIC_GAP_MS)
        made.append((from_ms, from_ms + rng.uniform(*PANIC_HOLD_MS)))
    return made


def _press(
    rng: random.Random, hand: Hand, from_ms: float, held_ms: float, *, is_hold: bool
) -> list[Closing]:
    until_ms = from_ms + held_ms
    if rng.random() < hand.slip_share:
        return _opened(rng, (from_ms, until_ms), hand.slip_count, hand.slip_ms)
    if is_hold and rng.random() < hand.chatter_share:
        return _opened(rng, (from_ms, until_ms), hand.chatter_count, hand.chatter_ms)
    made = [(from_ms, until_ms)]
    if not is_hold and rng.random() < hand.strike_share:
        mean_hz, sd_hz, least_hz, most_hz = hand.tremor_hz
        period_ms = 1000 / min(most_hz, max(least_hz, rng.gauss(mean_hz, sd_hz)))
        again_ms = until_ms + period_ms * rng.uniform(*hand.strike_after)
        made.append((again_ms, again_ms + rng.uniform(*hand.strike_ms)))
    return made


def _opened(
    rng: random.Random, closing: Closing, counts: tuple[int, int], lengths_ms: Pair
) -> list[Closing]:
    """A closing with openings in it. They keep away from its ends and from one another."""
    from_ms, until_ms = closing
    count = rng.randint(*counts)
    part_ms = (until_ms - from_ms) / (count + 1)
    made: list[Closing] = []
    begins_ms = from_ms
    for i in range(count):
        open_ms = min(rng.uniform(*lengths_ms), part_ms / 2)
        at_ms = from_ms + (i + 1) * part_ms - open_ms / 2 + rng.uniform(-0.2, 0.2) * part_ms
        made.append((begins_ms, at_ms))
        begins_ms = at_ms + open_ms
    return [*made, (begins_ms, until_ms)]


def _log_normal(rng: random.Random, median: float, spread: float) -> float:
    return median * rng.lognormvariate(0, spread)
