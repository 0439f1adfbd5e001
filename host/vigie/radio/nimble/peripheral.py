"""The stack itself: advertising, connections, notifications and their limits."""

import asyncio
import contextlib
from collections.abc import Coroutine, Sequence
from typing import Any

from bumble import att, hci
from bumble.core import BaseBumbleError, ProtocolError
from bumble.device import Connection
from bumble.pairing import PairingConfig

from vigie.radio.device import Station
from vigie.radio.nimble.advertising import Advertising
from vigie.radio.nimble.bonds import FIXED_IRK, IRK_KEY, OUR_IDENTITY, Pairing, SecretStore
from vigie.radio.nimble.errors import (
    E2BIG,
    EALREADY,
    EINVAL,
    ENOMEM,
    ENOTCONN,
)
from vigie.radio.nimble.events import Handler, Irq
from vigie.radio.nimble.gatt_table import SERVICES_MAX, GattTable, ServiceDefinition

NOTIFICATIONS_MAX = 12
"""Packets that wait for the air before the buffers are full: MSYS_1 has 12 blocks."""
CONNECTIONS_MAX = 4
ACTIVATION_S = 0.2
"""Starting controller and host takes about this long on an ESP32-C3 (research, 2.2)."""
DEFAULT_NAME = "MPY ESP32"
_HEADER = 3
_PREFERRED_MTU = 256
_MTU_MAX = 517
_PUBLIC, _RANDOM_STATIC = range(2)


