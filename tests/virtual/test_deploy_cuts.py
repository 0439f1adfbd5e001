"""A deploy may end at any moment: the board starts, whole, and the next deploy completes."""

import shutil
from collections.abc import Mapping
from pathlib import Path

import pytest
from mpremote.transport import TransportError

from tests.virtual.programs import say
from vigie.boards.deploy import STARTED, deploy, put
from vigie.boards.device import Device, identify
from vigie.boards.firmware import CONFIG, device_files
from vigie.boards.spec import BoardSpec
from vigie.errors import VigieError
from vigie.virtual import micropython
from vigie.virtual.board import VirtualBoard
from vigie.virtual.prepare import copy_home, deploy_to
from vigie.virtual.serial import LoopSerial, LoopTransport
from vigie.virtual.world import World, open_world

Files = dict[str, bytes]
SAYS = "version (.*) of four"
"""Four files agree, the configuration among them: a mixture of two versions would not start."""
MIXTURE = """
import button.one as one, button.deep.two as two, button.{last} as last
assert one.V == two.V == last.V == {v}
print("version", {v}, "of four")
"""


def version(spec: BoardSpec, v: int) -> Files:
    """A firmware whose files know that they belong together; each version removes a file."""
    files = device_files(spec, micropython.architecture())
    last = f"only_in_{v}"
    for name in ("button/one.py", "button/deep/two.py", f"button/{last}.py"):
        files[name] = f"V = {v}\n".encode()
    files["button/deep/__init__.py"] = b""
    files[CONFIG] += MIXTURE.format(v=v, last=last).encode()
    return {name: files[name] for name in sorted(files)}


class UsbSerial(LoopSerial):
    """A port that vanishes with the board's power, as that of a chip with USB inside."""

    def __init__(self, world: World, board: VirtualBoard):
        super().__init__(world.loop, board)
        self._board = board

    def inWaiting(self) -> int:
        waiting = super().inWaiting()
        if not waiting and not self._board.on:
            raise OSError("the port has vanished")
        return waiting


class CutTransport(LoopTransport):
    """A connection that breaks after so many commands to the device."""

    def __init__(self, world: World, board: VirtualBoard, cut_after: int):
        super().__init__(world.loop, board)
        self.serial.close()
        self.serial = UsbSerial(world, board)
        self.left = cut_after

    def exec_raw_no_follow(self, command: str | bytes) -> None:
        if self.left == 0:
            raise TransportError("the cable is pulled")
        self.left -= 1
        super().exec_raw_no_follow(command)


def send(world: World, board: VirtualBoard, files: Mapping[str, bytes], cut_after: int) -> int:
    """Deploy; how many commands it took, or raise VigieError."""
    transport = CutTransport(world, board, cut_after)
    try:
        deploy(transport, files, starts_with=STARTED)
    finally:
        transport.close()
    return cut_after - transport.left


def version_that_starts(world: World, board: VirtualBoard) -> int:
    """Take the power away and give it back: the version that runs then."""
    board.power_off()
    board.flash.cut_at = None

    async def start() -> int:
        since = len(board.console.lines)
        board.power_on()
        line = await board.console.said(SAYS, within_s=5, since=since)
        await board.console.said("ready after reset", within_s=5, since=since)
        return int(line.text.split()[1])

    return world.run(start())


@pytest.fixture(scope="module")
def old_home(board_spec: BoardSpec, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A board with version 1."""
    home = tmp_path_factory.mktemp("old") / "home"
    with open_world() as world:
        deploy_to(world, board_spec, home, version(board_spec, 1))
    return home


def one_life(
    spec: BoardSpec, old_home: Path, folder: Path, cut_after: int, cut_at: int, done: float
) -> tuple[int, int]:
    """A deploy that is cut, a restart, another deploy; the version between, and what it took.

    It took commands if it was not cut.

    Args:
        cut_after: commands to the device, then the cable is pulled; 0 lets it be.
        cut_at: flash operation in which the power fails; 0 lets it be.
        done: how much of that operation is done.
    """
    new = version(spec, 2)
    home = copy_home(old_home, folder / "home")
    with open_world() as world:
        board = world.add_board(spec, home)
        assert version_that_starts(world, board) == 1
        board.flash.operations = 0
        if cut_at:
            board.flash.cut(cut_at, done)
        if cut_after or cut_at:
            with pytest.raises(VigieError):
                send(world, board, new, cut_after or 10**9)
            took = 0
        else:
            took = send(world, board, new, 10**9)
        operations = board.flash.operations
        between = version_that_starts(world, board)
        send(world, board, new, 10**9)
        assert version_that_starts(world, board) == 2
        assert say(world, board, "import os; print('only_in_1.py' in os.listdir('button'))") == (
            "False\n"
        )
    shutil.rmtree(home)
    return between, took or operations


def test_a_cable_that_is_pulled_after_any_command(
    board_spec: BoardSpec, old_home: Path, tmp_path: Path
) -> None:
    between, commands = one_life(board_spec, old_home, tmp_path, 0, 0, 0)
    assert between == 2
    versions = [
        one_life(board_spec, old_home, tmp_path, n, 0, 0)[0] for n in range(1, commands - 1)
    ]
    assert versions == sorted(versions), "old, then new, and never back"
    assert set(versions) == {1, 2}


@pytest.mark.parametrize("done", [0.0, 0.5])
def test_power_that_fails_in_any_flash_operation(
    board_spec: BoardSpec, old_home: Path, tmp_path: Path, done: float
) -> None:
    with open_world() as world:
        board = world.add_board(board_spec, copy_home(old_home, tmp_path / "whole"))
        version_that_starts(world, board)
        board.flash.operations = 0
        send(world, board, version(board_spec, 2), 10**9)
        total = board.flash.operations
    versions = [
        one_life(board_spec, old_home, tmp_path, 0, n, done)[0] for n in range(1, total + 1)
    ]
    assert versions == sorted(versions), "old, then new, and never back"
    assert versions[0] == 1


def test_a_device_says_what_it_is_and_files_on_flash_are_not_an_image(
    world: World, board: VirtualBoard
) -> None:
    transport = LoopTransport(world.loop, board)
    expected = Device("virtual board with ESP32", micropython.architecture(), has_firmware=False)
    assert identify(transport) == expected
    transport.close()


def test_an_image_gets_its_configuration_and_nothing_hides_what_is_inside(
    world: World, board: VirtualBoard, board_spec: BoardSpec
) -> None:
    transport = LoopTransport(world.loop, board)
    config = device_files(board_spec)[CONFIG] + b"# changed\n"
    done = put(transport, {CONFIG: config}, has_main=True)
    transport.close()
    assert done.written == [CONFIG]
    assert "button/app.mpy" in done.removed
    left = """
import os
def files(d):
    for name, kind, *_ in os.ilistdir(d):
        yield from files(d + "/" + name) if kind & 0x4000 else [d + "/" + name]
print(list(files("button")), open("board_config.py").read().endswith("# changed\\n"))
"""
    assert say(world, board, left) == "[] True\n"
