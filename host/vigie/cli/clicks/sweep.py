"""`vigie clicks sweep`: a grid of timings on one corpus."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from vigie.cli.clicks.timing import BoardOption, SetOption, board_with
from vigie.cli.folders import writable
from vigie.cli.screen import Screen
from vigie.lab import grid, sweep, sweep_plot, traces
from vigie.lab.sweep import Point
from vigie.paths import OUT

DEFAULT_GRID = ("gap_ms=200:700:25", "release_ms=20:80:10")


def command(
    file: Annotated[Path, typer.Argument(help="A trace file with labels.")],
    axes: Annotated[
        list[str] | None,
        typer.Option(
            "--grid",
            metavar="NAME=FIRST:LAST:STEP",
            help="An axis; may be repeated.",
            show_default=" ".join(DEFAULT_GRID),
        ),
    ] = None,
    board: BoardOption = "virtual",
    changes: SetOption = None,
    out: Annotated[
        Path, typer.Option(help="Folder for sweep.csv and sweep.png.", show_default="out/sweep")
    ] = OUT / "sweep",
    jobs: Annotated[int | None, typer.Option(min=1, show_default="cores")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="For programs.")] = False,
) -> None:
    """Score every timing of a grid, and print the best one, ready for a board file.

    The best is the quickest of those that are as accurate as any (to 0.05 %).

    Example: `vigie clicks sweep presses.jsonl --grid gap_ms=300:700:50 --grid release_ms=30,45,60`
    """  # fmt: skip
    parsed = [grid.parse(text) for text in axes or DEFAULT_GRID]
    base = asdict(board_with(board, changes).timing)
    timings = grid.points(parsed, base)
    corpus = list(traces.read(file))
    writable(out)
    screen = Console(stderr=True, highlight=False)
    with Progress(TextColumn("Scoring timings"), BarColumn(), MofNCompleteColumn(),
                  TimeRemainingColumn(), console=screen) as bar:  # fmt: skip
        task = bar.add_task("", total=len(timings))
        points = sweep.sweep(
            corpus, timings, lambda done, _: bar.update(task, completed=done), jobs=jobs
        )
    sweep_plot.write_csv(points, out / "sweep.csv")
    sweep_plot.draw(points, parsed, out / "sweep.png")
    if as_json:
        best, front = sweep.best(points), sweep.front(points)
        print(json.dumps({"best": asdict(best), "front": [asdict(p) for p in front]}))
        return
    _show(points, parsed)
    print(f"\n# every point: {out / 'sweep.csv'}  picture: {out / 'sweep.png'}")
    if said := sweep.caution(corpus):
        print(f"# caution: {said}: record more before you trust this")
    print("# the best of them; in a board file it takes the place of the old table:")
    print(toml(sweep.best(points).timing), end="")


def toml(timing: dict[str, int]) -> str:
    """The [timing] table of a board file."""
    return "[timing]\n" + "".join(f"{name} = {value}\n" for name, value in timing.items())


def _show(points: list[Point], axes: list[grid.Axis]) -> None:
    names = [axis.name for axis in axes]
    shown = Table(*names, "% wrong", "single decided after, ms", "silent",
                  title="no other timing is both more accurate and quicker")  # fmt: skip
    for p in sweep.front(points):
        cells = [str(p.timing[name]) for name in names]
        wrong = 100 * (1 - p.accuracy)
        shown.add_row(*cells, f"{wrong:.3f}", f"{p.latency_ms:.0f}", str(p.silent))
    Screen().print(shown)
