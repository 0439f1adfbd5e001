"""What happened in a test, as far as its fixtures saw it. Times are seconds of its world."""

from collections.abc import Iterator
from dataclasses import dataclass

from vigie.bench.protocol import KeyEdge
from vigie.bench.signal import Pulse
from vigie.boards.console_log import Line
from vigie.phone.events import Event


@dataclass(frozen=True, slots=True)
class Said:
    """The console of a board: its lines, and what it said after the last of them."""

    name: str
    lines: tuple[Line, ...]
    rest: str = ""


@dataclass(frozen=True, slots=True)
class Sensed:
    """An output that the rig senses. `on_since_s` is None if it is silent at the end."""

    name: str
    pulses: tuple[Pulse, ...]
    on_since_s: float | None = None

    def until(self, end_s: float) -> list[Pulse]:
        """All pulses; one that goes on ends here."""
        last = [] if self.on_since_s is None else [Pulse(self.on_since_s, end_s)]
        return [*self.pulses, *last]


@dataclass(frozen=True, slots=True)
class Saw:
    """What happened on a phone."""

    name: str
    events: tuple[Event, ...]


@dataclass(frozen=True, slots=True)
class Happened:
    """Everything from the beginning of the world until the failure.

    Args:
        began_s: when the test itself began; what was before is its fixtures' work.
        failed_s: when it failed.
        edges: the key's; None without a rig.
    """

    began_s: float
    failed_s: float
    consoles: tuple[Said, ...] = ()
    edges: tuple[KeyEdge, ...] | None = None
    outputs: tuple[Sensed, ...] = ()
    phones: tuple[Saw, ...] = ()

    def moments_s(self) -> Iterator[float]:
        """Whenever something happened, in no order."""
        yield from (t_s for t_s, _ in self.edges or ())
        for output in self.outputs:
            yield from (pulse.on_s for pulse in output.until(self.failed_s))
        for phone in self.phones:
            yield from (event.t_s for event in phone.events)
        for console in self.consoles:
            yield from (line.t_s for line in console.lines)
