"""The stack's events, as MicroPython numbers them, and where they go."""

from collections.abc import Awaitable
from enum import IntEnum
from typing import Any, Protocol


class Irq(IntEnum):
    """Events of a peripheral (MicroPython, docs/library/bluetooth.rst)."""

    CENTRAL_CONNECT = 1
    CENTRAL_DISCONNECT = 2
    GATTS_WRITE = 3
    GATTS_READ_REQUEST = 4
    GATTS_INDICATE_DONE = 20
    MTU_EXCHANGED = 21
    CONNECTION_UPDATE = 27
    ENCRYPTION_UPDATE = 28
    GET_SECRET = 29
    SET_SECRET = 30
    PASSKEY_ACTION = 31


class Handler(Protocol):
    """The program that runs on the stack."""

    def tell(self, irq: Irq, *data: Any) -> None:
        """Something happened; nobody waits for the program's answer."""
        ...

    def ask(self, irq: Irq, *data: Any) -> Awaitable[tuple[int, bytes | None]]:
        """Something happened, and the stack goes on with the program's answer.

        A number and a value: the error and the value of a READ_REQUEST, whether it took a
        SET_SECRET, the value of a GET_SECRET. The other events take no answer.
        """
        ...
