"""Typed lines reach the rig; nothing that is typed ends the reading but its end."""

import asyncio
import os
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from vigie.bench.key_console import LINE_MAX, KeyConsole, typed_input
from vigie.bench.protocol import KeyEdge
from vigie.bench.signal import Signal
from vigie.lab.traces import Edge


class Paper:
    """A rig that writes down what it is asked for."""

    def __init__(self) -> None:
        self.abilities = frozenset({"press"})
        self.siren, self.indicator = Signal("siren"), Signal("indicator")
        self.edges: list[KeyEdge] = []
        self.done: list[object] = []

    def play(self, edges: Sequence[Edge]) -> float:
        self.done.append([level for _, level in edges])
        return 0.0

    def set_key(self, pressed: int) -> None:
        self.done.append(pressed)

    def power(self, on: bool) -> None: ...

    def break_flash(self, broken: bool) -> None: ...

    async def press(self, hold_ms: float = 90.0) -> float:
        return 0.0


def typed(*pieces: bytes, answers: int) -> tuple[list[object], list[str]]:
    """What the rig did and what was said when these pieces had been typed and answered."""

    async def run() -> tuple[list[object], list[str]]:
        said: asyncio.Queue[str] = asyncio.Queue()
        rig = Paper()
        reading, writing = os.pipe()
        console = KeyConsole(reading, rig, said.put_nowait)
        for piece in pieces:
            os.write(writing, piece)
            await asyncio.sleep(0)
        os.close(writing)
        async with asyncio.timeout(10):
            heard = [await said.get() for _ in range(answers)]
        console.close()
        os.close(reading)
        return rig.done, heard

    return asyncio.run(run())


def test_lines_are_done_in_their_order() -> None:
    done, said = typed(b"press 90\ndown\nup\n", answers=3)
    assert done == [[1, 0], 1, 0]
    assert said == ["press: 2 edges in 0 ms", "the key is closed", "the key is open"]


def test_a_line_may_come_in_pieces_and_the_last_without_its_end() -> None:
    done, _ = typed(b"do", b"wn\n", b"u", b"p", answers=2)
    assert done == [1, 0]


def test_a_mistake_is_one_line_and_what_follows_is_done() -> None:
    done, said = typed(b"nonsense\ndown\n", answers=2)
    assert done == [1]
    assert "nonsense" in said[0]
    assert "\n" not in said[0]


def test_bytes_that_are_no_text_are_a_mistake_like_any_other() -> None:
    done, said = typed(b"\xff\xfe\x00\ndown\n", answers=2)
    assert done == [1]
    assert "no command" in said[0]


def test_a_line_without_end_takes_no_memory() -> None:
    _, said = typed(b"x" * (LINE_MAX + 1), answers=1)
    assert "too long" in said[0]


def test_a_file_is_played_and_what_is_wrong_in_it_is_said(tmp_path: Path) -> None:
    file = tmp_path / "broken.jsonl"
    file.write_text('{"edges": [[5, 1], [3, 0]]}\n')
    done, said = typed(f"play {file}\nplay {tmp_path}\ndown\n".encode(), answers=3)
    assert done == [1]
    assert "line 1: edges[1]" in said[0]
    assert "no file" in said[1]


def test_only_a_terminal_or_a_pipe_is_listened_to() -> None:
    reading, writing = os.pipe()
    terminal, other = os.openpty()
    with os.fdopen(reading) as pipe, os.fdopen(writing, "w"), os.fdopen(terminal) as screen:
        assert typed_input(pipe) == reading
        assert typed_input(screen) == terminal
    os.close(other)
    with Path(os.devnull).open() as nothing:
        assert typed_input(nothing) is None
    with Path(__file__).open() as file:
        assert typed_input(file) is None
    assert typed_input(file) is None, "it is closed"
    assert typed_input(None) is None


@pytest.mark.usefixtures("capsys")
def test_an_input_that_is_no_file_at_all_is_not_listened_to() -> None:
    assert typed_input(sys.stdin) is None
