"""The stack itself: advertising, connections, notifications and their limits.

Errors are OSError with the numbers that MicroPython shows on ESP32 (research on micropython, 1.4).
"""

import asyncio
from collections.abc import Sequence
from typing import Any

from bumble import att, hci
from bumble.core import ProtocolError
from bumble.device import AdvertisingType, Connection
from bumble.pairing import PairingConfig

from vigie.radio.device import Station
from vigie.radio.nimble.bonds import FIXED_IRK, IRK_KEY, OUR_IDENTITY, Pairing, SecretStore
from vigie.radio.nimble.events import Handler, Irq
from vigie.radio.nimble.gatt_table import SERVICES_MAX, GattTable, ServiceDefinition

ENOMEM, EALREADY, EINVAL, E2BIG, ENOTCONN = 12, 120, 22, 7, -128
NOTIFICATIONS_MAX = 12
"""Packets that wait for the air before the buffers are full: MSYS_1 has 12 blocks."""
CONNECTIONS_MAX = 4
ACTIVATION_S = 0.2
"""Starting controller and host takes about this long on an ESP32-C3 (research, 2.2)."""
_HEADER = 3
_DEFAULT_NAME = "MPY ESP32"
_PREFERRED_MTU = 256
_PUBLIC, _RANDOM_STATIC, _RPA, _NRPA = range(4)


class Peripheral:
    """One activation of the stack on one station: a reset of the chip makes a new one."""

    def __init__(self, station: Station, handler: Handler):
        self._device = station.device
        self._handler = handler
        self._connections: dict[int, Connection] = {}
        self._pairing = Pairing(handler)
        self._mtu = _PREFERRED_MTU
        self._address_mode = _PUBLIC
        self._advertisement = self._scan_response = b""
        self._indicating: set[int] = set()
        self._tasks: list[asyncio.Task[None]] = []
        self._device.name = _DEFAULT_NAME
        self._device.keystore = SecretStore(handler)
        self._device.pairing_config_factory = self._pairing_config
        self._table = GattTable(self._device, handler, self._number_of)
        self._device.on("connection", self._connected)

    def _pairing_config(self, connection: Connection) -> PairingConfig:
        return self._pairing.config(self._number_of(connection))

    async def start(self) -> None:
        """Switch the stack on."""
        await asyncio.sleep(ACTIVATION_S)
        irk = await self._handler.ask(Irq.GET_SECRET, OUR_IDENTITY, 0, IRK_KEY)
        if not irk or len(irk) != 16:
            irk = self._device.irk
            if not await self._handler.ask(Irq.SET_SECRET, OUR_IDENTITY, IRK_KEY, irk):
                irk = FIXED_IRK
        self._device.irk = irk
        await self._device.power_on()

    async def stop(self) -> None:
        """Switch the stack off: connections end, advertising too."""
        await self._device.power_off()

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
        """Set values."""
        for name, value in values.items():
            if name == "gap_name":
                self._device.name = value.decode()
            elif name == "mtu":
                if not att.ATT_DEFAULT_MTU <= value <= 517:
                    raise OSError(EINVAL, "mtu")
                self._mtu = value
                self._device.gatt_server.max_mtu = value
            elif name == "addr_mode":
                self._set_address_mode(value)
            else:
                setattr(self._pairing, name, value)

    def _set_address_mode(self, mode: int) -> None:
        if mode in (_RPA, _NRPA):
            raise NotImplementedError("the virtual board does not model addr_mode 2 and 3")
        if mode not in (_PUBLIC, _RANDOM_STATIC):
            raise OSError(EINVAL, "addr_mode")
        self._address_mode = mode

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
        if data is not None:
            self._advertisement = data
        if response is not None:
            self._scan_response = response
        await self._device.stop_advertising()
        if interval_us is None:
            return
        if connectable and len(self._connections) >= CONNECTIONS_MAX:
            raise OSError(ENOMEM, "no connection is free")
        interval_ms = interval_us // 625 * 0.625
        await self._device.start_advertising(
            advertising_type=(
                AdvertisingType.UNDIRECTED_CONNECTABLE_SCANNABLE
                if connectable
                else AdvertisingType.UNDIRECTED_SCANNABLE
            ),
            own_address_type=(
                hci.OwnAddressType.PUBLIC
                if self._address_mode == _PUBLIC
                else hci.OwnAddressType.RANDOM
            ),
            advertising_data=self._advertisement,
            scan_response_data=self._scan_response,
            advertising_interval_min=interval_ms,
            advertising_interval_max=interval_ms,
        )

    async def disconnect(self, number: int) -> bool:
        """End a connection."""
        try:
            await self._connection(number).disconnect()
        except (ProtocolError, asyncio.CancelledError):
            raise OSError(ENOTCONN, "not connected") from None
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
            encrypted and self._pairing.bond,
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
        queue = connection.data_packet_queue
        if queue is not None and queue.pending >= NOTIFICATIONS_MAX:
            raise OSError(ENOMEM, "buffers full")
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

        self._tasks = [t for t in self._tasks if not t.done()]
        self._tasks.append(asyncio.get_running_loop().create_task(indicate()))

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
