"""From the facts in the outbox to words."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vigie.phone.compose import BATTERY_LOW_MV, charge_percent, compose
from vigie.phone.contacts import Wearer
from vigie.phone.language import Language
from vigie.phone.records import Channel, HeldAlert, Message, Place

NOW = datetime(2026, 3, 12, 13, 32, 5, tzinfo=UTC)
NOW_MS = 1_773_322_325_000
CLAIRE = Wearer("Claire", "fr", ZoneInfo("Europe/Paris"))


@pytest.fixture
def facts(held: Callable[..., HeldAlert]) -> HeldAlert:
    place = Place(45.3806, 14.144491, 10, NOW_MS - 180_000)
    return replace(held(place=place), happened_at_ms=NOW_MS - 1, received_at_ms=NOW_MS)


def said(wearer: Wearer, alert: HeldAlert, channel: Channel, repeat: bool = False) -> Message:
    message = Message(1, alert.event_id, "", "", channel, "", "queued", 0, repeat, 0)
    return compose(wearer, alert, message, NOW)


def test_times_are_those_of_the_wearer(facts: HeldAlert) -> None:
    assert "(14:32)" in (said(CLAIRE, facts, "sms").text or "")
    tokyo = replace(CLAIRE, timezone=ZoneInfo("Asia/Tokyo"))
    assert "(22:32)" in (said(tokyo, facts, "sms").text or "")
    here = (NOW - timedelta(milliseconds=1)).astimezone()
    assert f"({here:%H:%M})" in (said(replace(CLAIRE, timezone=None), facts, "sms").text or "")


def test_each_channel_has_its_form(facts: HeldAlert) -> None:
    sms, call, mail = (said(CLAIRE, facts, c) for c in ("sms", "call", "mail"))
    assert (sms.subject, call.subject) == (None, None)
    assert mail.subject == "URGENT : Claire a besoin d'aide (14:32)"
    assert (sms.text or "").startswith("URGENT : Claire a besoin d'aide (14:32). Appelez le 112")
    assert "Position à 14:29, il y a 3 min : https" in (sms.text or "")
    assert (call.text or "").startswith("Message automatique.")
    assert (mail.text or "").startswith("URGENT : Claire a besoin d'aide.\n")


@pytest.mark.parametrize(
    ("language", "mv", "line"),
    [
        ("fr", BATTERY_LOW_MV, "Batterie du bouton : 10 %\n"),
        ("fr", BATTERY_LOW_MV - 1, "Batterie du bouton : 10 %, faible\n"),
        ("en", BATTERY_LOW_MV, "Battery of the button: 10%\n"),
        ("en", 3_412, "Battery of the button: 5%, low\n"),
    ],
)
def test_battery(facts: HeldAlert, language: Language, mv: int, line: str) -> None:
    wearer = replace(CLAIRE, language=language)
    alert = replace(facts, battery_mv=mv)
    assert line in (said(wearer, alert, "mail").text or "")
    low = "%, faible." if language == "fr" else "%, low."
    assert (low in (said(wearer, alert, "sms").text or "")) == (mv < BATTERY_LOW_MV)


@given(st.integers(0, 6000), st.integers(0, 6000))
def test_charge_grows_with_the_voltage(a_mv: int, b_mv: int) -> None:
    assert 0 <= charge_percent(min(a_mv, b_mv)) <= charge_percent(max(a_mv, b_mv)) <= 100


def test_charge_of_an_empty_and_of_a_full_cell() -> None:
    assert [charge_percent(mv) for mv in (0, 3300, 3800, 4200, 4300)] == [0, 0, 50, 100, 100]


def test_what_is_not_known_is_not_said(facts: HeldAlert) -> None:
    text = said(CLAIRE, replace(facts, battery_mv=None, place=None), "mail").text or ""
    assert "Batterie" not in text
    assert "Position inconnue." in text


def test_a_repeat_an_unknown_age_and_the_number_to_call_are_passed_on(facts: HeldAlert) -> None:
    alert = replace(facts, happened_earlier=True)
    wearer = replace(CLAIRE, emergency_number="17")
    text = said(wearer, alert, "sms", repeat=True).text or ""
    assert text.startswith("(répétition) URGENT : Claire a besoin d'aide (14:32 ou avant).")
    assert "Appelez le 17," in text
