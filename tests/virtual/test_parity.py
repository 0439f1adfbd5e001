"""The same presses on a board behind its port and on a free-running one, their events paired."""

import json

from tests.virtual.test_hardware_in_the_loop import running
from vigie.bench.bench_file import BenchSpec, parse_phone, parse_rig
from vigie.bench.parity import at_port, free
from vigie.bench.parity.compare import compare
from vigie.bench.parity.happened import KINDS
from vigie.bench.parity.observe import happened
from vigie.bench.parity.pairing import pair
from vigie.bench.parity.report import as_json, table, words
from vigie.bench.parity.score import judge
from vigie.bench.parity.sequence import SEQUENCE, Gesture
from vigie.boards.spec import BoardSpec


def test_two_free_running_boards_are_the_same(board_spec: BoardSpec) -> None:
    first, other = (
        [happened(r) for r in free.runs(board_spec, SEQUENCE, with_phone=True, phases=n)]
        for n in (4, 1)
    )
    paired = pair(first, other[0], 1)
    verdict = judge(paired)
    assert verdict.score == 1.0
    assert not verdict.flaws
    assert {row.kind.name for row in verdict.rows} == {kind.name for kind in KINDS}
    assert max(row.most_ms for row in verdict.rows) == 0


def test_the_phase_of_the_radio_moves_only_what_the_radio_has_a_part_in(
    board_spec: BoardSpec,
) -> None:
    at_phases = [happened(r) for r in free.runs(board_spec, SEQUENCE, with_phone=True, phases=3)]
    for phase in at_phases[1:]:
        verdict = judge(pair(at_phases[:1], phase, 1))
        assert not verdict.flaws
        far_ms = {row.kind.name: row.most_ms for row in verdict.rows}
        assert all(far_ms[kind.name] < 2 for kind in KINDS if not kind.over_air)
        assert far_ms["phone"] > 2


def test_a_board_behind_its_port_does_the_same(board_spec: BoardSpec) -> None:
    """What happens, not when: on a computer that is busy with other tests, no clock is true."""
    sequence = (SEQUENCE[0], Gesture("long", ((0, 1), (2_500_000, 0)), records=True))
    with running("board", "--firmware", "--realtime", "--bench", says=3) as (port, rig, phone):
        bench = BenchSpec(
            port,
            rig=parse_rig(rig.removeprefix("--rig ")),
            phone=parse_phone(phone.removeprefix("--phone ")),
        )
        progress: list[str] = []
        run = at_port.run(bench, board_spec, sequence, 1, progress.append)
    found = compare(run, board_spec, sequence, rounds=1, with_phone=True, phases=2)
    verdict = found.verdict
    assert all(row.same for row in verdict.rows if not row.kind.over_air), verdict.flaws
    air = [row for row in verdict.rows if row.kind.over_air]
    assert all(row.count and not row.missing for row in air), verdict.flaws
    assert {row.kind.name for row in verdict.rows} == {kind.name for kind in KINDS}
    assert json.loads(json.dumps(as_json(found)))["score"] == round(verdict.score, 4)
    assert table(verdict).row_count == len(KINDS)
    assert words(found)[0].startswith("Score")
    assert len(progress) == 3
