"""Scores, grids and sweeps."""

from pathlib import Path

import pytest

from button.core.clicks import Timing
from vigie.errors import VigieError
from vigie.lab import corpus, grid, models, sweep, sweep_plot
from vigie.lab.detect import Gesture, detect
from vigie.lab.score import Score, score
from vigie.lab.sweep import Point
from vigie.lab.traces import Trace

CLICK = Trace("a", "single", ((0, 1), (90_000, 0), (91_000, 1), (92_000, 0)))
BASE = {name: getattr(Timing(), name) for name in grid.NAMES}


def test_a_score_counts_what_each_label_came_to() -> None:
    made = Score()
    made.add(CLICK, [Gesture("single", 590_000)])
    made.add(CLICK, [])
    made.add(CLICK, [Gesture("single", 590_000), Gesture("single", 1_590_000)])
    made.add(Trace("n", "none", ((0, 1), (1, 0))), [])
    told = made.as_json()
    assert told["n"] == 4
    assert told["silent"] == 1  # noise that comes to nothing is no silent press
    assert told["right"] == 2
    assert told["confusion"] == {
        "none": {"none": 1},
        "single": {"none": 1, "single": 1, "single+single": 1},
    }


def test_latency_counts_from_the_last_release_edge_and_for_a_hold_from_its_press() -> None:
    hold = Trace("h", "long", ((0, 1), (90_000, 0), (300_000, 1), (900_000, 0), (930_000, 1),
                               (3_000_000, 0)))  # fmt: skip
    made = score((t, detect(t.edges, Timing())) for t in (CLICK, hold))
    assert made.latency_ms("single", 50) == pytest.approx(498.0)
    assert made.latency_ms("long", 99) == pytest.approx(2000.0)
    assert made.latency_ms("double", 50) is None


@pytest.mark.parametrize(
    ("text", "values"),
    [("gap_ms=300:400:50", (300, 350, 400)), ("gap_ms=3,5", (3, 5)), ("gap_ms=450", (450,))],
)
def test_an_axis_is_a_range_a_list_or_a_value(text: str, values: tuple[int, ...]) -> None:
    assert grid.parse(text) == grid.Axis("gap_ms", values)


@pytest.mark.parametrize(
    "text", ["gap", "gap=3", "gap_ms", "gap_ms=", "gap_ms=a", "gap_ms=1:2", "gap_ms=5:1:1",
             "gap_ms=1:5:0"]
)  # fmt: skip
def test_what_is_no_axis_is_refused_with_how_to_write_one(text: str) -> None:
    with pytest.raises(VigieError, match=r"An axis is written|There are"):
        grid.parse(text)


def test_a_grid_has_only_timings_that_can_be() -> None:
    axes = [grid.parse("gap_ms=200:600:200"), grid.parse("release_ms=150,300")]
    assert [(p["gap_ms"], p["release_ms"]) for p in grid.points(axes, BASE)] == [
        (200, 150),
        (400, 150),
        (600, 150),
    ]
    with pytest.raises(VigieError, match="No point"):
        grid.points([grid.parse("gap_ms=9000")], BASE)
    with pytest.raises(VigieError, match="twice"):
        grid.points([axes[0], axes[0]], BASE)
    wide = [grid.parse("gap_ms=200:1900:1"), grid.parse("release_ms=10:60:1")]
    with pytest.raises(VigieError, match="more than"):
        grid.points(wide, BASE)


def point(gap_ms: int, accuracy: float, release_ms: int = 45) -> Point:
    timing = {**BASE, "gap_ms": gap_ms, "release_ms": release_ms}
    return Point(timing, accuracy, {}, float(gap_ms), 0)


def test_the_front_has_what_nothing_beats_and_the_best_is_the_quickest_of_the_good() -> None:
    points = [point(300, 0.9), point(400, 0.85), point(450, 0.9999), point(500, 1.0)]
    assert [p.timing["gap_ms"] for p in sweep.front(points)] == [300, 450, 500]
    assert sweep.best(points).timing["gap_ms"] == 450


def test_of_equals_the_most_usual_timing_is_the_best() -> None:
    points = [point(500, 1.0, release_ms=ms) for ms in (10, 40, 120)]
    assert sweep.best(points).timing["release_ms"] == 40


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_sweep_finds_that_an_older_hand_needs_a_longer_gap(tmp_path: Path, jobs: int) -> None:
    pair = models.hands()["older"], models.switches()["clean"]
    axes = [grid.parse("gap_ms=250,500"), grid.parse("release_ms=20,45")]
    done: list[int] = []
    points = sweep.sweep(
        corpus.make(*pair, each=20, seed=1),
        grid.points(axes, BASE),
        lambda n, total: done.append(n),
        jobs=jobs,
    )
    assert done == [1, 2, 3, 4]
    assert [p.timing["gap_ms"] for p in points] == [250, 250, 500, 500]
    assert points[0].accuracy < 0.9 < points[2].accuracy == 1.0
    sweep_plot.draw(points, axes, tmp_path / "s.png")
    sweep_plot.write_csv(points, tmp_path / "s.csv")
    assert (tmp_path / "s.png").read_bytes().startswith(b"\x89PNG")
    lines = (tmp_path / "s.csv").read_text().splitlines()
    assert len(lines) == 5
    assert lines[0].startswith("glitch_ms,release_ms,gap_ms")


def test_a_sweep_without_labels_is_refused() -> None:
    with pytest.raises(VigieError, match="label"):
        sweep.sweep([Trace("a", None, CLICK.edges)], [BASE])


def test_a_small_corpus_comes_with_a_word_of_caution() -> None:
    def recorded(n: int, *labels: str) -> list[Trace]:
        return [Trace(f"{label}{i}", label, ()) for label in labels for i in range(n)]

    few = sweep.caution(recorded(5, "single", "double"))
    assert few.startswith("10 recordings, even if all are right, leave up to 26 %")
    assert few.endswith("nothing is known of triple, long")
    assert sweep.caution(recorded(100, "single", "double", "triple", "long")) == ""
