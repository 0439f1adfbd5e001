"""Interrupts as on the chip: soft, late, and lost when there are too many."""

import asyncio
from pathlib import Path

import pytest

from tests.virtual.conftest import Load
from tests.virtual.programs import program, told
from vigie.boards.spec import BoardSpec
from vigie.virtual.interrupts import SCHEDULER_DEPTH, Event, Interrupt, Interrupts, Which
from vigie.virtual.world import World

COUNT = """
import time
from machine import Pin
seen = []
def irq(pin):
    seen.append(pin.value())
key = Pin(33, Pin.IN, Pin.PULL_UP)
key.irq(irq, TRIGGER)
f = open("big", "wb")
print("ready")
WORK
print("irqs", len(seen), seen[-1:], key.value())
"""
BOTH, FALLING = 3, 2


def run(
    world: World,
    spec: BoardSpec,
    home: Path,
    work: str,
    edges: int,
    every_s: float,
    trigger: int = BOTH,
) -> str:
    main = COUNT.replace("WORK", work).replace("TRIGGER", str(trigger))
    board = program(world, spec, home, main)

    async def play() -> str:
        board.power_on()
        await board.console.said("ready")
        for i in range(edges):
            await asyncio.sleep(every_s)
            board.gpio.drive(33, i % 2)
        line = await board.console.said("irqs", within_s=30)
        return line.text

    return world.run(play())


def test_a_program_that_sleeps_sees_every_edge(
    world: World, board_spec: BoardSpec, tmp_path: Path
) -> None:
    answer = run(world, board_spec, tmp_path / "b", "time.sleep(1)", 100, 0.003)
    assert answer == "irqs 100 [1] 1"


def test_of_the_edges_in_one_flash_erase_one_interrupt_is_left(
    world: World, board_spec: BoardSpec, tmp_path: Path
) -> None:
    work = "f.write(bytes(4096))\nf.close()\ntime.sleep(1)"  # begins with an erase of 45 ms
    answer = run(world, board_spec, tmp_path / "b", work, 12, 0.003)
    assert answer == "irqs 1 [1] 1"


def test_of_the_edges_in_one_long_piece_of_c_eight_interrupts_are_left(
    world: World, board_spec: BoardSpec, tmp_path: Path
) -> None:
    # More than twenty erases in one call, and no handler runs before it returns.
    work = "f.write(bytes(24 * 4096))\ntime.sleep(3)"
    answer = run(world, board_spec, tmp_path / "b", work, 301, 0.003)
    assert answer == f"irqs {SCHEDULER_DEPTH} [0] 0"


@pytest.mark.parametrize(
    ("trigger", "edges", "seen"), [(BOTH, 8, 8), (BOTH, 16, 8), (FALLING, 16, 8), (FALLING, 20, 8)]
)
def test_while_a_handler_runs_eight_interrupts_that_fire_have_room(
    world: World,
    board_spec: BoardSpec,
    tmp_path: Path,
    trigger: int,
    edges: int,
    seen: int,
) -> None:
    busy = (
        "from machine import Timer\nTimer(0, mode=0, period=1, callback=lambda t: time.sleep(1))"
    )
    answer = run(
        world, board_spec, tmp_path / "b", f"{busy}\ntime.sleep(2)", edges, 0.010, trigger
    )
    assert answer == f"irqs {seen} [1] 1"


def test_handlers_run_between_file_operations(world: World, load: Load) -> None:
    board = load("""
from machine import Pin
n = 0
def irq(pin):
    global n
    n += 1
Pin(33, Pin.IN, Pin.PULL_UP).irq(irq, 3)
print("ready")
for i in range(10):
    with open("x", "wb") as f: f.write(bytes(4096))
    m = n
print("seen", m)
""")

    async def play() -> int:
        board.power_on()
        await board.console.said("^ready")
        for i in range(10):
            await asyncio.sleep(0.030)
            board.gpio.drive(33, i % 2)
        return int((await board.console.said("^seen")).text.split()[1])

    assert world.run(play()) > 3


