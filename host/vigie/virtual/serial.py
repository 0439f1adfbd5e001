"""The board's serial port for programs in this process, on the virtual clock.

mpremote's transport reads and writes a port object; this one lets the world run while it waits, so
deploying to a virtual board takes mpremote's own path but no wall time.
"""

import asyncio

from mpremote.transport_serial import SerialTransport

from vigie.virtual.board import VirtualBoard

_POLL_S = 0.05
"""How long the world runs at most when somebody only looks whether there is something to read:
longer than a flash erase, for mpremote sleeps on the wall clock after a look in vain."""
_READ_S = 10.0


class LoopSerial:
    """Looks like pyserial's port to mpremote. Only for use while the loop does not run."""

    def __init__(self, loop: asyncio.AbstractEventLoop, board: VirtualBoard):
        self._loop = loop
        self._console = board.console
        self._received = bytearray()
        self._arrived = asyncio.Event()
        self._console.hear.append(self._hear)

    def _hear(self, data: bytes) -> None:
        self._received += data
        self._arrived.set()

    async def _wait(self, n: int, within_s: float) -> None:
        try:
            async with asyncio.timeout(within_s):
                while len(self._received) < n:
                    self._arrived.clear()
                    await self._arrived.wait()
        except TimeoutError:
            pass

    def inWaiting(self) -> int:
        """Bytes that can be read now, by pyserial's old name for it."""
        if not self._received:
            self._loop.run_until_complete(self._wait(1, _POLL_S))
        return len(self._received)

    def read(self, n: int = 1) -> bytes:
        """Up to n bytes, fewer if they do not come in time."""
        if len(self._received) < n:
            self._loop.run_until_complete(self._wait(n, _READ_S))
        data = bytes(self._received[:n])
        del self._received[:n]
        return data

    def write(self, data: bytes) -> int:
        """Type into the console."""

        async def type_it() -> None:
            self._console.type(data)

        self._loop.run_until_complete(type_it())
        return len(data)

    def close(self) -> None:
        """Stop listening."""
        self._console.hear.remove(self._hear)


class LoopTransport(SerialTransport):
    """mpremote's serial transport over a LoopSerial."""

    def __init__(self, loop: asyncio.AbstractEventLoop, board: VirtualBoard):
        # Everything the original sets, except that it opens no device.
        self.in_raw_repl = False
        self.use_raw_paste = True
        self.device_name = "the virtual board"
        self.mounted = False
        self.is_pty = False
        self.serial = LoopSerial(loop, board)

    def close(self) -> None:
        """Stop listening."""
        self.serial.close()
