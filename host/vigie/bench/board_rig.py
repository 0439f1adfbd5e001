"""The rig `board`: a second MicroPython board (Pico, ESP32) plays edges to the microsecond.

It also says to the microsecond when outputs change; its clock is known to a few milliseconds here.
"""

import asyncio
from collections.abc import Callable, Coroutine, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from mpremote.transport import TransportError
from mpremote.transport_serial import SerialTransport

from vigie.bench.device_clock import DeviceClock
from vigie.bench.protocol import KeyEdge, Unable
from vigie.bench.signal import Signal
from vigie.errors import VigieError
from vigie.lab.traces import Edge

SCRIPT = Path(__file__).parent / "device" / "player.py"
_EDGES_A_LINE = 8
"""So that a line fits the buffer of a serial port without flow control."""
_GAP_MOST_US = 60_000_000
"""Longer pauses are cut into several: the board's clock wraps after eight minutes."""
_ANSWER_S = 5.0
_LEAD_S = 0.05
"""What loading and starting take at most, with some edges; for `play` to say when it is over."""


@dataclass(frozen=True, slots=True)
class PlayerPins:
    """Pins of the second board; None where no wire is."""

    key: int
    siren: int | None
    indicator: int | None


USUAL_PINS = PlayerPins(key=4, siren=5, indicator=21)
"""Free on a Pico, and on modules with ESP32, S3 and C3."""


class Wire(Protocol):
    """A serial line, without waiting. `hear` is called with what comes."""

    hear: list[Callable[[bytes], None]]

    def write(self, data: bytes) -> None:
        """Send this. Raises OSError."""
        ...


def start_player(
    transport: SerialTransport, pins: PlayerPins, *, key_low: bool, indicator_low: bool
) -> None:
    """Start the script on the second board; it then speaks on the same line.

    Raises:
        VigieError: there is no MicroPython, or it cannot do this.
    """
    watched = [(pin, low) for pin, low in ((pins.siren, False), (pins.indicator, indicator_low))
               if pin is not None]  # fmt: skip
    try:
        transport.enter_raw_repl()
        transport.exec(SCRIPT.read_text(encoding="utf-8"))
        transport.exec(f"player = Player({pins.key}, {key_low}, {watched!r})")
        transport.exec_raw_no_follow("player.serve()")
    except (TransportError, OSError) as e:
        raise VigieError(
            f"The second board at {transport.device_name} does not play: {e}",
            "It needs MicroPython and pins of these numbers; close other programs on its port.",
        ) from None


