"""What the tests of links share: notifications that are counted, and how links end."""

import asyncio
import struct

from bumble.device import Connection

from .world import (
    NOTIFYING,
    World,
    now,
)

INTERVAL_S = 0.015
TIMEOUT_S = 0.72


class Ends:
    """Notes when and why the ends of a link say that it is over."""

    def __init__(self, *connections: Connection):
        self.seen: list[tuple[float, int]] = []
        for connection in connections:
            connection.on("disconnection", self._note)

    def _note(self, reason: int) -> None:
        self.seen.append((now(), reason))

    @property
    def reasons(self) -> list[int]:
        return [reason for _, reason in self.seen]


class Inbox:
    """The numbers that the board has notified, and when they came."""

    def __init__(self) -> None:
        self.got: list[int] = []
        self.times_s: list[float] = []
        self._awaited: tuple[int, asyncio.Future[None]] | None = None

    def put(self, value: bytes) -> None:
        self.got.append(struct.unpack_from("<I", value)[0])
        self.times_s.append(now())
        if self._awaited and len(self.got) == self._awaited[0]:
            self._awaited[1].set_result(None)

    async def holds(self, count: int) -> None:
        self._awaited = (count, asyncio.get_running_loop().create_future())
        await self._awaited[1]


async def subscribed(world: World, interval_ms: float = 15) -> tuple[Connection, Inbox]:
    board = await world.connect_peer(interval_ms)
    inbox = Inbox()
    await board[NOTIFYING].subscribe(inbox.put)
    await asyncio.sleep(1)
    return board.connection, inbox


async def notify(world: World, number: int, size: int = 4) -> None:
    value = struct.pack("<I", number).ljust(size, b"\0")
    await world.board.device.notify_subscribers(world.services.notifying, value)
