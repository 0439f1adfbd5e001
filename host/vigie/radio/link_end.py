"""One controller's half of a connection."""

from typing import TYPE_CHECKING

from bumble import hci, ll
from bumble.controller import Connection
from bumble.core import PhysicalTransport

from vigie.radio.connection import AirConnection, LinkPacket

if TYPE_CHECKING:
    from vigie.radio.controller import AirController

CONTROL_PDU_BYTES = 12
"""A usual size; the exact one would change nothing that matters."""

SHORT_FRAME_OCTETS = 27
"""What a frame carries until the ends agree on a longer data length."""

_START_FLAGS = (0b00, 0b10)


class LinkEnd(Connection):
    """A bumble connection that knows its peer instead of looking it up by address."""

    connection: AirConnection
    """Set as soon as both ends exist."""

    def __init__(
        self,
        controller: "AirController",
        role: hci.Role,
        self_address: hci.Address,
        peer_address: hci.Address,
    ):
        super().__init__(
            controller=controller,
            handle=controller.allocate_connection_handle(),
            role=role,
            self_address=self_address,
            peer_address=peer_address,
            link=controller.air,
            transport=PhysicalTransport.LE,
            link_type=hci.HCI_Connection_Complete_Event.LinkType.ACL,
        )
        self.radio = controller
        self.tx_octets = SHORT_FRAME_OCTETS
        self._one_is_through = hci.HCI_Number_Of_Completed_Packets_Event(
            connection_handles=[self.handle], num_completed_packets=[1]
        )

    # The stock class is a dataclass that compares by value and cannot be a key.
    def __eq__(self, other: object) -> bool:
        return self is other

    def __hash__(self) -> int:
        return id(self)

    def on_hci_acl_data_packet(self, packet: hci.HCI_AclDataPacket) -> None:
        """Send a packet of the host; it is completed when it has been on the air."""
        self.connection.send(LinkPacket(self, packet, len(packet.data)))

    def send_ll_control_pdu(self, packet: ll.ControlPdu) -> None:
        """Send a PDU of the link layer, behind all data that waits."""
        self.connection.send(LinkPacket(self, packet, CONTROL_PDU_BYTES))

    def receive(self, content: hci.HCI_AclDataPacket | ll.ControlPdu) -> None:
        """Take a packet from the air."""
        if isinstance(content, ll.ControlPdu):
            self.radio.procedures.on_pdu(self, content)
            return
        starts = content.pb_flag in _START_FLAGS
        self.radio.send_hci_packet(
            hci.HCI_AclDataPacket(
                connection_handle=self.handle,
                pb_flag=0b10 if starts else 0b01,
                bc_flag=0,
                data_total_length=len(content.data),
                data=content.data,
            )
        )

    def transmitted(self, content: hci.HCI_AclDataPacket | ll.ControlPdu) -> None:
        """A packet of this end has reached the other."""
        if isinstance(content, hci.HCI_AclDataPacket):
            self.radio.send_hci_packet(self._one_is_through)

    def established(self) -> None:
        """The first packets have been exchanged."""
        self.radio.links.on_established(self)

    def closed(self, reason: int) -> None:
        """The connection is over."""
        self.radio.links.on_closed(self, reason)
