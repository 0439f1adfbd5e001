"""Options that several verbs share: which board's timing, and what to change in it."""

from collections.abc import Sequence
from dataclasses import asdict, replace
from typing import Annotated

import typer

from button.core.clicks import Timing
from vigie.boards import spec
from vigie.boards.spec import BoardSpec
from vigie.errors import VigieError
from vigie.lab import grid

BoardOption = Annotated[
    str, typer.Option(help="Whose timing: a board of boards/, or a TOML file.")
]
SetOption = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="NAME=MS", help="Change a timing value; may be repeated."),
]


def board_with(name: str, changes: Sequence[str] | None) -> BoardSpec:
    """A board with some timing values changed. Raises VigieError."""
    board = spec.load(name)
    values: dict[str, int] = {}
    for text in changes or ():
        axis = grid.parse(text)
        if len(axis.values) != 1:
            raise VigieError(f"--set {text} names several values.", "Name one, or use sweep.")
        values[axis.name] = axis.values[0]
    board = replace(board, timing=replace(board.timing, **values))
    timing_of(board)
    return board


def timing_of(board: BoardSpec) -> Timing:
    """The detector's timing of a board. Raises VigieError if it is out of bounds."""
    try:
        return Timing(**asdict(board.timing))
    except ValueError as e:
        raise VigieError(
            f"This timing cannot be: {e}.", "The bounds are in firmware/button/core/clicks.py."
        ) from None
