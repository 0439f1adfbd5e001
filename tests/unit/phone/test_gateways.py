"""The gateways that lead nowhere."""

import asyncio
from collections.abc import Callable

import pytest

from button.core.wire import FAILED
from vigie.phone.gateways import (
    Gateway,
    GatewayRefused,
    GatewayUnavailable,
    NoGateway,
    RecordedGateway,
)
from vigie.phone.outbox import Outbox
from vigie.phone.records import Channel, Draft, HeldAlert
from vigie.virtual.clock import run

from .world import MakeAlert, World


def test_a_recorded_gateway_fails_as_told_and_then_takes(
    outbox: Outbox, held: Callable[..., HeldAlert], drafts: list[Draft]
) -> None:
    outbox.hold(held(), drafts)
    first, second, _ = outbox.open_messages()
    failures = [GatewayUnavailable("busy"), GatewayRefused("never")]
    recorded = RecordedGateway("sms", {first.contact: failures})
    gateway: Gateway = recorded

    async def story() -> None:
        with pytest.raises(GatewayUnavailable, match="busy"):
            await gateway.send(first)
        await gateway.send(second)
        with pytest.raises(GatewayRefused, match="never"):
            await gateway.send(first)
        await gateway.send(first)

    asyncio.run(story())
    assert recorded.taken == [second, first]
    assert len(failures) == 2  # the caller's list is not used up


def test_where_there_is_no_way_out_the_wearer_is_told_and_the_words_are_kept(
    world: World, alert: MakeAlert
) -> None:
    channels: tuple[Channel, ...] = ("sms", "call", "mail")

    async def story() -> None:
        dispatcher = world.dispatcher([NoGateway(c, "only recorded") for c in channels])
        running = asyncio.create_task(dispatcher.run())
        dispatcher.accept(alert(level=4))
        await asyncio.sleep(30)
        running.cancel()

    run(story())
    assert [feedback for _, feedback in world.feedback()] == [FAILED]
    for message in world.outbox.messages(alert().event_id):
        assert (message.state, message.error) == ("failed", "only recorded")
        assert "Claire a besoin d'aide" in (message.text or "")
