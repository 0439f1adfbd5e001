"""From an alert to the contacts: who gets what, when, and what the wearer is told."""

import asyncio

import pytest

from button.core.gestures import CALL, SMS
from button.core.wire import FAILED, HANDED_OVER
from vigie.phone.dispatch import Dispatcher
from vigie.phone.gateways import GatewayRefused, GatewayUnavailable
from vigie.phone.outcome import Outcome
from vigie.phone.patience import Patience
from vigie.phone.position import NoPosition
from vigie.virtual.clock import run

from .world import ANAIS, KARIM, MAMAN, MakeAlert, ScriptedGateway, World


def test_a_prevention_is_one_sms_to_each_contact(world: World, alert: MakeAlert) -> None:
    world.accept(alert(level=1))
    assert world.attempts() == [(0, "sms", ANAIS), (0, "sms", KARIM), (0, "sms", MAMAN)]
    assert world.feedback() == [(0, HANDED_OVER)]
    assert world.log[0][1].text == (
        "Claire signale un danger possible (14:00). Restez joignable, ne l'appelez pas. "
        "Position inconnue.\nBatterie : 65 %."
    )


@pytest.mark.parametrize("level", [2, 3, 4])
def test_a_rescue_is_sms_to_all_then_calls_then_mails(
    world: World, alert: MakeAlert, level: int
) -> None:
    world.accept(alert(level=level))
    assert world.attempts() == [
        *[(0, "sms", ANAIS), (0, "sms", KARIM), (0, "sms", MAMAN)],
        *[(0, "call", ANAIS), (0, "call", KARIM), (0, "call", MAMAN)],
        *[(0, "mail", ANAIS), (0, "mail", KARIM)],  # Maman has no address
    ]
    assert {m.address for _, m in world.log[6:]} == {"anais@example.org", "karim@example.org"}
    assert set(world.states(alert().event_id).values()) == {"sent"}


def test_the_same_alert_again_sends_nothing_more(world: World, alert: MakeAlert) -> None:
    async def story(dispatcher: Dispatcher) -> None:
        assert dispatcher.accept(alert())
        assert not dispatcher.accept(alert())
        await asyncio.sleep(100)
        assert not dispatcher.accept(alert(age_ms=100_000))
        await asyncio.sleep(100)

    world.live(story)
    assert len(world.log) == 3


def test_one_slow_or_failing_contact_delays_nobody(world: World, alert: MakeAlert) -> None:
    world.scripts["sms"][ANAIS] = [25.0]
    world.scripts["sms"][KARIM] = [GatewayUnavailable("busy"), GatewayUnavailable("busy")]
    world.accept(alert(level=2))
    assert world.attempts() == [
        *[(0, "sms", ANAIS), (0, "sms", KARIM), (0, "sms", MAMAN)],
        *[(0, "call", KARIM), (0, "call", MAMAN), (0, "mail", KARIM)],
        (1, "sms", KARIM),
        (3, "sms", KARIM),
        (5, "call", ANAIS),  # waits for her SMS, but no longer than that
        (5, "mail", ANAIS),
    ]
    assert world.feedback() == [(25, HANDED_OVER)]


def test_an_attempt_that_hangs_is_broken_off_and_repeated_as_a_repeat(
    world: World, alert: MakeAlert
) -> None:
    world.scripts["sms"][ANAIS] = [1e9]
    world.accept(alert(level=1))
    (first_s, first), (second_s, second) = (log for log in world.log if log[1].contact == ANAIS)
    assert (first_s, second_s) == (0, 31)
    assert not first.repeat
    assert second.repeat
    assert (second.text or "").startswith("(répétition) Claire signale")
    assert world.outbox.message(first.id).state == "sent"


def test_only_an_attempt_that_may_have_worked_makes_a_repeat(
    world: World, alert: MakeAlert
) -> None:
    world.scripts["sms"][ANAIS] = [GatewayUnavailable("no network")]
    world.scripts["sms"][KARIM] = [GatewayUnavailable("broke off", perhaps_sent=True)]
    world.scripts["sms"][MAMAN] = [RuntimeError("a fault of ours")]
    world.accept(alert(level=1))
    assert {(m.contact, m.repeat) for at_s, m in world.log if at_s > 0} == {
        (ANAIS, False),
        (KARIM, True),
        (MAMAN, True),
    }
    assert world.feedback() == [(1, HANDED_OVER)]


