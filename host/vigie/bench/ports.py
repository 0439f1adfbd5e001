"""Serial ports by a name that stays: the serial number of the adapter."""

from serial.tools import list_ports

from vigie.errors import VigieError

BY_NUMBER = "id:"


def device(port: str) -> str:
    """What pyserial opens for a port: a path, a URL, or `id:` and an adapter's serial number.

    Raises:
        VigieError: no adapter with this number is plugged in.
    """
    if not port.startswith(BY_NUMBER):
        return port
    wanted = port.removeprefix(BY_NUMBER)
    there = {p.serial_number: p.device for p in list_ports.comports() if p.serial_number}
    if wanted not in there:
        known = ", ".join(sorted(there)) or "none"
        raise VigieError(f"No USB-serial adapter with the number {wanted} is plugged in.",
                         f"Plugged in: {known}.")  # fmt: skip
    return there[wanted]
