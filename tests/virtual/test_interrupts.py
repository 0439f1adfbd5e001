"""Interrupts as on the chip: soft, late, and lost when there are too many."""

import asyncio
from pathlib import Path

from tests.virtual.programs import program
from vigie.boards.spec import BoardSpec
from vigie.virtual.world import World

COUNT = """
import time
from machine import Pin
seen = []
def irq(pin):
    seen.append(pin.value())
key = Pin(33, Pin.IN, Pin.PULL_UP)
key.irq(irq, Pin.IRQ_RISING | Pin.IRQ_FALLING)
print("ready")
WORK
print("irqs", len(seen), seen[-1:], key.value())
"""


def run(world: World, spec: BoardSpec, home: Path, work: str, edges: int, every_s: float) -> str:
    board = program(world, spec, home, COUNT.replace("WORK", work))

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


def test_during_flash_erases_edges_beyond_eight_are_lost_and_the_level_is_right(
    world: World, board_spec: BoardSpec, tmp_path: Path
) -> None:
    work = 'f = open("big", "wb")\nfor i in range(8): f.write(bytes(4096))\nf.close()'
    answer = run(world, board_spec, tmp_path / "b", work + "\ntime.sleep(1)", 101, 0.003)
    count = int(answer.split()[1])
    assert count < 80
    assert answer.endswith("[0] 0")


def test_a_handler_sees_the_level_of_its_own_moment(
    world: World, board_spec: BoardSpec, tmp_path: Path
) -> None:
    main = """
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
"""
    board = program(world, board_spec, tmp_path / "b", main)

    async def play() -> str:
        board.power_on()
        await board.console.said("ready")
        await asyncio.sleep(0.010)  # in the middle of the erase
        board.gpio.drive(33, 0)
        await asyncio.sleep(0.010)
        board.gpio.drive(33, 1)
        return (await board.console.said("saw", within_s=5)).text

    assert world.run(play()) == "saw [1, 1]"
