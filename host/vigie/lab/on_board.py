"""Replays traces on boards: through a whole virtual board, or on the detector of any board."""

import asyncio
import functools
import re
import tempfile
from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from mpremote.transport import TransportError
from mpremote.transport_serial import SerialTransport

from button.core.clicks import Timing
from button.core.gestures import NAMES
from vigie.bench.acknowledger import Acknowledger
from vigie.bench.virtual_rig import VirtualRig
from vigie.boards.console_log import Line
from vigie.boards.spec import BoardSpec
from vigie.errors import VigieError
from vigie.lab import parallel
from vigie.lab.detect import AFTER_US, Gesture
from vigie.lab.traces import Trace
from vigie.virtual.board import VirtualBoard
from vigie.virtual.prepare import copy_home, firmware_home
from vigie.virtual.world import World, open_world

SCRIPT = Path(__file__).parent / "device" / "replay.py"
_GESTURE = re.compile(r"\[(\d+)\.(\d{3})\] gesture (\w+) at (\d+)\.(\d{3}) ms")
_SETTLE_S = 3.2
"""After the last decision of a trace, until the next: sooner, it would be raised a level, and many
would sound the siren."""
_TRACES_A_BOARD = 50


def on_chip(
    transport: SerialTransport, traces: Iterable[Trace], timing: Timing
) -> Iterator[tuple[Trace, list[Gesture]]]:
    """What the detector in this board's own interpreter decides.

    Raises:
        VigieError: the board does not answer, or has no firmware on it.
    """
    try:
        transport.enter_raw_repl()
        transport.exec(SCRIPT.read_text(encoding="utf-8"))
        values = {name: getattr(timing, name) for name, _, _ in Timing.BOUNDS_MS}
        for trace in traces:
            edges = [list(e) for e in trace.edges]
            call = f"replay({edges!r}, {values!r}, {trace.end_us + AFTER_US})"
            events: list[tuple[int, int]] = transport.eval(call)
            yield trace, [Gesture(NAMES[kind], t_us) for kind, t_us in events]
        transport.exit_raw_repl()
        transport.serial.write(b"\x04")
    except (TransportError, OSError) as e:
        raise VigieError(
            f"The board at {transport.device_name} does not run the detector: {e}",
            "Put the firmware on it first: vigie deploy --port PORT.",
        ) from None


def on_virtual(
    spec: BoardSpec,
    traces: Iterable[Trace],
    *,
    seed: int = 0,
    jobs: int | None = None,
) -> Iterator[tuple[Trace, list[Gesture]]]:
    """What the whole firmware on a virtual board decides, with a phone that takes its alerts.

    Args:
        spec: the board; its timing counts.
        traces: played in parts, each on a fresh board, so the answers do not depend on `jobs`.
        seed: of the worlds.
        jobs: processes; as many as there are cores without it.
    """
    firmware_home(spec)  # made once, before the processes need it
    yield from parallel.ordered(
        functools.partial(_on_one_board, spec, seed), _parts(traces), jobs=jobs
    )


def _parts(traces: Iterable[Trace]) -> Iterator[list[Trace]]:
    part: list[Trace] = []
    for trace in traces:
        part.append(trace)
        if len(part) == _TRACES_A_BOARD:
            yield part
            part = []
    if part:
        yield part


@contextmanager
def _bench(spec: BoardSpec, seed: int) -> Generator[tuple[World, VirtualBoard, VirtualRig]]:
    with tempfile.TemporaryDirectory(prefix="vigie-") as folder, open_world(seed) as world:
        board = world.add_board(spec, copy_home(firmware_home(spec), Path(folder) / "board"))
        yield world, board, VirtualRig(board)


def _on_one_board(
    spec: BoardSpec, seed: int, traces: Sequence[Trace]
) -> list[tuple[Trace, list[Gesture]]]:
    with _bench(spec, seed) as (world, board, rig):
        found = _Found(board)

        async def play() -> list[float]:
            board.power_on()
            phone = Acknowledger(world)
            await phone.connect()
            began_s: list[float] = []
            for trace in traces:
                began_s.append(await _play(trace, board, rig, phone, spec))
            await phone.close()
            return began_s

        began_s = world.run(play())
        return [
            (trace, found.between(start_s, end_s))
            for trace, start_s, end_s in zip(
                traces, began_s, [*began_s[1:], float("inf")], strict=True
            )
        ]


async def _play(
    trace: Trace, board: VirtualBoard, rig: VirtualRig, phone: Acknowledger, spec: BoardSpec
) -> float:
    """Play a trace and wait until all of it is decided; when it began."""
    began_s = board.loop.time()
    length_s = rig.play(trace.edges)
    ends_open = not trace.edges or not trace.edges[-1][1]
    timing = spec.timing
    wait_ms = timing.gap_ms + timing.release_ms if ends_open else timing.long_ms
    await asyncio.sleep(length_s + wait_ms / 1000)
    if not ends_open:
        rig.set_key(0)
    if rig.siren.active:
        await phone.silence()
    await asyncio.sleep(_SETTLE_S)
    return began_s


class _Found:
    """Gestures that the console tells of, on the world's clock.

    A line says when it was printed, on the board's clock in whole milliseconds, and the world
    knows when that was: the smallest difference seen is the one between the two clocks.
    """

    def __init__(self, board: VirtualBoard):
        self._gestures: list[tuple[str, float]] = []
        self._offset_s: float | None = None
        board.console.said_line.append(self._said)

    def between(self, from_s: float, until_s: float) -> list[Gesture]:
        """Gestures decided in this stretch of the world's time, in the trace's."""
        offset_s = self._offset_s or 0.0
        return [
            Gesture(kind, round((t_s + offset_s - from_s) * 1e6))
            for kind, t_s in self._gestures
            if from_s <= t_s + offset_s < until_s
        ]

    def _said(self, line: Line) -> None:
        if not (found := re.match(r"\[(\d+)\.(\d{3})\] ", line.text)):
            return
        offset_s = line.t_s - int(found[1]) - int(found[2]) / 1000
        self._offset_s = min(offset_s, self._offset_s or offset_s)
        if gesture := _GESTURE.match(line.text):
            at_s = int(gesture[4]) / 1000 + int(gesture[5]) / 1e6
            self._gestures.append((gesture[3], at_s))
