"""`vigie deploy`: the firmware and the board's configuration onto a board."""

from collections.abc import Callable
from typing import Annotated

import typer
from mpremote.transport_serial import SerialTransport
from rich.progress import BarColumn, Progress, TextColumn

from vigie.boards import spec
from vigie.boards.budget import check_fits
from vigie.boards.deploy import STARTED, Deployed, Step, put, start
from vigie.boards.device import Device, identify
from vigie.boards.firmware import CONFIG, device_files
from vigie.cli.port import opened
from vigie.cli.screen import Screen
from vigie.plural import count


def command(
    port: Annotated[str, typer.Option(help="Serial port of the board, such as /dev/ttyUSB0.")],
    board: Annotated[str, typer.Option(help="A board of boards/, or a TOML file.")] = "virtual",
    source: Annotated[
        bool, typer.Option("--source", help="Copy sources instead of compiled files.")
    ] = False,
    files: Annotated[
        bool,
        typer.Option("--files", help="Copy the firmware even if the image has it inside."),
    ] = False,
) -> None:
    """Copy the firmware onto a board that runs MicroPython: only what differs, then checked.

    A cut at any moment leaves the old firmware or the new. On an image with the firmware inside
    it copies the configuration, and removes firmware files that would hide what is inside.

    Example: `vigie deploy --port /dev/ttyUSB0 --board devkit_esp32`
    """
    screen = Screen()
    board_spec = spec.load(board)
    with (
        opened(port) as transport,
        Progress(
            TextColumn("Deploying  "), BarColumn(), TextColumn("{task.description}"),
            console=screen,
        ) as progress,
    ):  # fmt: skip
        task = progress.add_task("looking what is there")

        def show(step: Step) -> None:
            progress.update(
                task, completed=step.done, total=step.total or 1, description=step.name
            )

        try:
            device = identify(transport)
            device.check_is(board_spec)
            compiled = device.code(files=files, source=False)
            check_fits(board_spec, device.code(files=files, source=source), compiled)
            done = _put(transport, device, board_spec, source, files or source, show)
        except KeyboardInterrupt:
            raise KeyboardInterrupt("The button is NOT running: deploy again.") from None
        start(transport, STARTED)
    screen.print(
        f"{count(len(done.written), 'file')} written, {len(done.unchanged)} unchanged, "
        f"{len(done.removed)} removed. The button has started."
    )


def _put(
    transport: SerialTransport,
    device: Device,
    board: spec.BoardSpec,
    source: bool,
    files: bool,
    show: Callable[[Step], None],
) -> Deployed:
    contents = device_files(board, device.architecture, compile_files=not source)
    if device.has_firmware and not files:
        contents = {CONFIG: contents[CONFIG]}
    return put(transport, contents, show, has_main=device.has_firmware)
