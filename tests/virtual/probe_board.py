"""Run on a board of hardware by test_hardware_in_the_loop.py: it needs nothing but the board."""

from vigie.bench.protocol import Board


async def test_it_is_there(board: Board) -> None:
    assert "advertising" in board.console.text
