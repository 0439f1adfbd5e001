"""What can be typed, and what it makes the key do."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vigie.bench.key_commands import Gesture, Help, Level, Play, Press, Wait, edges, parse
from vigie.errors import VigieError
from vigie.lab.hands import LABELS
from vigie.lab.models import hands, switches


@pytest.mark.parametrize("label", LABELS)
def test_a_gesture_is_one_of_a_model_hand_on_a_model_switch(label: str) -> None:
    assert parse(label) == Gesture(label, hands()["young"], switches()["tact"])
    assert parse(f" {label}  older ") == Gesture(label, hands()["older"], switches()["tact"])
    known = Gesture(label, hands()["tremor"], switches()["worn_25"])
    assert parse(f"{label} tremor worn_25") == known


def test_the_key_can_be_pressed_for_a_time_closed_and_opened() -> None:
    assert parse("press 90.5") == Press(90.5)
    assert parse("down") == Level(1)
    assert parse("up") == Level(0)
    assert parse("wait 2000") == Wait(2000)
    assert parse("help") == Help()


def test_a_path_may_have_spaces_in_it() -> None:
    command = parse("play  my presses.jsonl ")
    assert isinstance(command, Play)
    assert command.file.name == "my presses.jsonl"


@pytest.mark.parametrize("line", ["", "   ", "# a comment", "\t"])
def test_empty_lines_and_comments_do_nothing(line: str) -> None:
    assert parse(line) is None


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ("quadruple", "no command 'quadruple'"),
        ("Single", "no command 'Single'"),
        ("single nobody", "no hand 'nobody'"),
        ("single young nowhere", "no switch 'nowhere'"),
        ("single young tact 3", "no more"),
        ("press", "needs a number"),
        ("press hard", "needs a number"),
        ("press 1 2", "needs a number"),
        ("press -5", "cannot be"),
        ("press nan", "cannot be"),
        ("wait 1e9", "cannot be"),
        ("play", "needs a trace file"),
        ("down 3", "nothing after it"),
    ],
)
def test_what_is_no_command_is_said(line: str, complaint: str) -> None:
    with pytest.raises(VigieError, match=complaint):
        parse(line)


@given(st.text())
def test_any_line_is_a_command_or_a_complaint_that_is_short(line: str) -> None:
    try:
        said = repr(parse(line))
    except VigieError as e:
        said = str(e)
    assert len(said) < 200 or line.strip().startswith(("play", *LABELS))


@given(st.sampled_from([*LABELS, "press 90"]), st.integers())
def test_edges_alternate_in_time_and_end_open(line: str, seed: int) -> None:
    command = parse(line)
    assert isinstance(command, Gesture | Press)
    made = edges(command, random.Random(seed))
    assert [level for _, level in made] == [1, 0] * (len(made) // 2)
    assert [t_us for t_us, _ in made] == sorted(t_us for t_us, _ in made)
