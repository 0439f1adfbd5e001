"""The commands of hardware/build.md do on a virtual board what the page says of them."""

import re
from pathlib import Path

import pytest

from tests.virtual.programs import say, told
from vigie.bench.virtual_rig import VirtualRig
from vigie.boards.firmware import device_files
from vigie.boards.spec import BoardSpec
from vigie.paths import HARDWARE
from vigie.virtual import micropython
from vigie.virtual.board import VirtualBoard
from vigie.virtual.prepare import deploy_to
from vigie.virtual.world import World

PAGE = (HARDWARE / "build.md").read_text(encoding="utf-8")
COMMANDS = {
    heading: code
    for heading, code in re.findall(
        r"^## \d\. ([\w ]+).*?^mpremote connect \$PORT exec \"\n(.*?)^\"$", PAGE, re.S | re.M
    )
}


@pytest.fixture
def button(world: World, board_spec: BoardSpec, tmp_path: Path) -> VirtualBoard:
    """A board with the firmware on it, which does not start by itself."""
    files = {**device_files(board_spec, micropython.architecture()), "main.py": b""}
    board = deploy_to(world, board_spec, tmp_path / "bench", files)
    told(world, board, "help")
    return board


def test_there_is_a_command_for_every_part() -> None:
    names = ["The board", "Key", "Sounder", "Motor or light", "Divider", "Microphone"]
    assert list(COMMANDS) == names
    assert not [
        code for code in COMMANDS.values() if re.search(r'["$`\\!]', code)
    ]  # for the shell


def test_board(world: World, button: VirtualBoard, board_spec: BoardSpec) -> None:
    answer = say(world, button, COMMANDS["The board"])
    assert answer == f"micropython esp32 key on {board_spec.key.pin}\n"


def test_key(world: World, button: VirtualBoard) -> None:
    rig = VirtualRig(button)
    assert say(world, button, COMMANDS["Key"]) == "open\n"
    rig.set_key(1)
    assert say(world, button, COMMANDS["Key"]) == "pressed\n"


def test_sounder(world: World, button: VirtualBoard) -> None:
    rig = VirtualRig(button)
    assert say(world, button, COMMANDS["Sounder"]) == "five tones\n"
    assert sum(pulse.ms for pulse in rig.siren.pulses) == pytest.approx(2000, abs=20)
    assert not rig.siren.active


def test_light(world: World, button: VirtualBoard) -> None:
    rig = VirtualRig(button)
    assert say(world, button, COMMANDS["Motor or light"]) == "three pulses\n"
    assert [pulse.ms for pulse in rig.indicator.pulses] == [300, 300, 300]


def test_divider(world: World, button: VirtualBoard) -> None:
    button.battery_mv = 3700
    millivolts, unit = say(world, button, COMMANDS["Divider"]).split()
    assert int(millivolts) == pytest.approx(3700, rel=0.01)
    assert unit == "mV"


def test_microphone(world: World, button: VirtualBoard) -> None:
    lines = say(world, button, COMMANDS["Microphone"]).splitlines()
    swings = [int(line.removeprefix("swing ")) for line in lines]
    assert len(swings) == 20
    assert min(swings) > 0
