"""A serial port on an event loop: a thread reads, the loop hears."""

import asyncio
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from serial import Serial

_LOOK_S = 0.1
"""How often the thread looks whether it should end."""


class SerialWire:
    """Both directions of an open port, which works on every system and for pyserial's URLs too.

    `hear` is called on the loop with what comes. The port stays open when the wire is closed.

    Args:
        port: open; its reading is this wire's alone meanwhile.
        fail: told, on the loop, that the port is gone.
    """

    def __init__(self, port: Serial, fail: Callable[[str], None]):
        self.hear: list[Callable[[bytes], None]] = []
        self._port = port
        self._fail = fail
        self._loop = asyncio.get_running_loop()
        self._closing = threading.Event()
        self._timeout_s = port.timeout
        port.timeout = _LOOK_S
        self._thread = threading.Thread(target=self._read, name="serial port", daemon=True)
        self._thread.start()

    def write(self, data: bytes) -> None:
        """Send this. Raises OSError."""
        self._port.write(data)

    def close(self) -> None:
        """Stop listening."""
        self._closing.set()
        self._thread.join()
        with suppress(OSError):
            self._port.timeout = self._timeout_s

    def _read(self) -> None:
        while not self._closing.is_set():
            try:
                data = self._port.read(max(1, self._port.in_waiting))
            except (OSError, TypeError) as e:  # the latter when it is closed meanwhile
                if not self._closing.is_set():
                    self._tell(self._fail, f"the serial port {self._port.port} is gone: {e}")
                return
            if data:
                self._tell(self._heard, data)

    def _tell(self, who: Callable[[Any], None], what: str | bytes) -> None:
        with suppress(RuntimeError):  # the loop has ended
            self._loop.call_soon_threadsafe(who, what)

    def _heard(self, data: bytes) -> None:
        for hear in self.hear:
            hear(data)
