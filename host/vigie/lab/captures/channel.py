"""One channel of a capture: levels over time, cut into recordings at long pauses."""

from collections.abc import Iterable, Iterator, Sequence

from vigie.lab.traces import Edge, Trace

PAUSE_MS = 3000
"""Open for so long, the next press begins another recording."""
APART_US = 5_000_000
"""Recordings that are written into one capture stand so far apart."""

Sample = tuple[int, int]
"""Microseconds since the capture began, and the level of the line."""


def recordings(
    samples: Iterable[Sample],
    *,
    name: str,
    label: str | None = None,
    active_low: bool = False,
    pause_ms: int = PAUSE_MS,
) -> Iterator[Trace]:
    """The recordings in a channel, each beginning with the first edge of a press.

    What the line does before it is open for the first time is left out: nobody saw it begin.
    """
    edges: list[Edge] = []
    level: int | None = None
    number = 0
    for t_us, raw in samples:
        pressed = raw ^ 1 if active_low else raw
        if pressed == level:
            continue
        was, level = level, pressed
        if was is None or (not edges and not pressed):
            continue
        if edges and pressed and t_us - edges[-1][0] >= pause_ms * 1000:
            number += 1
            yield _trace(edges, f"{name}-{number}", label)
            edges = []
        edges.append((t_us, pressed))
    if edges:
        yield _trace(edges, f"{name}-{number + 1}", label)


def in_a_row(traces: Iterable[Trace]) -> Iterator[Sample]:
    """The samples of a channel, high when pressed, in which the recordings follow one another."""
    yield 0, 0
    begins_us = APART_US
    for trace in traces:
        for t_us, level in trace.edges:
            yield begins_us + t_us, level
        begins_us += trace.end_us + APART_US
        if trace.edges and trace.edges[-1][1]:
            yield begins_us - APART_US + 1, 0  # a recording that ended pressed


def _trace(edges: Sequence[Edge], name: str, label: str | None) -> Trace:
    zero_us = edges[0][0]
    return Trace(name, label, tuple((t_us - zero_us, level) for t_us, level in edges))
