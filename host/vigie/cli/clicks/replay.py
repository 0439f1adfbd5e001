"""`vigie clicks replay`: what the detector makes of recorded presses."""

import json
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from vigie.boards.spec import BoardSpec
from vigie.cli.clicks.timing import BoardOption, SetOption, board_with, timing_of
from vigie.cli.port import opened
from vigie.lab import traces
from vigie.lab.detect import Gesture, detect
from vigie.lab.traces import Trace

OnOption = Annotated[
    str,
    typer.Option(
        metavar="logic|virtual|PORT",
        help="The detector in this process; the whole firmware on a virtual board; or the "
        "detector in the interpreter of the board at a serial port.",
    ),
]
Results = Iterator[tuple[Trace, list[Gesture]]]


def command(
    file: Annotated[Path, typer.Argument(help="A trace file, JSON Lines; - is standard input.")],
    board: BoardOption = "virtual",
    changes: SetOption = None,
    on: OnOption = "logic",
    jobs: Annotated[
        int | None, typer.Option(min=1, help="Processes for --on virtual.", show_default="cores")
    ] = None,
) -> None:
    """Print the gestures of each recording as a JSON line, with their times in microseconds.

    Example: `vigie clicks replay presses.jsonl --set gap_ms=350`
    """
    with results(file, board_with(board, changes), on, jobs) as found:
        for trace, gestures in found:
            pairs = [[g.kind, g.t_us] for g in gestures]
            print(json.dumps({"id": trace.id, "gestures": pairs}))


@contextmanager
def results(file: Path, board: BoardSpec, on: str, jobs: int | None = None) -> Generator[Results]:
    """The recordings of a file and what is decided, as they come."""
    timing = timing_of(board)
    recordings = traces.read(file)
    if on == "logic":
        yield ((trace, detect(trace.edges, timing)) for trace in recordings)
        return
    from vigie.lab.on_board import on_chip, on_virtual

    if on == "virtual":
        yield on_virtual(board, recordings, jobs=jobs)
        return
    with opened(on) as transport:
        yield on_chip(transport, recordings, timing)
