"""A board's home with the firmware on it, deployed once and then copied."""

import functools
import hashlib
import shutil
import tempfile
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path

from vigie.boards.deploy import Step, deploy
from vigie.boards.firmware import device_files
from vigie.boards.spec import BoardSpec
from vigie.paths import CACHE
from vigie.virtual import micropython
from vigie.virtual.board import FLASH_BYTES, VirtualBoard
from vigie.virtual.process import shims
from vigie.virtual.serial import LoopTransport
from vigie.virtual.world import World, open_world


@functools.cache
def firmware_home(spec: BoardSpec, *, compile_files: bool = True) -> Path:
    """The home of a board that has just been deployed to. Copy it: it must stay as it is."""
    files = device_files(spec, micropython.architecture(), compile_files=compile_files)
    made_of = (micropython.version(), version("mpremote"), shims().name, FLASH_BYTES)
    digest = hashlib.sha256(repr(made_of).encode())
    for name, data in sorted(files.items()):
        digest.update(name.encode() + b"\0" + data + b"\0")
    home = CACHE / "images" / digest.hexdigest()[:24]
    if not home.exists():
        home.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=home.parent) as folder:
            part = Path(folder) / "home"
            with open_world() as world:
                deploy_to(world, spec, part, files)
            try:
                part.rename(home)
            except OSError:
                if not home.exists():  # else another process was faster
                    raise
    return home


def deploy_to(
    world: World,
    spec: BoardSpec,
    home: Path,
    files: dict[str, bytes],
    progress: Callable[[Step], None] = lambda step: None,
) -> VirtualBoard:
    """A fresh board in this world, deployed to the way a user does it, and switched off."""
    board = world.add_board(spec, home)

    async def start() -> None:
        board.power_on()
        await board.console.said("help")

    world.run(start())
    transport = LoopTransport(world.loop, board)
    deploy(transport, files, progress)
    transport.close()
    board.power_off()
    return board


def copy_home(source: Path, target: Path) -> Path:
    """A copy that a board may change."""
    target.mkdir(parents=True)
    for path in source.iterdir():
        shutil.copyfile(path, target / path.name)  # not its rights: a board writes to it
    return target
