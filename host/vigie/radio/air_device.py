"""bumble's host stack with the mistakes mended that matter on this air."""

import asyncio
import contextlib
from dataclasses import dataclass
from typing import Any

from bumble import core, hci
from bumble.device import (
    DEVICE_DEFAULT_CONNECT_TIMEOUT,
    AdvertisingSet,
    AdvertisingType,
    Connection,
    ConnectionParametersPreferences,
    Device,
    DeviceConfiguration,
)
from bumble.host import Host
from bumble.keys import PairingKeys
from bumble.smp import PairingMethod

from vigie.radio.security_manager import SecurityManager
from vigie.radio.tasks import in_background, to_the_end

_KEY_SIZE = 16


@dataclass(frozen=True)
class _Strength:
    """What the key of an encrypted link is worth."""

    authenticated: bool
    """No man in the middle: it comes from a pairing with a number that a person checked."""
    secure_connections: bool
    bonded: bool
    """It is kept, by both sides."""


class AirDevice(Device):
    """A host that forgets nothing on the air and calls a link authenticated only if it is.

    Args:
        config: bumble's.
        host: already attached to a controller.
        own_address_type: the address to advertise and connect with unless told otherwise.
    """

    def __init__(
        self,
        config: DeviceConfiguration,
        host: Host,
        own_address_type: hci.OwnAddressType,
    ):
        super().__init__(config=config, host=host)
        self._security = self.smp_manager = SecurityManager(self.smp_manager)
        self._own_address_type = own_address_type
        self._bonded_strengths: dict[int, _Strength] = {}

    async def power_off(self) -> None:
        """Take leave of all peers and switch the radio off; the stock method leaves it on."""
        for connection in list(self.connections.values()):
            with contextlib.suppress(core.BaseBumbleError, asyncio.CancelledError):
                await connection.disconnect()
        await super().power_off()
        self.extended_advertising_sets.clear()
        self.legacy_advertising_set = self.legacy_advertiser = None
        self.scanning = False
        await self._command(hci.HCI_Reset_Command())

    def stop_rotating(self) -> None:
        """Keep the private address for good."""
        task: Any = vars(self)["le_rpa_periodic_update_task"]
        if task:
            task.cancel()

    async def _command(self, command: Any) -> None:
        # bumble's decorators hide the types of its commands.
        await self.send_sync_command(command)

    async def update_rpa(self) -> bool:
        """Take a new private address; the stock method tells the controller the old one."""
        if self.is_advertising or self.is_scanning or self.is_le_connecting:
            return False
        address = hci.Address.generate_private_address(self.irk)
        await self._command(hci.HCI_LE_Set_Random_Address_Command(random_address=address))
        self.random_address = address
        return True

    # Advertising and connecting

    async def start_advertising(
        self,
        advertising_type: AdvertisingType = AdvertisingType.UNDIRECTED_CONNECTABLE_SCANNABLE,
        target: hci.Address | None = None,
        own_address_type: hci.OwnAddressType | None = None,
        auto_restart: bool = False,
        advertising_data: bytes | None = None,
        scan_response_data: bytes | None = None,
        advertising_interval_min: float | None = None,
        advertising_interval_max: float | None = None,
    ) -> None:
        """Advertise, with the station's own kind of address by default; intervals are in ms."""
        await super().start_advertising(
            advertising_type,
            target,
            self._own_address_type if own_address_type is None else own_address_type,
            auto_restart,
            advertising_data,
            scan_response_data,
            advertising_interval_min,
            advertising_interval_max,
        )

    def _complete_le_extended_advertising_connection(
        self, connection: Connection, advertising_set: AdvertisingSet
    ) -> None:
        # The stock method would restart advertising even if it has been stopped meanwhile.
        auto_restart, advertising_set.auto_restart = advertising_set.auto_restart, False
        super()._complete_le_extended_advertising_connection(connection, advertising_set)
        advertising_set.auto_restart = auto_restart
        if not auto_restart:
            return

        def restart(_reason: int) -> None:
            in_background(self._restart(advertising_set))

        connection.on(connection.EVENT_DISCONNECTION, restart)

    async def _restart(self, advertising_set: AdvertisingSet) -> None:
        if advertising_set in self.extended_advertising_sets.values():
            with contextlib.suppress(hci.HCI_Error):
                await advertising_set.start()

    async def connect(
        self,
        peer_address: hci.Address | str,
        transport: core.PhysicalTransport = core.PhysicalTransport.LE,
        connection_parameters_preferences: (
            dict[hci.Phy, ConnectionParametersPreferences] | None
        ) = None,
        own_address_type: hci.OwnAddressType | None = None,
        timeout: float | None = DEVICE_DEFAULT_CONNECT_TIMEOUT,
        always_resolve: bool = False,
    ) -> Connection:
        """Connect to a peer, with the station's own kind of address by default.

        Raises core.TimeoutError. Whoever gives up, by time or by cancelling, leaves no attempt
        behind: the stock method goes on connecting when it is cancelled.
        """
        # The stock method would take other strings for names and look for them without end.
        peer = hci.Address(peer_address) if isinstance(peer_address, str) else peer_address
        attempt = asyncio.ensure_future(
            self.connect_le(
                peer,
                connection_parameters_preferences,
                self._own_address_type if own_address_type is None else own_address_type,
                timeout=None,
            )
        )
        try:
            return await asyncio.wait_for(asyncio.shield(attempt), timeout)
        except TimeoutError:
            await to_the_end(self._abandon(attempt))
            raise core.TimeoutError from None
        except asyncio.CancelledError:
            if attempt.cancelled():
                raise core.InvalidStateError("the radio was switched off") from None
            await to_the_end(self._abandon(attempt))
            raise

    async def _abandon(self, attempt: "asyncio.Future[Connection]") -> None:
        with contextlib.suppress(hci.HCI_Error):  # refused if it has just been made
            await self._command(hci.HCI_LE_Create_Connection_Cancel_Command())
        with contextlib.suppress(core.BaseBumbleError, asyncio.CancelledError):
            connection = await attempt
            await connection.disconnect()

    def on_disconnection(self, connection_handle: int, reason: int) -> None:
        """A link is over. The stock method lets a pending indication wait for 30 s more."""
        self._bonded_strengths.pop(connection_handle, None)
        server: Any = self.gatt_server
        confirmation = server.pending_confirmations.get(self.lookup_connection(connection_handle))
        super().on_disconnection(connection_handle, reason)
        if confirmation and not confirmation.done():
            confirmation.set_exception(hci.HCI_Error(reason))

    # Security. The stock host takes every encrypted link for authenticated.

    async def encrypt(self, connection: Connection, enable: bool = True) -> None:
        """Encrypt a link with the key of the bond."""
        await self._bond(connection)
        await super().encrypt(connection, enable)

    async def get_long_term_key(
        self, connection_handle: int, rand: bytes, ediv: int
    ) -> bytes | None:
        """The key for a link that the peer encrypts."""
        connection = self.lookup_connection(connection_handle)
        if connection is None:
            return None
        if key := self._security.get_long_term_key(connection, rand, ediv):
            return key
        keys = await self._bond(connection)
        bonded_key = keys and (keys.ltk or keys.ltk_peripheral)
        return bonded_key.value if bonded_key else None

    # A decorator of the stock method, which type checkers do not see, resolves the handle.
    def on_connection_encryption_change(  # pyright: ignore[reportIncompatibleMethodOverride]
        self, connection_handle: int, encryption: int, encryption_key_size: int
    ) -> None:
        """A link has been encrypted."""
        connection = self.lookup_connection(connection_handle)
        if connection is None:
            return
        strength = self._strength(connection)
        connection.encryption = encryption
        connection.encryption_key_size = encryption_key_size or _KEY_SIZE
        connection.authenticated = strength.authenticated
        connection.sc = strength.secure_connections
        connection.emit(connection.EVENT_CONNECTION_ENCRYPTION_CHANGE)

    def on_pairing(
        self,
        connection: Connection,
        identity_address: hci.Address | None,
        keys: PairingKeys,
        sc: bool,
    ) -> None:
        """A pairing has succeeded."""
        if identity_address is not None:
            connection.peer_resolvable_address = connection.peer_address
            connection.peer_address = identity_address
        connection.sc = sc
        connection.authenticated = _strength_of(keys).authenticated
        connection.emit(connection.EVENT_PAIRING, keys)

    def is_bonded(self, connection: Connection) -> bool:
        """Whether the key of an encrypted link is one that both sides keep."""
        return self._strength(connection).bonded

    async def _bond(self, connection: Connection) -> PairingKeys | None:
        """The keys of a bonded peer; remembers what they are worth."""
        if self.keystore is None:
            return None
        keys = await self.keystore.get(str(connection.peer_address))
        if keys:
            self._bonded_strengths[connection.handle] = _strength_of(keys)
        return keys

    def _strength(self, connection: Connection) -> _Strength:
        if session := self._security.session_with_key(connection):
            checked = session.pairing_method != PairingMethod.JUST_WORKS
            return _Strength(checked, session.sc, session.bonding)
        return self._bonded_strengths.get(connection.handle, _Strength(False, False, False))


def _strength_of(keys: PairingKeys) -> _Strength:
    key = keys.ltk or keys.ltk_central or keys.ltk_peripheral
    return _Strength(bool(key and key.authenticated), keys.ltk is not None, True)
