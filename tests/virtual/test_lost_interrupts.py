"""The chip loses interrupts without a word when its queue is full; the level repairs that."""

import asyncio

import pytest

from tests.virtual.conftest import MakeFaulty
from vigie.bench.virtual_rig import VirtualRig
from vigie.virtual.world import World

LOSES_ONE = """
from machine import Pin
_irq = Pin.irq
_calls = [0]
def _losing(self, handler, trigger):
    def handle(pin):
        _calls[0] += 1
        if _calls[0] != {lost}: handler(pin)
    return _irq(self, handle, trigger)
Pin.irq = _losing
"""


@pytest.mark.parametrize("lost", [1, 2])
@pytest.mark.parametrize(("hold_ms", "gesture"), [(60, "single"), (2300, "long")])
def test_a_press_with_a_lost_edge_is_what_it_is(
    world: World, make_faulty: MakeFaulty, lost: int, hold_ms: int, gesture: str
) -> None:
    board = make_faulty(LOSES_ONE.format(lost=lost))
    rig = VirtualRig(board)

    async def play() -> list[str]:
        board.power_on()
        await board.console.said("advertising", within_s=5)
        await asyncio.sleep(0.5)
        since = len(board.console.lines)
        await rig.press(hold_ms)
        await asyncio.sleep(2)
        return [x.text.split()[2] for x in board.console.lines[since:] if " gesture " in x.text]

    assert world.run(play()) == [gesture]