def test_a_refused_message_is_not_tried_again(world: World, alert: MakeAlert) -> None:
    world.scripts["sms"][ANAIS] = [GatewayRefused("no such\nnumber\udcff")]
    world.accept(alert(level=1))
    assert len(world.log) == 3
    (message, *_) = world.outbox.messages(alert().event_id)
    assert (message.state, message.error, message.attempts) == ("failed", "no such number", 1)


def test_two_of_three_is_told_as_neither_success_nor_failure(
    world: World, alert: MakeAlert
) -> None:
    world.scripts["sms"][ANAIS] = [GatewayRefused("no such number")]
    world.accept(alert(level=1))
    assert world.feedback() == []
    assert world.outcomes[-1][1] == Outcome(alert().event_id, None, 3, 2, 2, 0)


def test_trying_ends_with_the_delays(world: World, alert: MakeAlert) -> None:
    for contact in (ANAIS, KARIM, MAMAN):
        world.scripts["sms"][contact] = [GatewayUnavailable("no network") for _ in range(99)]
    world.accept(alert(level=1))
    assert [at_s for at_s, _, contact in world.attempts() if contact == ANAIS] == [0, 1, 3, 7]
    assert world.feedback() == [(7, FAILED)]
    assert set(world.states(alert().event_id).values()) == {"failed"}


def test_the_wearer_is_told_of_failure_after_a_minute_and_of_success_when_it_comes(
    world: World, alert: MakeAlert
) -> None:
    world.patience = Patience(fix_wait_s=0)
    for contact in (ANAIS, KARIM, MAMAN):
        world.scripts["sms"][contact] = [GatewayUnavailable("no network") for _ in range(20)]
    world.accept(alert(level=1), then_s=3600)
    assert [at_s for at_s, _ in world.feedback()] == [60, 60 + 60 * 14]
    assert [feedback for _, feedback in world.feedback()] == [FAILED, HANDED_OVER]
    assert "message en retard de 15 min" in (world.log[-1][1].text or "")


def test_six_hours_without_network_are_survived() -> None:
    assert sum(Patience().delays_s) == 6 * 3600


def test_what_became_of_an_alert_can_be_asked(world: World, alert: MakeAlert) -> None:
    async def story(dispatcher: Dispatcher) -> None:
        assert dispatcher.outcome(alert().event_id) is None
        dispatcher.accept(alert())
        assert dispatcher.outcome(alert().event_id) == Outcome(alert().event_id, None, 3, 0, 0, 3)
        await asyncio.sleep(1)
        told = Outcome(alert().event_id, HANDED_OVER, 3, 3, 3, 0)
        assert dispatcher.outcome(alert().event_id) == told

    world.live(story)


def test_a_channel_without_gateway_is_not_planned(world: World, alert: MakeAlert) -> None:
    async def story() -> None:
        dispatcher = world.dispatcher([ScriptedGateway("sms", world.log)])
        dispatcher.accept(alert(level=4))

    run(story())
    assert {channel for _, channel in world.states(alert().event_id)} == {"sms"}


def test_gateways_and_actions_that_cannot_keep_the_promise_are_refused(world: World) -> None:
    async def story() -> None:
        sms, mail = ScriptedGateway("sms", []), ScriptedGateway("mail", [])
        for wrong in ([], [mail], [sms, sms]):
            with pytest.raises(ValueError, match="one gateway a channel"):
                world.dispatcher(wrong)
        with pytest.raises(ValueError, match="every level sends SMS"):
            Dispatcher(
                world.outbox,
                world.book,
                [sms],
                NoPosition(),
                now=lambda: 0,
                wall_clock=world.wall_clock,
                on_outcome=print,
                actions=(0, CALL, SMS, SMS, SMS),
            )

    run(story())


def test_two_runs_of_one_dispatcher_are_refused(world: World) -> None:
    async def story(dispatcher: Dispatcher) -> None:
        await asyncio.sleep(1)
        with pytest.raises(RuntimeError, match="twice"):
            await dispatcher.run()

    world.live(story)
