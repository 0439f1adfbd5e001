"""A button and a radio made of nothing: what a phone's system may do, at the API of bleak."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from bleak.backends.device import BLEDevice

from button.core.framing import PlainFraming
from button.core.packets import split
from button.core.wire import PROTOCOL, SERVICE_UUID, Alert, Hello

HELLO = Hello(PROTOCOL).pack()
DEVICE = BLEDevice("C4:F2:17:1A:1D:BB", None, None)


@dataclass
class Advertisement:
    service_uuids: list[str] = field(default_factory=lambda: [SERVICE_UUID])


@dataclass
class FakeRadio:
    """Raises what is in its lists, one after the other; then all goes well."""

    searches: list[Exception] = field(default_factory=list[Exception])
    connections: list[Exception] = field(default_factory=list[Exception])
    writes: list[Exception] = field(default_factory=list[Exception])
    search_times_s: list[float] = field(default_factory=list[float])
    heard: list[bytes] = field(default_factory=list[bytes])
    """Messages that the button got, packed."""
    write_s: float = 0.0
    """How long one takes."""
    client_now: "FakeClient | None" = None

    def scanner(self, *, detection_callback: Callable[..., None], service_uuids: list[str]) -> Any:
        return FakeScanner(self, detection_callback)

    def client(self, device: BLEDevice, /, **options: Any) -> Any:
        return FakeClient(self, options["disconnected_callback"])

    def say(self, alert: Alert) -> None:
        """The button sends an alert."""
        assert self.client_now is not None
        self.client_now.say(alert)

    def break_off(self) -> None:
        """The connection is lost."""
        assert self.client_now is not None
        self.client_now.lost(self.client_now)


class FakeScanner:
    def __init__(self, radio: FakeRadio, detected: Callable[..., None]):
        self._radio = radio
        self._detected = detected

    async def __aenter__(self) -> "FakeScanner":
        self._radio.search_times_s.append(asyncio.get_running_loop().time())
        if self._radio.searches:
            raise self._radio.searches.pop(0)
        asyncio.get_running_loop().call_soon(self._detected, DEVICE, Advertisement())
        return self

    async def __aexit__(self, *_: object) -> None:
        pass


class FakeServices:
    def get_characteristic(self, uuid: str) -> str:
        return uuid


class FakeClient:
    def __init__(self, radio: FakeRadio, lost: Callable[..., None]):
        self._radio = radio
        self.lost = lost
        self.services = FakeServices()
        self._notified: Callable[..., None] = lambda *_: None
        self._up = PlainFraming()
        self._down = PlainFraming()

    async def __aenter__(self) -> "FakeClient":
        if self._radio.connections:
            raise self._radio.connections.pop(0)
        self._radio.client_now = self
        return self

    async def __aexit__(self, *_: object) -> None:
        self._radio.client_now = None

    async def start_notify(self, _: str, notified: Callable[..., None]) -> None:
        self._notified = notified

    async def write_gatt_char(self, _: str, frame: bytes, *, response: bool) -> None:
        message = self._down.open(frame)
        await asyncio.sleep(self._radio.write_s)
        if self._radio.writes and message != HELLO:
            raise self._radio.writes.pop(0)
        self._radio.heard.append(message)

    def say(self, alert: Alert) -> None:
        for packet in split(self._up.seal(alert.pack()), 200):
            self._notified(None, bytearray(packet))
