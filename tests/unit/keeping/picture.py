"""Looks at a picture: where the key's line goes up or down."""

from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.image import imread
from numpy.typing import NDArray

TALL_PX = 25
"""The key's edges are taller than any letter."""


def _pixels(file: Path) -> NDArray[Any]:
    return np.asarray(imread(file))


def size_px(file: Path) -> tuple[int, int]:
    height, width = _pixels(file).shape[:2]
    return int(width), int(height)


def edges_drawn(file: Path) -> int:
    """Black lines that stand upright; those that touch are one."""
    black: NDArray[Any] = np.all(_pixels(file)[:, :, :3] < 0.3, axis=2)
    found: list[tuple[int, int]] = []
    run = np.zeros(black.shape[-1], dtype=int)
    for y, row in enumerate(list(black)):
        run = (run + 1) * row
        for x in (int(x) for x in np.flatnonzero(run == TALL_PX)):
            if not any(abs(x - at_x) <= 2 and abs(y - at_y) <= 9 for at_x, at_y in found):
                found.append((x, y))
    return len(found)
