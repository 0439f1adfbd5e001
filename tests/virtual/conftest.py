"""A board with a fault in it, and boards with small programs."""

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.virtual.peripherals import Meet, Visit, peripheral
from tests.virtual.programs import program, told
from vigie.bench.phones import BenchPhone
from vigie.boards.firmware import CONFIG, device_files
from vigie.boards.spec import BoardSpec
from vigie.virtual import micropython
from vigie.virtual.board import VirtualBoard
from vigie.virtual.prepare import deploy_to
from vigie.virtual.world import World

MakeFaulty = Callable[[str], VirtualBoard]
Load = Callable[[str], VirtualBoard]


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


@pytest.fixture
def load(world: World, board_spec: BoardSpec, tmp_path: Path) -> Load:
    """Makes a board, without power, whose flash holds this main.py."""
    return lambda main: program(world, board_spec, tmp_path / "loaded", main)


@pytest.fixture
def bare(world: World, load: Load) -> VirtualBoard:
    """A board with an empty main.py, running."""
    board = load("")
    told(world, board, "help")
    return board


@pytest.fixture
def meet(world: World, load: Load, stranger: BenchPhone) -> Meet:
    """Runs a peripheral, lets a phone visit it, and returns what the program said."""

    def meet(visit: Visit, setup: str = "", loop: str = "pass") -> list[str]:
        board = load(peripheral(setup, loop))

        async def play() -> list[str]:
            since = len(board.console.lines)
            board.power_on()
            await board.console.said("on the air", within_s=5)
            client = await stranger.visit()
            await visit(client)
            await client.disconnect()
            await asyncio.sleep(1)
            return [line.text for line in board.console.lines[since:]]

        return world.run(play())

    return meet
