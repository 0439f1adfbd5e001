"""Whoever is cancelled stops waiting; what they waited for goes on, its errors are nobody's."""

import asyncio
import gc
from typing import Any

import pytest

from vigie.radio.tasks import shielded


@pytest.mark.parametrize("rounds", range(5))
def test_an_operation_that_fails_after_its_waiter_was_cancelled_disturbs_nobody(
    rounds: int,
) -> None:
    heard: list[Any] = []

    async def operation(failing: "asyncio.Future[None]") -> None:
        await failing
        raise ValueError("too late")

    async def main() -> None:
        loop = asyncio.get_running_loop()
        loop.set_exception_handler(lambda _, context: heard.append(context))
        failing = loop.create_future()
        task = loop.create_task(operation(failing))
        waiter = loop.create_task(shielded(task))
        await asyncio.sleep(0.01)
        failing.set_result(None)
        for _ in range(rounds):  # at each step of the way from the failure to the waiter
            await asyncio.sleep(0)
        waiter.cancel()
        with pytest.raises((asyncio.CancelledError, ValueError), match=r"^$|too late"):
            await waiter
        await asyncio.wait([task])

    asyncio.run(main())
    gc.collect()
    assert not heard


def test_the_outcome_of_an_operation_is_passed_on() -> None:
    async def operation(outcome: int) -> int:
        await asyncio.sleep(0)
        if outcome < 0:
            raise ValueError("no outcome")
        return outcome

    async def main(outcome: int) -> int:
        return await shielded(asyncio.create_task(operation(outcome)))

    assert asyncio.run(main(3)) == 3
    with pytest.raises(ValueError, match="no outcome"):
        asyncio.run(main(-1))
