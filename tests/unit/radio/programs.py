"""What the tests of the bleak backend share: programs on a virtual phone."""

from typing import Any

from bleak import BleakClient
from bleak.backends.characteristic import BleakGATTCharacteristic
from bleak.backends.device import BLEDevice

from vigie.radio.bleak_backend.profile import PhoneProfile
from vigie.radio.bleak_backend.radio import VirtualRadio

from .world import (
    SERVICE,
    World,
)

ABSENT = "C0:00:00:00:00:01"


async def find(radio: VirtualRadio) -> BLEDevice:
    async with radio.scanner(service_uuids=[SERVICE]) as scanner:
        async for device, _ in scanner.advertisement_data():
            return device
    raise AssertionError


async def connected(
    world: World, profile: PhoneProfile | None = None, **options: Any
) -> tuple[VirtualRadio, BleakClient]:
    radio = VirtualRadio(world.phone, profile)
    client = radio.client(await find(radio), **options)
    await client.connect()
    return radio, client


def ignore(_characteristic: BleakGATTCharacteristic, _value: bytearray) -> None:
    pass
