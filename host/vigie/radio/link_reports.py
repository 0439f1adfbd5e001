"""What a controller tells its host about links, as HCI packets."""

from bumble import hci

from vigie.radio.link_end import LinkEnd
from vigie.radio.link_parameters import LinkParameters

FRAME_TIME_US = 2120
"""The longest frame on the 1M PHY."""

_NO_ADDRESS = hci.Address("00:00:00:00:00:00")
_NO_PARAMETERS = LinkParameters(0, 0, 0)


def connection_complete(
    end: LinkEnd, identity: hci.Address | None, *, enhanced: bool
) -> hci.HCI_Packet:
    """A link has been made; `identity` is who is behind the peer's address, if known."""
    peer = identity or end.peer_address
    own = end.self_address
    return _connection_complete(
        hci.HCI_SUCCESS,
        end.handle,
        end.role,
        peer,
        (own if own.is_resolvable else _NO_ADDRESS, end.peer_address if identity else _NO_ADDRESS),
        end.connection.parameters,
        enhanced=enhanced,
    )


def connection_failed(peer: hci.Address, error: int, *, enhanced: bool) -> hci.HCI_Packet:
    """A link was asked for and not made."""
    nobody = (_NO_ADDRESS, _NO_ADDRESS)
    return _connection_complete(
        error, 0, hci.Role.CENTRAL, peer, nobody, _NO_PARAMETERS, enhanced=enhanced
    )


def _connection_complete(
    error: int,
    handle: int,
    role: hci.Role,
    peer: hci.Address,
    private_addresses: tuple[hci.Address, hci.Address],
    parameters: LinkParameters,
    *,
    enhanced: bool,
) -> hci.HCI_Packet:
    if not enhanced:
        return hci.HCI_LE_Connection_Complete_Event(
            status=error,
            connection_handle=handle,
            role=role,
            peer_address_type=peer.address_type,
            peer_address=peer,
            connection_interval=parameters.interval,
            peripheral_latency=parameters.latency,
            supervision_timeout=parameters.timeout,
            central_clock_accuracy=0,
        )
    own_private, peer_private = private_addresses
    return hci.HCI_LE_Enhanced_Connection_Complete_Event(
        status=error,
        connection_handle=handle,
        role=role,
        peer_address_type=peer.address_type,
        peer_address=peer,
        local_resolvable_private_address=own_private,
        peer_resolvable_private_address=peer_private,
        connection_interval=parameters.interval,
        peripheral_latency=parameters.latency,
        supervision_timeout=parameters.timeout,
        central_clock_accuracy=0,
    )


def disconnection_complete(end: LinkEnd, reason: int) -> hci.HCI_Packet:
    """A link is over."""
    return hci.HCI_Disconnection_Complete_Event(
        status=hci.HCI_SUCCESS, connection_handle=end.handle, reason=reason
    )


def update_complete(end: LinkEnd, error: int = hci.HCI_SUCCESS) -> hci.HCI_Packet:
    """A link goes on with these parameters, new ones unless there was an error."""
    parameters = end.connection.parameters
    return hci.HCI_LE_Connection_Update_Complete_Event(
        status=error,
        connection_handle=end.handle,
        connection_interval=parameters.interval,
        peripheral_latency=parameters.latency,
        supervision_timeout=parameters.timeout,
    )


def phy_update_complete(end: LinkEnd) -> hci.HCI_Packet:
    """A link goes on with this PHY."""
    phy = end.connection.phy
    return hci.HCI_LE_PHY_Update_Complete_Event(
        status=hci.HCI_SUCCESS, connection_handle=end.handle, tx_phy=phy, rx_phy=phy
    )


def data_length_change(end: LinkEnd, rx_octets: int) -> hci.HCI_Packet:
    """Frames of a link may be so long."""
    return hci.HCI_LE_Data_Length_Change_Event(
        connection_handle=end.handle,
        max_tx_octets=end.tx_octets,
        max_tx_time=FRAME_TIME_US,
        max_rx_octets=rx_octets,
        max_rx_time=FRAME_TIME_US,
    )
