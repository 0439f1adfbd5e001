"""From what a run left behind to events that can be compared. Pure."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from vigie.bench.parity.clock_fit import ClockFit, fit
from vigie.bench.parity.happened import Happened
from vigie.bench.parity.sequence import WINDOW_S
from vigie.bench.signal import Pulse, felt
from vigie.boards.console_log import Line
from vigie.lab.traces import Edge
from vigie.phone.events import Acknowledged, AlertTaken, Event, PressBegan

_LINE = re.compile(r"\[(\d+)\.(\d{3})\] (.*)")
_DECISION = re.compile(r"gesture (\w+) at (\d+)\.(\d{3}) ms")
_OF_THE_KEY = re.compile(
    r"gesture \w+|alert \w+|siren on|siren off: key|feel registered|feel fault|microphone on"
)
_OVER_THE_AIR = re.compile(
    r"acknowledged|feel phone has it|feel handed over|feel seen|feel FAILED|microphone off"
)
_HEARD: dict[type[Event], str] = {PressBegan: "DOWN", AlertTaken: "ALERT", Acknowledged: "ACK"}
_EARLY_S = 0.02
"""An event may seem to come before its cause: the clocks of rig and host agree to milliseconds."""


@dataclass(frozen=True, slots=True)
class Began:
    """A gesture of the sequence was played.

    turn: in which round.
    name: which it was.
    at_s: its first edge, on the host's clock.
    decided_ms: how long after it the rules decide.
    """

    turn: int
    name: str
    at_s: float
    decided_ms: float


@dataclass(slots=True)
class Run:
    """What was seen while the sequence was played; seconds of the host's clock.

    recordings: what the board itself saw of the key, by the name of the gesture.
    """

    began: list[Began] = field(default_factory=list[Began])
    lines: list[Line] = field(default_factory=list[Line])
    siren: list[tuple[float, bool]] = field(default_factory=list[tuple[float, bool]])
    indicator: list[Pulse] = field(default_factory=list[Pulse])
    phone: list[Event] = field(default_factory=list[Event])
    recordings: list[tuple[str, Sequence[Edge]]] = field(
        default_factory=list[tuple[str, Sequence[Edge]]]
    )

    def cause(self, t_s: float) -> Began | None:
        """The gesture that a moment belongs to."""
        for began in reversed(self.began):
            if began.at_s - _EARLY_S <= t_s:
                return began if t_s < began.at_s + WINDOW_S else None
        return None


def happened(run: Run) -> list[Happened]:
    """All events of a run."""
    return [*_edges(run), *_console(run), *_siren(run), *_indicator(run), *_phone(run)]


def clocks(run: Run) -> ClockFit:
    """The board's clock against the host's, from when gestures should be decided and when were."""
    pairs = [(d.due_s, d.decided_s) for d in _decisions(run)]
    return fit(pairs) if pairs else ClockFit(0.0, 0.0)


@dataclass(frozen=True, slots=True)
class _Decision:
    began: Began
    kind: str
    decided_s: float

    @property
    def due_s(self) -> float:
        return self.began.at_s + self.began.decided_ms / 1000


def _event(kind: str, began: Began, label: str, t_s: float) -> Happened:
    return Happened(kind, began.turn, began.name, label, t_s * 1000)


def _edges(run: Run) -> Iterator[Happened]:
    for name, edges in run.recordings:
        for t_us, level in edges:
            yield Happened("key edge", 1, name, "closed" if level else "open", t_us / 1000)


def _lines(run: Run) -> Iterator[tuple[Began, float, str]]:
    for line in run.lines:
        if (found := _LINE.fullmatch(line.text)) and (began := run.cause(line.t_s)):
            yield began, int(found[1]) + int(found[2]) / 1000, found[3]


def _decisions(run: Run) -> Iterator[_Decision]:
    for began, _, text in _lines(run):
        if found := _DECISION.fullmatch(text):
            yield _Decision(began, found[1], int(found[2]) / 1000 + int(found[3]) / 1e6)


def _console(run: Run) -> Iterator[Happened]:
    decided: dict[Began, float] = {}
    board = clocks(run)
    for decision in _decisions(run):
        decided.setdefault(decision.began, decision.decided_s)
        late_s = decision.decided_s - board.b(decision.due_s)
        yield _event("decision", decision.began, decision.kind, late_s)
    for began, at_s, text in _lines(run):
        for kind, pattern in (("console", _OF_THE_KEY), ("console, air", _OVER_THE_AIR)):
            if (found := pattern.match(text)) and began in decided:
                yield _event(kind, began, found[0], at_s - decided[began])


def _siren(run: Run) -> Iterator[Happened]:
    for t_s, on in run.siren:
        if began := run.cause(t_s):
            yield _event("siren", began, "on" if on else "off", t_s - began.at_s)


def _indicator(run: Run) -> Iterator[Happened]:
    patterns = felt(run.indicator)
    ends_s = [*(p.t_s for p in patterns[1:]), float("inf")]
    for pattern, end_s in zip(patterns, ends_s, strict=False):
        if not (began := run.cause(pattern.t_s)):
            continue
        kind = "indicator" if pattern.name in ("registered", "fault") else "indicator, air"
        yield _event(kind, began, pattern.name, pattern.t_s - began.at_s)
        for pulse in run.indicator:
            if pattern.t_s <= pulse.on_s < end_s:
                for edge, t_s in (("on", pulse.on_s), ("off", pulse.off_s)):
                    if t_s > pattern.t_s:
                        label = f"{pattern.name}: {edge}"
                        yield _event("pattern", began, label, t_s - pattern.t_s)


def _phone(run: Run) -> Iterator[Happened]:
    for event in run.phone:
        label = _HEARD.get(type(event))
        if label and (began := run.cause(event.t_s)):
            yield _event("phone", began, label, event.t_s - began.at_s)
