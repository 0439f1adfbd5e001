"""Every recorded case comes to what is written beside it."""

import pytest

from button.core.clicks import Timing
from tests.unit.lab.vectors import Case, cases
from vigie.lab.detect import detect


@pytest.mark.parametrize("case", cases(), ids=lambda c: c.trace.id)
def test_case(case: Case) -> None:
    assert detect(case.trace.edges, Timing()) == case.gestures, case.why


@pytest.mark.parametrize("case", cases(), ids=lambda c: c.trace.id)
def test_a_label_says_what_the_first_gesture_is(case: Case) -> None:
    first = case.gestures[0].kind if case.gestures else "none"
    assert case.trace.label == first


def test_every_case_has_a_reason() -> None:
    assert all(len(case.why) > 10 for case in cases())
