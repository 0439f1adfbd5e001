"""One advertiser: what it says on the air, and how often."""

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bumble import hci

from vigie.radio.link_end import LinkEnd

if TYPE_CHECKING:
    from vigie.radio.controller import AirController

MAX_DELAY_S = 0.010
"""Every advertisement comes up to so much later than its interval says."""


@dataclass(frozen=True)
class AdvertisingEvent:
    """One advertisement on the air."""

    advertiser: "Advertiser"
    address: hci.Address
    data: bytes
    scan_response: bytes | None
    """None if nobody may ask for one."""
    connectable: bool


class Advertiser:
    """Says the same thing again and again until somebody connects.

    Args:
        controller: whose voice it is.
        handle: of the advertising set; None for legacy commands.
    """

    def __init__(self, controller: "AirController", handle: int | None):
        self.controller = controller
        self.handle = handle
        self.enabled = False
        self.connectable = True
        self.scannable = True
        self.interval_s = 1.28
        self.own_address_type = hci.OwnAddressType.RANDOM
        self.peer_address = hci.Address.ANY
        self.random_address: hci.Address | None = None
        self.data = b""
        self.scan_response = b""
        self._timer: asyncio.Handle | None = None
        self._shown_address: hci.Address | None = None

    @property
    def address(self) -> hci.Address:
        """The address it advertises with."""
        random_address = self.random_address or self.controller.random_address
        return self.controller.own_address(
            self.own_address_type, random_address, self.peer_address
        )

    def start(self) -> None:
        """Advertise now and at every interval."""
        self.stop()
        self.enabled = True
        self._timer = asyncio.get_running_loop().call_soon(self._advertise)

    def stop(self) -> None:
        """Be quiet."""
        self.enabled = False
        if self._timer:
            self._timer.cancel()
            self._timer = None

    def _advertise(self) -> None:
        delay_s = self.controller.air.rng.uniform(0, MAX_DELAY_S)
        loop = asyncio.get_running_loop()
        self._timer = loop.call_later(self.interval_s + delay_s, self._advertise)
        self._shown_address = self.address
        scan_response = self.scan_response if self.scannable else None
        self.controller.air.advertise(
            AdvertisingEvent(self, self._shown_address, self.data, scan_response, self.connectable)
        )

    def answer(self, address: hci.Address, initiator: hci.Address) -> LinkEnd | None:
        """Take a call; None if it came too late or from a peer that is connected already."""
        taken = not self.enabled or address != self._shown_address
        if taken or self.controller.links.connected_to(initiator):
            return None
        self.stop()
        return LinkEnd(self.controller, hci.Role.PERIPHERAL, address, initiator)

    def connected(self, connection_handle: int) -> None:
        """Tell the host which connection has ended the advertising."""
        if self.handle is not None:
            self.controller.send_hci_packet(
                hci.HCI_LE_Advertising_Set_Terminated_Event(
                    status=hci.HCI_SUCCESS,
                    advertising_handle=self.handle,
                    connection_handle=connection_handle,
                    num_completed_extended_advertising_events=0,
                )
            )
