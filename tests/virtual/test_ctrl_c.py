"""One Ctrl-C is one KeyboardInterrupt, whatever the program does, and the board answers then."""

from pathlib import Path

import pytest

from tests.virtual.conftest import Load
from tests.virtual.programs import in_real_time
from vigie.boards.spec import BoardSpec
from vigie.virtual.board import VirtualBoard
from vigie.virtual.world import World

CTRL_C = b"\x03"
PROGRAMS = {
    "computes": "while True: pass",
    "computes and takes memory": "while True: x = [0] * 100",
    "looks at the clock": "import time\nwhile True: time.ticks_us()",
    "sleeps for no time": "import time\nwhile True: time.sleep_ms(0)",
    "sleeps": "import time\nwhile True: time.sleep_ms(1)",
    "reads a pin": "from machine import Pin\np = Pin(33, Pin.IN, Pin.PULL_UP)\nwhile p(): pass",
    "writes a pin": "from machine import Pin\np = Pin(25, Pin.OUT)\nwhile True: p.value(1)",
    "prints": "while True: print(1)",
    "runs tasks": "import asyncio\n"
    "async def main():\n"
    "    while True: await asyncio.sleep_ms(0)\n"
    "asyncio.run(main())",
    "writes files": "while True:\n    with open('x', 'wb') as f: f.write(bytes(3000))",
    "reads files": "open('x', 'wb').close()\nwhile True:\n    with open('x') as f: f.read()",
}
ROUNDS = 4


async def interrupt(board: VirtualBoard) -> list[str]:
    """Type Ctrl-C while main.py runs; what the board says until it answers again."""
    since = len(board.console.lines)
    board.console.type(CTRL_C)
    await board.console.said(">>> |help", within_s=5, since=since)
    board.console.type(b"print('al' + 'ive')\r")
    await board.console.said("^alive", within_s=5, since=since)
    return [line.text for line in board.console.lines[since:]]


async def stop_it_several_times(world: World, board: VirtualBoard) -> None:
    for _ in range(ROUNDS):
        since = len(board.console.lines)
        board.power_on()
        await board.console.said("^go", within_s=5, since=since)
        said = await interrupt(board)
        assert len([s for s in said if s.startswith("KeyboardInterrupt")]) == 1, said
        assert 'File "main.py"' in "\n".join(said)
        assert '.py"' not in "\n".join(said).replace("main.py", "").replace("core.py", "")
        board.power_off()


@pytest.mark.parametrize("main", PROGRAMS.values(), ids=PROGRAMS)
def test_it_stops_a_program_that(board_spec: BoardSpec, tmp_path: Path, main: str) -> None:
    in_real_time(board_spec, tmp_path, f"print('go')\n{main}\n", stop_it_several_times)


@pytest.mark.parametrize("name", ["computes", "looks at the clock", "sleeps", "prints"])
def test_where_nothing_can_be_raised_later_a_signal_stops_a_program_that(
    board_spec: BoardSpec, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setattr("vigie.virtual.process.pending_distance", lambda: 0)
    main = f"print('go')\n{PROGRAMS[name]}\n"
    in_real_time(board_spec, tmp_path, main, stop_it_several_times)


def test_a_program_that_catches_it_gets_no_second_one(
    board_spec: BoardSpec, tmp_path: Path
) -> None:
    main = """
import time
print("go")
try:
    while True: pass
except KeyboardInterrupt:
    time.sleep_ms(50)
    with open("x", "w") as f: f.write("x")
    print("cleaned up")
"""

    async def play(world: World, board: VirtualBoard) -> None:
        board.power_on()
        await board.console.said("^go", within_s=5)
        board.console.type(CTRL_C)
        await board.console.said("^cleaned up", within_s=5)

    in_real_time(board_spec, tmp_path, main, play)


def test_two_of_them_in_a_long_piece_of_c_do_no_harm(
    board_spec: BoardSpec, tmp_path: Path
) -> None:
    main = """
import hashlib
data = bytes(50000)
print("go")
while True:
    for i in range(200): hashlib.sha256(data)
"""

    async def play(world: World, board: VirtualBoard) -> None:
        board.power_on()
        await board.console.said("^go", within_s=5)
        board.console.type(CTRL_C)
        board.console.type(CTRL_C)
        await board.console.said("^KeyboardInterrupt", within_s=5)

    in_real_time(board_spec, tmp_path, main, play)


def test_one_that_comes_when_the_program_has_ended_does_not_end_the_board(
    board_spec: BoardSpec, tmp_path: Path
) -> None:
    async def play(world: World, board: VirtualBoard) -> None:
        board.console.said_line.append(lambda line: board.console.type(CTRL_C))
        for _ in range(ROUNDS):
            since = len(board.console.lines)
            board.power_on()
            await board.console.said("help", within_s=5, since=since)
            await interrupt(board)
            board.power_off()

    in_real_time(board_spec, tmp_path, "print('only this')\n", play)


def test_files_stay_whole(board_spec: BoardSpec, tmp_path: Path) -> None:
    main = """
import os
for name in os.listdir():
    if name[0] == "x":
        with open(name, "rb") as f: assert len(set(f.read())) <= 1, name
print("intact")
i = 0
while True:
    with open("x%d" % (i % 5), "wb") as f: f.write(bytes([i & 255]) * 3000)
    i += 1
"""

    async def play(world: World, board: VirtualBoard) -> None:
        for _ in range(ROUNDS):
            since = len(board.console.lines)
            board.power_on()
            await board.console.said("^intact", within_s=5, since=since)
            await interrupt(board)
            board.power_off()

    in_real_time(board_spec, tmp_path, main, play, skip_stalls=False)


def test_it_reaches_a_program_that_only_writes_files(world: World, load: Load) -> None:
    board = load("print('go')\nwhile True:\n    with open('x', 'wb') as f: f.write(bytes(300))\n")

    async def play() -> None:
        board.power_on()
        await board.console.said("^go")
        board.console.type(CTRL_C)
        await board.console.said("^KeyboardInterrupt", within_s=1)

    world.run(play())


def test_it_reaches_a_program_that_only_writes_one_file(world: World, load: Load) -> None:
    board = load(
        "f = open('x', 'wb')\nprint('go')\nwhile True:\n    f.seek(0)\n    f.write('x' * 300)\n"
    )

    async def play() -> None:
        board.power_on()
        await board.console.said("^go")
        board.console.type(CTRL_C)
        await board.console.said("^KeyboardInterrupt", within_s=1)

    world.run(play())


def test_it_reaches_a_handler_that_does_not_return(world: World, load: Load) -> None:
    board = load("""
import time
from machine import Timer
def handler(timer):
    print("go")
    while True: time.sleep_ms(10)
Timer(0, mode=Timer.ONE_SHOT, period=10, callback=handler)
time.sleep(100)
""")

    async def play() -> None:
        board.power_on()
        await board.console.said("^go")
        board.console.type(CTRL_C)
        await board.console.said("^KeyboardInterrupt", within_s=1)

    world.run(play())


def test_after_it_the_radio_can_be_switched_on_again(world: World, load: Load) -> None:
    board = load("import bluetooth\nprint('go')\nbluetooth.BLE().active(True)\nprint('never')\n")

    async def play() -> None:
        board.power_on()
        await board.console.said("^go")
        board.console.type(CTRL_C)
        await board.console.said("^KeyboardInterrupt", within_s=1)
        board.console.type(b"import bluetooth; print('on', bluetooth.BLE().active(True))\r")
        await board.console.said("^on True", within_s=5)

    world.run(play())
