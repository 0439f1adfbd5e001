"""`vigie clicks plot`: recordings as a picture."""

import itertools
from pathlib import Path
from typing import Annotated

import typer

from vigie.cli.clicks.timing import BoardOption, SetOption, board_with, timing_of
from vigie.errors import VigieError
from vigie.lab import trace_plot, traces
from vigie.lab.traces import Trace

KINDS = (".png", ".svg")


def command(
    file: Annotated[Path, typer.Argument(help="A trace file, JSON Lines.")],
    out: Annotated[Path, typer.Option(help="The picture: .png or .svg.")] = Path("traces.png"),
    ids: Annotated[
        list[str] | None, typer.Option("--id", help="Only this recording; may be repeated.")
    ] = None,
    first: Annotated[
        int, typer.Option(min=1, max=trace_plot.MOST, help="At most so many recordings.")
    ] = 12,
    board: BoardOption = "virtual",
    changes: SetOption = None,
) -> None:
    """Draw the contact, what counts as pressed, deadlines and decisions; one row a recording.

    Example: `vigie clicks plot presses.jsonl --first 4 --out presses.png`
    """
    if out.suffix not in KINDS:
        raise VigieError(f"A picture is .png or .svg, not '{out.name}'.", "Name it so with --out.")
    shown = _chosen(file, ids, first)
    try:
        trace_plot.draw(shown, timing_of(board_with(board, changes)), out)
    except OSError as e:
        raise VigieError(f"{out} cannot be written: {e.strerror}.",
                         "Choose another file with --out.") from None  # fmt: skip
    print(out)


def _chosen(file: Path, ids: list[str] | None, first: int) -> list[Trace]:
    recordings = traces.read(file)
    if ids is None:
        shown = list(itertools.islice(recordings, first))
    else:
        shown = [t for t in recordings if t.id in ids]
        missing = sorted(set(ids) - {t.id for t in shown})
        if missing:
            raise VigieError(f"{file} has no recording '{missing[0]}'.", "Check the id.")
    if not shown:
        raise VigieError(f"{file} holds no recording.", "Record some: vigie clicks record --help.")
    return shown[: trace_plot.MOST]
