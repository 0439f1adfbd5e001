"""What hosts ask of a link: other parameters, longer frames, another PHY, its end."""

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bumble import hci, ll

from vigie.radio.link_end import SHORT_FRAME_OCTETS, LinkEnd
from vigie.radio.link_parameters import LinkParameters
from vigie.radio.link_reports import data_length_change, phy_update_complete, update_complete
from vigie.radio.links import octets
from vigie.radio.replies import INVALID, Command, Handlers, status

if TYPE_CHECKING:
    from vigie.radio.controller import AirController

_Error = hci.HCI_ErrorCode
_UNKNOWN_LINK = status(_Error.UNKNOWN_CONNECTION_IDENTIFIER_ERROR)
_NO_PREFERENCE_TX = 0b01
_NO_PREFERENCE_RX = 0b10
_MODELLED_PHYS = hci.PhyBit.LE_1M | hci.PhyBit.LE_2M


@dataclass
class ConnectionParamReq(ll.ControlPdu):
    """The peripheral would like other parameters."""

    opcode = ll.ControlPdu.Opcode.LL_CONNECTION_PARAM_REQ

    interval_min: int
    interval_max: int
    latency: int
    timeout: int


@dataclass
class PhyUpdateInd(ll.ControlPdu):
    """Both directions go on with another PHY."""

    opcode = ll.ControlPdu.Opcode.LL_PHY_UPDATE_IND

    phy: hci.Phy


