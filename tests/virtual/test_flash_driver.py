"""The flash driver is C on the chip: it takes no memory and fails with a number, as here."""

import pytest

from tests.virtual.conftest import Load
from tests.virtual.programs import told
from vigie.virtual.world import World

JUNK = "junk = [bytearray(b'\\xa5' * (16 + 16 * (i % 20))) for i in range(400)]"
WHOLE = "print('whole', not any(x != 0xa5 for j in junk for x in j))"


def test_the_collector_closes_files_that_the_program_forgot(world: World, load: Load) -> None:
    board = load(f"""
import gc
for i in range(8): open("y%d" % i, "wb").write(b"a")
gc.collect()
{JUNK}
for k in range(10):
    for i in range(8):
        with open("z%d" % i, "ab") as f: f.write(b"z" * 300)
print("all", b"".join([open("y%d" % i, "rb").read() for i in range(8)]))
{WHOLE}
""")
    assert told(world, board, "^whole") == "whole True"
    assert "all b'aaaaaaaa'" in board.console.text


@pytest.mark.parametrize("size", [200, 700, 3000])
def test_files_that_broken_flash_could_not_close_do_no_harm_later(
    world: World, load: Load, size: int
) -> None:
    board = load(f"""
import gc
for i in range(8):
    with open("y%d" % i, "wb") as f: f.write(b"a")
print("go")
input()
errors = set()
for i in range(60):
    try:
        f = open("y%d" % (i % 8), "ab")
        f.write(bytes({size}))
        f.close()
    except OSError as e: errors.add(e.errno)
    f = None
print("errors", errors)
input()
gc.collect()
{JUNK}
for k in range(10):
    for i in range(8):
        with open("y%d" % i, "ab") as f: f.write(b"z" * 300)
{WHOLE}
""")

    async def play() -> None:
        board.power_on()
        await board.console.said("^go")
        board.flash.broken = True
        board.console.type(b"\r")
        assert (await board.console.said("^errors")).text == "errors {5}"
        board.flash.broken = False
        board.console.type(b"\r")
        await board.console.said("^whole True")

    world.run(play())


def test_a_loop_that_only_reads_files_takes_time(world: World, load: Load) -> None:
    board = load("""
import time
t = time.ticks_us()
for i in range(100):
    with open("main.py") as f: f.read()
print("took", time.ticks_diff(time.ticks_us(), t) > 100)
""")
    assert told(world, board, "^took") == "took True"
