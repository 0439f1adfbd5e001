"""Severity, actions and escalation."""

from button.core.gestures import (
    CALL,
    DEFAULT_ACTIONS,
    DOUBLE,
    LONG,
    MAIL,
    RECORD,
    SINGLE,
    SIREN,
    SMS,
    TRIPLE,
    Escalation,
)


def test_a_more_severe_gesture_never_does_less():
    for level in range(SINGLE, LONG):
        assert DEFAULT_ACTIONS[level] & ~DEFAULT_ACTIONS[level + 1] == 0
    assert DEFAULT_ACTIONS[SINGLE] == SMS
    assert DEFAULT_ACTIONS[DOUBLE] == DEFAULT_ACTIONS[TRIPLE] == SMS | CALL | MAIL | RECORD
    assert DEFAULT_ACTIONS[LONG] & SIREN


def test_a_second_alert_soon_after_acts_one_level_above_the_first():
    e = Escalation(3000)
    assert e.level(SINGLE, 0, 590) == SINGLE
    assert e.level(SINGLE, 3590, 4100) == DOUBLE
    assert e.level(SINGLE, 5000, 5500) == TRIPLE
    assert e.level(DOUBLE, 6000, 6900) == LONG
    assert e.level(SINGLE, 7000, 7500) == LONG


def test_a_second_alert_later_acts_as_itself():
    e = Escalation(3000)
    assert e.level(SINGLE, 0, 590) == SINGLE
    assert e.level(SINGLE, 3591, 4100) == SINGLE


def test_escalation_never_weakens():
    e = Escalation(3000)
    assert e.level(SINGLE, 0, 590) == SINGLE
    assert e.level(LONG, 1000, 3000) == LONG
