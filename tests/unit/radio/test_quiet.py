import logging
from typing import Any

from bumble import att, controller, hci
from bumble.colors import color

from vigie.radio.quiet import quiet

MESSAGES: list[Any] = [att.ATT_Read_Request(attribute_handle=7), hci.HCI_Reset_Command()]


def test_messages_print_as_their_names_inside() -> None:
    with quiet():
        assert [str(m) for m in MESSAGES] == ["ATT_Read_Request", "HCI_Reset_Command"]
        assert vars(controller)["color"]("text", "red") == "text"


def test_formatting_comes_back() -> None:
    before = [str(m) for m in MESSAGES]
    with quiet():
        pass
    assert [str(m) for m in MESSAGES] == before
    assert vars(controller)["color"] is color


def test_a_debug_log_stays_readable() -> None:
    logger = logging.getLogger("bumble")
    logger.setLevel(logging.DEBUG)
    try:
        with quiet():
            assert "attribute_handle" in str(MESSAGES[0])
    finally:
        logger.setLevel(logging.NOTSET)
