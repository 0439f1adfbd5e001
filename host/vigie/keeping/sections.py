"""What the report of a failed test shows at once: the end of what its boards and phones said."""

from collections.abc import Iterator, Mapping

from vigie.bench.phones import BenchPhone
from vigie.bench.serial_board import SerialBoard
from vigie.virtual.board import VirtualBoard

_CHARACTERS, _EVENTS = 6000, 40


def sections(fixtures: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    """Title and text."""
    for name, value in fixtures.items():
        if isinstance(value, VirtualBoard | SerialBoard):
            yield f"console of {name}", value.console.text[-_CHARACTERS:]
        elif isinstance(value, BenchPhone):
            last = value.transcript.events[-_EVENTS:]
            yield f"events of {name}", "\n".join(repr(event) for event in last)
