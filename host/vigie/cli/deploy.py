"""`vigie deploy`: the firmware and the board's configuration onto a board."""

import contextlib
from collections.abc import Callable
from typing import Annotated

import typer
from mpremote.transport import TransportError
from mpremote.transport_serial import SerialTransport
from rich.progress import BarColumn, Progress, TextColumn

from vigie.boards import spec
from vigie.boards.deploy import STARTED, Deployed, Step, machine_code, put, start
from vigie.boards.firmware import device_files
from vigie.cli.screen import Screen
from vigie.errors import VigieError
from vigie.plural import count

SOURCE_HEAP_KIB = 160
"""Compiling the firmware on the chip takes so much heap."""


def command(
    port: Annotated[str, typer.Option(help="Serial port of the board, such as /dev/ttyUSB0.")],
    board: Annotated[str, typer.Option(help="A board of boards/, or a TOML file.")] = "virtual",
    source: Annotated[
        bool, typer.Option("--source", help="Copy sources instead of compiled files.")
    ] = False,
) -> None:
    """Copy the firmware onto a board that runs MicroPython: only what differs, then checked.

    Example: `vigie deploy --port /dev/ttyUSB0 --board virtual`
    """
    screen = Screen()
    board_spec = spec.load(board)
    if source and board_spec.heap_kib < SOURCE_HEAP_KIB:
        raise VigieError(
            f"A heap of {board_spec.heap_kib} KiB is too small for {board_spec.name} to compile "
            f"sources: that takes {SOURCE_HEAP_KIB} KiB.",
            "Leave --source out: compiled files do the same.",
        )
    transport = _open(port)
    try:
        with Progress(
            TextColumn("Deploying  "), BarColumn(), TextColumn("{task.description}"),
            console=screen,
        ) as progress:  # fmt: skip
            task = progress.add_task("looking what is there")

            def show(step: Step) -> None:
                progress.update(
                    task, completed=step.done, total=step.total or 1, description=step.name
                )

            done = _put(transport, board_spec, source, show)
            start(transport, STARTED)
    finally:
        # A port that is gone cannot be closed, and what there is to say of it has been said.
        with contextlib.suppress(Exception):
            transport.close()
    screen.print(
        f"{count(len(done.written), 'file')} written, {len(done.unchanged)} unchanged, "
        f"{len(done.removed)} removed. The button has started."
    )


def _put(
    transport: SerialTransport,
    board: spec.BoardSpec,
    source: bool,
    show: Callable[[Step], None],
) -> Deployed:
    try:
        files = device_files(board, machine_code(transport), compile_files=not source)
        return put(transport, files, show)
    except KeyboardInterrupt:
        raise KeyboardInterrupt("The button is NOT running: deploy again.") from None


def _open(port: str) -> SerialTransport:
    try:
        return SerialTransport(port)
    except (TransportError, OSError, ValueError) as e:
        raise VigieError(
            f"The port {port} cannot be opened: {e}.",
            "`.venv/bin/mpremote connect list` shows the ports, `vigie board` makes one.",
        ) from None
