"""The fixed sequence of presses that both boards get. Pure."""

from dataclasses import dataclass

from vigie.lab.traces import Edge

WINDOW_S = 9.0
"""From one gesture to the next: all that comes of one is over, and nothing is raised a level
(`escalate_ms` is 3 s)."""
END_RECORDING_S = 5.5
"""So long after the first edge the phone ends a recording."""
SMS_TAKES_S = 3.0
"""Until the network has an SMS: "phone has it" is felt before "handed over"."""


@dataclass(frozen=True, slots=True)
class Gesture:
    """What the hand does.

    records: the button begins to record.
    """

    name: str
    edges: tuple[Edge, ...]
    records: bool = False


def _bouncing(at_us: int, level: int) -> tuple[Edge, ...]:
    """A contact that opens again for a while: 3 ms, which a rig on a busy host can still play."""
    return ((at_us, level), (at_us + 3_000, 1 - level), (at_us + 6_000, level))


def _press(at_ms: float, hold_ms: float, *, bounce: bool = False) -> tuple[Edge, ...]:
    down_us, up_us = round(at_ms * 1000), round((at_ms + hold_ms) * 1000)
    if bounce:
        return _bouncing(down_us, 1) + _bouncing(up_us, 0)
    return ((down_us, 1), (up_us, 0))


SEQUENCE = (
    Gesture("single", _press(0, 90)),
    Gesture("double", _press(0, 80) + _press(230, 110), records=True),
    Gesture("triple", _press(0, 70) + _press(200, 90) + _press(410, 80), records=True),
    Gesture("single with bounce", _press(0, 120, bounce=True)),
    Gesture("long with bounce", _press(0, 2_500, bounce=True), records=True),
    Gesture("long that silences", _press(0, 2_400)),
)
"""The long one sounds the siren; the next, begun more than three seconds later, silences it."""
