"""`vigie clicks score`: how well the detector does on labelled presses."""

import json
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from vigie.cli.clicks.replay import OnOption, results
from vigie.cli.clicks.timing import BoardOption, SetOption, board_with
from vigie.cli.screen import Screen
from vigie.lab.score import SILENT, Score
from vigie.lab.score import score as score_of


def command(
    file: Annotated[Path, typer.Argument(help="A trace file with labels; - is standard input.")],
    board: BoardOption = "virtual",
    changes: SetOption = None,
    on: OnOption = "logic",
    as_json: Annotated[bool, typer.Option("--json", help="For programs.")] = False,
) -> None:
    """Show what each label came to, presses that came to nothing, and latencies.

    Latency counts from the last release edge to the decision; for a hold from its press edge.

    Example: `vigie clicks score presses.jsonl --set release_ms=30`
    """
    with results(file, board_with(board, changes), on) as found:
        made = score_of(found)
    if as_json:
        print(json.dumps(made.as_json()))
        return
    screen = Screen()
    screen.print(table(made))
    screen.print(
        f"{made.n} recordings, {made.right} exactly right, {made.silent} silent.", soft_wrap=True
    )
    for kind, values in made.as_json()["latency_ms"].items():
        screen.print(f"  {kind}: half within {values['p50']} ms, 99 % within {values['p99']} ms")


def table(made: Score) -> Table:
    """The confusion matrix: a row a label, a column for what came out."""
    kinds = sorted({k for row in made.confusion.values() for k in row}, key=_order)
    shown = Table("label", *kinds, "% right", title="what each label came to")
    for label in sorted(made.confusion, key=_order):
        row = made.confusion[label]
        cells = [str(row.get(kind, "")) for kind in kinds]
        shown.add_row(label, *cells, f"{100 * made.share_right(label):.3f}")
    return shown


def _order(kinds: str) -> tuple[int, int, str]:
    names = ["single", "double", "triple", "long"]
    known = kinds in names
    return (kinds == SILENT, 0 if known else 1, str(names.index(kinds)) if known else kinds)