def test_a_handler_that_writes_files_is_not_started_inside_itself(
    world: World, load: Load
) -> None:
    board = load("""
import time
from machine import Pin
depth = deepest = n = 0
def irq(pin):
    global depth, deepest, n
    depth += 1
    deepest = max(depth, deepest)
    with open("y", "ab") as f: f.write(bytes(4096))
    n += 1
    depth -= 1
Pin(33, Pin.IN, Pin.PULL_UP).irq(irq, 3)
print("ready")
for i in range(10):
    with open("x", "wb") as f: f.write(bytes(4096))
time.sleep(5)
print("deepest", deepest, n > 0)
""")

    async def play() -> str:
        board.power_on()
        await board.console.said("^ready")
        for i in range(100):
            await asyncio.sleep(0.007)
            board.gpio.drive(33, i % 2)
        return (await board.console.said("^deepest")).text

    assert world.run(play()) == "deepest 1 True"


def test_a_handler_sees_the_level_of_its_own_moment(world: World, load: Load) -> None:
    board = load("""
import time
from machine import Pin
seen = []
key = Pin(33, Pin.IN, Pin.PULL_UP)
key.irq(lambda p: seen.append(p.value()), Pin.IRQ_RISING | Pin.IRQ_FALLING)
f = open("big", "wb")
print("ready")
f.write(bytes(4096))
f.close()
time.sleep(1)
print("saw", seen)
""")

    async def play() -> str:
        board.power_on()
        await board.console.said("ready")
        await asyncio.sleep(0.010)  # in the middle of the erase
        board.gpio.drive(33, 0)
        await asyncio.sleep(0.010)
        board.gpio.drive(33, 1)
        return (await board.console.said("saw", within_s=5)).text

    assert world.run(play()) == "saw [1]"


def test_a_level_that_changes_without_an_interrupt_ends_a_wait(world: World, load: Load) -> None:
    board = load("""
import io, select, time
from machine import Pin
key = Pin(33, Pin.IN, Pin.PULL_UP)
class Key(io.IOBase):
    def ioctl(self, op, arg): return 1 if not key.value() else 0
poll = select.poll()
poll.register(Key(), 1)
print("ready")
t = time.ticks_ms()
poll.poll(10000)
print("after", time.ticks_diff(time.ticks_ms(), t))
""")

    async def play() -> int:
        board.power_on()
        await board.console.said("^ready")
        await asyncio.sleep(0.5)
        board.gpio.drive(33, 0)
        return int((await board.console.said("^after")).text.split()[1])

    assert world.run(play()) == pytest.approx(500, abs=2)


def test_timers_share_the_queue(world: World, load: Load) -> None:
    board = load("""
import time
from machine import Timer
hits = [0] * 4
def hit(i):
    hits[i] += 1
print("go")
for i in range(3): Timer(i + 1, period=10, callback=lambda t, i=i: hit(i + 1))
Timer(0, mode=Timer.ONE_SHOT, period=5, callback=lambda t: time.sleep_ms(1000))
time.sleep_ms(1006)
for i in range(4): Timer(i).deinit()
print("hits", sum(hits))
""")
    assert told(world, board, "^hits") == f"hits {SCHEDULER_DEPTH}"


def test_typed_bytes_are_cut_at_the_last_of_a_kind() -> None:
    queue = Interrupts()
    for kind, data in ((Event.RX, b"a\x03b"), (Event.PIN, b""), (Event.RX, b"c\x03d")):
        queue.add(Interrupt(kind, data=data))
    assert queue.cut_typed(3)
    assert not queue.cut_typed(3)
    assert queue.waiting(Which.ALL) == 2
    taken = queue.take(Which.CONSOLE)
    assert taken is not None and taken.data == b"d"
    assert queue.take(Which.CONSOLE) is None
    assert queue.waiting(Which.HANDLERS) == 1
