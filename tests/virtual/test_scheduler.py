"""asyncio on the virtual clock schedules like asyncio on the computer's."""

import ast
import subprocess
from pathlib import Path

from tests.virtual.programs import program
from vigie.boards.spec import BoardSpec
from vigie.virtual import micropython
from vigie.virtual.world import World

SCRIPT = """
import asyncio, time
from asyncio import gather, wait_for, wait_for_ms, create_task, sleep_ms, CancelledError
from asyncio import Event, Lock, ThreadSafeFlag
log = []
t0 = time.ticks_ms()
def say(*what):
    log.append((round(time.ticks_diff(time.ticks_ms(), t0), -1),) + what)
async def worker(n, ms):
    try:
        await asyncio.sleep_ms(ms); say("worker", n); return n
    except CancelledError:
        say("cancelled", n); raise
async def fails(ms):
    await asyncio.sleep_ms(ms); raise ValueError("x")
async def main():
    say(await gather(worker(1, 30), worker(2, 10)))
    try: await wait_for_ms(worker(3, 1000), 50)
    except asyncio.TimeoutError: say("timeout")
    t = create_task(worker(4, 500)); await sleep_ms(20); say(t.cancel(), t.done())
    try: await t
    except CancelledError: say("saw cancel", t.done(), t.cancel())
    r = await gather(fails(10), worker(6, 30), return_exceptions=True); say(repr(r[0]), r[1])
    t = create_task(fails(1))
    try: await t
    except ValueError: say("caught")
    outer = create_task(wait_for(worker(7, 900), 5)); await sleep_ms(10); outer.cancel()
    try: await outer
    except CancelledError: say("outer")
    e, lock = Event(), Lock()
    async def hold():
        async with lock: say("hold"); await e.wait()
    async def second():
        async with lock: say("second")
    a, b = create_task(hold()), create_task(second())
    await sleep_ms(20); e.set(); await a; await b
    f = ThreadSafeFlag()
    async def flagged():
        await f.wait(); say("flag")
    w = create_task(flagged()); await sleep_ms(10); f.set(); await w
    c = create_task(flagged()); await sleep_ms(0); c.cancel(); await sleep_ms(10); say(c.done())
    create_task(fails(1)); await sleep_ms(20); say("end")
asyncio.run(main())
print("LOG", log)
"""


def virtual_log(world: World, spec: BoardSpec, home: Path, ticks_origin_us: int) -> str:
    board = program(world, spec, home, SCRIPT)
    board.ticks_origin_us = ticks_origin_us

    async def play() -> str:
        board.power_on()
        return (await board.console.said("^LOG", within_s=30)).text

    return world.run(play())


def test_it_schedules_like_the_stock_one(
    world: World, board_spec: BoardSpec, tmp_path: Path
) -> None:
    script = tmp_path / "script.py"
    script.write_text(SCRIPT)
    done = subprocess.run(
        [*micropython.find(), str(script)], capture_output=True, text=True, check=True
    )
    stock = ast.literal_eval(done.stdout.split("LOG ")[1])
    ours = ast.literal_eval(virtual_log(world, board_spec, tmp_path / "b", 0)[4:])
    assert [event[1:] for event in ours] == [event[1:] for event in stock]
    assert len(ours) == 18


def test_it_is_the_same_across_the_wrap_of_ticks(
    world: World, board_spec: BoardSpec, tmp_path: Path
) -> None:
    plain = virtual_log(world, board_spec, tmp_path / "a", 0)
    # The script begins 0.35 s after power-on and lasts half a second.
    wrapping = virtual_log(world, board_spec, tmp_path / "b", ((1 << 30) - 500) * 1000)
    assert wrapping == plain
