"""Work that must not stop half-way."""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

_T = TypeVar("_T")

_running: dict["asyncio.Task[Any]", None] = {}
"""asyncio itself holds tasks only weakly."""


def in_background(coroutine: Coroutine[Any, Any, _T]) -> "asyncio.Task[_T]":
    """Run a coroutine that nobody needs to wait for."""
    task = asyncio.ensure_future(coroutine)
    _running[task] = None
    task.add_done_callback(_running.pop)
    return task


async def to_the_end(coroutine: Coroutine[Any, Any, _T]) -> _T:
    """Run a coroutine to its end, even if whoever waits for it is cancelled meanwhile."""
    return await shielded(in_background(coroutine))


async def shielded(task: "asyncio.Task[_T]") -> _T:
    """Wait for a task that goes on if the waiting is cancelled; its errors are then nobody's."""
    ended = asyncio.get_running_loop().create_future()

    def end(task: "asyncio.Task[_T]") -> None:
        if not task.cancelled():
            task.exception()  # or asyncio would speak of an error that nobody took
        if not ended.done():
            ended.set_result(None)

    task.add_done_callback(end)
    await ended
    return task.result()
