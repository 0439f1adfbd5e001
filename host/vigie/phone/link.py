"""The link to the button, on bleak alone: find it, greet it, hear it, and find it again."""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

from bleak import BleakClient, BleakScanner
from bleak.backends.characteristic import BleakGATTCharacteristic
from bleak.backends.device import BLEDevice
from bleak.backends.scanner import AdvertisementData
from bleak.exc import BleakError

from button.core.framing import FrameError, PlainFraming
from button.core.packets import Joiner, PacketError
from button.core.wire import (
    DOWN_UUID,
    PROTOCOL,
    SERVICE_UUID,
    UP_UUID,
    Ack,
    Alert,
    AudioAck,
    AudioPart,
    Chirp,
    Down,
    Feedback,
    Hello,
    Record,
    Siren,
    State,
    WireError,
    unpack_up,
)
from vigie.errors import VigieError

_log = logging.getLogger(__name__)

CONNECT_WITHIN_S = 10.0
AGAIN_AFTER_S = 1.0
"""Pause after an attempt that failed: the button may just be somewhere else."""
AGAIN_MOST_S = 30.0
"""Longest pause after trouble of an unforeseen kind: it doubles each time."""

FromButton = Down | Alert | State | AudioPart
ToButton = Hello | Ack | Feedback | Siren | AudioAck | Record | Chirp


class NoBluetooth(VigieError):
    """The very first search for a button failed."""

    def __init__(self, why: str):
        super().__init__(
            f"Bluetooth does not work here: {why}",
            "Check that the computer has a Bluetooth adapter and that it is switched on.",
        )
        self.why = why


class LinkDown(Exception):
    """There is no connection, or it ended before the message was through."""


class Radio(Protocol):
    """Makes bleak's objects: for the computer's adapter, or for another radio with this shape."""

    def client(
        self,
        device: BLEDevice,
        /,
        *,
        disconnected_callback: Callable[[BleakClient], None],
        timeout: float,
    ) -> BleakClient:
        """A client for a device that a scan has found."""
        ...

    def scanner(
        self, *, detection_callback: Callable[..., None], service_uuids: list[str]
    ) -> BleakScanner:
        """A scanner."""
        ...


class SystemRadio:
    """The computer's own adapter."""

    def client(
        self,
        device: BLEDevice,
        /,
        *,
        disconnected_callback: Callable[[BleakClient], None],
        timeout: float,
    ) -> BleakClient:
        """See Radio."""
        return BleakClient(device, disconnected_callback, timeout=timeout)

    def scanner(
        self, *, detection_callback: Callable[..., None], service_uuids: list[str]
    ) -> BleakScanner:
        """See Radio."""
        return BleakScanner(detection_callback, service_uuids)


class Listener(Protocol):
    """Who wants to know what happens on the link."""

    def link_up(self) -> None:
        """The button has been greeted."""
        ...

    def link_down(self) -> None:
        """The connection is gone."""
        ...

    def heard(self, message: FromButton) -> None:
        """The button said this."""
        ...

    def refused(self, why: str) -> None:
        """Something came that is no message of the button."""
        ...

    def troubled(self, why: str) -> None:
        """Something unforeseen happened. It is tried again."""
        ...


@dataclass(frozen=True, slots=True)
class _Connection:
    """A client that is connected, and where it writes what we say."""

    client: BleakClient
    down: BleakGATTCharacteristic


class ButtonLink:
    """Keeps one connection to a button alive."""

    def __init__(self, radio: Radio, listener: Listener):
        self._radio = radio
        self._listener = listener
        self._framing = PlainFraming()
        self._joiner = Joiner()
        self._connection: _Connection | None = None
        self._sending = asyncio.Lock()

    @property
    def up(self) -> bool:
        """Whether the button has been greeted on the present connection."""
        return self._connection is not None

    async def run(self) -> None:
        """Find the button and stay connected, for ever, whatever the system's Bluetooth does.

        Raises:
            NoBluetooth: the very first search failed. Later that is a whim of the system, and the
                search goes on.
        """
        try:
            device = await self._find()
        except Exception as e:
            raise NoBluetooth(_reason(e)) from e
        pause_s = AGAIN_AFTER_S
        while True:
            try:
                await self._stay(device or await self._find())
                pause_s = AGAIN_AFTER_S
            except (BleakError, TimeoutError, LinkDown):
                await asyncio.sleep(AGAIN_AFTER_S)
            except Exception as e:
                _log.exception("trouble with the link")
                self._listener.troubled(_reason(e))
                await asyncio.sleep(pause_s)
                pause_s = min(2 * pause_s, AGAIN_MOST_S)
            device = None

    async def send(self, message: ToButton) -> None:
        """Write a message; the button's stack has it when this returns.

        Raises:
            LinkDown: it may or may not have arrived.
        """
        connection = self._connection
        if connection is None:
            raise LinkDown("no connection")
        await self._write(connection, message)

    async def _find(self) -> BLEDevice:
        found: asyncio.Future[BLEDevice] = asyncio.get_running_loop().create_future()

        def detected(device: BLEDevice, advertisement: AdvertisementData) -> None:
            if SERVICE_UUID in advertisement.service_uuids and not found.done():
                found.set_result(device)

        async with self._radio.scanner(detection_callback=detected, service_uuids=[SERVICE_UUID]):
            return await found

    async def _stay(self, device: BLEDevice) -> None:
        """Connect, greet, and return when the connection has ended."""
        lost = asyncio.Event()
        client = self._radio.client(
            device, disconnected_callback=lambda _: lost.set(), timeout=CONNECT_WITHIN_S
        )
        self._framing.restart()
        self._joiner.restart()
        async with client:
            await client.start_notify(UP_UUID, self._notified)
            down = client.services.get_characteristic(DOWN_UUID)
            if down is None:
                raise LinkDown("this device takes no messages")
            connection = _Connection(client, down)
            await self._write(connection, Hello(PROTOCOL))
            self._connection = connection
            self._listener.link_up()
            try:
                await lost.wait()
            finally:
                self._connection = None
                self._listener.link_down()

    async def _write(self, connection: _Connection, message: ToButton) -> None:
        async with self._sending:  # frames are numbered: they must arrive in order
            try:
                frame = self._framing.seal(message.pack())
                await connection.client.write_gatt_char(connection.down, frame, response=True)
            except Exception as e:  # whatever it is, the message did not get through for certain
                raise LinkDown(_reason(e)) from e

    def _notified(self, _: BleakGATTCharacteristic, packet: bytearray) -> Any:
        try:
            frame = self._joiner.take(bytes(packet))
            if frame is None:
                return
            message = unpack_up(self._framing.open(frame))
        except (PacketError, FrameError, WireError) as e:
            self._listener.refused(str(e))
            return
        try:
            self._listener.heard(message)
        except Exception as e:  # the button sends again what was not acknowledged
            _log.exception("trouble with %r", message)
            self._listener.troubled(_reason(e))


def _reason(error: Exception) -> str:
    """In a few words; the system's own errors need no name of their class."""
    text = str(error).strip()
    if isinstance(error, OSError):
        text = error.strerror or text
    if text and isinstance(error, BleakError | OSError):
        return text
    return f"{type(error).__name__}: {text}" if text else type(error).__name__
