"""The flash driver is C on the chip: it takes no memory and fails with a number, as here."""

from pathlib import Path

import pytest

from tests.virtual.conftest import Load
from tests.virtual.programs import program, told
from vigie.boards.firmware import NATIVE
from vigie.boards.mpy import compiled
from vigie.boards.spec import BoardSpec
from vigie.virtual import process
from vigie.virtual.world import World, open_world

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


@pytest.mark.parametrize("without", ["machine code", "the C library"])
def test_flash_is_read_alike_on_a_computer_without(
    board_spec: BoardSpec, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, without: str
) -> None:
    main = """
import random, time
data = bytes([random.getrandbits(8) for _ in range(9001)])
with open("data", "wb") as f: f.write(data)
read = b""
with open("data", "rb") as f:
    while len(read) < len(data): read += f.read(random.randrange(1, 700))
print("read", len(read), read == data, time.ticks_us())
"""

    def read(folder: str) -> str:
        with open_world() as world:
            return told(world, program(world, board_spec, tmp_path / folder, main), "^read")

    sources = {p.name: p for p in process.SHIMS.glob("*.py") if not p.name.endswith(NATIVE)}
    if without == "the C library":
        bare = tmp_path / "native.py"
        bare.write_text("library = None\ndef prepare(distance): return False\n")
        sources["native.py"] = bare
    expected = read("with")
    assert "9001 True" in expected
    monkeypatch.setattr(process, "shims", lambda: compiled(sources))
    assert read("without") == expected
