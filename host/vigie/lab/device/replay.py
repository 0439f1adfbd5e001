"""Runs on a board, through the raw REPL: the board's own detector on edges that are sent to it."""

from button.core.clicks import Clicks, Timing

_SINGLE, _LONG = 1, 4


def replay(edges, timing, until_us):
    """Events (kind, microseconds) of the gestures in these edges."""
    clicks = Clicks(Timing(**timing))
    found = []
    for t_us, level in edges:
        found += clicks.edge(t_us, level == 1)
    found += clicks.advance(until_us)
    return [event for event in found if _SINGLE <= event[0] <= _LONG]
