"""One attempt to hand a message over, and what the message is after it."""

import asyncio
import logging
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import replace

from vigie.phone.gateways import Gateway, GatewayRefused, GatewayUnavailable
from vigie.phone.names import one_line
from vigie.phone.patience import Patience
from vigie.phone.records import Message

_log = logging.getLogger(__name__)

_REASON_MAX = 200


async def attempt(
    gateway: Gateway,
    message: Message,
    patience: Patience,
    overtaken: Callable[[], Awaitable[None]],
) -> Message:
    """Try once.

    Args:
        gateway: the way out.
        message: what it is to take.
        patience: how long to wait.
        overtaken: returns when something more urgent wants the gateway.

    Returns:
        The message as sent, failed, or queued to be tried again. It is marked as a repeat if this
        attempt may have succeeded without our knowing.
    """
    try:
        async with asyncio.timeout(patience.attempt_s) as limit:
            async with _give_way(limit, overtaken, patience.give_way_s):
                await gateway.send(message)
    except GatewayRefused as error:
        return replace(message, state="failed", error=_reason(error))
    except GatewayUnavailable as error:
        reason, perhaps_sent = _reason(error), error.perhaps_sent
    except TimeoutError:
        reason, perhaps_sent = "no answer in time", True
    except Exception as error:  # a fault in one gateway must not silence the others
        _log.exception("a fault in the gateway for %s", message.channel)
        reason, perhaps_sent = f"{type(error).__name__}: {_reason(error)}", True
    else:
        return replace(message, state="sent", error=None)
    is_last = message.attempts > len(patience.delays_s)
    return replace(
        message,
        state="failed" if is_last else "queued",
        error=reason,
        repeat=message.repeat or perhaps_sent,
    )


@asynccontextmanager
async def _give_way(
    limit: asyncio.Timeout, overtaken: Callable[[], Awaitable[None]], within_s: float
) -> AsyncGenerator[None]:
    """Bring the limit forward when something more urgent waits."""

    async def watch() -> None:
        await overtaken()
        when_s = asyncio.get_running_loop().time() + within_s
        if not limit.expired() and when_s < (limit.when() or when_s):
            limit.reschedule(when_s)

    watching = asyncio.create_task(watch())
    try:
        yield
    finally:
        watching.cancel()


def _reason(error: Exception) -> str:
    return one_line(str(error), _REASON_MAX) or type(error).__name__
