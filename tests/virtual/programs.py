"""Small MicroPython programs on a virtual board."""

from collections.abc import Mapping
from pathlib import Path

from vigie.boards.spec import BoardSpec
from vigie.virtual.board import VirtualBoard
from vigie.virtual.prepare import deploy_to
from vigie.virtual.serial import LoopTransport
from vigie.virtual.world import World


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
