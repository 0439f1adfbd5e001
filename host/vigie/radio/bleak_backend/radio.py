"""bleak for programs on a virtual phone."""

from collections.abc import Callable, Generator
from contextlib import contextmanager

from bleak import BleakAdapter, BleakClient, BleakScanner
from bleak.backends.device import BLEDevice
from bleak.backends.scanner import AdvertisementDataCallback

from vigie.radio.bleak_backend.adapter import AirAdapter
from vigie.radio.bleak_backend.client import AirClient
from vigie.radio.bleak_backend.phone import Phone, PhoneStation, use_phone
from vigie.radio.bleak_backend.profile import PhoneProfile
from vigie.radio.bleak_backend.scanner import AirScanner

DEFAULT_TIMEOUT_S = 30.0
"""bleak's own."""


class VirtualRadio:
    """Builds ordinary bleak objects that use one station of the air.

    Any number of programs may have one for the same station: they share it as on a phone.

    Args:
        station: the phone's radio, powered on.
        profile: what kind of phone it is; an ordinary one if nobody says.
    """

    def __init__(self, station: PhoneStation, profile: PhoneProfile | None = None):
        self._phone = Phone.of(station, profile)

    def client(
        self,
        device_or_address: BLEDevice | str,
        disconnected_callback: Callable[[BleakClient], None] | None = None,
        timeout: float = DEFAULT_TIMEOUT_S,
    ) -> BleakClient:
        """A client for a peripheral."""
        return BleakClient(
            device_or_address,
            disconnected_callback,
            timeout=timeout,
            backend=AirClient,
            phone=self._phone,
        )

    def scanner(
        self,
        detection_callback: AdvertisementDataCallback | None = None,
        service_uuids: list[str] | None = None,
    ) -> BleakScanner:
        """A scanner for peripherals."""
        return BleakScanner(
            detection_callback, service_uuids, backend=AirScanner, phone=self._phone
        )

    def adapter(self) -> BleakAdapter:
        """The phone's adapter."""
        return BleakAdapter(AirAdapter(self._phone))

    @contextmanager
    def in_use(self) -> Generator[None]:
        """Inside the block, bleak objects that name no backend use this phone.

        Also in tasks that are started inside; `route_bleak` has to be in force.
        """
        with use_phone(self._phone):
            yield
