"""The verdict of `vigie parity`: in words, in JSON and as an exit code."""

from collections.abc import Callable, Sequence
from dataclasses import replace

import pytest
import typer

from vigie.bench.bench_file import BenchSpec
from vigie.bench.parity import at_port, free
from vigie.bench.parity.compare import Comparison
from vigie.bench.parity.happened import Happened
from vigie.bench.parity.observe import Began, Run
from vigie.bench.parity.pairing import pair
from vigie.bench.parity.report import as_json, table, words
from vigie.bench.parity.score import judge
from vigie.bench.parity.sequence import Gesture
from vigie.boards.spec import BoardSpec
from vigie.cli import parity

ROUND = [Happened("siren", 1, "long", "on", 0.0), Happened("phone", 1, "long", "DOWN", 0.0)]


def comparison(seen: list[Happened], reference: list[Happened] = ROUND) -> Comparison:
    paired = pair([reference], seen, 1)
    return Comparison(1, paired, judge(paired), 3.0)


def cells(found: Comparison) -> dict[str, list[str]]:
    """The table's columns."""
    return {str(c.header): [str(cell) for cell in c.cells] for c in table(found.verdict).columns}


def test_the_score_says_that_the_radio_is_not_in_it_and_what_became_of_that() -> None:
    score, air, _, *flaws = words(comparison(ROUND[:1]))
    assert score.startswith("Score 100.0%")
    assert "phone and air, not in the score: 0 of 1 events are in both runs" in air
    assert flaws == ["FLAW phone: 'DOWN' of 'long' in round 1 is missing"]


def test_table_and_json_say_which_figure_was_judged() -> None:
    few = comparison(ROUND)
    assert cells(few)["judged by"] == ["max", "same"]
    assert cells(few)["p99 ms"] == ["-", "-"]
    assert [row["judged_by"] for row in as_json(few)["rows"]] == ["max", ""]
    many = comparison(ROUND * 100, ROUND * 100)
    assert cells(many)["judged by"] == ["p99", "same"]
    assert [row["judged_by"] for row in as_json(many)["rows"]] == ["p99", ""]


def test_a_board_that_dies_after_its_first_round_is_exit_code_1(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    reference = Run(began=[Began(1, "single", 10.0, 590.0)], siren=[(12.0, True)])
    died = replace(reference, began=[*reference.began, Began(2, "single", 20.0, 590.0)])

    def run(
        bench: BenchSpec,
        spec: BoardSpec,
        sequence: Sequence[Gesture],
        rounds: int,
        progress: Callable[[str], None],
    ) -> Run:
        return died

    def free_runs(spec: BoardSpec, sequence: Sequence[Gesture], **how: object) -> list[Run]:
        return [reference]

    monkeypatch.setattr(at_port, "run", run)
    monkeypatch.setattr(free, "runs", free_runs)
    parity.command(port="p", rounds=1)
    with pytest.raises(typer.Exit) as ended:
        parity.command(port="p", rounds=2)
    assert ended.value.exit_code == 1
    assert "FLAW siren: 'on' of 'single' in round 2 is missing" in capsys.readouterr().out
