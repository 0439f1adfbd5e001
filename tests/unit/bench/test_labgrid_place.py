"""What labgrid says of a place, as words of our command line."""

import pytest

from vigie.bench import bench_file
from vigie.bench.labgrid_place import PlaceWords, words
from vigie.errors import VigieError


def network(name: str, port: int, protocol: str = "rfc2217") -> dict[str, str]:
    """What labgrid exports of a SerialDriver on a NetworkSerialPort."""
    values = {"host": "lab-3", "port": str(port), "speed": "115200", "protocol": protocol}
    return {f"LG__{name}_{key}".upper(): value for key, value in values.items()}


CONSOLE = network("console", 2217)
CONSOLE_URL = "rfc2217://lab-3:2217?ign_set_control"


def test_a_whole_bench() -> None:
    place = CONSOLE | network("rig_board", 2218) | network("radio", 6402, "raw")
    assert words(place) == PlaceWords(
        CONSOLE_URL, "board:rfc2217://lab-3:2218?ign_set_control", "hci:lab-3:6402"
    )


def test_the_words_are_those_of_the_command_line() -> None:
    place = words(CONSOLE | network("rig_rts", 2218, "raw") | network("radio", 6402, "raw"))
    bench = bench_file.from_words(
        None, port=place.port, board="", rig=place.rig, phone=place.phone
    )
    assert bench is not None
    assert bench.port == CONSOLE_URL
    assert (bench.rig.kind, bench.rig.port) == ("rts", "socket://lab-3:2218")
    assert (bench.phone.kind, bench.phone.where) == ("hci", "lab-3:6402")


def test_a_console_alone_has_neither_rig_nor_phone() -> None:
    assert words(CONSOLE) == PlaceWords(CONSOLE_URL, "none", "none")


def test_a_serial_port_of_this_computer_is_its_path() -> None:
    place = {"LG__CONSOLE_PORT": "/dev/ttyUSB0", "LG__CONSOLE_SPEED": "115200"}
    assert words(place).port == "/dev/ttyUSB0"


def test_what_other_drivers_and_labgrid_itself_say_is_nothing_to_us() -> None:
    others = {"LG__CLIENT_PID": "1", "LG__POWER_HOST": "lab-3", "LG__CONSOLES_HOST": "lab-4"}
    assert words(CONSOLE | others) == words(CONSOLE)


@pytest.mark.parametrize(
    ("place", "message"),
    [
        ({}, "no driver that is named console"),
        (network("console", 1, "quic"), "speaks 'quic'"),
        (CONSOLE | network("rig_board", 2) | network("rig_rts", 3), "two rigs"),
        (CONSOLE | network("radio", 2), "radio is no NetworkSerialPort with protocol raw"),
        (CONSOLE | {"LG__RADIO_PORT": "/dev/ttyUSB1"}, "radio is no NetworkSerialPort"),
    ],
)
def test_what_is_of_no_use_is_said(place: dict[str, str], message: str) -> None:
    with pytest.raises(VigieError, match=message) as raised:
        words(place)
    assert raised.value.hint
