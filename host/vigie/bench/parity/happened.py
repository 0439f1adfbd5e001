"""Events of a run that can be compared with those of another run."""

from dataclasses import dataclass

LIMIT_MS = 10.0
"""How far an event may be from its twin: of each kind that the radio has no part in, p99, or the
greatest of fewer than a hundred."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of event.

    clock: what stamps it. Two runs share no clock, so each time is counted from a moment that
    both runs have on that same clock:
    since: that moment, in words.
    over_air: the radio has a part in it. Its connection events are a grid whose phase is free, and
        what comes a millisecond too late for one waits for the next: no limit is set to these.
    """

    name: str
    clock: str
    since: str
    over_air: bool = False


KINDS = (
    Kind("key edge", "board, us", "first edge of the recording"),
    Kind("decision", "board, us", "the rules, clocks fitted"),
    Kind("console", "board, ms", "decision of the gesture"),
    Kind("siren", "rig, us", "first edge of the gesture"),
    Kind("indicator", "rig, us", "first edge of the gesture"),
    Kind("pattern", "rig, us", "first pulse of the pattern"),
    Kind("phone", "host", "first edge of the gesture", over_air=True),
    Kind("console, air", "board, ms", "decision of the gesture", over_air=True),
    Kind("indicator, air", "rig, us", "first edge of the gesture", over_air=True),
)
KIND = {kind.name: kind for kind in KINDS}


@dataclass(frozen=True, slots=True)
class Happened:
    """An event.

    kind: the name of one of KINDS.
    turn: in which round of the sequence; the first is 1.
    gesture: what it came of.
    label: what it was.
    t_ms: when, since the moment that its kind names.
    """

    kind: str
    turn: int
    gesture: str
    label: str
    t_ms: float