class Peripheral:
    """One activation of the stack on one station: a reset of the chip makes a new one."""

    def __init__(self, station: Station, handler: Handler):
        self._device = station.device
        self._handler = handler
        self._connections: dict[int, Connection] = {}
        self._pairing = Pairing(handler)
        self._mtu = _PREFERRED_MTU
        self._address_mode = _PUBLIC
        self._advertising = Advertising(self._device)
        self._indicating: set[int] = set()
        self._terminating: set[int] = set()
        self._tasks: list[asyncio.Task[None]] = []
        self._device.name = DEFAULT_NAME
        self._device.keystore = SecretStore(handler)
        self._device.pairing_config_factory = self._pairing_config
        self._device.gatt_server.max_mtu = self._mtu
        self._table = GattTable(self._device, handler, self._number_of)
        self._device.on("connection", self._connected)

    def _pairing_config(self, connection: Connection) -> PairingConfig:
        return self._pairing.config(self._number_of(connection))

    async def start(self) -> None:
        """Switch the stack on."""
        await asyncio.sleep(ACTIVATION_S)
        _, irk = await self._handler.ask(Irq.GET_SECRET, OUR_IDENTITY, 0, IRK_KEY)
        if not irk or len(irk) != 16:
            irk = self._device.irk
            kept, _ = await self._handler.ask(Irq.SET_SECRET, OUR_IDENTITY, IRK_KEY, irk)
            if not kept:
                irk = FIXED_IRK
        self._device.irk = irk
        await self._device.power_on()

    async def stop(self) -> None:
        """Switch the stack off: connections end, advertising too."""
        await self._device.power_off()

    def close(self) -> None:
        """The stack is gone: nothing that it had begun goes on."""
        for task in self._tasks:
            task.cancel()

    def _begin(self, work: Coroutine[Any, Any, None]) -> None:
        self._tasks = [t for t in self._tasks if not t.done()]
        self._tasks.append(asyncio.get_running_loop().create_task(work))

    # --- configuration

    def config(self, name: str) -> Any:
        """One value."""
        if name == "mac":
            address = self._own_address()
            return (0 if address.is_public else 1, bytes(address)[::-1])
        if name == "gap_name":
            return self._device.name.encode()
        return self._mtu if name == "mtu" else self._address_mode

    def configure(self, values: dict[str, Any]) -> None:
        """Set values, all or none."""
        mtu = values.get("mtu", self._mtu)
        mode = values.get("addr_mode", self._address_mode)
        if not att.ATT_DEFAULT_MTU <= mtu <= _MTU_MAX:
            raise OSError(EINVAL, "mtu")
        if mode not in (_PUBLIC, _RANDOM_STATIC):
            raise NotImplementedError(f"the virtual board does not model addr_mode {mode}")
        self._mtu = self._device.gatt_server.max_mtu = mtu
        self._address_mode = mode
        if "gap_name" in values:
            self._device.name = values["gap_name"].decode(errors="replace")
        for name in ("bond", "mitm", "le_secure", "io"):
            setattr(self._pairing, name, values.get(name, getattr(self._pairing, name)))

    def _own_address(self) -> hci.Address:
        public = self._address_mode == _PUBLIC
        return self._device.public_address if public else self._device.static_address

    # --- GAP

    async def advertise(
        self,
        interval_us: int | None,
        data: bytes | None,
        response: bytes | None,
        connectable: bool,
    ) -> None:
        """Be visible, or stop with None. Data that is not given stays as it was."""
        self._advertising.say(data, response)
        await self._advertising.stop()
        if interval_us is None:
            return
        if connectable and len(self._connections) >= CONNECTIONS_MAX:
            raise OSError(ENOMEM, "no connection is free")
        public = self._address_mode == _PUBLIC
        await self._advertising.start(interval_us, connectable=connectable, public=public)

    def disconnect(self, number: int) -> bool:
        """Begin to end a connection: the event tells when it has ended."""
        connection = self._connection(number)
        if number in self._terminating:
            raise OSError(EALREADY, "it is being ended")
        self._terminating.add(number)

        async def end() -> None:
            with contextlib.suppress(BaseBumbleError):  # it has just ended by itself
                await connection.disconnect()

        self._begin(end())
        return True

    def _number_of(self, connection: Connection) -> int:
        for number, known in self._connections.items():
            if known is connection:
                return number
        raise att.ATT_Error(att.ATT_UNLIKELY_ERROR_ERROR)

    def _connection(self, number: int) -> Connection:
        if number not in self._connections:
            raise OSError(ENOTCONN, "not connected")
        return self._connections[number]

    def _connected(self, connection: Connection) -> None:
        number = next(n for n in range(CONNECTIONS_MAX + 1) if n not in self._connections)
        self._connections[number] = connection
        peer = connection.peer_address
        who = (number, 0 if peer.is_public else 1, bytes(peer)[::-1])

        def ended(reason: int) -> None:
            self._connections.pop(number, None)
            self._indicating.discard(number)
            self._terminating.discard(number)
            self._handler.tell(Irq.CENTRAL_DISCONNECT, *who)

        def parameters() -> None:
            p = connection.parameters
            self._handler.tell(
                Irq.CONNECTION_UPDATE,
                number,
                round(p.connection_interval / 1.25),
                p.peripheral_latency,
                round(p.supervision_timeout / 10),
                0,
            )

        connection.on("disconnection", ended)
        connection.on(
            "connection_att_mtu_update",
            lambda: self._handler.tell(Irq.MTU_EXCHANGED, number, connection.att_mtu),
        )
        connection.on("connection_parameters_update", parameters)
        connection.on(
            "connection_encryption_change", lambda: self._encryption_changed(number, connection)
        )
        self._handler.tell(Irq.CENTRAL_CONNECT, *who)

    def _encryption_changed(self, number: int, connection: Connection) -> None:
        encrypted = bool(connection.encryption)
        self._handler.tell(
            Irq.ENCRYPTION_UPDATE,
            number,
            encrypted,
            encrypted and connection.authenticated,
            encrypted and self._device.is_bonded(connection),
            connection.encryption_key_size if encrypted else 0,
        )

    # --- pairing

    def pair(self, number: int) -> None:
        """Ask the central to secure the connection."""
        self._device.request_pairing(self._connection(number))

    def passkey(self, number: int, action: int, passkey: int) -> None:
        """Answer PASSKEY_ACTION."""
        self._connection(number)
        self._pairing.answer(passkey)

    # --- GATT server

    def register(self, services: Sequence[ServiceDefinition]) -> tuple[tuple[int, ...], ...]:
        """Replace the attribute table."""
        if len(services) > SERVICES_MAX:
            raise OSError(E2BIG, "too many services")
        if self._device.is_advertising:
            raise OSError(EALREADY, "advertising")
        return self._table.register(services)

    def notify(self, number: int, handle: int, data: bytes) -> None:
        """Send, whether subscribed or not; what is longer than the MTU allows is cut."""
        connection = self._connection(number)
        if handle not in self._table.characteristics:
            raise OSError(EINVAL, "no such characteristic")
        _check_buffers(connection)
        cut = data[: connection.att_mtu - _HEADER]
        packet = att.ATT_Handle_Value_Notification(attribute_handle=handle, attribute_value=cut)
        self._device.gatt_server.send_gatt_pdu(connection, bytes(packet))

    def indicate(self, number: int, handle: int, data: bytes) -> None:
        """Send and expect a confirmation; one at a time."""
        connection = self._connection(number)
        if number in self._indicating:
            raise OSError(EALREADY, "one indication is outstanding")
        characteristic = self._table.characteristics.get(handle)
        if characteristic is None:
            raise OSError(EINVAL, "no such characteristic")
        _check_buffers(connection)
        self._indicating.add(number)

        async def indicate() -> None:
            status = 0
            try:
                await self._device.gatt_server.indicate_subscriber(
                    connection, characteristic, data, force=True
                )
            except (ProtocolError, TimeoutError, asyncio.CancelledError):
                status = 13  # BLE_HS_ETIMEOUT
            self._indicating.discard(number)
            self._handler.tell(Irq.GATTS_INDICATE_DONE, number, handle, status)

        self._begin(indicate())

    def update(self, handle: int, data: bytes) -> None:
        """Notify or indicate to those who subscribed; failures stay silent."""
        for number, connection in list(self._connections.items()):
            cccd = self._device.gatt_server.subscribers.get(connection, {}).get(handle, b"\0")
            try:
                if cccd[0] & 1:
                    self.notify(number, handle, data)
                elif cccd[0] & 2:
                    self.indicate(number, handle, data)
            except OSError:
                pass


def _check_buffers(connection: Connection) -> None:
    queue = connection.data_packet_queue
    if queue is not None and queue.pending >= NOTIFICATIONS_MAX:
        raise OSError(ENOMEM, "buffers full")
