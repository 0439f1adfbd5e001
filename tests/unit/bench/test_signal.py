"""Reading feedback patterns off an output."""

import pytest

from button.core.patterns import BETWEEN_PATTERNS_MS, FEEDBACK
from vigie.bench.signal import Pulse, Signal, felt


def pulses(states: list[int]) -> list[Pulse]:
    t_ms, made = 0, list[Pulse]()
    for state in states:
        for on_ms, off_ms in FEEDBACK[state]:
            made.append(Pulse(t_ms / 1000, (t_ms + on_ms) / 1000))
            t_ms += on_ms + off_ms
        t_ms += BETWEEN_PATTERNS_MS
    return made


@pytest.mark.parametrize("state", range(1, len(FEEDBACK)))
def test_every_pattern_is_recognised(state: int) -> None:
    assert [f.state for f in felt(pulses([state]))] == [state]


def test_patterns_one_after_the_other_are_told_apart() -> None:
    assert [f.state for f in felt(pulses([1, 2, 3, 5, 4, 6]))] == [1, 2, 3, 5, 4, 6]


def test_what_is_no_pattern_is_called_so() -> None:
    (found,) = felt([Pulse(0, 2)])
    assert found.name == "an unknown pattern"


def test_a_signal_keeps_its_pulses() -> None:
    signal = Signal("siren")
    for t_s, active in ((1.0, True), (1.5, True), (2.0, False), (2.5, False), (3.0, True)):
        signal.sensed(t_s, active)
    assert signal.pulses == [Pulse(1.0, 2.0)]
    assert signal.active
    assert signal.since_s == 3.0
