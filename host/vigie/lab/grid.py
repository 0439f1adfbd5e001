"""Grids over timing values: which there are, and how they are written."""

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from button.core.clicks import Timing
from vigie.errors import VigieError

POINTS_MOST = 20_000
NAMES = tuple(name for name, _, _ in Timing.BOUNDS_MS)
_HOW = "An axis is written NAME=FIRST:LAST:STEP, NAME=A,B,C or NAME=VALUE, in milliseconds."


@dataclass(frozen=True, slots=True)
class Axis:
    """One timing value and what it takes."""

    name: str
    values: tuple[int, ...]


def parse(text: str) -> Axis:
    """An axis from the command line: gap_ms=300:700:50. Raises VigieError."""
    name, _, values = text.partition("=")
    if name not in NAMES:
        known = ", ".join(NAMES)
        raise VigieError(f"'{name}' is no timing value.", f"There are: {known}. {_HOW}")
    try:
        if ":" in values:
            first, last, step = (int(v) for v in values.split(":"))
            found = tuple(range(first, last + 1, step))
        else:
            found = tuple(int(v) for v in values.split(","))
    except ValueError:
        raise VigieError(f"'{text}' is no axis.", _HOW) from None
    if not found:
        raise VigieError(f"'{text}' names no value at all.", _HOW)
    return Axis(name, found)


def points(axes: Sequence[Axis], base: dict[str, int]) -> list[dict[str, int]]:
    """Every combination that is a valid timing, on top of `base`. Raises VigieError."""
    names = [axis.name for axis in axes]
    if len(set(names)) < len(names):
        raise VigieError("An axis is named twice.", "Name each timing value once.")
    made = [p for p in _products(axes, base) if _valid(p)]
    if not made:
        raise VigieError(
            "No point of this grid is a valid timing.",
            "The bounds are in firmware/button/core/clicks.py, at Timing.",
        )
    if len(made) > POINTS_MOST:
        raise VigieError(f"The grid has {len(made)} points, more than {POINTS_MOST}.",
                         "Take larger steps.")  # fmt: skip
    return made


def _products(axes: Sequence[Axis], base: dict[str, int]) -> Iterator[dict[str, int]]:
    for values in itertools.product(*(axis.values for axis in axes)):
        yield {**base, **dict(zip((a.name for a in axes), values, strict=True))}


def _valid(point: dict[str, int]) -> bool:
    try:
        Timing(**point)
    except ValueError:
        return False
    return True
