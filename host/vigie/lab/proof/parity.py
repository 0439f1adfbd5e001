"""The logic alone and the whole firmware on a virtual board decide the same, at the same time."""

import time
from collections.abc import Iterator

from vigie.boards import spec
from vigie.lab import corpus, models
from vigie.lab.detect import detect, timing_of
from vigie.lab.on_board import on_virtual
from vigie.lab.proof.claim import Claim

PAIRS = (
    ("young", "worn_25"),
    ("older", "ganssle"),
    ("tremor", "tact"),
    ("gloves", "worn_25"),
    ("slow", "worn_50"),
)
OFF_MOST_MS = 10.0


def claims(seed: int, each: int) -> Iterator[Claim]:
    """`each` recordings of every label and pair, played both ways."""
    board = spec.load("virtual")
    timing = timing_of(board.timing)
    pairs = [(models.hands()[h], models.switches()[s]) for h, s in PAIRS]
    traces = list(corpus.mixed(pairs, each=each, seed=seed))
    began_s = time.perf_counter()
    logic = [detect(t.edges, timing) for t in traces]
    logic_s = time.perf_counter() - began_s
    began_s = time.perf_counter()
    virtual = [gestures for _, gestures in on_virtual(board, traces, seed=seed)]
    virtual_s = time.perf_counter() - began_s
    differ = 0
    offs_us = [0]
    for one, other in zip(logic, virtual, strict=True):
        if [g.kind for g in one] == [g.kind for g in other]:
            offs_us += [abs(a.t_us - b.t_us) for a, b in zip(one, other, strict=True)]
        else:
            differ += 1
    off_ms = max(offs_us) / 1000
    yield Claim(
        "logic and board",
        "The detector in this process and the whole firmware on a virtual board decide the same "
        "gestures, at most 10 ms apart.",
        len(traces),
        f"{differ} differ; {off_ms:.3f} ms apart at most. Speed where this page was made: logic "
        f"{len(traces) / logic_s:,.0f} recordings a second on one core, virtual boards "
        f"{len(traces) / virtual_s:,.0f} on all",
        differ == 0 and off_ms <= OFF_MOST_MS,
    )
