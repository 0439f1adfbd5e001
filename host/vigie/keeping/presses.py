"""The key's edges in the project's trace format, so that they can be replayed. Pure."""

from collections.abc import Iterator, Sequence

from vigie.bench.protocol import KeyEdge
from vigie.lab.traces import END_MOST_US, Edge, Trace

_APART_S = 60.0
"""So long after the key was opened nothing depends on it any more: a recording ends."""


def recordings(edges: Sequence[KeyEdge], name: str) -> Iterator[Trace]:
    """The recordings that these edges are. The id of each says when it began."""
    began_s, last_us, level = 0.0, 0, 0
    part: list[Edge] = []
    for t_s, new in edges:
        if new == level:
            continue
        level = new
        apart = new == 1 and t_s - began_s - last_us / 1e6 > _APART_S
        if part and (apart or (t_s - began_s) * 1e6 > END_MOST_US):
            yield _trace(name, began_s, part)
            part = []
        if not part:
            if new == 0:
                continue  # of a press that outlasted its recording: none begins with this
            began_s, last_us = t_s, 0
        # Two plays of a rig of hardware are as far apart as its clock is known: never backwards.
        last_us = max(last_us, round((t_s - began_s) * 1e6))
        part.append((last_us, new))
    if part:
        yield _trace(name, began_s, part)


def _trace(name: str, began_s: float, edges: list[Edge]) -> Trace:
    return Trace(f"{name} at {began_s:.3f} s", None, tuple(edges))
