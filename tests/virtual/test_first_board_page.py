"""What docs/first-board.md shows of the console is what the button says there."""

import re
from pathlib import Path

from tests.virtual.programs import program, told
from vigie.bench.phones import BenchPhone
from vigie.bench.virtual_rig import VirtualRig
from vigie.boards import spec
from vigie.boards.budget import Code, check_fits
from vigie.boards.firmware import device_files
from vigie.boards.spec import BoardSpec
from vigie.paths import ROOT
from vigie.phone.events import Acknowledged
from vigie.virtual.board import VirtualBoard
from vigie.virtual.world import World

PAGE = (ROOT / "docs" / "first-board.md").read_text(encoding="utf-8")
SECTION = PAGE.split("\n## ")[2]
SHOWN = [
    line
    for row in SECTION.splitlines()
    if row.startswith("| `")
    for line in re.findall(r"`([^`]+)`", row.split("|")[1])
]
CRASHES = "crashed 4 times; Ctrl-C for the console"
AT_A_FAULT = (
    *("flash: ...", "microphone: ...", "link: ...", "error: ..."),
    *("supervisor: Link stands still", CRASHES),
)


def shape(line: str) -> str:
    """A line without its time, numbers and names of events."""
    line = re.sub(r"^\[[\d.]+\] ", "", line.strip())
    return re.sub(r"\d+", "#", re.sub(r" \S*-(?=\d)", " ", line))


def test_the_firmware_fits_the_boards_that_it_is_put_on() -> None:
    boards = set(re.findall(r"BOARD=(\w+)", PAGE + (ROOT / "README.md").read_text()))
    assert boards
    for board in boards:
        check_fits(spec.load(board), Code.FILES)


async def test_each_line_of_the_page_is_said(
    board: VirtualBoard, rig: VirtualRig, phone: BenchPhone
) -> None:
    await phone.connect()
    await rig.press()
    await phone.transcript.saw(Acknowledged, within_s=5)
    await rig.press(31_000)
    await board.console.said("key works again", within_s=5)
    await rig.press(2200)
    await board.console.said("siren off: key", within_s=5)
    said = [shape(line.text) for line in board.console.lines]
    lines = [line for line in SHOWN if line not in AT_A_FAULT]
    assert len(lines) > 10
    assert set(AT_A_FAULT) <= set(SHOWN)
    for line in lines:
        assert [s for s in said if s.startswith(shape(line))], line


def test_a_program_that_always_crashes_pauses_from_the_fourth_time_on(
    world: World, board_spec: BoardSpec, tmp_path: Path
) -> None:
    files = {
        name: data.decode(errors="surrogateescape")
        for name, data in device_files(board_spec, "", compile_files=False).items()
        if name != "main.py"
    }
    main = "from button.drivers.system import System\nSystem().crashed(ValueError('a bug'))\n"
    board = program(world, board_spec, tmp_path / "bench", main, files)
    assert told(world, board, "^crashed") == CRASHES
