"""What is written, and what if something cannot be."""

import errno
from pathlib import Path

import pytest

from tests.unit.keeping.picture import edges_drawn, size_px
from vigie.bench.signal import Pulse
from vigie.boards.console_log import Line
from vigie.keeping import files, notes, presses
from vigie.keeping.files import Told
from vigie.keeping.happened import Happened, Said, Saw, Sensed
from vigie.phone.events import LinkUp, Refused

TOLD = Told("t", "t\nValueError: $\\frac", "text\n")
EDGES = ((2.0, 1), (3.0, 0), (5.0, 1), (6.0, 0))


def story(edges: tuple[tuple[float, int], ...] = EDGES, lines: int = 3) -> Happened:
    said = tuple(
        Line(i * 10 / lines, f"line {i} $\\alpha \x1b \N{RADIO BUTTON}") for i in range(lines)
    )
    return Happened(
        began_s=0.5,
        failed_s=10.0,
        consoles=(Said("board", said, ">>> "), Said("board2", ())),
        edges=edges,
        outputs=(Sensed("siren", (), 4.0), Sensed("indicator", (Pulse(2.5, 2.58),))),
        phones=(Saw("phone", (LinkUp(1.0), Refused(9.0, "nonsense"))),),
    )


def test_every_file_is_written(tmp_path: Path) -> None:
    assert files.write(story(), TOLD, tmp_path) == []
    assert sorted(file.name for file in tmp_path.iterdir()) == [
        "console-board2.log", "console.log", "failure.txt", "outputs.jsonl", "phone.jsonl",
        "timeline.png", "trace.jsonl",
    ]  # fmt: skip
    assert (tmp_path / "console.log").read_text().splitlines()[-1].strip() == ">>>"
    assert (tmp_path / "outputs.jsonl").read_text().splitlines() == [
        '{"output": "siren", "on_s": 4.0, "off_s": null}',
        '{"output": "indicator", "on_s": 2.5, "off_s": 2.58}',
    ]
    assert (tmp_path / "phone.jsonl").read_text().splitlines() == [
        '{"t_s": 1.0, "event": "LinkUp"}',
        '{"t_s": 9.0, "event": "Refused", "why": "nonsense"}',
    ]


def test_the_picture_shows_the_edges_that_there_were(tmp_path: Path) -> None:
    for edges in ((), EDGES[:2], EDGES):
        files.write(story(edges), TOLD, tmp_path)
        assert edges_drawn(tmp_path / "timeline.png") == len(edges)


def test_a_board_that_says_very_much_makes_no_picture_that_cannot_be_seen(tmp_path: Path) -> None:
    files.write(story(lines=5000), TOLD, tmp_path)
    width, height = size_px(tmp_path / "timeline.png")
    assert width < 1600 and height < 1400


def test_of_many_lines_the_last_are_shown() -> None:
    many = [notes.Note(i, f"line {i}") for i in range(100)]
    shown = notes.readable(many)
    assert len(shown) == notes.MOST
    assert "75 lines that are not shown" in shown[0].text
    assert shown[-1].text == "line 99"


def test_the_same_again_at_once_is_one_line() -> None:
    same = [notes.Note(t_s, "x") for t_s in (1.0, 1.01, 1.02, 5.0)]
    assert [note.text for note in notes.readable(same)] == ["x  (3 times)", "x"]


def test_a_file_that_cannot_be_written_takes_no_other_with_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(presses, "recordings", full)
    (tmp_path / "console.log").mkdir()
    wrong = files.write(story(), TOLD, tmp_path)
    assert [line.partition(":")[0] for line in wrong] == ["console.log", "trace.jsonl"]
    assert "No space left on device" in wrong[1]
    assert (tmp_path / "timeline.png").read_bytes().startswith(b"\x89PNG")
