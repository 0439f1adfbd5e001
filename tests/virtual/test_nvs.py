"""Non-volatile storage: entries are old or new, and only a commit keeps them."""

import asyncio
from pathlib import Path

from tests.virtual.programs import program
from vigie.boards.spec import BoardSpec
from vigie.virtual.board import VirtualBoard
from vigie.virtual.world import World

MAIN = """
from esp32 import NVS
n = NVS("vigie")
def get(k):
    try: return n.get_i32(k)
    except OSError as e: return e.errno
buf = bytearray(8)
def blob(k):
    try: return bytes(buf[:n.get_blob(k, buf)])
    except OSError as e: return e.errno
print("have", get("a"), get("b"), blob("c"))
WORK
print("end")
"""


def run(world: World, board: VirtualBoard) -> list[str]:
    async def play() -> list[str]:
        since = len(board.console.lines)
        board.power_on()
        await board.console.said("have", within_s=5, since=since)
        await asyncio.sleep(1)
        board.power_off()
        return [line.text.removeprefix(">>> ") for line in board.console.lines[since:]]

    return world.run(play())


def board_with(world: World, spec: BoardSpec, home: Path, work: str) -> VirtualBoard:
    return program(world, spec, home, MAIN.replace("WORK", work))


def test_what_was_committed_is_there_after_a_power_cycle(
    world: World, board_spec: BoardSpec, tmp_path: Path
) -> None:
    work = "n.set_i32('a', -5); n.set_blob('c', b'xyz'); n.commit(); n.set_i32('b', 1)"
    board = board_with(world, board_spec, tmp_path / "b", work)
    assert "have -4354 -4354 -4354" in run(world, board)
    assert "have -5 -4354 b'xyz'" in run(world, board)


def test_a_power_cut_in_a_commit_leaves_each_entry_old_or_new(
    world: World, board_spec: BoardSpec, tmp_path: Path
) -> None:
    work = "n.set_i32('a', 1); n.set_i32('b', 2); n.commit()"
    board = board_with(world, board_spec, tmp_path / "b", work)
    board.nvs.cut_at = 2
    assert "end" not in run(world, board)
    board.nvs.cut_at = None
    assert "have 1 -4354 -4354" in run(world, board)


def test_its_rules_are_the_chips(world: World, board_spec: BoardSpec, tmp_path: Path) -> None:
    work = """
def errno(f):
    try: f()
    except OSError as e: print("error", e.errno)
    except OverflowError: print("error overflow")
errno(lambda: n.set_i32("k" * 16, 1))
errno(lambda: NVS("n" * 16))
errno(lambda: n.set_i32("big", 1 << 31))
errno(lambda: n.erase_key("nothing"))
n.set_blob("c", bytes(9)); n.commit()
errno(lambda: n.get_blob("c", buf))
errno(lambda: [n.set_blob("k%d" % i, bytes(500)) for i in range(100)])
"""
    board = board_with(world, board_spec, tmp_path / "b", work)
    errors = [line.split()[1] for line in run(world, board) if line.startswith("error")]
    assert errors == ["-4361", "-4361", "overflow", "-4354", "-4364", "-4357"]
