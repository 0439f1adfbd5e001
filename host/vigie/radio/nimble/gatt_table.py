"""The attribute table: MicroPython's service definitions on bumble's GATT server.

Values live with the program. A write is handed to it and answered when its handler has run, as on
the chip, where the stack calls the handler from within.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from bumble import att
from bumble.core import UUID
from bumble.device import Connection, Device
from bumble.gatt import Characteristic, CharacteristicValue, Descriptor, Service

from vigie.radio.nimble.events import Handler, Irq

SERVICES_MAX = 8
_READ, _WRITE = 0x0002, 0x0004 | 0x0008
_PROPERTIES = 0x003E
_PERMISSIONS = {
    0x0200: att.Attribute.Permissions.READ_REQUIRES_ENCRYPTION,
    0x0400: att.Attribute.Permissions.READ_REQUIRES_AUTHENTICATION,
    0x1000: att.Attribute.Permissions.WRITE_REQUIRES_ENCRYPTION,
    0x2000: att.Attribute.Permissions.WRITE_REQUIRES_AUTHENTICATION,
}
_MODELLED = _PROPERTIES | sum(_PERMISSIONS)

DescriptorDefinition = tuple[bytes, int]
CharacteristicDefinition = tuple[bytes, int, Sequence[DescriptorDefinition]]
ServiceDefinition = tuple[bytes, Sequence[CharacteristicDefinition]]


class GattTable:
    """All services of one device.

    Args:
        device: where they are served.
        handler: the program.
        number_of: the program's number for a connection.
    """

    def __init__(self, device: Device, handler: Handler, number_of: Callable[[Connection], int]):
        self._device = device
        self._handler = handler
        self._number_of = number_of
        self.characteristics: dict[int, Characteristic[bytes]] = {}

    def register(self, services: Sequence[ServiceDefinition]) -> tuple[tuple[int, ...], ...]:
        """Replace the table; handles of the values, service by service, in order of definition."""
        server: Any = self._device.gatt_server  # its lists hold attributes of any type
        server.attributes.clear()
        server.attributes_by_handle.clear()
        server.services.clear()
        self._device.add_default_services()
        self.characteristics.clear()
        return tuple(tuple(self._add(uuid, definitions)) for uuid, definitions in services)

    def _add(self, uuid: bytes, definitions: Sequence[CharacteristicDefinition]) -> Iterator[int]:
        characteristics = [self._characteristic(*d) for d in definitions]
        self._device.add_service(Service(UUID.from_bytes(uuid), characteristics))
        for characteristic, (_, _, descriptors) in zip(characteristics, definitions, strict=True):
            self.characteristics[characteristic.handle] = characteristic
            yield characteristic.handle
            for descriptor in characteristic.descriptors[: len(descriptors)]:
                yield descriptor.handle

    def _characteristic(
        self, uuid: bytes, flags: int, descriptors: Sequence[DescriptorDefinition]
    ) -> Characteristic[bytes]:
        made: Characteristic[bytes] = Characteristic(
            UUID.from_bytes(uuid),
            Characteristic.Properties(flags & _PROPERTIES),
            _permissions(flags),
            descriptors=[self._descriptor(*d) for d in descriptors],
        )
        made.value = self._value(made, flags)
        return made

    def _descriptor(self, uuid: bytes, flags: int) -> Descriptor:
        made = Descriptor(UUID.from_bytes(uuid), _permissions(flags))
        made.value = self._value(made, flags)
        return made

    def _value(self, attribute: att.Attribute[Any], flags: int) -> CharacteristicValue[bytes]:
        async def read(connection: Connection) -> bytes:
            if not flags & _READ:
                raise att.ATT_Error(att.ATT_READ_NOT_PERMITTED_ERROR)
            number = self._number_of(connection)
            error, value = await self._handler.ask(
                Irq.GATTS_READ_REQUEST, number, attribute.handle
            )
            if error:
                raise att.ATT_Error(att.ErrorCode(error & 0xFF))
            return value or b""

        async def write(connection: Connection, value: bytes) -> None:
            if not flags & _WRITE:
                raise att.ATT_Error(att.ATT_WRITE_NOT_PERMITTED_ERROR)
            number = self._number_of(connection)
            await self._handler.ask(Irq.GATTS_WRITE, number, attribute.handle, value)

        return CharacteristicValue(read, write)


def _permissions(flags: int) -> att.Attribute.Permissions:
    """Raises NotImplementedError for flags whose effect is not modelled."""
    if flags & ~_MODELLED:
        raise NotImplementedError(f"the virtual board does not model the GATT flags {flags:#06x}")
    permissions = att.Attribute.Permissions.READABLE | att.Attribute.Permissions.WRITEABLE
    for flag, permission in _PERMISSIONS.items():
        if flags & flag:
            permissions |= permission
    return permissions
