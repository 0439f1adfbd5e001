"""bleak's scanner on a virtual phone."""

from typing import Any, Literal

from bleak.backends.scanner import AdvertisementDataCallback, BaseBleakScanner
from bleak.exc import BleakError
from bumble.device import Advertisement

from vigie.radio.bleak_backend.advertisement import advertisement_data
from vigie.radio.bleak_backend.phone import Phone, current_phone


class AirScanner(BaseBleakScanner):
    """Hears what the phone's radio hears.

    Args:
        detection_callback: as in bleak.
        service_uuids: as in bleak.
        scanning_mode: as in bleak.
        phone: whose radio; that of the running task if None.
        _options: for other platforms.
    """

    def __init__(
        self,
        detection_callback: AdvertisementDataCallback | None,
        service_uuids: list[str] | None,
        scanning_mode: Literal["active", "passive"],
        *,
        phone: Phone | None = None,
        **_options: Any,
    ):
        super().__init__(detection_callback, service_uuids)
        self._phone = phone or current_phone()
        self._active = scanning_mode == "active"
        self._started = False

    async def start(self) -> None:
        """Start scanning."""
        if self._started:
            raise BleakError("the scanner is already started")
        self.seen_devices.clear()
        self._started = True
        try:
            await self._phone.start_scanning(self._on_advertisement, active=self._active)
        except BaseException:
            await self.stop()
            raise

    async def stop(self) -> None:
        """Stop scanning."""
        self._started = False
        await self._phone.stop_scanning(self._on_advertisement)

    def _on_advertisement(self, advertisement: Advertisement) -> None:
        heard = advertisement_data(advertisement)
        if not self.is_allowed_uuid(heard.service_uuids):
            return
        address = advertisement.address.to_string(False)
        known, _ = self.seen_devices.get(address, (None, None))
        name = heard.local_name or (known.name if known else None)
        device = self.create_or_update_device(address, address, name, advertisement.address, heard)
        self.call_detection_callbacks(device, heard)
