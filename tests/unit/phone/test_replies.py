"""What counts as an answer of a contact, and what an answer leaves alone."""

import asyncio

from button.core.wire import FAILED, HANDED_OVER, SEEN
from vigie.phone.dispatch import Dispatcher
from vigie.phone.gateways import GatewayRefused, GatewayUnavailable
from vigie.phone.patience import Patience

from .world import ANAIS, KARIM, MAMAN, PATIENCE, MakeAlert, World


def test_a_reply_counts_as_seen_and_the_messages_keep_when_they_were_taken(
    world: World, alert: MakeAlert
) -> None:
    async def story(dispatcher: Dispatcher) -> None:
        dispatcher.accept(alert(level=2))
        await asyncio.sleep(90)
        assert dispatcher.contact_replied(KARIM) == alert().event_id
        assert dispatcher.contact_replied(KARIM) == alert().event_id
        assert dispatcher.contact_replied("+33199009999") is None

    world.live(story)
    assert world.feedback() == [(0, HANDED_OVER), (90, SEEN)]
    (held,) = world.outbox.alerts()
    for message in world.outbox.messages(held.event_id):
        assert message.sent_at_ms == held.received_at_ms
        is_karims = message.contact == KARIM
        assert message.state == ("seen" if is_karims else "sent")
        assert message.seen_at_ms == (held.received_at_ms + 90_000 if is_karims else None)


def test_an_unrelated_text_does_not_cancel_an_alert_that_is_not_sent_yet(
    world: World, alert: MakeAlert
) -> None:
    for contact in (ANAIS, KARIM, MAMAN):
        world.scripts["sms"][contact] = [
            GatewayUnavailable("broke off", perhaps_sent=True),
            *[GatewayUnavailable("no network")] * 2,
        ]

    async def story(dispatcher: Dispatcher) -> None:
        dispatcher.accept(alert(level=1))
        for _ in range(6):
            assert dispatcher.contact_replied(ANAIS) is None
            await asyncio.sleep(1)
        await asyncio.sleep(600)

    world.live(story)
    assert world.feedback() == [(7, HANDED_OVER)]
    assert [at_s for at_s, _, contact in world.attempts() if contact == ANAIS] == [0, 1, 3, 7]


def test_an_unrelated_text_while_a_message_is_on_its_way_changes_nothing(
    world: World, alert: MakeAlert
) -> None:
    world.scripts["sms"] = {c: [1e9] * 9 for c in (ANAIS, KARIM, MAMAN)}

    async def story(dispatcher: Dispatcher) -> None:
        dispatcher.accept(alert(level=1))
        await asyncio.sleep(31.5)  # in the second attempt, which says that it is a repeat
        assert dispatcher.contact_replied(ANAIS) is None
        assert world.states(alert().event_id)[ANAIS, "sms"] == "sending"
        await asyncio.sleep(600)

    world.live(story)
    assert [feedback for _, feedback in world.feedback()] == [FAILED]
    assert len([m for _, m in world.log if m.contact == ANAIS]) == 4


def test_what_is_still_to_be_sent_to_who_answered_is_sent(world: World, alert: MakeAlert) -> None:
    world.scripts["call"][ANAIS] = [GatewayUnavailable("busy"), GatewayRefused("never")]
    world.scripts["mail"][ANAIS] = [GatewayUnavailable("busy"), GatewayUnavailable("busy")]

    async def story(dispatcher: Dispatcher) -> None:
        dispatcher.accept(alert(level=2))
        await asyncio.sleep(2)
        assert dispatcher.contact_replied(ANAIS) == alert().event_id
        await asyncio.sleep(600)

    world.live(story)
    states = world.states(alert().event_id)
    assert [states[ANAIS, c] for c in ("sms", "call", "mail")] == ["seen", "failed", "sent"]


def test_a_reply_answers_the_newest_alert_and_only_if_that_reached_its_contact(
    world: World, alert: MakeAlert
) -> None:
    world.scripts["sms"][ANAIS] = [0.0, GatewayRefused("blocked")]

    async def story(dispatcher: Dispatcher) -> None:
        assert dispatcher.contact_replied(ANAIS) is None
        for seq in (1, 2):
            dispatcher.accept(alert(seq))
            await asyncio.sleep(10)
        assert dispatcher.contact_replied(ANAIS) is None
        assert dispatcher.contact_replied(KARIM) == alert(2).event_id

    world.live(story)
    assert [o.event_id.seq for _, o in world.outcomes if o.feedback == SEEN] == [2]
    assert set(world.states(alert(1).event_id).values()) == {"sent"}


def test_a_text_hours_later_is_about_something_else(world: World, alert: MakeAlert) -> None:
    world.patience = Patience(delays_s=PATIENCE.delays_s, fix_wait_s=0, reply_s=3 * 3600)

    async def story(dispatcher: Dispatcher) -> None:
        dispatcher.accept(alert())
        await asyncio.sleep(3 * 3600)
        assert dispatcher.contact_replied(ANAIS) == alert().event_id
        await asyncio.sleep(1)
        assert dispatcher.contact_replied(KARIM) is None

    world.live(story)
