"""The sequence on a board that is reached through its ports, on the wall clock."""

import asyncio
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import cast

from mpremote.transport_serial import SerialTransport

from vigie.bench.antennas import bench_antenna
from vigie.bench.bench_file import BenchSpec
from vigie.bench.open_bench import scratch
from vigie.bench.parity.observe import Run
from vigie.bench.parity.play import TimedRig, play
from vigie.bench.parity.sequence import Gesture
from vigie.bench.phones import make_phone
from vigie.bench.physics.presses import recorded
from vigie.bench.ports import device
from vigie.bench.rigs import opened_rig
from vigie.bench.serial_board import READY, READY_WITHIN_S, SerialBoard, attached, start_afresh
from vigie.bench.serial_wire import SerialWire
from vigie.boards.spec import BoardSpec
from vigie.errors import VigieError
from vigie.virtual.world import World, open_world

NEEDED = frozenset({"press", "bounce", "timing"})
"""What the rig must be able to do: the sequence has bounce in it."""


def run(
    bench: BenchSpec,
    spec: BoardSpec,
    sequence: Sequence[Gesture],
    rounds: int,
    progress: Callable[[str], None],
) -> Run:
    """Play the sequence so many times. The board forgets its alerts, and is reset.

    Raises:
        VigieError: something is not there, or is something else.
    """
    if lacking := NEEDED - bench.rig.abilities:
        raise VigieError(
            f"The rig {bench.rig.kind} cannot play the sequence ({', '.join(sorted(lacking))}).",
            "Use a second board: --rig board:PORT.",
        )
    with open_world(paced=True) as world, attached(device(bench.port), spec) as transport:
        return world.run(_run(world, bench, transport, spec, sequence, rounds, progress))


async def _run(
    world: World,
    bench: BenchSpec,
    transport: SerialTransport,
    spec: BoardSpec,
    sequence: Sequence[Gesture],
    rounds: int,
    progress: Callable[[str], None],
) -> Run:
    async with opened_rig(bench.rig, spec, world.fail) as opened:
        rig = cast(TimedRig, opened)
        progress("the key's edges, as the board sees them")
        seen = await recorded(transport, spec, rig, [gesture.edges for gesture in sequence])
        progress("starting the board")
        await asyncio.to_thread(start_afresh, transport)
        board = SerialBoard(spec, SerialWire(transport.serial, world.fail), world.fail)
        try:
            await board.console.said(READY, within_s=READY_WITHIN_S)
            progress(f"{rounds} times the sequence")
            made = await _played(world, bench, board, rig, sequence, rounds)
        except TimeoutError as e:
            raise VigieError(
                f"The board does not do its part: {e}.",
                "Look at its console, and at the bench's wiring.",
            ) from None
        finally:
            board.close()
    made.recordings = [(g.name, t.edges) for g, t in zip(sequence, seen, strict=True)]
    return made


async def _played(
    world: World,
    bench: BenchSpec,
    board: SerialBoard,
    rig: TimedRig,
    sequence: Sequence[Gesture],
    rounds: int,
) -> Run:
    if bench.phone.kind == "none":
        return await play(board, rig, None, sequence, rounds=rounds)
    antenna = bench_antenna(bench.phone.kind, bench.phone.where)
    with tempfile.TemporaryDirectory(prefix="vigie-", dir=scratch()) as folder:
        phone = make_phone(world, Path(folder), antenna=antenna)
        try:
            return await play(board, rig, phone, sequence, rounds=rounds)
        finally:
            phone.close()
            await antenna.close()
