"""One connection of an application, from the moment it is made to its end."""

import asyncio
import contextlib
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

from bleak.exc import BleakError
from bumble import core, hci
from bumble.device import Connection

from vigie.radio.bleak_backend.errors import as_bleak_error, reason_text
from vigie.radio.tasks import shielded, to_the_end

_T = TypeVar("_T")


class Session:
    """Runs operations on a connection and ends them with it.

    Args:
        connection: bumble's.
        on_end: called once, when the connection is over.
    """

    def __init__(self, connection: Connection, on_end: Callable[[], None]):
        self.connection = connection
        self._on_end = on_end
        self._operations: dict[asyncio.Task[Any], None] = {}
        self._reason: int | None = None
        self._over = asyncio.Event()
        connection.on(connection.EVENT_DISCONNECTION, self.end)

    async def run(self, operation: Coroutine[Any, Any, _T]) -> _T:
        """Run an operation; its errors are bleak's.

        An application that is cancelled stops waiting, but the operation goes on: a request on
        the air cannot be taken back, and its response must not be taken for that to another.
        """
        if self._reason is not None:
            operation.close()
            raise self._gone()
        task = asyncio.get_running_loop().create_task(operation)
        self._operations[task] = None
        task.add_done_callback(self._operations.pop)
        try:
            return await shielded(task)
        except asyncio.CancelledError:
            if task.cancelled() and self._reason is not None:
                raise self._gone() from None
            raise
        except core.BaseBumbleError as error:
            raise as_bleak_error(error) from error

    async def close(self) -> None:
        """Disconnect; a peer out of reach is given up after the supervision timeout."""
        await to_the_end(self._disconnect())

    async def _disconnect(self) -> None:
        with contextlib.suppress(hci.HCI_Error, asyncio.CancelledError):
            await self.connection.disconnect()
        # An error means that the link is being lost at this very moment.
        await self._over.wait()

    def end(self, reason: int) -> None:
        """The connection is over."""
        if self._reason is not None:
            return
        self._reason = reason
        self._over.set()
        for task in list(self._operations):
            task.cancel()
        self._on_end()

    def _gone(self) -> BleakError:
        return BleakError(f"disconnected: {reason_text(self._reason or 0)}")
