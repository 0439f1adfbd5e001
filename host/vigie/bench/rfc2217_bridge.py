"""Offers a serial port over TCP (RFC 2217), speed and modem lines too: a board on another machine.

One client at a time, like a serial port. There is no password and no encryption.
"""

import asyncio
import errno
import struct
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from serial import Serial
from serial.rfc2217 import PortManager

from vigie.bench.serial_wire import SerialWire

_LOOK_EVERY_S = 0.05
"""How often the modem lines are looked at."""
_READ = 4096
_NO_SUCH_LINE = (errno.ENOTTY, errno.EINVAL)


class _Lines:
    """A port whose modem lines may not exist, as on a PTY: then they are not asserted."""

    def __init__(self, port: Serial):
        self.__dict__["_port"] = port

    def __getattr__(self, name: str) -> Any:
        try:
            return getattr(self.__dict__["_port"], name)
        except OSError as e:
            if e.errno in _NO_SUCH_LINE:
                return False
            raise

    def __setattr__(self, name: str, value: object) -> None:
        try:
            setattr(self.__dict__["_port"], name, value)
        except OSError as e:
            if e.errno not in _NO_SUCH_LINE:
                raise


class _Sender:
    """What the protocol says, on its way to the client."""

    def __init__(self, writer: asyncio.StreamWriter):
        self.write = writer.write


class Bridge:
    """Between one serial port and whoever connects.

    Args:
        port: open.
        tell: told who comes and goes, and why.
    """

    def __init__(self, port: Serial, tell: Callable[[str], None]):
        self._port = port
        self._tell = tell
        self._wire = SerialWire(port, self._gone)
        self._server: asyncio.Server | None = None
        self._client: asyncio.StreamWriter | None = None
        self._ended: asyncio.Future[str] = asyncio.get_running_loop().create_future()

    async def listen(self, host: str, port: int) -> int:
        """Begin; the TCP port, which the system chooses for 0. Raises OSError."""
        self._server = await asyncio.start_server(self._serve, host, port)
        return int(self._server.sockets[0].getsockname()[1])

    async def ended(self) -> str:
        """Wait until the serial port is gone; why."""
        return await self._ended

    def close(self) -> None:
        """Send the client away and listen no more."""
        if self._server:
            self._server.close()
        if self._client:
            self._client.close()
        self._wire.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        who = "{}:{}".format(*writer.get_extra_info("peername")[:2])
        if self._client:
            self._tell(f"{who} was sent away: the port is in use")
            writer.close()
            return
        self._client = writer
        self._tell(f"{who} is connected")
        lines: Any = _Lines(self._port)
        sender: Any = _Sender(writer)
        manager: Any = PortManager(lines, sender)

        def forward(data: bytes) -> None:
            if not writer.is_closing():
                writer.write(b"".join(manager.escape(data)))

        self._wire.hear.append(forward)
        looking = asyncio.create_task(self._look(manager))
        why = "it left"
        try:
            await self._take(reader, manager)
        except (OSError, ValueError, LookupError, TypeError, struct.error) as e:
            why = f"it said what is no RFC 2217: {e!r}"
        finally:
            looking.cancel()
            self._wire.hear.remove(forward)
            self._client = None
            writer.close()
        self._tell(f"{who} is gone: {why}")

    async def _take(self, reader: asyncio.StreamReader, manager: Any) -> None:
        loop = asyncio.get_running_loop()
        with suppress(ConnectionError):
            while data := await reader.read(_READ):
                if plain := b"".join(manager.filter(data)):
                    await loop.run_in_executor(None, self._port.write, plain)

    async def _look(self, manager: Any) -> None:
        with suppress(OSError):  # the reading thread tells
            while True:
                manager.check_modem_lines()
                await asyncio.sleep(_LOOK_EVERY_S)

    def _gone(self, why: str) -> None:
        if not self._ended.done():
            self._ended.set_result(why)
