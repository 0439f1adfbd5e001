"""The connections of a controller, from the call to the end."""

from typing import TYPE_CHECKING

from bumble import hci

from vigie.radio.link_end import LinkEnd
from vigie.radio.link_reports import (
    connection_complete,
    connection_failed,
    data_length_change,
    disconnection_complete,
)

if TYPE_CHECKING:
    from vigie.radio.controller import AirController


class Links:
    """All link ends of a controller."""

    def __init__(self, controller: "AirController"):
        self._controller = controller

    @property
    def ends(self) -> list[LinkEnd]:
        """The ends, oldest first."""
        ends = self._controller.le_connections.values()
        return [end for end in ends if isinstance(end, LinkEnd)]

    def find(self, handle: int) -> LinkEnd | None:
        """The end with this handle."""
        for end in self._controller.le_connections.values():
            if isinstance(end, LinkEnd) and end.handle == handle:
                return end
        return None

    def connected_to(self, address: hci.Address) -> bool:
        """There is a link to this peer."""
        resolve = self._controller.privacy.identity_of
        return any(address in (end.peer_address, resolve(end.peer_address)) for end in self.ends)

    def forget(self) -> None:
        """Drop all links without a word to anybody."""
        ends = self.ends
        self._controller.le_connections.clear()
        for end in ends:
            end.connection.deafen(end)

    def on_connected(self, end: LinkEnd) -> None:
        """A link has been made."""
        self._controller.le_connections[end.peer_address] = end
        identity = self._controller.privacy.identity_of(end.peer_address)
        self._controller.send_hci_packet(
            connection_complete(end, identity, enhanced=self._enhanced)
        )

    def on_not_connected(self, peer: hci.Address, error: int) -> None:
        """A link was asked for and not made."""
        self._controller.send_hci_packet(connection_failed(peer, error, enhanced=self._enhanced))

    def on_established(self, end: LinkEnd) -> None:
        """The first packets have been exchanged: agree on how long frames may be."""
        peer = end.connection.peer_of(end)
        if peer is None:
            return
        tx_octets = octets(end, peer, self._controller.suggested_max_tx_octets)
        rx_octets = octets(peer, end, peer.radio.suggested_max_tx_octets)
        if (tx_octets, rx_octets) != (end.tx_octets, peer.tx_octets):
            end.tx_octets = tx_octets
            self._controller.send_hci_packet(data_length_change(end, rx_octets))

    def on_closed(self, end: LinkEnd, reason: int) -> None:
        """A link is over."""
        if self._controller.le_connections.get(end.peer_address) is end:
            del self._controller.le_connections[end.peer_address]
            self._controller.send_hci_packet(disconnection_complete(end, reason))

    @property
    def _enhanced(self) -> bool:
        return self._controller.is_unmasked(hci.HCI_LE_ENHANCED_CONNECTION_COMPLETE_EVENT)


def octets(sender: LinkEnd, receiver: LinkEnd, wanted: int) -> int:
    """How many octets of data frames from one end to another may carry."""
    return min(
        wanted, sender.radio.supported_max_tx_octets, receiver.radio.supported_max_rx_octets
    )
