"""Commands and the answers to them, read from bytes once: a host that starts says what all say."""

import functools
from typing import Any

from bumble import hci

_ANSWERS = (
    hci.HCI_COMMAND_COMPLETE_EVENT,
    hci.HCI_COMMAND_STATUS_EVENT,
    hci.HCI_NUMBER_OF_COMPLETED_PACKETS_EVENT,
)


def parse(packet: bytes) -> Any:
    """A packet from its bytes; nobody may change it, for others have got the same object.

    Raises what bumble raises if it is none.
    """
    is_command = packet[:1] == bytes([hci.HCI_COMMAND_PACKET])
    return _parse_once(packet) if is_command or is_answer(packet) else _parse(packet)


def is_answer(packet: bytes) -> bool:
    """Whether it answers a command or counts packets."""
    return len(packet) > 1 and packet[0] == hci.HCI_EVENT_PACKET and packet[1] in _ANSWERS


def _parse(packet: bytes) -> Any:
    return hci.HCI_Packet.from_bytes(packet)


_parse_once = functools.lru_cache(maxsize=512)(_parse)
