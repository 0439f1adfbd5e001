"""Scores a grid of timings on one corpus, on all cores, and finds what is worth choosing."""

import functools
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from button.core.clicks import Timing
from vigie.errors import VigieError
from vigie.lab import parallel
from vigie.lab.detect import detect
from vigie.lab.hands import LABELS
from vigie.lab.score import score
from vigie.lab.traces import Trace

NEARLY = 0.0005
"""Accuracies this close to the best are as good: then the quicker timing is the better one."""
ENOUGH = 0.01
"""A corpus that leaves less than this share in doubt needs no word of caution."""


@dataclass(frozen=True, slots=True)
class Point:
    """One timing and what it came to. `latency_ms` is the single click's median."""

    timing: dict[str, int]
    accuracy: float
    by_label: dict[str, float]
    latency_ms: float
    silent: int


def sweep(
    corpus: Iterable[Trace],
    timings: Sequence[dict[str, int]],
    progress: Callable[[int, int], None] = lambda done, total: None,
    *,
    jobs: int | None = None,
) -> list[Point]:
    """The points of the grid, in its order.

    Args:
        corpus: labelled traces.
        timings: valid timings, as `grid.points` makes them.
        progress: told how many points are done, of how many.
        jobs: processes; as many as there are cores without it.

    Raises:
        VigieError: no trace has a label.
    """
    traces = [t for t in corpus if t.label]
    if not traces:
        raise VigieError("No recording in the corpus has a label.",
                         'Give each line a "label": single, double, triple or long.')  # fmt: skip
    points: list[Point] = []
    work = functools.partial(_points, traces)
    size = max(1, len(timings) // 64)
    parts = [timings[i : i + size] for i in range(0, len(timings), size)]
    for point in parallel.ordered(work, parts, jobs=jobs):
        points.append(point)
        progress(len(points), len(timings))
    return points


def front(points: Sequence[Point]) -> list[Point]:
    """The points that no other beats both in accuracy and in latency, quickest first."""
    made: list[Point] = []
    for point in sorted(points, key=lambda p: (round(p.latency_ms), -p.accuracy, _unusual(p))):
        if not made or point.accuracy > made[-1].accuracy:
            made.append(point)
    return made


def best(points: Sequence[Point]) -> Point:
    """The quickest of those whose accuracy is as good as the best; of equals, the most usual."""
    most = max(p.accuracy for p in points)
    good = (p for p in points if p.accuracy >= most - NEARLY)
    return min(good, key=lambda p: (round(p.latency_ms), _unusual(p)))


def caution(corpus: Iterable[Trace]) -> str:
    """What a corpus is too small to tell, in one sentence; nothing if it is large enough.

    Of n presses, all right: with 95 % confidence no more than 1 - 0.05^(1/n) of all are wrong.
    """
    labels = [t.label for t in corpus if t.label]
    said: list[str] = []
    if labels and (share := 1 - 0.05 ** (1 / len(labels))) > ENOUGH:
        said.append(f"{len(labels)} recordings, even if all are right, leave up to "
                    f"{100 * share:.0f} % of presses wrong")  # fmt: skip
    if missing := [name for name in LABELS if name not in labels]:
        said.append(f"nothing is known of {', '.join(missing)}")
    return "; ".join(said)


def _unusual(point: Point) -> float:
    """How far a timing is from the default one: a corpus knows nothing of what is not in it."""
    default = Timing()
    return sum(
        abs(value - getattr(default, name)) / (most - least)
        for name, least, most in Timing.BOUNDS_MS
        if (value := point.timing.get(name)) is not None
    )


def _points(corpus: Sequence[Trace], timings: Sequence[dict[str, int]]) -> list[Point]:
    return [_point(corpus, timing) for timing in timings]


def _point(corpus: Sequence[Trace], timing: dict[str, int]) -> Point:
    rules = Timing(**timing)
    made = score((trace, detect(trace.edges, rules)) for trace in corpus)
    return Point(
        timing,
        made.right / made.n,
        {label: made.share_right(label) for label in sorted(made.confusion)},
        made.latency_ms("single", 50) or float(timing["gap_ms"]),
        made.silent,
    )
