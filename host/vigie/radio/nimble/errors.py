"""Errors as MicroPython shows them on ESP32 (research on micropython, 1.4)."""

import contextlib
from collections.abc import Generator

from bumble import hci

E2BIG, ENOMEM, ENODEV, EINVAL, ETIMEDOUT, EALREADY, ENOTCONN = 7, 12, 19, 22, 116, 120, -128
_CONTROLLER_BASE = 0x200


def controller_error(code: int) -> OSError:
    """The controller refuses: NimBLE's number for that, which MicroPython passes on."""
    return OSError(-(_CONTROLLER_BASE + code), "refused by the controller")


@contextlib.contextmanager
def controller_errors() -> Generator[None]:
    """In the block, what the controller refuses is an OSError."""
    try:
        yield
    except hci.HCI_Error as e:
        raise controller_error(e.error_code or 0) from None
