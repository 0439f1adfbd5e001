"""A lane: what is waiting for one contact on one channel, and when each message is due.

Each lane sends one message at a time. A gateway that hangs holds up its lane and no other.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from button.core.wire import EventId

_SLACK_S = 1e-3
"""A loop may fire a timer early by the resolution of its clock: without slack this would spin."""


@dataclass
class _Waiting:
    event_id: EventId
    due_s: float
    after_other_channel: bool


class Lane:
    """The waiting messages, by their id. Times are seconds of the loop."""

    def __init__(self) -> None:
        self._waiting: dict[int, _Waiting] = {}
        self._changed = asyncio.Event()

    def put(
        self, message_id: int, event_id: EventId, due_s: float, after_other_channel: bool = False
    ) -> None:
        """Have a message sent at a time, or earlier when `release` says that its turn has come."""
        self._waiting[message_id] = _Waiting(event_id, due_s, after_other_channel)
        self._changed.set()

    def __contains__(self, message_id: int) -> bool:
        return message_id in self._waiting

    def drop(self, message_id: int) -> None:
        """Forget a message that is done."""
        self._waiting.pop(message_id, None)

    def release(self, event_id: EventId, now_s: float) -> bool:
        """Let those messages of an alert go that waited for another channel; False if none did."""
        released = False
        for waiting in self._waiting.values():
            if waiting.event_id == event_id and waiting.after_other_channel:
                waiting.due_s = min(waiting.due_s, now_s)
                waiting.after_other_channel = False
                released = True
        if released:
            self._changed.set()
        return released

    async def next(self, now: Callable[[], float]) -> int:
        """Wait until a message is due. It stays in the lane until it is put again or dropped."""
        while True:
            self._changed.clear()
            wait_s = None
            if self._waiting:
                due_s, message_id = min((w.due_s, i) for i, w in self._waiting.items())
                wait_s = due_s - now()
                if wait_s <= _SLACK_S:
                    return message_id
            try:
                async with asyncio.timeout(wait_s):
                    await self._changed.wait()
            except TimeoutError:
                pass  # due
