"""The advertising part of a controller: legacy commands, and sets that use legacy PDUs."""

from enum import IntEnum
from typing import TYPE_CHECKING

from bumble import hci

from vigie.radio.advertiser import Advertiser
from vigie.radio.replies import DISALLOWED, INVALID, OK, UNSUPPORTED, Command, Handlers, status

if TYPE_CHECKING:
    from vigie.radio.controller import AirController

MAX_DATA_BYTES = 31
"""What a legacy PDU holds."""

MAX_SETS = 4

_INTERVAL_UNIT_S = 0.625e-3
_SHORTEST_INTERVAL = 0x20

_COMPLETE_DATA = 0x03
"""Neither a fragment nor unchanged."""


class _Kind(IntEnum):
    """Of the legacy PDU."""

    CONNECTABLE = 0
    SCANNABLE = 2
    NOT_CONNECTABLE = 3


_PROPERTIES = {0x13: _Kind.CONNECTABLE, 0x12: _Kind.SCANNABLE, 0x10: _Kind.NOT_CONNECTABLE}
"""The properties of advertising sets that stand for these kinds."""

_UNKNOWN_SET = status(hci.HCI_ErrorCode.UNKNOWN_ADVERTISING_IDENTIFIER_ERROR)
_NO_MORE_SETS = status(hci.HCI_ErrorCode.MEMORY_CAPACITY_EXCEEDED_ERROR)


