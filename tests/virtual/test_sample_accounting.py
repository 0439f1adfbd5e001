"""Every sample is heard or counted as lost, whatever else the button does meanwhile."""

import random
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from tests.virtual.listening import BUFFER, RATE_HZ, full_scale
from vigie.boards.firmware import device_files
from vigie.boards.spec import BoardSpec
from vigie.virtual import micropython
from vigie.virtual.acoustics.sounds import Sound
from vigie.virtual.board import VirtualBoard
from vigie.virtual.prepare import deploy_to
from vigie.virtual.world import World

Run = Callable[[str], list[list[int]]]
Stall = tuple[str, int]

COMMON = """
import asyncio, gc, time
from button.core.pace import Pace
from button.core.ring import Ring
from button.drivers.microphone import Microphone
from button.drivers.system import Clock
from button.services.capture import Capture
clock = Clock()
microphone = Microphone(18, 19, 23, 16000)
def stall(kind, n):
    if kind == "flash":
        with open("other", "wb") as f:
            f.write(bytes(n))
    elif kind == "collect":
        gc.collect()
        time.sleep_ms(n)
    else:
        time.sleep_ms(n)
"""
READER = """
pace = Pace(microphone.rate_hz, microphone.capacity, microphone.buffer_samples)
words = bytearray(4 * 1024)
view = memoryview(words)
read = lost = 0
def level(buffer):
    total = 0
    for i in range(2, 1024, 4):
        sample = buffer[i] | buffer[i + 1] << 8
        total += sample - ((sample & 0x8000) << 1)
    return total
microphone.start()
start_us = clock.now_us()
pace.start(start_us)
for kind, n in STALLS:
    stall(kind, n)
    count = 1024
    while count == 1024:
        now_us = clock.now_us()
        lost += pace.lost(now_us)
        count = microphone.read(words) // 4
        read += count
        if count:
            print("read", pace.position, level(view[:1024]))
        pace.read(count)
    lost += pace.emptied(now_us)
    if count:
        print("newest", pace.position - 256, level(view[4 * count - 1024:4 * count]))
    print("sum", now_us - start_us, read, lost)
print("done")
"""
SERVICE = """
def on_block():
    print("block", *ring.facts(ring.end - 1))
ring = Ring(4)
def on_broken():
    print("broken")
capture = Capture(microphone, ring, clock, lambda text: None, 12, on_block, on_broken)
async def main():
    capture.want(True)
    asyncio.create_task(capture.run(print))
    for kind, n in STALLS:
        await asyncio.sleep_ms(n % 60)
        stall(kind, n)
    capture._read()
    capture._read()
    end_us = clock.now_us()
    capture.cut()
    begin_us = capture.heard_ms(0) * 1000
    print("end", end_us - begin_us, capture._position, capture.lost, capture._gap)
    print("done")
asyncio.run(main())
"""


@pytest.fixture
def run(world: World, board_spec: BoardSpec, tmp_path: Path) -> Run:
    """Runs a program beside the firmware's modules; the numbers of the lines that it prints."""

    def run(code: str) -> list[list[int]]:
        files = dict(device_files(board_spec, micropython.architecture()))
        files["main.py"] = (COMMON + code).encode()
        board = deploy_to(world, board_spec, tmp_path / "counting", files)
        return world.run(_lines(board))

    return run


async def _lines(board: VirtualBoard) -> list[list[int]]:
    since = len(board.console.lines)
    board.power_on()
    board.room.play(rising(), board.loop.time())
    await board.console.said("^done", within_s=120, since=since)
    lines = [line.text.split() for line in board.console.lines[since:]]
    return [[KINDS.index(x[0]), *map(int, x[1:])] for x in lines if x and x[0] in KINDS]


KINDS = ("read", "newest", "sum", "block", "end", "broken")
READ, NEWEST, SUM, BLOCK, END, BROKEN = range(6)
SAMPLES = 1 << 19
A_LITTLE = 3
"""Samples: the microphone's noise moves the mean of a buffer by less."""


