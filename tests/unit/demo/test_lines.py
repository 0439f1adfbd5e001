"""Lines that wait for what came before them."""

import io

import pytest
from rich.console import Console

from vigie.demo.lines import Lines


def test_lines_come_at_once_or_in_order_when_they_were_held_back() -> None:
    out = io.StringIO()
    lines = Lines(Console(file=out, width=100))
    lines.add(1.0, "hand", "first")
    assert out.getvalue() == "    1.000 s  hand    first\n"
    lines.hold("a")
    lines.hold("b")
    lines.add(3.0, "phone", "third", ["[/x] is no markup"])
    lines.add(2.0, "wearer", "second")
    lines.release("a")
    assert "second" not in out.getvalue()
    lines.release("b")
    assert out.getvalue().splitlines()[1:] == [
        "    2.000 s  wearer  second",
        "    3.000 s  phone   third",
        "                     [/x] is no markup",
    ]


def test_an_output_that_fails_stops_no_story_and_is_reported_at_the_end() -> None:
    class Full(io.StringIO):
        def write(self, s: str) -> int:
            raise OSError(28, "No space left on device")

    lines = Lines(Console(file=Full(), width=100))
    lines.add(1.0, "hand", "first")
    lines.add(2.0, "hand", "second")
    with pytest.raises(OSError, match="No space left"):
        lines.end()
