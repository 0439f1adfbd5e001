"""The services of a peer: how they are discovered, and how bleak sees them."""

from collections.abc import Callable, Collection
from typing import Any

from bleak.assigned_numbers import gatt_char_props_to_strs
from bleak.backends.characteristic import BleakGATTCharacteristic
from bleak.backends.descriptor import BleakGATTDescriptor
from bleak.backends.service import BleakGATTService, BleakGATTServiceCollection
from bumble.gatt_client import Client

from vigie.radio.bleak_backend.advertisement import uuid_text


async def discover(gatt: Client, wanted: Collection[str] | None) -> None:
    """Ask the peer for its services and for everything in those that are wanted."""
    client: Any = gatt  # half of its methods have no types
    await client.discover_services()
    for service in _wanted(client, wanted):
        await client.discover_characteristics([], service)
        for characteristic in service.characteristics:
            await client.discover_descriptors(characteristic)
            # The stock client never remembers this and asks again at every subscription.
            characteristic.descriptors_discovered = True


def collection(
    gatt: Client, wanted: Collection[str] | None, max_write: Callable[[], int]
) -> BleakGATTServiceCollection:
    """What has been discovered, for bleak."""
    services = BleakGATTServiceCollection()
    for found in _wanted(gatt, wanted):
        service = BleakGATTService(found, found.handle, _uuid(found.uuid))
        services.add_service(service)
        for characteristic in found.characteristics:
            _add_characteristic(services, service, characteristic, max_write)
    return services


def _add_characteristic(
    services: BleakGATTServiceCollection,
    service: BleakGATTService,
    found: Any,
    max_write: Callable[[], int],
) -> None:
    # A set of names would come in an order that changes from run to run.
    properties = sorted(gatt_char_props_to_strs(int(found.properties)))
    characteristic = BleakGATTCharacteristic(
        found, found.handle, _uuid(found.uuid), properties, max_write, service
    )
    services.add_characteristic(characteristic)
    for descriptor in found.descriptors:
        services.add_descriptor(
            BleakGATTDescriptor(
                descriptor, descriptor.handle, _uuid(descriptor.type), characteristic
            )
        )


def _wanted(client: Any, wanted: Collection[str] | None) -> list[Any]:
    return [s for s in client.services if wanted is None or _uuid(s.uuid) in wanted]


def _uuid(uuid: Any) -> str:
    return uuid_text(bytes(uuid.uuid_bytes))
