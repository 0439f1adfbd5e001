"""Where and when: what a message says of an alert, and when it waits to say it better."""

import asyncio
from dataclasses import replace

import pytest

from button.core.wire import AGE_MAX_MS, AGE_UNKNOWN
from vigie.phone.dispatch import Dispatcher
from vigie.phone.gateways import GatewayUnavailable
from vigie.phone.patience import Patience
from vigie.phone.position import Position, TrackPosition

from .world import ANAIS, PATIENCE, WALK, MakeAlert, World


def test_the_sms_waits_a_second_for_a_fresh_position(world: World, alert: MakeAlert) -> None:
    world.position = TrackPosition(WALK, -50)
    world.patience = Patience(fix_wait_s=1.2)

    async def story(dispatcher: Dispatcher) -> None:
        await asyncio.sleep(5)
        world.position.warm_up(5)  # the press
        await asyncio.sleep(0.7)
        dispatcher.accept(alert(level=1))  # the click
        await asyncio.sleep(10)

    world.live(story)
    (at_s, message), *_ = world.log
    assert at_s == pytest.approx(6.9)
    assert (message.text or "").endswith("q=45.00560,14.00000 (+/- 5 m)\nBatterie : 65 %.")
    (held,) = world.outbox.alerts()
    assert held.place is not None
    assert held.place.lat == pytest.approx(45.0056)


def test_also_after_that_wait_all_sms_come_before_all_calls(
    world: World, alert: MakeAlert
) -> None:
    world.patience = replace(PATIENCE, fix_wait_s=1.2)
    world.accept(alert(level=2))
    channels = [channel for _, channel, _ in world.attempts()]
    assert channels == [*(["sms"] * 3), *(["call"] * 3), *(["mail"] * 2)]


def test_with_a_fresh_position_the_sms_goes_at_once(world: World, alert: MakeAlert) -> None:
    world.position = TrackPosition(WALK, 0)
    world.patience = Patience(fix_wait_s=1.2)
    world.accept(alert(level=1))
    assert world.attempts()[0][0] == 0


def test_each_attempt_says_the_newest_position(world: World, alert: MakeAlert) -> None:
    world.position = TrackPosition(WALK, 0)
    world.position.warm_up(0)
    world.scripts["sms"][ANAIS] = [GatewayUnavailable("no network") for _ in range(3)]
    world.accept(alert(level=1))
    texts = [m.text or "" for _, m in world.log if m.contact == ANAIS]
    places = ["45.00000", "45.00010", "45.00030", "45.00070"]  # after 0, 1, 3 and 7 s
    assert [text.partition("q=")[2][:8] for text in texts] == places
    (held,) = world.outbox.alerts()
    assert held.place is not None
    assert held.place.lat == pytest.approx(45.0007)


def test_a_first_position_that_comes_after_the_alert_is_said(
    world: World, alert: MakeAlert
) -> None:
    world.position = TrackPosition(WALK, 1)
    world.patience = replace(PATIENCE, fix_wait_s=1.2)
    world.accept(alert(level=1))
    assert all("q=45.00000,14" in (m.text or "") for _, m in world.log)


class StalePosition:
    """A receiver that finds nothing new."""

    def __init__(self) -> None:
        self.woken_s: list[float] = []

    def warm_up(self, now_s: float) -> None:
        self.woken_s.append(now_s)

    def latest(self, now_s: float) -> Position | None:
        return Position(45.0, 14.0, 5.0, 30.0 + now_s)


def test_an_old_position_is_said_to_be_old_and_the_receiver_is_woken(
    world: World, alert: MakeAlert
) -> None:
    world.position = stale = StalePosition()
    world.accept(alert(level=1))
    assert stale.woken_s == [0]
    assert "Position à 13:59, il y a 30 s : https" in (world.log[0][1].text or "")


def test_age_and_battery_of_an_alert_are_kept(world: World, alert: MakeAlert) -> None:
    async def story(dispatcher: Dispatcher) -> None:
        await asyncio.sleep(3600)
        dispatcher.accept(alert(1, age_ms=120_000, battery_mv=3_400))
        dispatcher.accept(alert(2, age_ms=1_000, flags=AGE_UNKNOWN, battery_mv=0xFFFF))
        dispatcher.accept(alert(3, age_ms=AGE_MAX_MS))
        await asyncio.sleep(1)

    world.live(story)
    first, second, third = world.outbox.alerts()
    assert first.received_at_ms - first.happened_at_ms == 120_000
    assert (first.happened_earlier, first.battery_mv) == (False, 3_400)
    assert (second.happened_earlier, second.battery_mv) == (True, None)
    assert third.happened_earlier
    text = next(m.text for _, m in world.log if m.event_id == first.event_id) or ""
    assert "(14:58, message en retard de 2 min)" in text
    assert "%, faible." in text
