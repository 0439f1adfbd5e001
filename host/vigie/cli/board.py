"""`vigie board`: a virtual board with a serial port."""

import asyncio
import contextlib
import signal
import sys
import tempfile
from pathlib import Path
from typing import Annotated

import typer

from vigie.bench.key_console import KeyConsole, say_on_stderr, typed_input
from vigie.bench.virtual_bench import VirtualBench
from vigie.bench.virtual_rig import VirtualRig
from vigie.boards import spec
from vigie.errors import VigieError
from vigie.virtual.board import VirtualBoard
from vigie.virtual.prepare import copy_home, firmware_home
from vigie.virtual.pty_port import PtyPort
from vigie.virtual.world import World, WorldError, open_world

BEHIND_TOLD_FROM_S = 1.0
RESTART_AFTER_S = 0.5
"""A board whose MicroPython dies at every start must not keep the computer busy."""


def command(
    name: Annotated[str, typer.Argument(help="A board of boards/.")] = "virtual",
    pty: Annotated[Path | None, typer.Option(help="Also link the port at this path.")] = None,
    flash: Annotated[
        Path | None, typer.Option(help="Folder that keeps the board's flash between runs.")
    ] = None,
    firmware: Annotated[
        bool, typer.Option("--firmware", help="Begin with the firmware in flash, not blank.")
    ] = False,
    realtime: Annotated[
        bool, typer.Option("--realtime", help="Let flash erases take the time they take.")
    ] = False,
    bench: Annotated[
        bool,
        typer.Option(
            "--bench", help="Also a second board with wires to it, and a radio port: for make hil."
        ),
    ] = False,
) -> None:
    """Start a virtual board, print its serial port, and serve it until Ctrl-C.

    The board starts with blank flash, like a chip that was just flashed with MicroPython.
    Commands on standard input press its key: `single`, `press 90`, `down`; `help` lists them.

    Example: `vigie board --pty /tmp/button` and then `mpremote connect /tmp/button`
    """
    board_spec = spec.load(name)
    with contextlib.ExitStack() as stack:
        scratch = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="vigie-")))
        flash = flash or scratch / "board"
        _fill(flash, board_spec, firmware)
        world = stack.enter_context(open_world(paced=True))
        board = world.add_board(board_spec, flash, skip_stalls=not realtime)
        beside = None
        if bench:
            beside = VirtualBench(world, board, scratch / "player", skip_stalls=not realtime)
        try:
            world.run(_serve(world, board, pty, beside))
        except WorldError as e:
            print(f"vigie: the virtual board failed: {e}", file=sys.stderr)
            sys.exit(1)
        if (behind_s := world.loop.behind_s) > BEHIND_TOLD_FROM_S:
            said = f"this computer is too slow: the board fell {behind_s:.1f} s behind the clock"
            print(f"vigie: {said}.", file=sys.stderr)


def _fill(flash: Path, board_spec: spec.BoardSpec, firmware: bool) -> None:
    try:
        if not firmware:
            flash.mkdir(parents=True, exist_ok=True)
        elif not flash.exists():
            copy_home(firmware_home(board_spec), flash)
        elif not (flash / "flash.img").exists():
            raise VigieError(f"{flash} exists and holds no flash image.", "Choose another folder.")
    except OSError as e:
        raise VigieError(
            f"{flash} cannot hold the board's flash: {e.strerror}.", "Choose another folder."
        ) from None


async def _serve(
    world: World, board: VirtualBoard, link: Path | None, bench: VirtualBench | None
) -> None:
    port = PtyPort(board.console, link)
    keys = None
    if (fd := typed_input(sys.stdin)) is not None:
        keys = KeyConsole(fd, VirtualRig(board), say_on_stderr)
    stopped = asyncio.Event()

    def start_again(why: str) -> None:
        board.machine_reset()
        print(f"vigie: {why}. The board starts again, as after a panic.", file=sys.stderr)

    # As a chip does; here it is no failure of the run.
    board.on_crash[:] = [lambda why: world.loop.call_later(RESTART_AFTER_S, start_again, why)]
    world.on_failure.append(lambda text: stopped.set())
    for number in (signal.SIGTERM, signal.SIGHUP):
        world.loop.add_signal_handler(number, stopped.set)
    try:
        board.power_on()
        print(port.name, flush=True)
        if keys and sys.stdin.isatty():
            say_on_stderr("Type here to press its key; help says how.")
        for words in await bench.start() if bench else ():
            print(words, flush=True)
        await stopped.wait()
    finally:
        if keys:
            keys.close()
        if bench:
            bench.close()
        board.power_off()
        port.close()