class BoardRig:
    """See vigie.bench.protocol.Rig.

    Args:
        wire: the line to a board on which `start_player` has started the script.
        pins: those it was started with.
        fail: told what goes wrong while nobody waits.
    """

    def __init__(self, wire: Wire, pins: PlayerPins, fail: Callable[[str], None]):
        self.siren, self.indicator = Signal("siren"), Signal("indicator")
        signals = {pins.siren: self.siren, pins.indicator: self.indicator}
        self._signals = {pin: signal for pin, signal in signals.items() if pin is not None}
        named = {signal.name for signal in self._signals.values()}
        self.abilities = frozenset({"press", "bounce", "timing", *named})
        self.edges: list[KeyEdge] = []
        self.lost = 0
        self._wire = wire
        self._fail = fail
        self._loop = asyncio.get_running_loop()
        self._part = bytearray()
        self._clock: DeviceClock | None = None
        self._asked_s = self._loop.time()
        self._answers: asyncio.Queue[list[str]] = asyncio.Queue()
        self._turn = asyncio.Lock()
        self._work: set[asyncio.Task[object]] = set()
        wire.hear.append(self._hear)

    async def ready(self) -> None:
        """Wait until it answers. Raises TimeoutError."""
        for _ in range(5):  # the quickest answer tells most about its clock
            await self._ask("now")

    def play(self, edges: Sequence[Edge]) -> float:
        """Play these edges on the key from now on; seconds until the last one."""
        if not edges:
            return 0.0
        self._spawn(self._play(edges, []))
        return edges[-1][0] / 1e6 + _LEAD_S + len(edges) / _EDGES_A_LINE * _LEAD_S

    def set_key(self, pressed: int) -> None:
        """Close (1) or open (0) the key now."""
        self._spawn(self._set_key(pressed))

    async def press(self, hold_ms: float = 90.0) -> float:
        """Press once, without bounce; the loop's time of the first edge."""
        return await self.perform(((0, 1), (round(hold_ms * 1000), 0)))

    async def perform(self, edges: Sequence[Edge]) -> float:
        """Play these edges to their end; the loop's time of the first."""
        began: list[float] = []
        await self._play(edges, began)
        return began[0]

    def power(self, on: bool) -> None:
        """It has no hand on the power."""
        raise Unable("rig", "power")

    def break_flash(self, broken: bool) -> None:
        """No rig of hardware can."""
        raise Unable("rig", "flash faults")

    def close(self) -> None:
        """Stop the script; the key is open afterwards."""
        self._wire.hear.remove(self._hear)
        for task in self._work:
            task.cancel()
        self._wire.write(b"\x03")

    @property
    def clock_error_s(self) -> float:
        """How far times of its events may be off on this computer's clock."""
        return self._clock.error_s if self._clock else float("inf")

    async def _play(self, edges: Sequence[Edge], began: list[float]) -> None:
        async with self._turn:
            for line in _loads(edges):
                await self._exchange(line)
            _, ticks = await self._exchange("play")
            start_s = self._time_s(ticks)
            began.append(start_s + edges[0][0] / 1e6)
            self.edges += [(start_s + t_us / 1e6, level) for t_us, level in edges]
            await self._answered("play", edges[-1][0] / 1e6 + _ANSWER_S)

    async def _set_key(self, pressed: int) -> None:
        _, ticks = await self._ask(f"key {pressed}")
        self.edges.append((self._time_s(ticks), pressed))

    async def _ask(self, line: str) -> list[str]:
        async with self._turn:
            return await self._exchange(line)

    async def _exchange(self, line: str) -> list[str]:
        """Send a line and get the words of the answer."""
        self._asked_s = self._loop.time()
        self._wire.write(line.encode() + b"\n")
        return await self._answered(line, _ANSWER_S)

    async def _answered(self, line: str, within_s: float) -> list[str]:
        try:
            async with asyncio.timeout(within_s):
                return await self._answers.get()
        except TimeoutError:
            raise TimeoutError(f"the second board does not answer to '{line}'") from None

    def _hear(self, data: bytes) -> None:
        self._part += data
        while (end := self._part.find(b"\n")) >= 0:
            line = self._part[:end].decode(errors="replace").strip()
            del self._part[: end + 1]
            try:
                self._take(line)
            except (ValueError, IndexError, KeyError, AssertionError):
                self._fail(f"the second board said: {line}")

    def _take(self, line: str) -> None:
        match line.split():
            case ["on" | "off" as state, pin, ticks]:
                self._see(int(ticks))
                self._signals[int(pin)].sensed(self._time_s(ticks), state == "on")
            case ["ready" | "alive", ticks]:
                self._see(int(ticks))
            case ["lost", number]:
                self.lost += int(number)
                self._fail(f"the second board lost {number} changes of outputs")
            case ["now" | "key" | "began", ticks] as words:
                self._see(int(ticks), self._asked_s)
                self._answers.put_nowait(words)
            case ["loaded" | "done"] as words:
                self._answers.put_nowait(words)
            case _:
                raise ValueError(line)

    def _time_s(self, ticks: str) -> float:
        assert self._clock is not None
        return self._clock.at(int(ticks))

    def _see(self, ticks: int, after_s: float | None = None) -> None:
        now_s = self._loop.time()
        if self._clock is None:
            self._clock = DeviceClock(ticks, now_s - _ANSWER_S, now_s)
        self._clock.seen(ticks, now_s, after_s)

    def _spawn(self, work: Coroutine[Any, Any, object]) -> None:
        task = self._loop.create_task(work)
        self._work.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[object]) -> None:
        self._work.discard(task)
        if not task.cancelled() and (error := task.exception()):
            self._fail(f"the rig failed: {error}")


def _loads(edges: Sequence[Edge]) -> Iterator[str]:
    """The edges as `load` lines."""
    steps = list(_steps(edges))
    for i in range(0, len(steps), _EDGES_A_LINE):
        some = steps[i : i + _EDGES_A_LINE]
        yield "load " + " ".join(f"{gap_us} {level}" for gap_us, level in some)


def _steps(edges: Sequence[Edge]) -> Iterator[tuple[int, int]]:
    """How long after the one before, and the level; long pauses in steps that change nothing."""
    last_us, last_level = 0, 1 - edges[0][1]
    for t_us, level in edges:
        gap_us = t_us - last_us
        while gap_us > _GAP_MOST_US:
            yield _GAP_MOST_US, last_level
            gap_us -= _GAP_MOST_US
        yield gap_us, level
        last_us, last_level = t_us, level
