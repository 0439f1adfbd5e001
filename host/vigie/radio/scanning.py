"""The scanning part of a controller."""

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bumble import hci

from vigie.radio.advertiser import AdvertisingEvent
from vigie.radio.replies import DISALLOWED, INVALID, OK, UNSUPPORTED, Command, Handlers

if TYPE_CHECKING:
    from vigie.radio.controller import AirController

_Legacy = hci.HCI_LE_Advertising_Report_Event
_Extended = hci.HCI_LE_Extended_Advertising_Report_Event

_PHY_1M_ONLY = 1
_ACTIVE = 1
_UNIT_S = 0.625e-3
_ROUNDING_S = 1e-9


@dataclass(frozen=True)
class ListeningPattern:
    """When a receiver listens: a window in every interval."""

    interval: int
    """In 0.625 ms."""
    window: int
    since_s: float = 0.0

    @property
    def valid(self) -> bool:
        """Within the bounds of the Core specification."""
        return 4 <= self.window <= self.interval

    def open_at(self, time_s: float) -> bool:
        """It listens at that time."""
        phase_s = (time_s - self.since_s + _ROUNDING_S) % (self.interval * _UNIT_S)
        return phase_s < self.window * _UNIT_S


class Scanning:
    """Turns advertisements into reports for the host."""

    def __init__(self, controller: "AirController"):
        self._controller = controller
        self.reset()

    def reset(self) -> None:
        """Stop, with default parameters."""
        self.enabled = False
        self._active = False
        self._extended_reports = False
        self._pattern = ListeningPattern(0x10, 0x10)
        self._reported: dict[tuple[hci.Address, bool], None] | None = None

    def handlers(self) -> Handlers:
        """The commands this part answers."""
        return {
            "HCI_LE_SET_SCAN_PARAMETERS_COMMAND": self._set_parameters,
            "HCI_LE_SET_SCAN_ENABLE_COMMAND": self._enable,
            "HCI_LE_SET_EXTENDED_SCAN_PARAMETERS_COMMAND": self._set_extended_parameters,
            "HCI_LE_SET_EXTENDED_SCAN_ENABLE_COMMAND": self._enable_extended,
        }

    def hear(self, event: AdvertisingEvent, rssi_dbm: int) -> None:
        """Report an advertisement and, if scanning is active, ask for the scan response."""
        if not self._pattern.open_at(asyncio.get_running_loop().time()):
            return
        self._report(event, event.data, rssi_dbm, is_response=False)
        if not self._active or event.scan_response is None:
            return
        # Request and response are two more packets that may be lost.
        advertiser = event.advertiser.controller
        if not any(self._controller.air.loses(advertiser, self._controller) for _ in range(2)):
            self._report(event, event.scan_response, rssi_dbm, is_response=True)

    def _report(
        self, event: AdvertisingEvent, data: bytes, rssi_dbm: int, is_response: bool
    ) -> None:
        address = self._controller.privacy.identity_of(event.address) or event.address
        if self._reported is not None:
            if (address, is_response) in self._reported:
                return
            self._reported[address, is_response] = None
        make = _extended_report if self._extended_reports else _legacy_report
        self._controller.send_hci_packet(make(event, address, data, rssi_dbm, is_response))

    def _set_parameters(self, command: Command) -> hci.HCI_ReturnParameters:
        pattern = ListeningPattern(command.le_scan_interval, command.le_scan_window)
        return self._configure(
            pattern,
            command.le_scan_type == _ACTIVE,
            command.scanning_filter_policy,
        )

    def _set_extended_parameters(self, command: Command) -> hci.HCI_ReturnParameters:
        if command.scanning_phys != _PHY_1M_ONLY:
            return UNSUPPORTED
        pattern = ListeningPattern(command.scan_intervals[0], command.scan_windows[0])
        active = command.scan_types[0] == _ACTIVE
        return self._configure(pattern, active, command.scanning_filter_policy)

    def _configure(
        self, pattern: ListeningPattern, active: bool, filter_policy: int
    ) -> hci.HCI_ReturnParameters:
        if self.enabled:
            return DISALLOWED
        if not pattern.valid:
            return INVALID
        if filter_policy:
            return UNSUPPORTED
        self._pattern, self._active = pattern, active
        return OK

    def _enable(self, command: Command) -> hci.HCI_ReturnParameters:
        self._extended_reports = False
        return self._switch(bool(command.le_scan_enable), bool(command.filter_duplicates))

    def _enable_extended(self, command: Command) -> hci.HCI_ReturnParameters:
        if command.duration or command.period or command.filter_duplicates > 1:
            return UNSUPPORTED
        self._extended_reports = True
        return self._switch(bool(command.enable), bool(command.filter_duplicates))

    def _switch(self, on: bool, filter_duplicates: bool) -> hci.HCI_ReturnParameters:
        self.enabled = on
        self._reported = {} if filter_duplicates else None
        now_s = asyncio.get_running_loop().time()
        self._pattern = ListeningPattern(self._pattern.interval, self._pattern.window, now_s)
        self._controller.listening_changed()
        return OK


def _legacy_report(
    event: AdvertisingEvent, address: hci.Address, data: bytes, rssi_dbm: int, is_response: bool
) -> hci.HCI_Packet:
    if is_response:
        kind = _Legacy.EventType.SCAN_RSP
    elif event.connectable:
        kind = _Legacy.EventType.ADV_IND
    elif event.scan_response is not None:
        kind = _Legacy.EventType.ADV_SCAN_IND
    else:
        kind = _Legacy.EventType.ADV_NONCONN_IND
    report = _Legacy.Report(
        event_type=kind,
        address_type=address.address_type,
        address=address,
        data=data,
        rssi=rssi_dbm,
    )
    return _Legacy([report])


def _extended_report(
    event: AdvertisingEvent, address: hci.Address, data: bytes, rssi_dbm: int, is_response: bool
) -> hci.HCI_Packet:
    kind = _Extended.EventType.LEGACY_ADVERTISING_PDU_USED
    if event.connectable:
        kind |= _Extended.EventType.CONNECTABLE_ADVERTISING
    if event.scan_response is not None:
        kind |= _Extended.EventType.SCANNABLE_ADVERTISING
    if is_response:
        kind |= _Extended.EventType.SCAN_RESPONSE
    report = _Extended.Report(
        event_type=kind,
        address_type=address.address_type,
        address=address,
        primary_phy=hci.Phy.LE_1M,
        secondary_phy=0,
        advertising_sid=_Extended.NO_ADI_FIELD_PROVIDED,
        tx_power=_Extended.TX_POWER_INFORMATION_NOT_AVAILABLE,
        rssi=rssi_dbm,
        periodic_advertising_interval=0,
        direct_address_type=0,
        direct_address=hci.Address.ANY,
        data=data,
    )
    return _Extended([report])
