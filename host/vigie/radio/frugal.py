"""Bumble without work that nobody needs: debug texts while nobody reads them, a search in a list.

Once in a process, not once in a world: to change hundreds of classes takes milliseconds, and
Python then runs all their code slower for a while.
"""

import logging
import sys
from collections.abc import Iterator
from typing import Any

from bumble import att, core, hci, l2cap, smp

_MESSAGES: tuple[type[Any], ...] = (
    hci.HCI_Packet,
    hci.HCI_Object,
    att.ATT_PDU,
    smp.SMP_Command,
    l2cap.L2CAP_Control_Frame,
)
_originals: list[tuple[Any, str, Any]] = []


def be_frugal() -> None:
    """From now on bumble runs up to twice as fast, and its messages print as their names.

    bumble formats every message in colours for its debug log, whether or not that is on. Where it
    is on, all is as it was.
    """
    if logging.getLogger("bumble").isEnabledFor(logging.DEBUG):
        while _originals:
            setattr(*_originals.pop())
    elif not _originals:
        for owner, name, value in [*_coloured(), *_formatted(), _uuid()]:
            _originals.append((owner, name, owner.__dict__[name]))
            setattr(owner, name, value)


def _coloured() -> Iterator[tuple[Any, str, Any]]:
    for module_name, module in list(sys.modules.items()):
        if module_name.startswith("bumble.") and callable(vars(module).get("color")):
            yield module, "color", _plain


def _formatted() -> Iterator[tuple[Any, str, Any]]:
    for base in _MESSAGES:
        for message in _with_subclasses(base):
            if "__str__" in vars(message):
                yield message, "__str__", _name


def _uuid() -> tuple[Any, str, Any]:
    # For each UUID that it reads, bumble compares all that it knows; the result is always one.
    stock: Any = vars(core.UUID)["from_bytes"].__func__
    known: dict[tuple[bytes, str | None], core.UUID] = {}

    def from_bytes(cls: Any, uuid_bytes: bytes, name: str | None = None) -> core.UUID:
        key = (uuid_bytes, name)
        if key not in known:
            known[key] = stock(cls, uuid_bytes, name)
        return known[key]

    owner: Any = core.UUID
    return owner, "from_bytes", classmethod(from_bytes)


def _with_subclasses(message: type[Any]) -> Iterator[type[Any]]:
    yield message
    for subclass in message.__subclasses__():
        yield from _with_subclasses(subclass)


def _plain(text: str, *_style: Any, **_more_style: Any) -> str:
    return text


def _name(message: Any) -> str:
    return type(message).__name__
