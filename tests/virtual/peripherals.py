"""A peripheral in MicroPython that prints its events, and phones that visit it."""

from collections.abc import Awaitable, Callable

from bleak import BleakClient

SERVICE = "6d1f0001-4b1c-4b0e-9c62-7a5f1e1d0c51"
RW = "6d1f0002-4b1c-4b0e-9c62-7a5f1e1d0c51"
NOTIFY = "6d1f0003-4b1c-4b0e-9c62-7a5f1e1d0c51"
SECRET = "6d1f0004-4b1c-4b0e-9c62-7a5f1e1d0c51"
INDICATE = "6d1f0005-4b1c-4b0e-9c62-7a5f1e1d0c51"

PERIPHERAL = f"""
import bluetooth, time
from bluetooth import UUID
secrets = {{}}
def irq(event, data):
    if event == 29:
        sec_type, index, key = data
        if key is None:
            found = [v for (t, k), v in sorted(secrets.items()) if t == sec_type]
            return found[index] if index < len(found) else None
        return secrets.get((sec_type, bytes(key)))
    if event == 30:
        sec_type, key, value = data
        if value is None:
            return secrets.pop((sec_type, bytes(key)), None) is not None
        secrets[sec_type, bytes(key)] = bytes(value)
        return True
    print("irq", event, [bytes(d) if isinstance(d, memoryview) else d for d in data])
    return on(event, data)
def on(event, data):
    pass
ble = bluetooth.BLE()
ble.irq(irq)
ble.active(True)
((rw, notify, secret, indicate),) = ble.gatts_register_services(((UUID("{SERVICE}"), (
    (UUID("{RW}"), 0x02 | 0x04 | 0x08), (UUID("{NOTIFY}"), 0x10),
    (UUID("{SECRET}"), 0x02 | 0x0200), (UUID("{INDICATE}"), 0x20))),))
ADV = b"\\x02\\x01\\x06\\x11\\x07" + bytes(UUID("{SERVICE}"))
SETUP
ble.gap_advertise(100000, ADV)
print("on the air")
while True:
    time.sleep_ms(100)
    LOOP
"""

Visit = Callable[[BleakClient], Awaitable[None]]
Meet = Callable[..., list[str]]


def peripheral(setup: str = "", loop: str = "pass") -> str:
    """Its main.py, with this done before it advertises, and that ten times a second."""
    return PERIPHERAL.replace("SETUP", setup).replace("LOOP", loop)


async def nothing(client: BleakClient) -> None:
    """Only look."""
