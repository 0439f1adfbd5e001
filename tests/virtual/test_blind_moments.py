"""A press while flash is written is not lost, though nothing could see it."""

import asyncio

from vigie.bench.phones import BenchPhone
from vigie.bench.virtual_rig import VirtualRig
from vigie.boards.console_log import Line
from vigie.phone.events import AlertTaken
from vigie.virtual.board import VirtualBoard


async def test_a_press_hidden_by_the_journals_flash_erase_is_an_alert(
    board: VirtualBoard, rig: VirtualRig, phone: BenchPhone
) -> None:
    # A journal of some records is no inline file any more: each further one costs an erase.
    for _ in range(6):
        await rig.press()
        await asyncio.sleep(10)
    hidden: list[float] = []

    def press_while_flash_is_written(line: Line) -> None:
        if "gesture single" in line.text and not hidden:
            hidden.append(line.t_s)
            loop = board.loop
            loop.call_later(0.010, rig.set_key, 1)
            loop.call_later(0.035, rig.set_key, 0)

    board.console.said_line.append(press_while_flash_is_written)
    await rig.press()
    await asyncio.sleep(10)
    assert hidden
    await phone.connect()
    await asyncio.sleep(30)
    taken = [e.alert for e in phone.transcript.of(AlertTaken) if e.is_new]
    assert len(taken) == 8
    # Soon after another, but a press that nobody saw raises nothing: it may have been a spark.
    assert taken[-1].level == 1
