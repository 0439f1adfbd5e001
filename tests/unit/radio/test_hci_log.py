"""The HCI tap and its capture files."""

import struct
from pathlib import Path

from bumble import hci

from vigie.radio.hci_log import Direction, HciLog

from .world import in_virtual_time, make_world

EPOCH_US = 0x00DCDDB30F2F8000


def parse_btsnoop(data: bytes) -> list[tuple[int, int, bytes]]:
    """Time in µs since 1970, flags and packet of every record."""
    magic, version, link_type = struct.unpack_from(">8sII", data)
    assert (magic, version, link_type) == (b"btsnoop\0", 1, 1002)
    records: list[tuple[int, int, bytes]] = []
    offset = 16
    while offset < len(data):
        original, included, flags, drops, time_us = struct.unpack_from(">IIIIq", data, offset)
        offset += 24
        assert original == included
        assert drops == 0
        records.append((time_us - EPOCH_US, flags, data[offset : offset + included]))
        offset += included
    assert offset == len(data)
    return records


@in_virtual_time
async def test_a_capture_holds_what_host_and_controller_said() -> None:
    world = await make_world()
    await world.connect_peer()
    records = parse_btsnoop(world.log.btsnoop("board"))
    expected = [record for record in world.log if record.station == "board"]
    assert [packet for _, _, packet in records] == [record.packet for record in expected]
    assert [time_us for time_us, _, _ in records] == [record.time_us for record in expected]
    for (_, flags, packet), record in zip(records, expected, strict=True):
        assert bool(flags & 1) == (record.direction is Direction.TO_HOST)
        assert bool(flags & 2) == (packet[0] != hci.HCI_ACL_DATA_PACKET)
        hci.HCI_Packet.from_bytes(packet)


def test_files_are_named_after_their_stations(tmp_path: Path) -> None:
    log = HciLog()
    log.record(1.5, "phone", Direction.TO_HOST, b"\x04\x0e\x00")
    log.record(2.0, "board", Direction.TO_CONTROLLER, b"\x01\x03\x0c\x00")
    files = log.save(tmp_path / "captures")
    assert [file.name for file in files] == ["phone.btsnoop", "board.btsnoop"]
    assert parse_btsnoop(files[0].read_bytes()) == [(1_500_000, 3, b"\x04\x0e\x00")]
    assert parse_btsnoop(files[1].read_bytes()) == [(2_000_000, 2, b"\x01\x03\x0c\x00")]


def test_a_limited_log_keeps_the_latest() -> None:
    log = HciLog(limit=2)
    for packet in (b"\x01", b"\x02", b"\x03"):
        log.record(0, "board", Direction.TO_HOST, packet)
    assert [record.packet for record in log] == [b"\x02", b"\x03"]
    assert len(log) == 2
