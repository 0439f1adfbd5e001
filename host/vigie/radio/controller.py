"""A virtual Bluetooth LE controller that a real host stack can live on.

bumble's own controller is the skeleton: it parses packets and keeps the plain settings. What it
gets wrong or accepts without doing it is answered by parts, one concern each; what no part
answers and `_STOCK` does not name is refused.
"""

import asyncio
import logging

from bumble import hci
from bumble.controller import Connection, Controller

from vigie.radio.advertiser import AdvertisingEvent
from vigie.radio.advertising import Advertising
from vigie.radio.air import Air
from vigie.radio.hci_answers import parse
from vigie.radio.hci_log import Direction, HciLog
from vigie.radio.initiating import Initiating
from vigie.radio.link_procedures import LinkProcedures
from vigie.radio.links import Links
from vigie.radio.privacy import Privacy
from vigie.radio.replies import OK, Command, Handler, Handlers
from vigie.radio.scanning import Scanning

logger = logging.getLogger(__name__)

DEFAULT_LE_EVENT_MASK = 0x1F

MAX_HANDLE = 0x0EFF

RESOLVING_LIST_SIZE = 64

_STOCK = (
    "HCI_SET_EVENT_MASK_COMMAND",
    "HCI_SET_EVENT_MASK_PAGE_2_COMMAND",
    "HCI_READ_LOCAL_VERSION_INFORMATION_COMMAND",
    "HCI_READ_LOCAL_SUPPORTED_COMMANDS_COMMAND",
    "HCI_READ_LOCAL_SUPPORTED_FEATURES_COMMAND",
    "HCI_READ_BUFFER_SIZE_COMMAND",
    "HCI_READ_BD_ADDR_COMMAND",
    "HCI_LE_SET_EVENT_MASK_COMMAND",
    "HCI_LE_READ_BUFFER_SIZE_COMMAND",
    "HCI_LE_READ_LOCAL_SUPPORTED_FEATURES_COMMAND",
    "HCI_LE_READ_SUPPORTED_STATES_COMMAND",
    "HCI_LE_SET_RANDOM_ADDRESS_COMMAND",
    "HCI_LE_READ_ADVERTISING_PHYSICAL_CHANNEL_TX_POWER_COMMAND",
    "HCI_LE_READ_FILTER_ACCEPT_LIST_SIZE_COMMAND",
    "HCI_LE_CLEAR_FILTER_ACCEPT_LIST_COMMAND",
    "HCI_LE_READ_RESOLVING_LIST_SIZE_COMMAND",
    "HCI_LE_READ_REMOTE_FEATURES_COMMAND",
    "HCI_LE_ENABLE_ENCRYPTION_COMMAND",
    "HCI_LE_LONG_TERM_KEY_REQUEST_REPLY_COMMAND",
    "HCI_LE_LONG_TERM_KEY_REQUEST_NEGATIVE_REPLY_COMMAND",
    "HCI_LE_READ_SUGGESTED_DEFAULT_DATA_LENGTH_COMMAND",
    "HCI_LE_WRITE_SUGGESTED_DEFAULT_DATA_LENGTH_COMMAND",
    "HCI_LE_READ_MAXIMUM_DATA_LENGTH_COMMAND",
)
"""Commands that the stock controller answers truthfully."""


