"""How a contact bounces: statistics of recordings of a key. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from vigie.boards.parts import TimingSpec
from vigie.lab.traces import Edge, Trace


@dataclass(frozen=True, slots=True)
class Bounces:
    """Of some recordings; microseconds.

    presses: closings that the rules take for a press.
    edges: all of them.
    longest_opening_us: the longest time for which a contact opened within a press.
    longest_bounce_us: from the first edge of a closing or opening until the contact rests.
    longest_glitch_us: the longest closing that is too short for a press.
    most_edges: of one closing or opening.
    """

    presses: int
    edges: int
    longest_opening_us: int
    longest_bounce_us: int
    longest_glitch_us: int
    most_edges: int


def statistics(traces: Iterable[Trace], timing: TimingSpec) -> Bounces:
    """What these recordings show, with the board's own timing."""
    release_us, glitch_us = timing.release_ms * 1000, timing.glitch_ms * 1000
    presses = edges = opening = glitch = 0
    bursts: list[Sequence[Edge]] = []
    for trace in traces:
        edges += len(trace.edges)
        for run in _presses(trace.edges, release_us):
            if _longest_us(run, 1) < glitch_us:
                glitch = max(glitch, _longest_us(run, 1))
                continue
            presses += 1
            opening = max(opening, _longest_us(run, 0))
            bursts += _bursts(run, release_us)
    longest = max((b[-1][0] - b[0][0] for b in bursts), default=0)
    most = max((len(b) for b in bursts), default=0)
    return Bounces(presses, edges, opening, longest, glitch, most)


def flaws(found: Bounces, timing: TimingSpec) -> list[str]:
    """Why this board's timing does not suit this contact; nothing if it does."""
    told: list[str] = []
    if not found.presses:
        told.append("no press was recorded")
    if found.longest_opening_us >= timing.release_ms * 1000:
        told.append(f"a bounce opens for {found.longest_opening_us} us: release_ms is too short")
    return told


def _longest_us(run: Sequence[Edge], level: int) -> int:
    """The longest closing (1) or opening (0) in a press."""
    return max((b[0] - a[0] for a, b in pairwise(run) if a[1] == level), default=0)


def _presses(edges: Sequence[Edge], release_us: int) -> Iterable[Sequence[Edge]]:
    """Edges that belong together: openings shorter than `release_us` are no release."""
    run: list[Edge] = []
    for edge in edges:
        if run and edge[1] and edge[0] - run[-1][0] >= release_us:
            yield run
            run = []
        run.append(edge)
    if run:
        yield run


def _bursts(run: Sequence[Edge], release_us: int) -> Iterable[Sequence[Edge]]:
    """The edges of a press in two or more bursts, with rest between them."""
    burst: list[Edge] = []
    for edge in run:
        if burst and edge[0] - burst[-1][0] >= release_us:
            yield burst
            burst = []
        burst.append(edge)
    if burst:
        yield burst
