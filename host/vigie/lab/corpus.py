"""Labelled recordings in any number, from a seed."""

import random
from collections.abc import Iterator, Sequence

from vigie.lab import hands, switches
from vigie.lab.models import Hand, Switch
from vigie.lab.traces import Trace


def make(
    hand: Hand,
    switch: Switch,
    *,
    each: int,
    seed: int,
    labels: Sequence[str] = hands.LABELS,
) -> Iterator[Trace]:
    """`each` recordings of every label. The same seed gives the same recordings."""
    for label in labels:
        rng = random.Random(f"{seed} {hand.name} {switch.name} {label}")
        for i in range(each):
            closings = hands.closings(rng, hand, label)
            name = f"{hand.name}-{switch.name}-{label}-{i + 1}"
            yield Trace(name, label, tuple(switches.edges(rng, switch, closings)))


def mixed(pairs: Sequence[tuple[Hand, Switch]], *, each: int, seed: int) -> Iterator[Trace]:
    """The recordings of several hands on several switches, one after the other."""
    for hand, switch in pairs:
        yield from make(hand, switch, each=each, seed=seed)
