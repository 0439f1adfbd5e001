"""The firmware's own detector on edges, in this process: pure logic, no board."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass

from button.core.clicks import Clicks, Timing
from button.core.gestures import LONG, NAMES, SINGLE
from vigie.boards.parts import TimingSpec
from vigie.lab.traces import Edge

AFTER_US = 60_000_000
"""So long after the last edge everything has been decided, whatever the timing."""


@dataclass(frozen=True, slots=True)
class Gesture:
    """What was decided, and when, in the trace's time."""

    kind: str
    t_us: int


def timing_of(spec: TimingSpec, **changes: int) -> Timing:
    """The detector's timing of a board, with some values changed. Raises ValueError."""
    return Timing(**{**asdict(spec), **changes})


def detect(edges: Iterable[Edge], timing: Timing) -> list[Gesture]:
    """The gestures of a trace."""
    clicks = Clicks(timing)
    found: list[Gesture] = []
    end_us = 0
    for t_us, level in edges:
        for kind, at_us in clicks.edge(t_us, level == 1):
            if SINGLE <= kind <= LONG:
                found.append(Gesture(NAMES[kind], at_us))
        end_us = t_us
    for kind, at_us in clicks.advance(end_us + AFTER_US):
        if SINGLE <= kind <= LONG:
            found.append(Gesture(NAMES[kind], at_us))
    return found
