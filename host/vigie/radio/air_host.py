"""bumble's host layer, made to bear links that are lost at the wrong moment."""

import contextlib
from typing import Any

from bumble import hci
from bumble.host import Host

from vigie.radio.hci_answers import is_answer, parse
from vigie.radio.tasks import in_background


class AirHost(Host):
    """Answers questions of the controller; a link that is gone needs no answer.

    The stock host starts such answers as tasks whose errors nobody handles.
    """

    def on_packet(self, packet: bytes) -> None:
        """Take a packet from the controller."""
        if self.ready and is_answer(packet):
            self.on_hci_packet(parse(packet))
        else:
            super().on_packet(packet)

    def on_hci_le_long_term_key_request_event(
        self, event: hci.HCI_LE_Long_Term_Key_Request_Event
    ) -> None:
        """The peer wants to encrypt a link."""
        in_background(self._answer_key_request(event))

    def on_hci_le_remote_connection_parameter_request_event(
        self, event: hci.HCI_LE_Remote_Connection_Parameter_Request_Event
    ) -> None:
        """The peer would like other connection parameters: it may have them."""
        in_background(
            self._answer(
                hci.HCI_LE_Remote_Connection_Parameter_Request_Reply_Command(
                    connection_handle=event.connection_handle,
                    interval_min=event.interval_min,
                    interval_max=event.interval_max,
                    max_latency=event.max_latency,
                    timeout=event.timeout,
                    min_ce_length=0,
                    max_ce_length=0,
                )
            )
        )

    async def _answer_key_request(self, event: hci.HCI_LE_Long_Term_Key_Request_Event) -> None:
        handle = event.connection_handle
        key = None
        if self.long_term_key_provider:
            key = await self.long_term_key_provider(
                handle, event.random_number, event.encryption_diversifier
            )
        if key:
            await self._answer(
                hci.HCI_LE_Long_Term_Key_Request_Reply_Command(
                    connection_handle=handle, long_term_key=key
                )
            )
        else:
            await self._answer(
                hci.HCI_LE_Long_Term_Key_Request_Negative_Reply_Command(connection_handle=handle)
            )

    async def _answer(self, command: Any) -> None:
        with contextlib.suppress(hci.HCI_Error):
            await self.send_sync_command(command)
