"""Pictures of a sweep: accuracy over two timing values, and accuracy against latency."""
# matplotlib leaves its keyword arguments untyped.
# pyright: reportUnknownMemberType=false

import csv
from collections.abc import Sequence
from pathlib import Path

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import PowerNorm
from matplotlib.figure import Figure

from vigie.lab.grid import Axis
from vigie.lab.sweep import Point, best, front


def draw(points: Sequence[Point], axes: Sequence[Axis], file: Path) -> None:
    """Write the picture: a heat map of the first two axes, and the front beside it."""
    figure = Figure(figsize=(12, 5.2), layout="constrained")
    FigureCanvasAgg(figure)
    _heat(figure, figure.add_subplot(1, 2, 1), points, axes)
    _front(figure.add_subplot(1, 2, 2), points)
    figure.savefig(file, dpi=110, metadata={"Software": None})


def write_csv(points: Sequence[Point], file: Path) -> None:
    """One line a point: timing, accuracy in all and by label, latency, silent traces."""
    labels = sorted(points[0].by_label)
    with file.open("w", newline="", encoding="utf-8") as f:
        table = csv.writer(f)
        table.writerow([*points[0].timing, "accuracy", *labels, "latency_ms", "silent"])
        for p in points:
            shares = [f"{p.by_label[label]:.6f}" for label in labels]
            table.writerow([*p.timing.values(), f"{p.accuracy:.6f}", *shares,
                            f"{p.latency_ms:.3f}", p.silent])  # fmt: skip


def _heat(figure: Figure, axes: Axes, points: Sequence[Point], grid: Sequence[Axis]) -> None:
    x = grid[0]
    y = grid[1] if len(grid) > 1 else None
    wrong: dict[tuple[int, int], float] = {}
    for p in points:  # further axes: the best over them
        at = (p.timing[x.name], p.timing[y.name] if y else 0)
        wrong[at] = min(wrong.get(at, 100.0), 100 * (1 - p.accuracy))
    rows = y.values if y else (0,)
    table = [[wrong.get((vx, vy), float("nan")) for vx in x.values] for vy in rows]
    # The differences that matter are the small ones.
    image = axes.imshow(table, origin="lower", aspect="auto", cmap="magma_r", norm=PowerNorm(0.3))
    figure.colorbar(image, ax=axes, label="% decided wrong")
    axes.set_xticks(range(len(x.values)), [str(v) for v in x.values], rotation=90, fontsize=8)
    axes.set_yticks(range(len(rows)), [str(v) for v in rows] if y else [""], fontsize=8)
    axes.set_xlabel(x.name)
    axes.set_ylabel(y.name if y else "")
    chosen = best(points).timing
    if chosen[x.name] in x.values:
        row = list(rows).index(chosen[y.name]) if y else 0
        axes.plot(list(x.values).index(chosen[x.name]), row, "o", color="tab:green")
    axes.set_title("wrong decisions; the dot is the best", loc="left", fontsize=10)


def _front(axes: Axes, points: Sequence[Point]) -> None:
    axes.plot([p.latency_ms for p in points], [100 * (1 - p.accuracy) for p in points], ".",
              color="tab:gray", alpha=0.4, label="a timing")  # fmt: skip
    line = front(points)
    axes.plot([p.latency_ms for p in line], [100 * (1 - p.accuracy) for p in line], "o-",
              color="tab:blue", label="none is better in both")  # fmt: skip
    for p in line:
        axes.annotate(f"gap {p.timing['gap_ms']}", (p.latency_ms, 100 * (1 - p.accuracy)),
                      xytext=(4, 5), textcoords="offset points", fontsize=7)  # fmt: skip
    axes.set_xlabel("single click: ms from release to decision (median)")
    axes.set_ylabel("% decided wrong")
    axes.set_yscale("symlog", linthresh=0.05)
    axes.set_ylim(bottom=-0.005)
    axes.grid(alpha=0.25)
    axes.legend(frameon=False, fontsize=8)
    axes.set_title("what a shorter wait costs", loc="left", fontsize=10)