def rising() -> Sound:
    """Half a minute that rises evenly from the lowest to the highest value of a sample."""
    return Sound(full_scale(120) * np.linspace(-1, 1, SAMPLES, endpoint=False), RATE_HZ)


def stalls(seed: int, *kinds: str, count: int = 60) -> list[Stall]:
    """What the program does between two reads."""
    dice = random.Random(seed)
    most = {"sleep": 60, "late": 400, "collect": 30, "flash": 3000}
    return [(kind, dice.randrange(most[kind])) for kind in dice.choices(kinds, k=count)]


def program(code: str, stalls: list[Stall]) -> str:
    return f"STALLS = {stalls!r}\n{code}"


def misplaced(lines: list[list[int]], kind: int) -> list[int]:
    """By how many samples what was read is from somewhere else than the count says.

    The count began a moment after the first sample, so the first read sets the place of all.
    """
    placed = [(x[1], x[2] / BUFFER / 65536 * SAMPLES) for x in lines if x[0] == kind]
    heard = [(position, where) for position, where in placed if position > 2 * 4096]
    offset = heard[0][1] - heard[0][0]
    return [round(where - position - offset) for position, where in heard]


@pytest.mark.parametrize("seed", range(4))
def test_whoever_is_late_counts_right_and_knows_where_each_sample_belongs(
    run: Run, seed: int
) -> None:
    lines = run(program(READER, stalls(seed, "sleep", "late", "collect")))
    sums = [x[1:] for x in lines if x[0] == SUM]
    assert sums[-1][2] > 0
    for elapsed_us, read, lost in sums:
        assert lost % BUFFER == 0
        assert -1 <= elapsed_us * RATE_HZ / 1e6 - (read + lost) < BUFFER
    assert max(abs(by) for by in misplaced(lines, READ)) <= A_LITTLE


@pytest.mark.parametrize("seed", range(4))
def test_what_flash_hides_is_counted_and_the_newest_is_in_its_place(run: Run, seed: int) -> None:
    lines = run(program(READER, stalls(seed, "sleep", "flash")))
    sums = [x[1:] for x in lines if x[0] == SUM]
    assert sums[-1][2] > 0
    for elapsed_us, read, lost in sums:
        assert -1 <= elapsed_us * RATE_HZ / 1e6 - (read + lost) < BUFFER
    # A buffer that fills up just while the clock is looked at can be missed one read later.
    assert sum(abs(by) > A_LITTLE for by in misplaced(lines, NEWEST)) <= 1


@pytest.mark.parametrize("seed", range(4))
def test_who_is_never_late_loses_nothing(run: Run, seed: int) -> None:
    lines = run(program(READER, stalls(seed, "sleep", "collect", count=100)))
    assert [x for x in lines if x[0] == SUM][-1][3] == 0
    assert max(abs(by) for by in misplaced(lines, READ)) <= A_LITTLE


@pytest.mark.parametrize("kinds", [("sleep",), ("sleep", "late"), ("sleep", "flash", "collect")])
@pytest.mark.parametrize("seed", range(3))
def test_the_captures_blocks_and_gaps_fill_the_time(
    run: Run, seed: int, kinds: tuple[str, ...]
) -> None:
    lines = run(program(SERVICE, stalls(seed, *kinds)))
    blocks = [x[1:] for x in lines if x[0] == BLOCK]
    ((elapsed_us, position, lost, gap_at_the_end),) = [x[1:] for x in lines if x[0] == END]
    assert not [x for x in lines if x[0] == BROKEN]
    at = blocks[0][0] - blocks[0][2]
    for first, heard_ms, gap, count in blocks:
        assert first == at + gap
        assert count > 0
        at = first + count
        assert heard_ms - blocks[0][1] == pytest.approx((first - blocks[0][0]) / 16, abs=1)
    assert position == at + gap_at_the_end
    assert -1 <= elapsed_us * RATE_HZ / 1e6 - position < BUFFER + RATE_HZ / 1000
    assert (lost > 0) == (kinds != ("sleep",))
