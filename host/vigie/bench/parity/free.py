"""The sequence on a free-running virtual board: what the other board is compared with."""

import tempfile
from collections.abc import Sequence
from pathlib import Path

from vigie.bench.open_bench import open_bench
from vigie.bench.parity.observe import Run
from vigie.bench.parity.play import play
from vigie.bench.parity.sequence import Gesture
from vigie.bench.physics.presses import PAUSE_S
from vigie.bench.virtual_rig import VirtualRig
from vigie.boards.spec import BoardSpec
from vigie.lab.recorder import Recorder
from vigie.lab.traces import Edge
from vigie.radio.bleak_backend.profile import PhoneProfile
from vigie.virtual.prepare import copy_home, firmware_home
from vigie.virtual.serial import LoopTransport
from vigie.virtual.world import open_world

PHASES = 12
"""Runs that begin at as many phases of the connection's events, evenly over one interval."""
INTERVAL_MS = PhoneProfile().connection_interval_ms


def runs(
    spec: BoardSpec,
    sequence: Sequence[Gesture],
    *,
    with_phone: bool,
    key_edges: bool = True,
    phases: int = PHASES,
) -> list[Run]:
    """One run for each phase; without a phone there are no phases, and one is enough.

    Args:
        spec: which board.
        sequence: what to play.
        with_phone: whether a phone is there.
        key_edges: also record what the board sees of its key.
        phases: how many, evenly over one interval.
    """
    count = phases if with_phone else 1
    made = [_run(spec, sequence, with_phone, i * INTERVAL_MS / 1000 / count) for i in range(count)]
    recordings = recorded(spec, sequence) if key_edges else []
    for run in made:
        run.recordings = recordings
    return made


def _run(spec: BoardSpec, sequence: Sequence[Gesture], with_phone: bool, wait_s: float) -> Run:
    with open_bench(board_spec=spec) as bench:

        async def main() -> Run:
            await bench.boot()
            phone = bench.phone if with_phone else None
            return await play(bench.board, bench.rig, phone, sequence, wait_s=wait_s)

        return bench.world.run(main())


def recorded(spec: BoardSpec, sequence: Sequence[Gesture]) -> list[tuple[str, Sequence[Edge]]]:
    """What a free-running board itself sees of the key."""
    with tempfile.TemporaryDirectory(prefix="vigie-") as folder, open_world() as world:
        board = world.add_board(spec, copy_home(firmware_home(spec), Path(folder) / "board"))
        rig = VirtualRig(board)

        async def boot() -> None:
            board.power_on()
            await board.console.said("advertising", within_s=5)

        world.run(boot())
        transport = LoopTransport(world.loop, board)
        recorder = Recorder(transport, spec, PAUSE_S)
        recordings = recorder.recordings()
        seen: list[tuple[str, Sequence[Edge]]] = []
        for gesture in sequence:
            world.loop.call_later(0.3, rig.play, gesture.edges)
            seen.append((gesture.name, next(recordings).edges))
        recorder.stop()
        transport.close()
        return seen
