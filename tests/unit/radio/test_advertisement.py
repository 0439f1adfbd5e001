"""What an application sees of advertisements, damaged ones included."""

from bumble.device import Advertisement
from bumble.hci import Address
from hypothesis import given
from hypothesis import strategies as st

from vigie.radio.bleak_backend.advertisement import advertisement_data

from .world import BOARD


def heard(data: bytes) -> Advertisement:
    return Advertisement(address=Address(BOARD), rssi=-60, data_bytes=data)


def structure(kind: int, data: bytes) -> bytes:
    return bytes([len(data) + 1, kind]) + data


@given(st.binary(max_size=62))
def test_nothing_on_the_air_makes_a_phone_stumble(data: bytes) -> None:
    advertisement_data(heard(data))


def test_names() -> None:
    short, complete = structure(0x08, b"Vi"), structure(0x09, b"Vigie")
    assert advertisement_data(heard(short + complete)).local_name == "Vigie"
    assert advertisement_data(heard(short)).local_name == "Vi"
    assert advertisement_data(heard(b"")).local_name is None
    assert advertisement_data(heard(structure(0x09, b"\xff"))).local_name == "\ufffd"


def test_services() -> None:
    data = structure(0x03, bytes.fromhex("0d18 0f18")) + structure(0x05, bytes.fromhex("04030201"))
    assert advertisement_data(heard(data)).service_uuids == [
        "0000180d-0000-1000-8000-00805f9b34fb",
        "0000180f-0000-1000-8000-00805f9b34fb",
        "01020304-0000-1000-8000-00805f9b34fb",
    ]


def test_data_of_services_and_manufacturers() -> None:
    data = structure(0x16, bytes.fromhex("0d18 2a")) + structure(0xFF, bytes.fromhex("4c00 0102"))
    seen = advertisement_data(heard(data))
    assert seen.service_data == {"0000180d-0000-1000-8000-00805f9b34fb": b"\x2a"}
    assert seen.manufacturer_data == {0x004C: b"\x01\x02"}


def test_transmit_power_is_signed() -> None:
    assert advertisement_data(heard(structure(0x0A, b"\xf4"))).tx_power == -12