class LinkProcedures:
    """Commands and link layer PDUs that the stock controller gets wrong or lacks."""

    def __init__(self, controller: "AirController"):
        self._controller = controller

    def handlers(self) -> Handlers:
        """The commands this part answers."""
        return {
            "HCI_DISCONNECT_COMMAND": self._disconnect,
            "HCI_READ_RSSI_COMMAND": self._read_rssi,
            "HCI_LE_CONNECTION_UPDATE_COMMAND": self._update,
            "HCI_LE_REMOTE_CONNECTION_PARAMETER_REQUEST_REPLY_COMMAND": self._grant,
            "HCI_LE_REMOTE_CONNECTION_PARAMETER_REQUEST_NEGATIVE_REPLY_COMMAND": self._deny,
            "HCI_LE_SET_DATA_LENGTH_COMMAND": self._set_data_length,
            "HCI_LE_READ_PHY_COMMAND": self._read_phy,
            "HCI_LE_SET_PHY_COMMAND": self._set_phy,
        }

    def on_pdu(self, end: LinkEnd, pdu: ll.ControlPdu) -> None:
        """The peer has sent a PDU of the link layer."""
        match pdu:
            case ll.ConnectionUpdateInd():
                end.connection.update(LinkParameters(pdu.interval, pdu.latency, pdu.timeout))
                for either in end.connection.ends:
                    either.radio.send_hci_packet(update_complete(either))
            case ConnectionParamReq():
                self._ask_host(end, pdu)
            case ll.RejectExtInd(reject_opcode=ll.ControlPdu.Opcode.LL_CONNECTION_PARAM_REQ):
                self._controller.send_hci_packet(update_complete(end, pdu.error_code))
            case PhyUpdateInd():
                end.connection.phy = pdu.phy
                for either in end.connection.ends:
                    either.radio.send_hci_packet(phy_update_complete(either))
            case _:
                self._controller.on_ll_control_pdu(end.peer_address, pdu)

    def _disconnect(self, command: Command) -> None:
        if end := self._begin(command, command.connection_handle):
            end.send_ll_control_pdu(ll.TerminateInd(command.reason))

    def _begin(self, command: Command, handle: int, *, valid: bool = True) -> LinkEnd | None:
        """Send the Command Status; returns the end if the command goes ahead."""
        end = self._controller.links.find(handle)
        if end is None:
            error = _Error.UNKNOWN_CONNECTION_IDENTIFIER_ERROR
        elif not valid:
            error = _Error.INVALID_COMMAND_PARAMETERS_ERROR
        else:
            error = _Error.SUCCESS
        self._controller.send_command_status(command, error)
        return end if error == _Error.SUCCESS else None

    def _read_rssi(self, command: Command) -> hci.HCI_ReturnParameters:
        end = self._controller.links.find(command.handle)
        peer = end and end.connection.peer_of(end)
        if peer is None:
            return _UNKNOWN_LINK
        return hci.HCI_Read_RSSI_ReturnParameters(
            status=_Error.SUCCESS,
            handle=command.handle,
            rssi=self._controller.air.rssi_dbm(self._controller, peer.radio),
        )

    # Connection parameters

    def _update(self, command: Command) -> None:
        wanted = LinkParameters(
            command.connection_interval_max, command.max_latency, command.supervision_timeout
        )
        end = self._begin(command, command.connection_handle, valid=wanted.valid)
        if end is None:
            return
        if end.role == hci.Role.CENTRAL:
            _impose(end, wanted)
        else:
            end.send_ll_control_pdu(
                ConnectionParamReq(
                    command.connection_interval_min,
                    command.connection_interval_max,
                    command.max_latency,
                    command.supervision_timeout,
                )
            )

    def _ask_host(self, end: LinkEnd, request: ConnectionParamReq) -> None:
        event = hci.HCI_LE_REMOTE_CONNECTION_PARAMETER_REQUEST_EVENT
        if not self._controller.is_unmasked(event):
            _reject_request(end, _Error.UNSUPPORTED_REMOTE_FEATURE_ERROR)
            return
        self._controller.send_hci_packet(
            hci.HCI_LE_Remote_Connection_Parameter_Request_Event(
                connection_handle=end.handle,
                interval_min=request.interval_min,
                interval_max=request.interval_max,
                max_latency=request.latency,
                timeout=request.timeout,
            )
        )

    def _grant(self, command: Command) -> hci.HCI_ReturnParameters:
        if (end := self._controller.links.find(command.connection_handle)) is None:
            return _UNKNOWN_LINK
        granted = LinkParameters(command.interval_max, command.max_latency, command.timeout)
        if not granted.valid:
            return INVALID
        _impose(end, granted)
        return _done(end)

    def _deny(self, command: Command) -> hci.HCI_ReturnParameters:
        if (end := self._controller.links.find(command.connection_handle)) is None:
            return _UNKNOWN_LINK
        _reject_request(end, _Error(command.reason))
        return _done(end)

    # Data length and PHY

    def _set_data_length(self, command: Command) -> hci.HCI_ReturnParameters:
        end = self._controller.links.find(command.connection_handle)
        peer = end and end.connection.peer_of(end)
        if end is None or peer is None:
            return _UNKNOWN_LINK
        if not SHORT_FRAME_OCTETS <= command.tx_octets <= 251:
            return INVALID
        tx_octets = octets(end, peer, command.tx_octets)
        if tx_octets != end.tx_octets:
            end.tx_octets = tx_octets
            for either, other in ((end, peer), (peer, end)):
                report = data_length_change(either, other.tx_octets)
                asyncio.get_running_loop().call_soon(either.radio.send_hci_packet, report)
        return _done(end)

    def _read_phy(self, command: Command) -> hci.HCI_ReturnParameters:
        if (end := self._controller.links.find(command.connection_handle)) is None:
            return _UNKNOWN_LINK
        return hci.HCI_LE_Read_PHY_ReturnParameters(
            status=_Error.SUCCESS,
            connection_handle=end.handle,
            tx_phy=end.connection.phy,
            rx_phy=end.connection.phy,
        )

    def _set_phy(self, command: Command) -> None:
        tx = _MODELLED_PHYS if command.all_phys & _NO_PREFERENCE_TX else command.tx_phys
        rx = _MODELLED_PHYS if command.all_phys & _NO_PREFERENCE_RX else command.rx_phys
        common = tx & rx & _MODELLED_PHYS
        if not common:
            self._controller.send_command_status(
                command, _Error.UNSUPPORTED_FEATURE_OR_PARAMETER_VALUE_ERROR
            )
        elif end := self._begin(command, command.connection_handle):
            phy = hci.Phy.LE_2M if common & hci.PhyBit.LE_2M else hci.Phy.LE_1M
            end.send_ll_control_pdu(PhyUpdateInd(phy))


def _impose(end: LinkEnd, parameters: LinkParameters) -> None:
    end.send_ll_control_pdu(
        ll.ConnectionUpdateInd(parameters.interval, parameters.latency, parameters.timeout)
    )


def _reject_request(end: LinkEnd, error: hci.HCI_ErrorCode) -> None:
    end.send_ll_control_pdu(ll.RejectExtInd(ll.ControlPdu.Opcode.LL_CONNECTION_PARAM_REQ, error))


def _done(end: LinkEnd) -> hci.HCI_ReturnParameters:
    return hci.HCI_StatusAndConnectionHandleReturnParameters(
        status=_Error.SUCCESS, connection_handle=end.handle
    )
