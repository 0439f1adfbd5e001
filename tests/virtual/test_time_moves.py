"""No program can stop the world's clock, and no clock stops by itself."""

import asyncio
import subprocess
import sys

import pytest
from mpremote.transport import TransportExecError

from tests.virtual.conftest import Load
from tests.virtual.programs import program, say, told
from vigie.boards.spec import BoardSpec
from vigie.virtual import vm
from vigie.virtual.board import VirtualBoard
from vigie.virtual.clock import Deadlock, run
from vigie.virtual.world import World, WorldError, open_world

LOOPS = {
    "prints": "while True: print('x')",
    "writes a pin": "from machine import Pin\np = Pin(25, Pin.OUT)\nwhile True: p.value(1)",
    "reads a pin": "from machine import Pin\np = Pin(33, Pin.IN)\nwhile True: p.value()",
    "sleeps for no time": "import time\nwhile True: time.sleep_ms(0)",
    "polls": "import select\np = select.poll()\nwhile True: p.poll(0)",
    "retries a full radio": "import bluetooth\n"
    "while True:\n    try: bluetooth.BLE().gap_advertise(None)\n    except OSError: pass",
    "reads files": "while True: open('main.py').read()",
}


@pytest.mark.parametrize("main", LOOPS.values(), ids=LOOPS)
@pytest.mark.parametrize("leases", [True, False], ids=["leases", "no leases"])
def test_it_moves_on_while_a_program(
    board_spec: BoardSpec, tmp_path_factory: pytest.TempPathFactory, main: str, leases: bool
) -> None:
    home = tmp_path_factory.mktemp("looping") / "b"
    with open_world(leases=leases) as world:
        board = program(world, board_spec, home, f"print('go')\n{main}\n")
        assert told(world, board, "^go") == "go"
        before_s = world.loop.time()
        world.run(asyncio.sleep(0.05))
        assert world.loop.time() - before_s == pytest.approx(0.05)


def test_a_program_that_asks_without_end_at_one_moment_hangs(
    board_spec: BoardSpec,
    tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(vm, "STUCK_QUESTIONS", 5)
    home = tmp_path_factory.mktemp("stuck") / "b"
    # Eight edges that came while a handler ran are fetched one by one, and that takes no time.
    main = """
import time
from machine import Pin, Timer
key = Pin(33, Pin.IN, Pin.PULL_UP)
key.irq(lambda pin: None, 3)
Timer(0, mode=Timer.ONE_SHOT, period=10, callback=lambda t: time.sleep_ms(500))
print("go")
time.sleep(2)
"""
    with open_world() as world:
        board = program(world, board_spec, home, main)

        async def play() -> None:
            board.power_on()
            await board.console.said("^go")
            await asyncio.sleep(0.1)
            for i in range(16):
                board.gpio.drive(33, i % 2)
                await asyncio.sleep(0.01)
            await asyncio.sleep(2)

        with pytest.raises(WorldError, match="lets no time pass"):
            world.run(play())


def test_a_timer_that_never_rests_is_refused(world: World, bare: VirtualBoard) -> None:
    for period in ("period=0", "freq=2000000"):
        with pytest.raises(TransportExecError, match="NotImplementedError"):
            say(world, bare, f"from machine import Timer; Timer(0, {period}, callback=print)")
    world.run(asyncio.sleep(1))


def test_a_wait_that_nothing_can_end_is_seen_beside_an_idle_board(
    world: World, bare: VirtualBoard
) -> None:
    with pytest.raises(Deadlock):
        world.run(asyncio.Event().wait())


def test_short_waits_end_after_years() -> None:
    """In a process of its own, which can be given up if the loop turns without end."""
    code = (
        "import asyncio\n"
        "from vigie.virtual.clock import run\n"
        "async def main():\n"
        "    for days in (200, 2000, 20000):\n"
        "        await asyncio.sleep(days * 86400)\n"
        "        for i in range(50): await asyncio.sleep(0.000123 + i * 0.0101)\n"
        "run(main())\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=30)


def test_a_short_wait_is_exact_in_the_beginning() -> None:
    async def wait() -> float:
        began_s = asyncio.get_running_loop().time()
        await asyncio.sleep(1e-6)
        return asyncio.get_running_loop().time() - began_s

    assert run(wait()) == pytest.approx(1e-6, abs=2e-9)


def test_sleeping_takes_whole_numbers_only(world: World, bare: VirtualBoard) -> None:
    for call in ("sleep_ms(10.5)", "sleep_us(1.0)"):
        with pytest.raises(TransportExecError, match="TypeError"):
            say(world, bare, f"import time; time.{call}")


@pytest.mark.parametrize("zone", ["UTC", "Europe/Paris", "America/New_York"])
def test_dates_are_the_same_everywhere(
    load: Load, world: World, monkeypatch: pytest.MonkeyPatch, zone: str
) -> None:
    monkeypatch.setenv("TZ", zone)
    board = load("""
import time, machine
t = time.mktime((2026, 7, 1, 12, 0, 0, 0, 0))
machine.RTC().datetime((2026, 7, 1, 2, 12, 0, 0, 0))
print("dates", t, time.gmtime(t)[:6], machine.RTC().datetime()[:5],
      time.mktime((2023, 14, 31, 25, 61, 61, 0, 0)) == time.mktime((2024, 3, 3, 2, 2, 1, 0, 0)),
      [time.gmtime(time.mktime((y, 2, 29, 0, 0, 0, 0, 0)))[1] for y in (2000, 2024, 2100)])
""")
    assert told(world, board, "^dates") == (
        "dates 836222400 (2026, 7, 1, 12, 0, 0) (2026, 7, 1, 2, 12) True [2, 2, 3]"
    )


def test_a_task_that_waits_for_the_dead_does_not_outlive_its_world() -> None:
    left: list[str] = []

    async def says_goodbye(to: asyncio.Future[None]) -> None:
        try:
            await to
        finally:
            left.append("waits for an answer")
            await asyncio.get_running_loop().create_future()

    async def play() -> asyncio.Task[None]:
        task = asyncio.create_task(says_goodbye(asyncio.get_running_loop().create_future()))
        await asyncio.sleep(1)
        return task

    with open_world() as world:
        task = world.run(play())
    assert left == ["waits for an answer"]
    assert task.cancelled()
