"""What an application sees of an advertisement."""

import uuid
from collections.abc import Iterable, Iterator

from bleak.backends.scanner import AdvertisementData
from bleak.uuids import normalize_uuid_16, normalize_uuid_32
from bumble.core import AdvertisingData
from bumble.device import Advertisement

_Type = AdvertisingData.Type

_SERVICE_LISTS = {
    _Type.INCOMPLETE_LIST_OF_16_BIT_SERVICE_CLASS_UUIDS: 2,
    _Type.COMPLETE_LIST_OF_16_BIT_SERVICE_CLASS_UUIDS: 2,
    _Type.INCOMPLETE_LIST_OF_32_BIT_SERVICE_CLASS_UUIDS: 4,
    _Type.COMPLETE_LIST_OF_32_BIT_SERVICE_CLASS_UUIDS: 4,
    _Type.INCOMPLETE_LIST_OF_128_BIT_SERVICE_CLASS_UUIDS: 16,
    _Type.COMPLETE_LIST_OF_128_BIT_SERVICE_CLASS_UUIDS: 16,
}
_SERVICE_DATA = {
    _Type.SERVICE_DATA_16_BIT_UUID: 2,
    _Type.SERVICE_DATA_32_BIT_UUID: 4,
    _Type.SERVICE_DATA_128_BIT_UUID: 16,
}
_NAMES = (_Type.COMPLETE_LOCAL_NAME, _Type.SHORTENED_LOCAL_NAME)

Structures = Iterable[tuple[int, bytes]]
"""The type and the data of every AD structure."""


def advertisement_data(advertisement: Advertisement) -> AdvertisementData:
    """The same for bleak. Damaged parts are left out, as phones do."""
    structures = advertisement.data.ad_structures
    return AdvertisementData(
        local_name=_name(structures),
        manufacturer_data={
            int.from_bytes(data[:2], "little"): data[2:]
            for data in _all(structures, _Type.MANUFACTURER_SPECIFIC_DATA)
            if len(data) >= 2
        },
        service_data=dict(_service_data(structures)),
        service_uuids=list(dict.fromkeys(_service_uuids(structures))),
        tx_power=next(
            (
                int.from_bytes(data, signed=True)
                for data in _all(structures, _Type.TX_POWER_LEVEL)
                if len(data) == 1
            ),
            None,
        ),
        rssi=advertisement.rssi,
        platform_data=(advertisement,),
    )


def uuid_text(little_endian: bytes) -> str:
    """A UUID of 2, 4 or 16 bytes as bleak writes it."""
    if len(little_endian) == 2:
        return normalize_uuid_16(int.from_bytes(little_endian, "little"))
    if len(little_endian) == 4:
        return normalize_uuid_32(int.from_bytes(little_endian, "little"))
    return str(uuid.UUID(bytes=little_endian[::-1]))


def _all(structures: Structures, wanted: int) -> Iterator[bytes]:
    return (data for kind, data in structures if kind == wanted)


def _name(structures: Structures) -> str | None:
    names = (data for kind in _NAMES for data in _all(structures, kind))
    return next((name.decode(errors="replace") for name in names), None)


def _service_uuids(structures: Structures) -> Iterator[str]:
    for kind, size in _SERVICE_LISTS.items():
        for data in _all(structures, kind):
            for start in range(0, len(data) - size + 1, size):
                yield uuid_text(data[start : start + size])


def _service_data(structures: Structures) -> Iterator[tuple[str, bytes]]:
    for kind, size in _SERVICE_DATA.items():
        for data in _all(structures, kind):
            if len(data) >= size:
                yield uuid_text(data[:size]), data[size:]
