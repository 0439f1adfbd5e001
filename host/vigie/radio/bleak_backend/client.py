"""bleak's client on a virtual phone."""

import asyncio
from collections.abc import Callable
from functools import partial
from typing import Any

from bleak.args import SizedBuffer
from bleak.backends.characteristic import BleakGATTCharacteristic
from bleak.backends.client import BaseBleakClient, NotifyCallback
from bleak.backends.descriptor import BleakGATTDescriptor
from bleak.backends.device import BLEDevice
from bleak.exc import BleakError
from bumble import hci
from bumble.device import Connection

from vigie.radio.bleak_backend.phone import ConnectedDevice, Phone, current_phone
from vigie.radio.bleak_backend.security import LinkSecurity
from vigie.radio.bleak_backend.services import collection, discover
from vigie.radio.bleak_backend.session import Session

DEFAULT_MTU = 23
WRITE_HEADER = 3
QUEUE_PACKETS = 8
"""So many packets an operating system holds before a write without response has to wait."""


class AirClient(BaseBleakClient):
    """A connection of one application.

    Args:
        address_or_ble_device: as in bleak.
        phone: whose radio; that of the running task if None.
        services: as in bleak.
        options: as in bleak; those for other platforms are ignored.
    """

    def __init__(
        self,
        address_or_ble_device: BLEDevice | str,
        *,
        phone: Phone | None = None,
        services: set[str] | None = None,
        **options: Any,
    ):
        super().__init__(address_or_ble_device, **options)
        self._phone = phone or current_phone()
        self._wanted_services = services
        device = None if isinstance(address_or_ble_device, str) else address_or_ble_device
        self._name = device.name if device else None
        self._target: hci.Address | None = None
        if device and isinstance(device.details, hci.Address):
            self._target = device.details
        self._session: Session | None = None
        self._security: LinkSecurity | None = None
        self._subscriptions: dict[int, Callable[[bytes], None]] = {}
        self._connecting = False
        self._ready = False

    @property
    def name(self) -> str:
        """The name the peer advertised, or its address."""
        return self._name or self.address.replace(":", "-")

    @property
    def mtu_size(self) -> int:
        """The MTU of the connection."""
        return self._session.connection.att_mtu if self._session else DEFAULT_MTU

    @property
    def is_connected(self) -> bool:
        """There is a connection."""
        return self._session is not None

    # Connecting

    async def connect(self, pair: bool, **kwargs: Any) -> None:
        """Connect, secure the link if there is a bond, and discover the services.

        Raises BleakDeviceNotFoundError if a device given by its address does not advertise,
        TimeoutError, or BleakError if the connection fails on the way. Nothing is left behind.
        """
        if self._session or self._connecting:
            raise BleakError("the client is already connected or connecting")
        timeout_s = kwargs.get("timeout", self._timeout)
        self._connecting = True
        try:
            if self._target is None:
                self._target = await self._phone.find(self.address, timeout_s)
            async with asyncio.timeout(timeout_s):
                connection = await self._call(self._target)
                await self._prepare(connection, pair)
        except BaseException:
            await self.disconnect()
            raise
        finally:
            self._connecting = False
        self._ready = True

    async def _call(self, address: hci.Address) -> Connection:
        connection = await self._phone.connect(address)
        self._session = Session(connection, self._on_end)
        self._security = LinkSecurity(self._phone, self._session)
        connection.on(connection.EVENT_PAIRING, self._on_pairing)
        return connection

    async def _prepare(self, connection: Connection, pair: bool) -> None:
        session, security = self._live()
        await security.begin(pair)
        gatt = connection.gatt_client
        await session.run(gatt.request_mtu(self._phone.profile.mtu))
        await security.run(lambda: discover(gatt, self._wanted_services))
        self._live()  # it may have been lost since the last answer
        self.services = collection(gatt, self._wanted_services, self._max_write)
        service_uuids = tuple(service.uuid for service in self.services)
        self._phone.connected[self] = ConnectedDevice(self._name, connection, service_uuids)

    def _live(self) -> tuple[Session, LinkSecurity]:
        if self._session is None or self._security is None:
            raise BleakError("Not connected")
        return self._session, self._security

    def _max_write(self) -> int:
        return self.mtu_size - WRITE_HEADER

    def _on_pairing(self, _keys: Any) -> None:
        if self._session:
            # A bonded peer goes by its identity from now on.
            self._target = self._session.connection.peer_address
            self.address = self._target.to_string(False)

    def _on_end(self) -> None:
        self._session = self._security = self.services = None
        self._subscriptions.clear()
        self._phone.connected.pop(self, None)
        was_ready, self._ready = self._ready, False
        if was_ready and self._disconnected_callback:
            asyncio.get_running_loop().call_soon(self._disconnected_callback)

    async def disconnect(self) -> None:
        """Disconnect, if connected."""
        if self._session is None:
            return
        if self._phone.station.silent:
            self._session.end(hci.HCI_CONNECTION_TERMINATED_BY_LOCAL_HOST_ERROR)
        else:
            await self._session.close()

    # Pairing

    async def pair(self, *args: Any, **kwargs: Any) -> None:
        """Pair with the peer, unless that is done already."""
        _, security = self._live()
        await security.pair()

    async def unpair(self) -> None:
        """Forget the bond, and disconnect."""
        await self._phone.forget_bond(self.address)
        self._target = None
        await self.disconnect()

    # Reading and writing

    async def read_gatt_char(
        self, characteristic: BleakGATTCharacteristic, *, use_cached: bool = False, **kwargs: Any
    ) -> bytearray:
        """Read a characteristic of any length; there is no cache."""
        return await self._read(characteristic.obj)

    async def read_gatt_descriptor(
        self, descriptor: BleakGATTDescriptor, *, use_cached: bool = False, **kwargs: Any
    ) -> bytearray:
        """Read a descriptor of any length; there is no cache."""
        return await self._read(descriptor.obj)

    async def _read(self, attribute: Any) -> bytearray:
        _, security = self._live()
        return bytearray(await security.run(attribute.read_value))

    async def write_gatt_char(
        self, characteristic: BleakGATTCharacteristic, data: SizedBuffer, response: bool
    ) -> None:
        """Write a characteristic, in parts if the value is long and a response is wanted."""
        session, security = self._live()
        value = bytes(data)
        if response:
            await security.run(partial(characteristic.obj.write_value, value, True))
            return
        if len(value) > self._max_write():
            raise BleakError(f"{len(value)} bytes are too long for a write without response")
        await session.run(characteristic.obj.write_value(value, False))
        queue = session.connection.data_packet_queue
        if queue and queue.pending > QUEUE_PACKETS:
            await session.run(session.connection.drain())

    async def write_gatt_descriptor(
        self, descriptor: BleakGATTDescriptor, data: SizedBuffer
    ) -> None:
        """Write a descriptor."""
        _, security = self._live()
        await security.run(partial(descriptor.obj.write_value, bytes(data), True))

    # Notifications

    async def start_notify(
        self, characteristic: BleakGATTCharacteristic, callback: NotifyCallback, **kwargs: Any
    ) -> None:
        """Have notifications, or indications if there are only those, handed to a callback."""
        session, security = self._live()
        if characteristic.handle in self._subscriptions:
            raise BleakError("notifications are already started")
        if not {"notify", "indicate"}.intersection(characteristic.properties):
            raise BleakError("the characteristic neither notifies nor indicates")
        loop = asyncio.get_running_loop()

        def on_value(value: bytes) -> None:
            loop.call_soon(callback, bytearray(value))

        gatt: Any = session.connection.gatt_client
        self._subscriptions[characteristic.handle] = on_value
        try:
            await security.run(partial(gatt.subscribe, characteristic.obj, on_value))
        except BaseException:
            self._subscriptions.pop(characteristic.handle, None)
            gatt.notification_subscribers.pop(characteristic.handle, None)
            gatt.indication_subscribers.pop(characteristic.handle, None)
            raise

    async def stop_notify(self, characteristic: BleakGATTCharacteristic) -> None:
        """Have no more of them."""
        session, security = self._live()
        if self._subscriptions.pop(characteristic.handle, None) is None:
            raise BleakError("notifications are not started")
        gatt: Any = session.connection.gatt_client
        await security.run(partial(gatt.unsubscribe, characteristic.obj))
