"""bleak's adapter on a virtual phone."""

from typing import Any

from bleak.backends.adapter import BaseBleakAdapter
from bleak.backends.device import BLEDevice

from vigie.radio.bleak_backend.phone import ConnectedDevice, Phone, current_phone


class AirAdapter(BaseBleakAdapter):
    """Knows what the phone is connected to."""

    def __init__(self, phone: Phone):
        self._phone = phone

    @classmethod
    async def get(cls, **kwargs: Any) -> "AirAdapter":
        """The adapter of the phone that the running task belongs to."""
        return cls(current_phone())

    async def get_connected_devices(self, service_uuids: frozenset[str]) -> list[BLEDevice]:
        """Connected peripherals that offer one of the services."""
        return [
            _ble_device(device)
            for device in self._phone.connected.values()
            if not service_uuids.isdisjoint(device.service_uuids)
        ]


def _ble_device(device: ConnectedDevice) -> BLEDevice:
    address = device.connection.peer_address
    return BLEDevice(address.to_string(False), device.name, address)
