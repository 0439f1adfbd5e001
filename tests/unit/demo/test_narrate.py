"""What the reader is told: everything at its time, in order, and meaning what it says."""

from dataclasses import replace

import pytest

from vigie.bench.phones import demo_contacts
from vigie.bench.signal import felt
from vigie.demo.script import Act

from .conftest import Tell


def test_lines_are_in_the_order_in_which_their_things_began(
    tell: Tell, click: Act, double: Act, hold: Act
) -> None:
    told = tell(click, double, hold, hold)
    times_s = [t_s for t_s, _, _ in told.lines]
    assert times_s == sorted(times_s)
    patterns = felt(told.story.rig.indicator.pulses)
    assert [t_s for t_s, who, _ in told.lines if who == "wearer"] == pytest.approx(
        [p.t_s - told.story.began_s for p in patterns], abs=0.001
    )
    what = [text for _, _, text in told.lines]
    decided = what.index("decides: single")
    assert what[decided + 1] == "feels one tick: the alert is registered"


def test_a_hold_that_silences_the_siren_does_not_read_like_an_alert(tell: Tell, hold: Act) -> None:
    told = tell(hold, hold)
    decisions = [text for _, who, text in told.lines if who == "button"]
    assert decisions == [
        "decides: long",
        "SIREN ON",
        "records what the microphone hears",
        "decides: long, which silences the siren and is no alert",
        "SIREN OFF: key",
    ]


def test_one_of_a_thing_is_not_told_in_the_plural(tell: Tell, click: Act) -> None:
    book = demo_contacts()
    told = tell(click, book=replace(book, contacts=book.contacts[:1]))
    assert "a phone beside it with 1 contact, a walk" in told.text
    assert "Handed over: 1 SMS, 0 calls, 0 e-mails." in told.text