class Advertising:
    """All advertisers of a controller."""

    def __init__(self, controller: "AirController"):
        self._controller = controller
        self._legacy = Advertiser(controller, None)
        self._sets: dict[int, Advertiser] = {}

    def reset(self) -> None:
        """Stop and forget everything."""
        for advertiser in (self._legacy, *self._sets.values()):
            advertiser.stop()
        self._legacy = Advertiser(self._controller, None)
        self._sets = {}

    def handlers(self) -> Handlers:
        """The commands this part answers."""
        return {
            "HCI_LE_SET_ADVERTISING_PARAMETERS_COMMAND": self._set_parameters,
            "HCI_LE_SET_ADVERTISING_DATA_COMMAND": self._set_data,
            "HCI_LE_SET_SCAN_RESPONSE_DATA_COMMAND": self._set_scan_response,
            "HCI_LE_SET_ADVERTISING_ENABLE_COMMAND": self._enable,
            "HCI_LE_SET_ADVERTISING_SET_RANDOM_ADDRESS_COMMAND": self._set_random_address,
            "HCI_LE_SET_EXTENDED_ADVERTISING_PARAMETERS_COMMAND": self._set_set_parameters,
            "HCI_LE_SET_EXTENDED_ADVERTISING_DATA_COMMAND": self._set_set_data,
            "HCI_LE_SET_EXTENDED_SCAN_RESPONSE_DATA_COMMAND": self._set_set_scan_response,
            "HCI_LE_SET_EXTENDED_ADVERTISING_ENABLE_COMMAND": self._enable_sets,
            "HCI_LE_REMOVE_ADVERTISING_SET_COMMAND": self._remove_set,
            "HCI_LE_CLEAR_ADVERTISING_SETS_COMMAND": self._clear_sets,
            "HCI_LE_READ_MAXIMUM_ADVERTISING_DATA_LENGTH_COMMAND": self._read_data_length,
            "HCI_LE_READ_NUMBER_OF_SUPPORTED_ADVERTISING_SETS_COMMAND": self._read_set_count,
        }

    # Legacy commands

    def _set_parameters(self, command: Command) -> hci.HCI_ReturnParameters:
        if command.advertising_type not in list(_Kind):
            return UNSUPPORTED
        return _configure(
            self._legacy,
            _Kind(command.advertising_type),
            command,
            (command.advertising_interval_min, command.advertising_interval_max),
        )

    def _set_data(self, command: Command) -> hci.HCI_ReturnParameters:
        self._legacy.data = command.advertising_data
        return OK

    def _set_scan_response(self, command: Command) -> hci.HCI_ReturnParameters:
        self._legacy.scan_response = command.scan_response_data
        return OK

    def _enable(self, command: Command) -> hci.HCI_ReturnParameters:
        return _switch(self._legacy, bool(command.advertising_enable))

    # Advertising sets

    def _set_set_parameters(self, command: Command) -> hci.HCI_ReturnParameters:
        kind = _PROPERTIES.get(command.advertising_event_properties)
        if kind is None:
            return UNSUPPORTED
        advertiser = self._sets.get(command.advertising_handle)
        if advertiser is None:
            if len(self._sets) >= MAX_SETS:
                return _NO_MORE_SETS
            advertiser = Advertiser(self._controller, command.advertising_handle)
        interval_min = command.primary_advertising_interval_min
        interval_max = command.primary_advertising_interval_max
        result = _configure(advertiser, kind, command, (interval_min, interval_max))
        if result is not OK:
            return result
        self._sets[command.advertising_handle] = advertiser
        return hci.HCI_LE_Set_Extended_Advertising_Parameters_ReturnParameters(
            status=hci.HCI_ErrorCode.SUCCESS, selected_tx_power=0
        )

    def _set_random_address(self, command: Command) -> hci.HCI_ReturnParameters:
        if (advertiser := self._sets.get(command.advertising_handle)) is None:
            return _UNKNOWN_SET
        if advertiser.enabled and advertiser.connectable:
            return DISALLOWED
        advertiser.random_address = command.random_address
        return OK

    def _set_set_data(self, command: Command) -> hci.HCI_ReturnParameters:
        if (advertiser := self._sets.get(command.advertising_handle)) is None:
            return _UNKNOWN_SET
        refused = _refuse_data(command.operation, command.advertising_data)
        if refused is None:
            advertiser.data = command.advertising_data
        return refused or OK

    def _set_set_scan_response(self, command: Command) -> hci.HCI_ReturnParameters:
        if (advertiser := self._sets.get(command.advertising_handle)) is None:
            return _UNKNOWN_SET
        refused = _refuse_data(command.operation, command.scan_response_data)
        if refused is None:
            advertiser.scan_response = command.scan_response_data
        return refused or OK

    def _enable_sets(self, command: Command) -> hci.HCI_ReturnParameters:
        handles = list(command.advertising_handles)
        if not command.enable and not handles:
            handles = list(self._sets)
        if any(handle not in self._sets for handle in handles):
            return _UNKNOWN_SET
        if any(command.durations) or any(command.max_extended_advertising_events):
            return UNSUPPORTED
        results = [_switch(self._sets[handle], bool(command.enable)) for handle in handles]
        return next((result for result in results if result is not OK), OK)

    def _remove_set(self, command: Command) -> hci.HCI_ReturnParameters:
        if (advertiser := self._sets.get(command.advertising_handle)) is None:
            return _UNKNOWN_SET
        if advertiser.enabled:
            return DISALLOWED
        del self._sets[command.advertising_handle]
        return OK

    def _clear_sets(self, _command: Command) -> hci.HCI_ReturnParameters:
        if any(advertiser.enabled for advertiser in self._sets.values()):
            return DISALLOWED
        self._sets.clear()
        return OK

    def _read_data_length(self, _command: Command) -> hci.HCI_ReturnParameters:
        return hci.HCI_LE_Read_Maximum_Advertising_Data_Length_ReturnParameters(
            status=hci.HCI_ErrorCode.SUCCESS, max_advertising_data_length=MAX_DATA_BYTES
        )

    def _read_set_count(self, _command: Command) -> hci.HCI_ReturnParameters:
        return hci.HCI_LE_Read_Number_Of_Supported_Advertising_Sets_ReturnParameters(
            status=hci.HCI_ErrorCode.SUCCESS, num_supported_advertising_sets=MAX_SETS
        )


def _configure(
    advertiser: Advertiser, kind: _Kind, command: Command, interval: tuple[int, int]
) -> hci.HCI_ReturnParameters:
    """Take over what legacy and extended parameter commands have in common."""
    if advertiser.enabled:
        return DISALLOWED
    shortest, longest = interval
    if not _SHORTEST_INTERVAL <= shortest <= longest:
        return INVALID
    if command.advertising_filter_policy:
        return UNSUPPORTED
    advertiser.interval_s = shortest * _INTERVAL_UNIT_S
    advertiser.connectable = kind == _Kind.CONNECTABLE
    advertiser.scannable = kind in (_Kind.CONNECTABLE, _Kind.SCANNABLE)
    advertiser.own_address_type = hci.OwnAddressType(command.own_address_type)
    advertiser.peer_address = command.peer_address
    return OK


def _switch(advertiser: Advertiser, on: bool) -> hci.HCI_ReturnParameters:
    if not on:
        advertiser.stop()
        return OK
    if advertiser.address == hci.Address.ANY_RANDOM:
        return INVALID
    advertiser.start()
    return OK


def _refuse_data(operation: int, data: bytes) -> hci.HCI_ReturnParameters | None:
    if operation != _COMPLETE_DATA or len(data) > MAX_DATA_BYTES:
        return INVALID
    return None
