"""`vigie flash`: MicroPython itself onto a chip."""

from pathlib import Path
from typing import Annotated

import typer
from rich.progress import BarColumn, Progress, TextColumn

from vigie.boards import spec
from vigie.boards.flash import flash
from vigie.boards.image_file import check_image_file
from vigie.cli.screen import Screen
from vigie.errors import VigieError


def command(
    port: Annotated[str, typer.Option(help="Serial port of the board, such as /dev/ttyACM0.")],
    board: Annotated[str, typer.Option(help="A board of boards/, or a TOML file.")],
    image: Annotated[
        Path | None, typer.Argument(help="The image. Default: the board's, in this folder.")
    ] = None,
    keep: Annotated[
        bool, typer.Option("--keep", help="Erase only what is written: files and alerts stay.")
    ] = False,
) -> None:
    """Write MicroPython into a chip's flash with esptool, after checks. Erases everything before.

    Example: `vigie flash --port /dev/ttyACM0 --board xiao_esp32c6 SEEED_XIAO_ESP32C6-[...].bin`
    """
    screen = Screen()
    board_spec = spec.load(board)
    if board_spec.micropython is None:
        raise VigieError(
            f"The board file of {board_spec.name} names no image: it has no [micropython].",
            "`vigie boards list` shows boards that have one.",
        )
    file = image or Path(board_spec.micropython.file)
    if image is None and not file.exists():
        raise VigieError(
            f"There is no {file} in this folder.",
            "Load it from MicroPython's download page, or build one (firmware/boards/README.md), "
            "and name it.",
        )
    checked = check_image_file(file, board_spec)
    known = "which is the known one" if checked.is_known else "to compare with where you got it"
    screen.print(f"{file.name}: sha256 {checked.sha256}, {known}.", markup=False, soft_wrap=True)
    try:
        with Progress(
            TextColumn("Flashing  "), BarColumn(), TextColumn("{task.description}"), console=screen
        ) as progress:
            task = progress.add_task("connecting", total=100)
            flash(
                board_spec,
                port,
                checked,
                erase=not keep,
                progress=lambda what, percent: progress.update(
                    task, description=what, completed=percent
                ),
            )
    except KeyboardInterrupt:
        raise KeyboardInterrupt("The flash holds half an image: flash again.") from None
    screen.print(
        f"Done. Now the firmware: vigie deploy --port {port} --board {board}", markup=False
    )
