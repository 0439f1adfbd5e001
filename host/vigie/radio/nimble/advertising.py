"""Advertising: what is said, and the intervals that NimBLE and the controller take."""

from bumble import hci
from bumble.device import AdvertisingType

from vigie.radio.air_device import AirDevice
from vigie.radio.nimble.errors import controller_error, controller_errors

_INTERVAL_UNIT_US = 625
_INTERVALS = range(0x20, 0x4001)
_DEFAULT_INTERVALS_MS = {True: (30.0, 60.0), False: (100.0, 150.0)}
"""NimBLE's own, for an interval of zero: connectable, and not."""


class Advertising:
    """The one advertisement of a device. Data that is not given stays as it was."""

    def __init__(self, device: AirDevice):
        self._device = device
        self._data = self._response = b""

    def say(self, data: bytes | None, response: bytes | None) -> None:
        """Say this from the next start on."""
        self._data = self._data if data is None else data
        self._response = self._response if response is None else response

    async def stop(self) -> None:
        """Be silent."""
        await self._device.stop_advertising()

    async def start(self, interval_us: int, *, connectable: bool, public: bool) -> None:
        """Be visible. Raises OSError."""
        shortest_ms, longest_ms = _intervals_ms(interval_us, connectable)
        kinds = AdvertisingType
        with controller_errors():
            await self._device.start_advertising(
                advertising_type=(
                    kinds.UNDIRECTED_CONNECTABLE_SCANNABLE
                    if connectable
                    else kinds.UNDIRECTED_SCANNABLE
                ),
                own_address_type=(
                    hci.OwnAddressType.PUBLIC if public else hci.OwnAddressType.RANDOM
                ),
                advertising_data=self._data,
                scan_response_data=self._response,
                advertising_interval_min=shortest_ms,
                advertising_interval_max=longest_ms,
            )


def _intervals_ms(interval_us: int, connectable: bool) -> tuple[float, float]:
    """The shortest and the longest interval. NimBLE keeps sixteen bits of their number."""
    units = interval_us // _INTERVAL_UNIT_US & 0xFFFF
    if not units:
        return _DEFAULT_INTERVALS_MS[connectable]
    if units not in _INTERVALS:
        raise controller_error(hci.HCI_ErrorCode.INVALID_COMMAND_PARAMETERS_ERROR)
    ms = units * _INTERVAL_UNIT_US / 1000
    return ms, ms
