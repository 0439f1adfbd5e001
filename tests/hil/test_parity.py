"""The board does what the virtual one does, when it does it."""

import pytest

from vigie.bench.bench_file import BenchSpec
from vigie.bench.parity.compare import compare
from vigie.bench.parity.play import TimedRig, play
from vigie.bench.parity.report import as_json
from vigie.bench.parity.sequence import SEQUENCE
from vigie.bench.phones import BenchPhone
from vigie.bench.physics.results import Results
from vigie.bench.protocol import Board
from vigie.boards.spec import BoardSpec
from vigie.virtual.world import World


@pytest.mark.needs("hardware", "bounce", "timing", "siren", "indicator", "microphone")
def test_events_and_their_times_are_those_of_the_virtual_board(
    world: World,
    board: Board,
    rig: TimedRig,
    phone: BenchPhone,
    board_spec: BoardSpec,
    hardware: BenchSpec,
    results: Results,
) -> None:
    """All but the key's own edges: `vigie parity` compares these as well."""
    run = world.run(play(board, rig, phone, SEQUENCE))
    found = compare(run, board_spec, SEQUENCE, rounds=1, with_phone=True, key_edges=False)
    results.keep("parity", **as_json(found))
    assert not found.verdict.flaws
