"""The gateways that only record."""

import asyncio
from collections.abc import Callable

import pytest

from vigie.phone.gateways import Gateway, GatewayRefused, GatewayUnavailable, RecordedGateway
from vigie.phone.outbox import Outbox
from vigie.phone.records import Draft, HeldAlert


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
