"""Boards as data: which there are, whether a file is right, what goes where."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from vigie.boards import spec
from vigie.boards.budget import Code, need
from vigie.boards.spec import BoardSpec
from vigie.boards.wiring import wiring
from vigie.cli.screen import Screen
from vigie.errors import VigieError
from vigie.paths import BOARDS

FLAW = 1
_Json = Annotated[bool, typer.Option("--json", help="For programs.")]


def list_boards(as_json: _Json = False) -> None:
    """List the boards of the project.

    Example: `vigie boards list`
    """
    boards = [spec.load(name) for name in spec.names()]
    if as_json:
        print(json.dumps([{"name": b.name, "chip": b.chip} for b in boards]))
        return
    table = Table("board", "chip", "PSRAM", "heap", "microphone", "MicroPython")
    for b in boards:
        image = f"{b.micropython.board} {b.micropython.version}" if b.micropython else "-"
        model = b.microphone.model if b.microphone else "-"
        table.add_row(b.name, b.chip, b.psram, f"{b.heap_kib} KiB", model, image)
    Screen().print(table)


def check(
    files: Annotated[
        list[str] | None, typer.Argument(metavar="[BOARD]...", help="Names or TOML files.")
    ] = None,
) -> None:
    """Check board files, all of the project's if none is named. Exit code 1 on a flaw.

    Example: `vigie boards check my-board.toml`
    """
    screen = Screen()
    flaws = 0
    for name in files or spec.names():
        file = Path(name) if name.endswith(".toml") else BOARDS / f"{name}.toml"
        try:
            board = spec.load(name)
        except VigieError as e:
            if not file.exists():
                raise
            flaws += 1
            screen.print(str(e), markup=False, soft_wrap=True)
        else:
            screen.print(f"{board.name}: all right", markup=False)
    if flaws:
        raise typer.Exit(FLAW)


def show(
    board: Annotated[str, typer.Argument(help="A board of boards/, or a TOML file.")],
    as_json: _Json = False,
) -> None:
    """Show what is wired to which pin, and what runs on the chip.

    Example: `vigie boards show xiao_esp32c6`
    """
    board_spec = spec.load(board)
    if as_json:
        print(json.dumps(asdict(board_spec)))
        return
    screen = Screen()
    table = Table("pin", "part", "notes", title=f"{board_spec.name} ({board_spec.chip})")
    for wire in wiring(board_spec):
        table.add_row(str(wire.pin), wire.part, wire.notes)
    screen.print(table)
    for line in _facts(board_spec):
        screen.print(line, markup=False, soft_wrap=True)


def _facts(board: BoardSpec) -> list[str]:
    lines = [f"heap with Bluetooth on: {board.heap_kib} KiB; PSRAM: {board.psram}"]
    lines += [
        f"heap that the firmware takes from {code.value}: {need(board, code).total_kib} KiB"
        for code in Code
    ]
    battery, image = board.battery, board.micropython
    if battery.cell_mah:
        charge = f", charged with {battery.charge_ma} mA" if battery.charge_ma else ""
        lines.append(f"cell: {battery.cell_mah} mAh{charge}")
    if image:
        lines.append(f"image: {image.file}, at 0x{board.chip_facts.image_offset:x} in flash")
        lines.append(f"sha256: {image.sha256 or 'not known here'}")
        if image.custom:
            lines.append(f"image with the firmware inside: firmware/boards/{image.custom}")
    return lines


COMMANDS = {"list": list_boards, "check": check, "show": show}
