"""The fingerprint of a recording follows its alert, to every contact, and changes nothing else."""

import asyncio

from button.core.wire import HANDED_OVER, SEEN
from vigie.phone.dispatch import Dispatcher
from vigie.phone.gateways import GatewayUnavailable
from vigie.phone.outbox import Outbox
from vigie.phone.sms import count_segments

from .world import ANAIS, KARIM, MAMAN, MakeAlert, World

FINGERPRINT = "8f2a-31c4-99ab-0d11"


def test_every_contact_gets_it_once_by_sms(world: World, alert: MakeAlert) -> None:
    event_id = alert(level=2).event_id

    async def story(dispatcher: Dispatcher) -> None:
        dispatcher.accept(alert(level=2))
        await asyncio.sleep(30)
        dispatcher.follow_up(event_id, FINGERPRINT)
        dispatcher.follow_up(event_id, FINGERPRINT)
        await asyncio.sleep(30)

    world.live(story)
    said = [m for _, m in world.log if m.fingerprint]
    assert [m.contact for m in said] == [ANAIS, KARIM, MAMAN]
    assert {m.channel for m in said} == {"sms"}
    assert said[0].text == (
        "Le son autour de Claire à 14:00 est enregistré. Empreinte : 8f2a-31c4-99ab-0d11."
        " Gardez ce message : il montrera si on change l'enregistrement."
    )
    assert count_segments(said[0].text).segments == 1


def test_a_recording_without_an_alert_tells_nobody(world: World, alert: MakeAlert) -> None:
    async def story(dispatcher: Dispatcher) -> None:
        dispatcher.follow_up(alert(7).event_id, FINGERPRINT)
        await asyncio.sleep(5)

    world.live(story)
    assert world.log == []


def test_it_neither_helps_nor_spoils_what_the_wearer_is_told(
    world: World, alert: MakeAlert
) -> None:
    event_id = alert().event_id
    world.scripts["sms"][MAMAN] = [GatewayUnavailable("no net"), 0.0, GatewayUnavailable("gone")]

    async def story(dispatcher: Dispatcher) -> None:
        dispatcher.accept(alert())
        dispatcher.follow_up(event_id, FINGERPRINT)
        outcome = dispatcher.outcome(event_id)
        assert outcome and outcome.contacts == 3 and outcome.texted == 0
        await asyncio.sleep(30)
        outcome = dispatcher.outcome(event_id)
        assert outcome and outcome.feedback == HANDED_OVER
        assert dispatcher.contact_replied(KARIM) == event_id

    world.live(story)
    assert world.outcomes[-1][1].feedback == SEEN
    followed = [m for m in world.outbox.messages(event_id) if m.fingerprint]
    assert {m.state for m in followed} == {"sent"}


def test_a_reply_counts_only_after_a_call_for_help(world: World, alert: MakeAlert) -> None:
    world.scripts["sms"][KARIM] = [GatewayUnavailable("no net")] * 9

    async def story(dispatcher: Dispatcher) -> None:
        dispatcher.accept(alert())
        await asyncio.sleep(0.5)
        world.scripts["sms"][KARIM].clear()
        dispatcher.follow_up(alert().event_id, FINGERPRINT)
        await asyncio.sleep(0.1)
        assert [m.fingerprint for _, m in world.log if m.contact == KARIM][-1] == FINGERPRINT
        assert dispatcher.contact_replied(KARIM) is None

    world.live(story)


def test_calls_for_help_go_first(world: World, alert: MakeAlert) -> None:
    """One line to each contact: what calls for help takes it, old or new."""
    for contact in (ANAIS, KARIM, MAMAN):
        world.scripts["sms"][contact] = [2.0, 2.0, 2.0]

    async def story(dispatcher: Dispatcher) -> None:
        dispatcher.accept(alert(1))
        await asyncio.sleep(1)
        dispatcher.follow_up(alert(1).event_id, FINGERPRINT)
        dispatcher.accept(alert(2))
        await asyncio.sleep(20)

    world.live(story)
    mine = [m for _, m in world.log if m.contact == ANAIS]
    assert [bool(m.fingerprint) for m in mine] == [False, False, True]


def test_it_is_sent_after_a_restart(world: World, alert: MakeAlert, outbox: Outbox) -> None:
    event_id = alert(level=2).event_id

    async def story(dispatcher: Dispatcher) -> None:
        dispatcher.accept(alert(level=2))
        await asyncio.sleep(30)

    world.live(story)
    world.scripts["sms"][ANAIS] = [1000.0]

    async def killed(dispatcher: Dispatcher) -> None:
        dispatcher.follow_up(event_id, FINGERPRINT)
        await asyncio.sleep(1)

    world.live(killed)

    async def again(dispatcher: Dispatcher) -> None:
        await asyncio.sleep(30)

    world.live(again)
    (last,) = [m for m in outbox.messages(event_id) if m.fingerprint and m.contact == ANAIS]
    assert last.state == "sent" and last.repeat
    assert last.text and last.text.startswith("(répétition) Le son")
