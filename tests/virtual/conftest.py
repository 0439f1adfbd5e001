"""A board with a fault in it."""

from collections.abc import Callable
from pathlib import Path

import pytest

from vigie.boards.firmware import CONFIG, device_files
from vigie.boards.spec import BoardSpec
from vigie.virtual import micropython
from vigie.virtual.board import VirtualBoard
from vigie.virtual.prepare import deploy_to
from vigie.virtual.world import World

MakeFaulty = Callable[[str], VirtualBoard]


@pytest.fixture
def make_faulty(world: World, board_spec: BoardSpec, tmp_path: Path) -> MakeFaulty:
    """Makes a board, without power, whose configuration ends with these lines.

    They run before the program and can put a broken part in the place of a sound one: the firmware
    itself has no hooks for tests.
    """

    def make(lines: str) -> VirtualBoard:
        files = dict(device_files(board_spec, micropython.architecture()))
        files[CONFIG] += b"\n" + lines.encode()
        return deploy_to(world, board_spec, tmp_path / "faulty", files)

    return make
