"""A lane: what is waiting for one contact on one channel, and when each message is due.

Each lane sends one message at a time. A gateway that hangs holds up its lane and no other. Of
several that are due, the first attempt of the newest alert goes before all: every alert is tried
at once, whatever is left of older ones. Then the level counts, and then the newest.
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
    level: int
    due_s: float
    untried: bool
    after_other_channel: bool


class Lane:
    """The waiting messages, by their id: a newer alert has greater ones. Times are seconds."""

    def __init__(self) -> None:
        self._waiting: dict[int, _Waiting] = {}
        self._newest_id = -1
        self._changed = asyncio.Event()

    def put(
        self,
        message_id: int,
        event_id: EventId,
        level: int,
        due_s: float,
        *,
        untried: bool = False,
        after_other_channel: bool = False,
    ) -> None:
        """Have a message sent at a time, or earlier when `release` says that its turn has come."""
        if untried:
            self._newest_id = max(self._newest_id, message_id)
        self._waiting[message_id] = _Waiting(event_id, level, due_s, untried, after_other_channel)
        self._changed.set()

    def again(self, message_id: int, due_s: float) -> None:
        """Have a message that came out of the lane sent once more."""
        self._waiting[message_id].due_s = due_s
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
        """Wait until a message is due, and give the most urgent one.

        It stays in the lane until `again` or `drop`.
        """
        message_id = await self._most_urgent(list, now)
        self._waiting[message_id].untried = False
        return message_id

    async def overtaken(self, message_id: int, now: Callable[[], float]) -> None:
        """Wait until a newer and more urgent message than this one, which is out, is due."""

        def rivals(ids: dict[int, _Waiting]) -> list[int]:
            rank = self._rank(message_id)
            return [i for i in ids if i > message_id and self._rank(i) > rank]

        await self._most_urgent(rivals, now)

    async def _most_urgent(
        self, among: Callable[[dict[int, _Waiting]], list[int]], now: Callable[[], float]
    ) -> int:
        while True:
            self._changed.clear()
            ids = among(self._waiting)
            due = [i for i in ids if self._waiting[i].due_s - now() <= _SLACK_S]
            if due:
                return max(due, key=self._rank)
            next_s = min((self._waiting[i].due_s for i in ids), default=None)
            try:
                async with asyncio.timeout(None if next_s is None else next_s - now()):
                    await self._changed.wait()
            except TimeoutError:
                pass  # due

    def _rank(self, message_id: int) -> tuple[bool, int, int]:
        waiting = self._waiting[message_id]
        is_first = waiting.untried and message_id == self._newest_id
        return is_first, waiting.level, message_id
