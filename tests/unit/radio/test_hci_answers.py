"""Commands and answers that are read once are what bumble would have read each time."""

import struct
from typing import Any

import pytest
from bumble import core, hci

from vigie.radio.hci_answers import is_answer, parse

from .world import in_virtual_time, make_world

RESET = bytes(hci.HCI_Reset_Command())


def fields(packet: Any) -> bytes:
    """What its fields say now, not the bytes that it once came from."""
    return hci.HCI_Object.dict_to_bytes(vars(packet), packet.fields)


@in_virtual_time
async def test_nobody_has_changed_what_all_share() -> None:
    for _ in range(2):
        world = await make_world()
        peer = await world.connect_peer()
        await peer.connection.disconnect()
        shared = [r.packet for r in world.log if r.packet[0] == RESET[0] or is_answer(r.packet)]
        assert len(shared) > 50
        for packet in shared:
            ours, stock = parse(packet), hci.HCI_Packet.from_bytes(packet)
            assert parse(packet) is ours
            assert type(ours) is type(stock)
            assert bytes(ours) == bytes(stock) == packet
            assert fields(ours) == fields(stock)


def test_data_are_read_anew_each_time() -> None:
    data = bytes(hci.HCI_AclDataPacket(1, 0, 0, 2, b"ab"))
    assert not is_answer(data)
    assert parse(data) is not parse(data)


@pytest.mark.parametrize("packet", [b"", b"\x01", b"\x04", b"\x04\x0e\x05\x01"])
def test_what_is_no_packet_is_refused_every_time(packet: bytes) -> None:
    for _ in range(2):
        with pytest.raises((IndexError, struct.error, core.InvalidPacketError)):
            parse(packet)
