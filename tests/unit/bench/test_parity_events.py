"""From what a run left behind to events."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vigie.bench.parity.clock_fit import fit
from vigie.bench.parity.observe import Began, Run, clocks, happened
from vigie.bench.parity.sequence import SEQUENCE, WINDOW_S
from vigie.bench.signal import Pulse
from vigie.boards import spec
from vigie.boards.console_log import Line
from vigie.lab.detect import detect, timing_of

OFFSET_S = -3.5
"""Of the board's clock against the host's."""


def line(host_s: float, text: str) -> Line:
    """What the board says at this time, with its own."""
    ms = round((host_s + OFFSET_S) * 1000)
    return Line(host_s + 0.004, f"[{ms // 1000}.{ms % 1000:03d}] {text}")


def a_single(at_s: float, turn: int = 1) -> tuple[Began, list[Line]]:
    decided_ms = (at_s + 0.59 + OFFSET_S) * 1000
    said = [
        line(at_s + 0.590, f"gesture single at {decided_ms:.3f} ms"),
        line(at_s + 0.592, "alert single 99a898d4f5185533-1"),
        line(at_s + 0.592, "feel registered 99a898d4f5185533-1"),
        line(at_s + 0.640, "acknowledged 99a898d4f5185533-1"),
        line(at_s + 0.640, "feel phone has it 99a898d4f5185533-1"),
        line(at_s + 3.640, "feel handed over 99a898d4f5185533-1"),
    ]
    return Began(turn, "single", at_s, 590.0), said


def of(run: Run, kind: str) -> list[tuple[str, float]]:
    return [(e.label, round(e.t_ms, 3)) for e in happened(run) if e.kind == kind]


def test_lines_count_from_the_decision_on_the_boards_own_clock() -> None:
    began, said = a_single(10.0)
    run = Run(began=[began], lines=[Line(5.0, "[1.500] link up"), *said, Line(12.0, "noise")])
    assert of(run, "console") == [
        ("gesture single", 0),
        ("alert single", 2),
        ("feel registered", 2),
    ]
    assert of(run, "console, air") == [
        ("acknowledged", 50), ("feel phone has it", 50), ("feel handed over", 3050)
    ]  # fmt: skip
    assert of(run, "decision") == [("single", 0.0)]


def test_news_that_is_told_twice_are_two_events() -> None:
    began, said = a_single(10.0)
    run = Run(began=[began], lines=[*said, line(13.7, "feel handed over 99a898d4f5185533-1")])
    assert [t for label, t in of(run, "console, air") if "handed" in label] == [3050, 3110]


def test_outputs_count_from_the_first_edge_and_pulses_from_their_pattern() -> None:
    began, _ = a_single(10.0)
    pulses = [Pulse(10.6, 10.68), Pulse(11.3, 11.38), Pulse(11.5, 11.58)]
    run = Run(began=[began], siren=[(12.0, True), (13.0, False)], indicator=pulses)
    assert of(run, "siren") == [("on", 2000), ("off", 3000)]
    assert of(run, "indicator") == [("registered", 600)]
    assert of(run, "indicator, air") == [("phone has it", 1300)]
    assert of(run, "pattern") == [
        ("registered: off", 80), ("phone has it: off", 80), ("phone has it: on", 200),
        ("phone has it: off", 280),
    ]  # fmt: skip


def test_what_belongs_to_no_gesture_is_left_out() -> None:
    began, _ = a_single(10.0)
    run = Run(began=[began], siren=[(9.0, True), (10.0 + WINDOW_S, False)])
    assert not of(run, "siren")


def test_a_gesture_that_was_decided_late_stands_out_and_moves_no_other() -> None:
    run = Run()
    for n in range(6):
        began, said = a_single(10.0 + 9 * n)
        run.began.append(began)
        run.lines += said
    last = run.began.pop()
    run.began.append(Began(1, "late", last.at_s, last.decided_ms - 25))
    late_ms = [t_ms for _, t_ms in of(run, "decision")]
    assert late_ms == pytest.approx([0, 0, 0, 0, 0, 25], abs=0.01)


@given(
    st.floats(-1e4, 1e4),
    st.floats(-150e-6, 150e-6),
    st.lists(st.integers(0, 600), min_size=6, max_size=20, unique=True),
)
def test_a_fit_finds_offset_and_drift(offset_s: float, drift: float, at: list[int]) -> None:
    pairs = [(2.0 * a, 2.0 * a * (1 + drift) + offset_s) for a in at]
    found = fit(pairs)
    assert all(found.b(a) == pytest.approx(b, abs=1e-6) for a, b in pairs)


def test_the_clocks_of_a_run_without_gestures_are_alike() -> None:
    assert clocks(Run()).b(5.0) == 5.0


@pytest.mark.parametrize("gesture", SEQUENCE, ids=lambda g: g.name)
def test_every_gesture_of_the_sequence_is_what_its_name_says(gesture) -> None:
    found = detect(gesture.edges, timing_of(spec.load("virtual").timing))
    assert [g.kind for g in found] == [gesture.name.split()[0]]
    assert found[0].t_us / 1e6 < WINDOW_S / 2
