"""What the picture of a trace shows is what the detector saw."""

from pathlib import Path

import pytest

from button.core.clicks import Timing
from vigie.lab import corpus, models, trace_plot
from vigie.lab.traces import Trace

BOUNCING = ((0, 1), (500, 0), (900, 1), (90_000, 0), (91_000, 1), (92_000, 0), (200_000, 1),
            (290_000, 0))  # fmt: skip


def test_presses_are_shown_after_bounce() -> None:
    reading = trace_plot.read(BOUNCING, Timing())
    assert reading.pressed == [(0, 90_000), (200_000, 290_000)]
    assert [(g.kind, g.t_us) for g in reading.gestures] == [("double", 790_000)]
    assert reading.deadlines[-1] == 790_000


def test_an_empty_recording_shows_nothing() -> None:
    assert trace_plot.read((), Timing()) == trace_plot.Reading([], [], [])


@pytest.mark.parametrize(("kind", "begins"), [("png", b"\x89PNG"), ("svg", b"<?xml")])
def test_pictures_of_several_traces_are_the_same_every_time(
    tmp_path: Path, kind: str, begins: bytes
) -> None:
    pair = models.hands()["gloves"], models.switches()["worn_25"]
    traces = [*corpus.make(*pair, each=1, seed=1), Trace("empty", None, ())]
    files = [tmp_path / f"{i}.{kind}" for i in range(2)]
    for file in files:
        trace_plot.draw(traces, Timing(), file)
    first, second = (file.read_bytes() for file in files)
    assert first.startswith(begins)
    assert first == second
