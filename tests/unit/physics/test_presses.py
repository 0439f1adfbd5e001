"""Presses as the board sees them, on stand-ins for the board's console and the rig."""

import asyncio
from collections.abc import Iterator, Sequence
from itertools import chain, count
from typing import cast

import pytest
from mpremote.transport_serial import SerialTransport

from vigie.bench.physics.presses import recorded
from vigie.bench.protocol import Rig
from vigie.boards import spec
from vigie.errors import VigieError
from vigie.lab.traces import Edge

PRESS = ((0, 1), (90_000, 0))


class Console:
    """A board whose recorder says these lines, and the time each second from then on."""

    device_name = "the stand-in"

    def __init__(self, *lines: str):
        alive = (f"{second}000000 -" for second in count(5))
        self._lines: Iterator[str] = chain(["recording 0"], lines, alive)
        self.written = b""
        self.serial = self

    def enter_raw_repl(self) -> None:
        """It is there."""

    def exec(self, command: str) -> None:
        """It does."""

    def exec_raw_no_follow(self, command: bytes) -> None:
        """It does."""

    def read_until(self, least: int, ending: bytes, *, timeout: float) -> bytes:
        return next(self._lines).encode() + b"\n"

    def write(self, data: bytes) -> None:
        self.written += data

    @property
    def was_halted(self) -> bool:
        return self.written == b"\x03"


class Player:
    """A rig that plays into the air."""

    def play(self, edges: Sequence[Edge]) -> float:
        return edges[-1][0] / 1e6


def seen_by(console: Console, *presses: Sequence[Edge]) -> list[tuple[Edge, ...]]:
    transport, rig = cast(SerialTransport, console), cast(Rig, Player())
    traces = asyncio.run(recorded(transport, spec.load("virtual"), rig, presses))
    return [trace.edges for trace in traces]


def test_a_press_is_seen_and_the_recorder_is_halted() -> None:
    console = Console("1000000 1", "1090000 0")
    assert seen_by(console, PRESS) == [PRESS]
    assert console.was_halted


@pytest.mark.parametrize(
    ("lines", "what"), [((), "not close within 11 s"), (("1000000 1",), "not open again")]
)
def test_a_key_that_is_not_seen_is_a_message_and_the_recorder_is_halted(
    lines: tuple[str, ...], what: str
) -> None:
    console = Console(*lines)
    with pytest.raises(VigieError, match=f"The board did not see the key: it did {what}") as e:
        seen_by(console, PRESS)
    assert "wire to pin 33, and active_low" in e.value.hint
    assert console.was_halted


def test_each_press_has_its_own_limit() -> None:
    second = ("12000000 -", "13000000 1", "13090000 0", "14500000 -")
    assert len(seen_by(Console("1000000 1", "1090000 0", "3000000 -", *second), PRESS, PRESS)) == 2


def test_lost_edges_make_the_recordings_invalid() -> None:
    console = Console("1000000 1", "lost 3", "1090000 0")
    with pytest.raises(VigieError, match="lost 3 edges of its key"):
        seen_by(console, PRESS)
    assert console.was_halted
