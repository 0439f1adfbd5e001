"""A new alert does not wait for what is left of older ones, and its failure is told in time."""

import asyncio

import pytest

from button.core.wire import FAILED, HANDED_OVER
from vigie.phone.dispatch import Dispatcher
from vigie.phone.gateways import GatewayUnavailable
from vigie.phone.patience import Patience

from .world import ANAIS, KARIM, MAMAN, MakeAlert, World

HANGS = 1e9
EVERYBODY = (ANAIS, KARIM, MAMAN)


@pytest.fixture
def backlog(world: World) -> World:
    """A phone as it is used, whose gateways for SMS hang for ever."""
    world.patience = Patience(fix_wait_s=1.2)
    world.scripts["sms"] = {contact: [HANGS] * 9999 for contact in EVERYBODY}
    return world


def first_tries(world: World, seq: int) -> dict[tuple[str, str], float]:
    """When each message of an alert was tried first."""
    tried: dict[tuple[str, str], float] = {}
    for at_s, message in world.log:
        if message.event_id.seq == seq:
            tried.setdefault((message.contact, message.channel), at_s)
    return tried


@pytest.mark.parametrize("level", [1, 2, 4])
def test_all_contacts_are_tried_within_ten_seconds_whatever_is_left_of_older_alerts(
    backlog: World, alert: MakeAlert, level: int
) -> None:
    async def story(dispatcher: Dispatcher) -> None:
        for seq in range(10):
            dispatcher.accept(alert(seq, level=2))
            await asyncio.sleep(60)
        dispatcher.accept(alert(99, level=level))
        await asyncio.sleep(20)

    backlog.live(story)
    tried = first_tries(backlog, 99)
    assert {contact for contact, _ in tried} == set(EVERYBODY)
    assert max(tried[contact, "sms"] for contact in EVERYBODY) <= 600 + 10


def test_after_a_restart_the_worst_and_newest_alert_goes_first(
    backlog: World, alert: MakeAlert
) -> None:
    async def hold(dispatcher: Dispatcher) -> None:
        for seq, level in enumerate([1, 4, 2, 4, 1]):
            dispatcher.accept(alert(seq, level=level))
        await asyncio.sleep(0)

    async def wait(dispatcher: Dispatcher) -> None:
        await asyncio.sleep(3600)

    backlog.live(hold)
    backlog.scripts["sms"] = {contact: [1.0] * 9999 for contact in EVERYBODY}
    backlog.live(wait)
    order = [m.event_id.seq for _, m in backlog.log if (m.contact, m.channel) == (ANAIS, "sms")]
    assert order == [
        4,
        3,
        1,
        2,
        0,
    ]  # the newest alert's first attempt, then the level, then the newest


def test_an_attempt_for_an_older_alert_that_had_to_give_way_is_repeated_as_a_repeat(
    world: World, alert: MakeAlert
) -> None:
    world.patience = Patience(fix_wait_s=0)
    world.scripts["sms"][ANAIS] = [HANGS]

    async def story(dispatcher: Dispatcher) -> None:
        dispatcher.accept(alert(1, level=1))
        await asyncio.sleep(10)
        dispatcher.accept(alert(2, level=1))
        await asyncio.sleep(60)

    world.live(story)
    of_anais = [(at_s, m.event_id.seq, m.repeat) for at_s, m in world.log if m.contact == ANAIS]
    assert of_anais == [(0, 1, False), (13, 2, False), (14, 1, True)]


def test_an_attempt_does_not_give_way_to_an_older_alert_of_the_same_level(
    world: World, alert: MakeAlert
) -> None:
    world.patience = Patience(fix_wait_s=0)
    world.scripts["sms"][ANAIS] = [GatewayUnavailable("busy"), 20.0]

    async def story(dispatcher: Dispatcher) -> None:
        dispatcher.accept(alert(1, level=2))
        await asyncio.sleep(0.5)
        dispatcher.accept(alert(2, level=2))  # takes 20 s, in which the first is due again
        await asyncio.sleep(60)

    world.live(story)
    sms = [m for _, m in world.log if (m.contact, m.channel) == (ANAIS, "sms")]
    assert [(m.event_id.seq, m.repeat) for m in sms] == [(1, False), (2, False), (1, False)]


def test_a_failure_is_told_after_a_minute_though_an_attempt_hangs(
    backlog: World, alert: MakeAlert
) -> None:
    backlog.accept(alert(level=1), then_s=600)
    assert backlog.feedback() == [(60, FAILED)]


def test_a_failure_of_each_of_many_alerts_is_told_after_its_minute(
    backlog: World, alert: MakeAlert
) -> None:
    async def story(dispatcher: Dispatcher) -> None:
        for seq in range(8):
            dispatcher.accept(alert(seq, level=1))
            await asyncio.sleep(7)
        await asyncio.sleep(600)

    backlog.live(story)
    failed = {o.event_id.seq: at_s for at_s, o in backlog.outcomes if o.feedback == FAILED}
    assert failed == {seq: pytest.approx(7 * seq + 60) for seq in range(8)}


def test_after_a_restart_a_failure_is_told_a_minute_after_the_alert_came(
    backlog: World, alert: MakeAlert
) -> None:
    backlog.accept(alert(level=1), then_s=20)
    first_life = backlog.wall_clock
    backlog.wall_clock = lambda now_s: first_life(now_s + 30)

    async def wait(dispatcher: Dispatcher) -> None:
        await asyncio.sleep(600)

    backlog.live(wait)
    assert backlog.feedback() == [(30, FAILED)]


def test_a_failure_is_told_in_time_though_the_date_is_set_back(
    backlog: World, alert: MakeAlert
) -> None:
    first = backlog.wall_clock
    backlog.wall_clock = lambda now_s: first(now_s if now_s < 5 else now_s - 7200)
    backlog.accept(alert(level=1), then_s=600)
    assert backlog.feedback() == [(60, FAILED)]


def test_the_wearer_is_told_of_a_late_success_too(world: World, alert: MakeAlert) -> None:
    world.patience = Patience(fix_wait_s=0)
    for contact in EVERYBODY:
        world.scripts["sms"][contact] = [HANGS] * 3
    world.accept(alert(level=1), then_s=600)
    assert [feedback for _, feedback in world.feedback()] == [FAILED, HANDED_OVER]
