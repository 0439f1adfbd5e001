"""One virtual phone: what all its applications share."""

import asyncio
from collections.abc import Callable, Generator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, Protocol

from bleak.exc import (
    BleakBluetoothNotAvailableError,
    BleakBluetoothNotAvailableReason,
    BleakDeviceNotFoundError,
)
from bumble import core, hci
from bumble.device import Advertisement, Connection

from vigie.radio.air_device import AirDevice
from vigie.radio.bleak_backend.errors import as_bleak_error
from vigie.radio.bleak_backend.profile import PhoneProfile
from vigie.radio.tasks import to_the_end

_Reason = BleakBluetoothNotAvailableReason

OnAdvertisement = Callable[[Advertisement], None]


class PhoneStation(Protocol):
    """What a phone needs of its radio, a `Station` or a `RemoteStation`."""

    @property
    def name(self) -> str:
        """For messages."""
        ...

    @property
    def device(self) -> AirDevice:
        """The host stack."""
        ...

    @property
    def shared(self) -> dict[type[Any], Any]:
        """What the programs of this station have in common, by its type."""
        ...

    @property
    def silent(self) -> bool:
        """Whether it is dead and will never speak again."""
        ...


@dataclass(frozen=True)
class ConnectedDevice:
    """A peripheral that an application of this phone is connected to."""

    name: str | None
    connection: Connection
    service_uuids: tuple[str, ...]


class Phone:
    """The Bluetooth part of a phone's operating system.

    Args:
        station: its radio, powered on.
        profile: what kind of phone it is.
    """

    def __init__(self, station: PhoneStation, profile: PhoneProfile):
        self.station = station
        self.profile = profile
        self._connecting = asyncio.Lock()
        self.connected: dict[object, ConnectedDevice] = {}
        self._scanners: dict[OnAdvertisement, bool] = {}
        self._scanning: bool | None = None
        self._switching = asyncio.Lock()

    @classmethod
    def of(cls, station: PhoneStation, profile: PhoneProfile | None) -> "Phone":
        """The one phone of a station; without a profile, whatever kind it is."""
        phone = station.shared.get(cls)
        if phone is None:
            phone = station.shared[cls] = cls(station, profile or PhoneProfile())
        if profile is not None and phone.profile != profile:
            raise ValueError(f"{station.name} is another kind of phone already: {phone.profile}")
        return phone

    @property
    def device(self) -> AirDevice:
        """The host stack of a radio that works.

        Raises BleakBluetoothNotAvailableError.
        """
        if self.station.silent or not self.station.device.powered_on:
            raise BleakBluetoothNotAvailableError(
                f"the radio of {self.station.name} is off", _Reason.POWERED_OFF
            )
        return self.station.device

    async def start_scanning(self, on_advertisement: OnAdvertisement, *, active: bool) -> None:
        """Hear advertisements; any number of applications may."""
        self.device.on("advertisement", on_advertisement)
        self._scanners[on_advertisement] = active
        await to_the_end(self._switch_scanning())

    async def stop_scanning(self, on_advertisement: OnAdvertisement) -> None:
        """Hear no more advertisements."""
        if self._scanners.pop(on_advertisement, None) is None:
            return
        device: Any = self.station.device
        device.remove_listener("advertisement", on_advertisement)
        if not self.station.silent:
            await to_the_end(self._switch_scanning())

    async def _switch_scanning(self) -> None:
        """Bring the radio from what it does to what the applications together want."""
        async with self._switching:
            wanted = any(self._scanners.values()) if self._scanners else None
            if wanted == self._scanning:
                return
            if self._scanning is not None:
                await self.device.stop_scanning()
            self._scanning = wanted
            if wanted is not None:
                await self.device.start_scanning(
                    active=wanted,
                    scan_interval=self.profile.scan_interval_ms,
                    scan_window=self.profile.scan_window_ms,
                )

    async def find(self, address: str, timeout_s: float) -> hci.Address:
        """Scan for a peripheral.

        Raises BleakDeviceNotFoundError.
        """
        found: asyncio.Future[hci.Address] = asyncio.get_running_loop().create_future()

        def on_advertisement(advertisement: Advertisement) -> None:
            heard = advertisement.address
            if heard.to_string(False) == address.upper() and not found.done():
                found.set_result(heard)

        try:
            await self.start_scanning(on_advertisement, active=True)
            async with asyncio.timeout(timeout_s):
                return await found
        except TimeoutError:
            raise BleakDeviceNotFoundError(
                address, f"Device with address {address} was not found."
            ) from None
        finally:
            await self.stop_scanning(on_advertisement)

    async def connect(self, address: hci.Address) -> Connection:
        """Connect to a peripheral, when no other application is connecting.

        Raises BleakError.
        """
        try:
            async with self._connecting:
                return await self.device.connect(
                    self._identity_of(address),
                    connection_parameters_preferences=self.profile.connection_preferences,
                    timeout=None,
                )
        except core.BaseBumbleError as error:
            raise as_bleak_error(error) from error

    def _identity_of(self, address: hci.Address) -> hci.Address:
        """The lasting address of a bonded peer, whose private address may have changed."""
        resolver = self.device.address_resolver
        identity = resolver.resolve(address) if resolver and address.is_resolvable else None
        return identity or address

    async def has_bond(self, address: hci.Address) -> bool:
        """There are keys for this peer."""
        keystore = self.device.keystore
        return keystore is not None and await keystore.get(str(address)) is not None

    async def forget_bond(self, address: str) -> None:
        """Drop the keys for a peer, whatever kind of address it has."""
        keystore = self.device.keystore
        if keystore is None:
            return
        for name, _ in await keystore.get_all():
            if hci.Address(name).to_string(False) == address.upper():
                await keystore.delete(name)
        await self.device.refresh_resolving_list()


_current: ContextVar[Phone] = ContextVar("vigie_virtual_phone")


@contextmanager
def use_phone(phone: Phone) -> Generator[None]:
    """Inside the block, the running task and those it starts belong to a phone."""
    token = _current.set(phone)
    try:
        yield
    finally:
        _current.reset(token)


def current_phone() -> Phone:
    """The phone that the running task belongs to.

    Raises BleakBluetoothNotAvailableError.
    """
    try:
        return _current.get()
    except LookupError:
        raise BleakBluetoothNotAvailableError(
            "this task belongs to no virtual phone", _Reason.NO_BLUETOOTH
        ) from None
