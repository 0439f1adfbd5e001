"""What a board needs driven is driven before its radio starts: some hear nothing without it."""

from pathlib import Path

from vigie.boards import spec
from vigie.boards.firmware import CONFIG, device_files
from vigie.paths import BOARDS
from vigie.virtual import micropython
from vigie.virtual.prepare import deploy_to
from vigie.virtual.world import World

TELL = b"""
import button.services.link as link
_start = link.Link.start_radio
def telling(self):
    from machine import Pin
    print("the radio starts with", Pin(13).value(), Pin(27).value())
    _start(self)
link.Link.start_radio = telling
"""


def test_the_pins_are_driven_before_the_radio_starts(world: World, tmp_path: Path) -> None:
    text = (BOARDS / "virtual.toml").read_text()
    (tmp_path / "b.toml").write_text(text + "\n[startup]\nlow = [13]\nhigh = [27]\n")
    board_spec = spec.load(str(tmp_path / "b.toml"))
    files = device_files(board_spec, micropython.architecture())
    files[CONFIG] += TELL
    board = deploy_to(world, board_spec, tmp_path / "home", files)

    async def play() -> str:
        since = len(board.console.lines)
        board.power_on()
        return (await board.console.said("the radio starts", within_s=5, since=since)).text

    assert world.run(play()) == "the radio starts with 0 1"
