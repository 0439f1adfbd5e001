"""The initiating part of a controller: it calls an advertiser and so makes a connection."""

import asyncio
from typing import TYPE_CHECKING

from bumble import hci

from vigie.radio.advertiser import AdvertisingEvent
from vigie.radio.connection import AirConnection
from vigie.radio.link_end import LinkEnd
from vigie.radio.link_parameters import LinkParameters
from vigie.radio.replies import DISALLOWED, OK, Command, Handlers
from vigie.radio.scanning import ListeningPattern

if TYPE_CHECKING:
    from vigie.radio.controller import AirController

_Error = hci.HCI_ErrorCode


class Initiating:
    """Waits for one peer to advertise and connects to it."""

    def __init__(self, controller: "AirController"):
        self._controller = controller
        self._request: hci.HCI_LE_Create_Connection_Command | None = None
        self._pattern = ListeningPattern(0x10, 0x10)

    @property
    def enabled(self) -> bool:
        """A connection has been asked for and not been made yet."""
        return self._request is not None

    def reset(self) -> None:
        """Give up without telling the host."""
        self._request = None

    def handlers(self) -> Handlers:
        """The commands this part answers."""
        return {
            "HCI_LE_CREATE_CONNECTION_COMMAND": self._create,
            "HCI_LE_CREATE_CONNECTION_CANCEL_COMMAND": self._cancel,
        }

    def hear(self, event: AdvertisingEvent) -> None:
        """Connect if the advertiser is the one that is waited for."""
        request = self._request
        if request is None or not event.connectable:
            return
        if not self._pattern.open_at(asyncio.get_running_loop().time()):
            return
        identity = self._controller.privacy.identity_of(event.address)
        if request.peer_address in (event.address, identity):
            self._request = None
            self._controller.listening_changed()
            self._connect(request, event)

    def _connect(
        self, request: hci.HCI_LE_Create_Connection_Command, event: AdvertisingEvent
    ) -> None:
        controller = self._controller
        own_address = controller.own_address(
            request.own_address_type, controller.random_address, request.peer_address
        )
        central = LinkEnd(controller, hci.Role.CENTRAL, own_address, event.address)
        peripheral = None
        if not controller.air.loses(controller, event.advertiser.controller):
            peripheral = event.advertiser.answer(event.address, own_address)
        parameters = _parameters(request)
        connection = AirConnection(controller.air, central, peripheral, parameters)
        for end in connection.ends:
            end.connection = connection
            end.radio.links.on_connected(end)
        if peripheral:
            event.advertiser.connected(peripheral.handle)

    def _create(self, command: Command) -> None:
        error = self._refusal(command)
        if error == _Error.SUCCESS:
            self._request = command
            self._pattern = ListeningPattern(
                command.le_scan_interval,
                command.le_scan_window,
                asyncio.get_running_loop().time(),
            )
            self._controller.listening_changed()
        self._controller.send_command_status(command, error)

    def _refusal(self, command: Command) -> hci.HCI_ErrorCode:
        controller = self._controller
        if self._request:
            return _Error.COMMAND_DISALLOWED_ERROR
        if controller.links.connected_to(command.peer_address):
            return _Error.CONNECTION_ALREADY_EXISTS_ERROR
        if command.initiator_filter_policy:
            return _Error.UNSUPPORTED_FEATURE_OR_PARAMETER_VALUE_ERROR
        own_address = controller.own_address(
            command.own_address_type, controller.random_address, command.peer_address
        )
        pattern = ListeningPattern(command.le_scan_interval, command.le_scan_window)
        if (
            own_address == hci.Address.ANY_RANDOM
            or not pattern.valid
            or not _parameters(command).valid
        ):
            return _Error.INVALID_COMMAND_PARAMETERS_ERROR
        return _Error.SUCCESS

    def _cancel(self, _command: Command) -> hci.HCI_ReturnParameters:
        request, self._request = self._request, None
        if request is None:
            return DISALLOWED
        self._controller.listening_changed()
        asyncio.get_running_loop().call_soon(
            self._controller.links.on_not_connected,
            request.peer_address,
            _Error.UNKNOWN_CONNECTION_IDENTIFIER_ERROR,
        )
        return OK


def _parameters(command: Command) -> LinkParameters:
    return LinkParameters(
        command.connection_interval_min, command.max_latency, command.supervision_timeout
    )
