"""A place of labgrid as words of our command line.

labgrid says of each driver where its resource is, as variables such as LG__CONSOLE_HOST: the same
for its pytest plugin (`Target.export`) and for `labgrid-client export`. How the drivers are named
says what they are to us: `console`, `rig_board` or `rig_rts`, `radio`.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from vigie.errors import VigieError

CONSOLE = "console"
RADIO = "radio"
RIGS = {"rig_board": "board", "rig_rts": "rts"}
"""Names of drivers, and the kind of the rig behind them."""
URLS = {"rfc2217": "rfc2217://{host}:{port}?ign_set_control", "raw": "socket://{host}:{port}"}
"""pyserial's address for each of labgrid's protocols.

As labgrid does, modem lines are set without waiting for an answer: ser2net gives none for a port
that has no such lines, and the port would not open.
"""
_SEE = "benches/labgrid/README.md says how the drivers are named."


@dataclass(frozen=True, slots=True)
class PlaceWords:
    """What follows --port, --rig and --phone."""

    port: str
    rig: str
    phone: str


def words(exported: Mapping[str, str]) -> PlaceWords:
    """The words for what a place has; without a radio it has no phone.

    Raises VigieError: it has no console, or what it has is of no use to us.
    """
    console = _port(exported, CONSOLE)
    if not console:
        raise VigieError("The place has no driver that is named console.", _SEE)
    there = {kind: port for name, kind in RIGS.items() if (port := _port(exported, name))}
    if len(there) > 1:
        raise VigieError(f"The place has two rigs: {' and '.join(RIGS)}.", "Name one driver so.")
    rig = "".join(f"{kind}:{port}" for kind, port in there.items())
    return PlaceWords(console, rig or "none", _phone(exported))


def _port(exported: Mapping[str, str], name: str) -> str:
    """What pyserial opens for a driver; nothing if there is none."""
    said = _said(exported, name)
    if "host" not in said:
        return said.get("port", "")  # a serial port of this computer
    protocol = said.get("protocol", "")
    if protocol not in URLS:
        raise VigieError(f"The resource of {name} speaks {protocol!r}.",
                         f"It has to speak {' or '.join(URLS)}.")  # fmt: skip
    return URLS[protocol].format(**said)


def _phone(exported: Mapping[str, str]) -> str:
    said = _said(exported, RADIO)
    if not said:
        return "none"
    if "host" not in said or said.get("protocol") != "raw":
        raise VigieError("The radio is no NetworkSerialPort with protocol raw.",
                         "HCI goes over plain TCP.")  # fmt: skip
    return f"hci:{said['host']}:{said['port']}"


def _said(exported: Mapping[str, str], name: str) -> dict[str, str]:
    """What labgrid says of a driver, by the variable's last part."""
    prefix = f"LG__{name}_".upper()
    return {
        key.removeprefix(prefix).lower(): value
        for key, value in exported.items()
        if key.startswith(prefix)
    }
