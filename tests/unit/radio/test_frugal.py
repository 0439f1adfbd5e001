import logging
from collections.abc import Generator
from typing import Any

import pytest
from bumble import att, controller, core, hci
from bumble.colors import color

from vigie.radio.frugal import be_frugal

MESSAGES: list[Any] = [att.ATT_Read_Request(attribute_handle=7), hci.HCI_Reset_Command()]


@pytest.fixture
def debug_log() -> Generator[None]:
    """Somebody reads bumble's debug log."""
    logger = logging.getLogger("bumble")
    logger.setLevel(logging.DEBUG)
    be_frugal()
    yield
    logger.setLevel(logging.NOTSET)
    be_frugal()


def test_messages_print_as_their_names() -> None:
    be_frugal()
    assert [str(m) for m in MESSAGES] == ["ATT_Read_Request", "HCI_Reset_Command"]
    assert vars(controller)["color"]("text", "red") == "text"


@pytest.mark.usefixtures("debug_log")
def test_a_debug_log_is_readable() -> None:
    assert "attribute_handle" in str(MESSAGES[0])
    assert vars(controller)["color"] is color


@pytest.mark.parametrize("size", [2, 4, 16])
def test_equal_bytes_are_one_uuid_as_with_stock_bumble(size: int) -> None:
    be_frugal()
    read = [core.UUID.from_bytes(bytes(range(size))) for _ in range(2)]
    assert read[0] is read[1]
    assert read[0] == core.UUID(bytes(reversed(range(size))).hex())
    assert core.UUID.from_bytes(b"\x00\x2a").name == core.UUID.from_16_bits(0x2A00).name


def test_a_wrong_size_is_no_uuid_however_often_it_comes() -> None:
    be_frugal()
    for _ in range(2):
        with pytest.raises(core.InvalidArgumentError):
            core.UUID.from_bytes(b"abc")
