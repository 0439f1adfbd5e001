"""Small MicroPython programs on a virtual board."""

import shutil
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import TypeVar

from vigie.boards.spec import BoardSpec
from vigie.virtual.board import VirtualBoard
from vigie.virtual.prepare import deploy_to
from vigie.virtual.serial import LoopTransport
from vigie.virtual.world import World, open_world

_T = TypeVar("_T")


def program(
    world: World,
    spec: BoardSpec,
    home: Path,
    main: str,
    files: Mapping[str, str] | None = None,
) -> VirtualBoard:
    """A board, without power, whose flash holds this main.py (and other files)."""
    all_files = {name: text.encode() for name, text in (files or {}).items()}
    return deploy_to(world, spec, home, {**all_files, "main.py": main.encode()})


def say(world: World, board: VirtualBoard, code: str) -> str:
    """Run code in the raw REPL of a running board; what it prints. Raises on an exception."""
    transport = LoopTransport(world.loop, board)
    try:
        transport.enter_raw_repl(soft_reset=False)
        answer = transport.exec(code).decode().replace("\r\n", "\n")
        transport.exit_raw_repl()
        return answer
    finally:
        transport.close()


def told(world: World, board: VirtualBoard, pattern: str, *, within_s: float = 60.0) -> str:
    """Switch the board on; the first line from then on that matches."""

    async def play() -> str:
        since = len(board.console.lines)
        board.power_on()
        return (await board.console.said(pattern, within_s=within_s, since=since)).text

    return world.run(play())


def in_real_time(
    spec: BoardSpec,
    folder: Path,
    main: str,
    play: Callable[[World, VirtualBoard], Awaitable[_T]],
    *,
    skip_stalls: bool = True,
) -> _T:
    """Let something happen to a board with this main.py in a world that follows the wall clock."""
    home = folder / "home"
    shutil.rmtree(home, ignore_errors=True)
    with open_world() as world:
        program(world, spec, home, main)
    with open_world(paced=True) as world:
        board = world.add_board(spec, home, skip_stalls=skip_stalls)

        async def run() -> _T:
            return await play(world, board)

        return world.run(run())