class AirController(Controller):
    """The controller of one station.

    Args:
        name: of the station.
        air: where it speaks and listens.
        public_address: if it has one.
        hci_log: where to record what it and its host say.
    """

    acl_data_packet_length = 251
    le_acl_data_packet_length = 251
    supported_max_tx_octets = 251
    supported_max_rx_octets = 251
    supported_max_tx_time = 2120
    supported_max_rx_time = 2120
    filter_accept_list_size = 0
    resolving_list_size = RESOLVING_LIST_SIZE
    le_features = (
        hci.LeFeatureMask.LE_ENCRYPTION
        | hci.LeFeatureMask.CONNECTION_PARAMETERS_REQUEST_PROCEDURE
        | hci.LeFeatureMask.EXTENDED_REJECT_INDICATION
        | hci.LeFeatureMask.PERIPHERAL_INITIATED_FEATURE_EXCHANGE
        | hci.LeFeatureMask.LE_DATA_PACKET_LENGTH_EXTENSION
        | hci.LeFeatureMask.LL_PRIVACY
        | hci.LeFeatureMask.LE_2M_PHY
        | hci.LeFeatureMask.LE_EXTENDED_ADVERTISING
    )

    def __init__(
        self,
        name: str,
        air: Air,
        public_address: hci.Address | None = None,
        hci_log: HciLog | None = None,
    ):
        # One of the stock parameters has no type.
        super().__init__(  # pyright: ignore[reportUnknownMemberType]
            name, link=air, public_address=public_address
        )
        self.air = air
        self.links = Links(self)
        self.procedures = LinkProcedures(self)
        self.privacy = Privacy(RESOLVING_LIST_SIZE)
        self._advertising = Advertising(self)
        self._scanning = Scanning(self)
        self._initiating = Initiating(self)
        self._log = hci_log
        self._last_handle = 0
        self.silent = False
        """It is dead and will never speak again."""
        self.le_event_mask = DEFAULT_LE_EVENT_MASK
        self._handlers = self._collect_handlers()
        self.supported_commands = set(self._handlers)

    def _collect_handlers(self) -> dict[int, Handler]:
        by_name: Handlers = {name: getattr(self, f"on_{name.lower()}") for name in _STOCK}
        by_name["HCI_RESET_COMMAND"] = self._reset
        by_name["HCI_LE_RAND_COMMAND"] = self._rand
        for part in (
            self._advertising,
            self._scanning,
            self._initiating,
            self.privacy,
            self.procedures,
        ):
            by_name.update(part.handlers())
        return {getattr(hci, name): handler for name, handler in by_name.items()}

    # Towards the air

    def hear(self, event: AdvertisingEvent, rssi_dbm: int) -> None:
        """Take in an advertisement."""
        if self._scanning.enabled:
            self._scanning.hear(event, rssi_dbm)
        if self._initiating.enabled:
            self._initiating.hear(event)

    def listening_changed(self) -> None:
        """A part has begun or ended to care about advertisements."""
        self.air.listen(self, self._scanning.enabled or self._initiating.enabled)

    def quality_changed(self) -> None:
        """Look again at the loss of all connections."""
        for end in self.links.ends:
            end.connection.quality_changed()

    def own_address(
        self, own_address_type: int, random_address: hci.Address, peer: hci.Address
    ) -> hci.Address:
        """The address to show on the air."""
        kind = hci.OwnAddressType(own_address_type)
        if kind in (
            hci.OwnAddressType.RESOLVABLE_OR_PUBLIC,
            hci.OwnAddressType.RESOLVABLE_OR_RANDOM,
        ) and (private := self.privacy.own_address(peer)):
            return private
        public = kind in (hci.OwnAddressType.PUBLIC, hci.OwnAddressType.RESOLVABLE_OR_PUBLIC)
        return self.public_address if public else random_address

    def on_le_disconnected(self, connection: Connection, reason: int) -> None:
        """End a connection on both sides at once: the stock controller found a broken key."""
        if end := self.links.find(connection.handle):
            end.connection.close(reason)

    def allocate_connection_handle(self) -> int:
        """A handle that has not been used for long.

        Hosts may still hold on to the link that had a handle before: bumble's server keeps a
        subscription that was written at the very end.
        """
        while True:
            self._last_handle = self._last_handle % MAX_HANDLE + 1
            if self.links.find(self._last_handle) is None:
                return self._last_handle

    def silence(self) -> None:
        """Die without a word. Peers notice when their supervision timeout runs out."""
        self.silent = True
        self._stop_everything()
        self.air.remove_controller(self)

    # Towards the host

    def on_packet(self, packet: bytes) -> None:
        """Take a packet from the host."""
        if self.silent:
            return
        if self._log is not None:
            now_s = asyncio.get_running_loop().time()
            self._log.record(now_s, self.name, Direction.TO_CONTROLLER, packet)
        message = parse(packet)
        if isinstance(message, hci.HCI_Command):
            self.on_hci_command_packet(message)
        elif isinstance(message, hci.HCI_AclDataPacket):
            # A link may have been lost while its host was still talking.
            if end := self.links.find(message.connection_handle):
                end.on_hci_acl_data_packet(message)
        else:
            logger.warning("%s: %s is not modelled", self.name, message.name)

    def on_hci_command_packet(self, command: hci.HCI_Command) -> None:
        """Answer a command, or refuse it."""
        handler = self._handlers.get(command.op_code)
        if handler is None:
            logger.warning("%s: %s is not modelled", self.name, command.name)
            self.send_command_status(command, hci.HCI_ErrorCode.UNKNOWN_HCI_COMMAND_ERROR)
            return
        result = handler(command)
        if result is not None:
            self.send_hci_packet(
                hci.HCI_Command_Complete_Event(
                    num_hci_command_packets=1,
                    command_opcode=command.op_code,
                    return_parameters=result,
                )
            )

    def send_command_status(self, command: hci.HCI_Command, error: hci.HCI_ErrorCode) -> None:
        """Say whether a command that takes time has begun."""
        self.send_hci_packet(
            hci.HCI_Command_Status_Event(
                status=error, num_hci_command_packets=1, command_opcode=command.op_code
            )
        )

    def is_unmasked(self, subevent_code: int) -> bool:
        """The host wants to know about this LE event."""
        return bool(self.le_event_mask >> (subevent_code - 1) & 1)

    def send_hci_packet(self, packet: hci.HCI_Packet) -> None:
        """Hand a packet to the host, unless it is an event that the host does not want."""
        if self.silent or self.host is None:
            return
        if isinstance(packet, hci.HCI_LE_Meta_Event) and not self.is_unmasked(
            packet.subevent_code
        ):
            return
        data = bytes(packet)
        loop = asyncio.get_running_loop()
        if self._log is not None:
            self._log.record(loop.time(), self.name, Direction.TO_HOST, data)
        loop.call_soon(self.host.on_packet, data)

    def _reset(self, _command: Command) -> hci.HCI_ReturnParameters:
        self._stop_everything()
        self.privacy.reset()
        self.le_event_mask = DEFAULT_LE_EVENT_MASK
        self.random_address = hci.Address.ANY_RANDOM
        return OK

    def _stop_everything(self) -> None:
        self._advertising.reset()
        self._scanning.reset()
        self._initiating.reset()
        self.links.forget()
        self.listening_changed()

    def _rand(self, _command: Command) -> hci.HCI_ReturnParameters:
        return hci.HCI_LE_Rand_ReturnParameters(
            status=hci.HCI_ErrorCode.SUCCESS, random_number=self.air.rng.randbytes(8)
        )
