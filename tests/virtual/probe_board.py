"""Run on boards of hardware by test_hardware_in_the_loop.py."""

from vigie.bench.protocol import Board, Rig


async def test_it_is_there(board: Board) -> None:
    assert "advertising" in board.console.text


async def test_a_press_is_a_gesture(board: Board, rig: Rig) -> None:
    await rig.press()
    await board.console.said("gesture single", within_s=10)
