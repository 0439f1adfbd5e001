"""The watchdog is hardware: it bites whatever the processor is doing, and late food is no food."""

import asyncio
from pathlib import Path

import pytest

from tests.virtual.conftest import Load
from tests.virtual.programs import in_real_time, program
from vigie.boards.spec import BoardSpec
from vigie.virtual import vm
from vigie.virtual.board import BOOT_US, Cause, VirtualBoard
from vigie.virtual.world import World, open_world

FIRST = """
import machine, os, time
print("cause", machine.reset_cause())
if machine.reset_cause() == 1:
    w = machine.WDT(timeout=2000)
"""
WORK = {
    "sleeps": "time.sleep(5)",
    "polls the clock": "t = time.time()\n    while time.time() < t + 5: pass",
    "writes flash": "f = open('big', 'wb')\n    for i in range(60): f.write(bytes(4096))",
    "writes flash at once": "f = open('big', 'wb')\n    f.write(bytes(60 * 4096))",
    "waits for the host": "os.urandom(4)",
}


def bitten_after_s(world: World, board: VirtualBoard) -> float:
    """When the watchdog bites, from the moment when it was armed."""

    async def play() -> float:
        since = len(board.console.lines)
        board.power_on()
        armed = await board.console.said("^cause 1", since=since)
        bitten = await board.console.said("^cause 3", since=since)
        return bitten.t_s - BOOT_US / 1e6 - armed.t_s

    return world.run(play())


@pytest.mark.parametrize("work", WORK.values(), ids=WORK)
def test_it_bites_a_program_that(
    world: World, load: Load, monkeypatch: pytest.MonkeyPatch, work: str
) -> None:
    board = load(f"{FIRST}    {work}\n    w.feed()\n    print('survived')\n")
    monkeypatch.setitem(board._calls, "urandom", lambda n: asyncio.sleep(100, bytes(n)))
    assert bitten_after_s(world, board) == pytest.approx(2, abs=0.05)
    assert "survived" not in board.console.text


READS = """
import machine
f = open("main.py", "rb")
print("cause", machine.reset_cause())
if machine.reset_cause() == 1:
    w = machine.WDT(timeout=10)
    while True:
        f.seek(0)
        f.read(700)
"""


@pytest.mark.parametrize("leases", [True, False], ids=["leases", "no leases"])
def test_it_bites_a_program_that_only_reads_flash_in_time(
    board_spec: BoardSpec, tmp_path: Path, leases: bool
) -> None:
    with open_world(leases=leases) as world:
        board = program(world, board_spec, tmp_path / "b", READS + "#" * 700)
        assert bitten_after_s(world, board) == pytest.approx(0.010, abs=0.001)


def test_food_in_time_keeps_it_quiet(world: World, load: Load) -> None:
    board = load(f"""{FIRST}
    for i in range(40):
        with open("big", "wb") as f: f.write(bytes(4096))
        w.feed()
        time.sleep_ms(1900)
        w.feed()
    print("fine")
""")

    async def play() -> None:
        board.power_on()
        await board.console.said("^fine", within_s=100)

    world.run(play())
    assert Cause.WATCHDOG not in board.resets


def test_a_hung_chip_keeps_its_pins_until_then(
    world: World, load: Load, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(vm, "HANG_S", 0.3)
    board = load(f"""{FIRST}
    machine.PWM(machine.Pin(25), freq=2700, duty_u16=32768)
    while True: pass
""")
    assert bitten_after_s(world, board) == pytest.approx(2, abs=0.05)
    on, off = board.gpio.outputs[-2:]
    assert on.active and not off.active
    assert off.t_s - on.t_s == pytest.approx(2, abs=0.05)


def test_it_runs_on_through_a_soft_reset(world: World, load: Load) -> None:
    board = load(f"""{FIRST}
    time.sleep_ms(1500)
    machine.soft_reset()
time.sleep(60)
""")
    assert bitten_after_s(world, board) == pytest.approx(2, abs=0.05)


def test_in_real_time_it_bites_a_program_that_computes(
    board_spec: BoardSpec, tmp_path: Path
) -> None:
    async def play(world: World, board: VirtualBoard) -> None:
        board.power_on()
        await board.console.said("^cause 1", within_s=5)
        await board.console.said("^cause 3", within_s=5)

    main = FIRST.replace("2000", "200") + "    while True: pass\n"
    in_real_time(board_spec, tmp_path, main, play)


def test_in_real_time_food_counts_from_when_it_was_given(
    board_spec: BoardSpec, tmp_path: Path
) -> None:
    async def play(world: World, board: VirtualBoard) -> None:
        board.power_on()
        await board.console.said("^(fine|cause 3)", within_s=60)
        assert "cause 3" not in board.console.text

    main = (
        FIRST.replace("2000", "600")
        + """
    for i in range(8):
        for j in range(1000000): pass  # a tenth of a second, of which the program knows nothing
        w.feed()
    time.sleep_ms(300)
    w.feed()
    print("fine")
    while True:
        w.feed()
        time.sleep_ms(50)
"""
    )
    in_real_time(board_spec, tmp_path, main, play)
