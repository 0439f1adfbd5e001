"""The sequence on a free-running virtual board: what the other board is compared with."""

from collections.abc import Sequence

from vigie.bench.open_bench import open_bench
from vigie.bench.parity.observe import Run
from vigie.bench.parity.play import play
from vigie.bench.parity.sequence import Gesture
from vigie.bench.physics.presses import PAUSE_S
from vigie.boards.spec import BoardSpec
from vigie.lab.record_virtual import record
from vigie.radio.bleak_backend.profile import PhoneProfile

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
    if key_edges:
        seen = record(spec, [gesture.edges for gesture in sequence], PAUSE_S)
        pairs = list(zip(sequence, seen, strict=True))
        for run in made:
            run.recordings = [(gesture.name, trace.edges) for gesture, trace in pairs]
    return made


def _run(spec: BoardSpec, sequence: Sequence[Gesture], with_phone: bool, wait_s: float) -> Run:
    with open_bench(board_spec=spec) as bench:

        async def main() -> Run:
            await bench.boot()
            phone = bench.phone if with_phone else None
            return await play(bench.board, bench.rig, phone, sequence, wait_s=wait_s)

        return bench.world.run(main())
