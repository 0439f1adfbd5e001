"""The radio: one GATT service with `up` (notify) and `down` (write), and one connection at a time.

The handler runs on the stack's own thread, with a small stack and borrowed buffers, and is gone
for ever after one exception: it copies, sets the flag and returns.
"""

import asyncio

import bluetooth
from micropython import const

_IRQ_CENTRAL_CONNECT = const(1)
_IRQ_CENTRAL_DISCONNECT = const(2)
_IRQ_GATTS_WRITE = const(3)
_IRQ_MTU_EXCHANGED = const(21)
_ENOMEM = const(12)
_MTU_MIN = const(23)
_MTU_PREFERRED = const(247)
_NOTIFY_HEADER = const(3)
_WRITE_MAX = const(244)
_QUEUE = const(16)


class Peripheral:
    """What happens on the air arrives in `take`, after `flag`."""

    def __init__(self, service: str, up: str, down: str):
        self.flag = asyncio.ThreadSafeFlag()
        self.connected = False
        self.mtu = _MTU_MIN
        self.connections = 0  # how many there have been: tells one from the next
        self.dropped = 0  # frames that came faster than they were taken
        self._connection = None
        self._queue = []
        self._ble = bluetooth.BLE()
        self._ble.irq(self._on_irq)
        self._ble.active(True)
        self._ble.config(mtu=_MTU_PREFERRED, gap_name="")
        services = (
            (
                bluetooth.UUID(service),
                (
                    (bluetooth.UUID(up), bluetooth.FLAG_NOTIFY),
                    (
                        bluetooth.UUID(down),
                        bluetooth.FLAG_WRITE | bluetooth.FLAG_WRITE_NO_RESPONSE,
                    ),
                ),
            ),
        )
        ((self._up, self._down),) = self._ble.gatts_register_services(services)
        self._ble.gatts_set_buffer(self._down, _WRITE_MAX)
        # Flags (general discoverable, no BR/EDR) and the service; no name: it would tell who wears
        # it.
        self._advertisement = b"\x02\x01\x06\x11\x07" + bytes(
            bluetooth.UUID(service)  # type: ignore  # the stubs do not know its buffer
        )

    def _on_irq(self, event, data):
        try:
            if event == _IRQ_GATTS_WRITE:
                if len(self._queue) < _QUEUE:
                    self._queue.append(self._ble.gatts_read(self._down))
                else:
                    self.dropped += 1
            elif event == _IRQ_CENTRAL_CONNECT:
                self._connection = data[0]
                self.mtu = _MTU_MIN
                self.connections += 1
                self.connected = True
            elif event == _IRQ_CENTRAL_DISCONNECT:
                if data[0] == self._connection:
                    self.connected = False
                    self._connection = None
                    self._queue.clear()
            elif event == _IRQ_MTU_EXCHANGED:
                self.mtu = data[1]
            else:
                return
            self.flag.set()
        except Exception as e:
            print("peripheral:", repr(e))

    def take(self):
        """The oldest frame that was written to `down`, or None."""
        return self._queue.pop(0) if self._queue else None

    def advertise(self, interval_ms: int | None):
        """Be visible, or stop. A connection stops it too."""
        if interval_ms is None:
            self._ble.gap_advertise(None)  # type: ignore  # None stops, say the docs
        else:
            self._ble.gap_advertise(interval_ms * 1000, self._advertisement)

    def notify(self, frame: bytes) -> bool:
        """Send a frame on `up`; False if it cannot be taken now.

        Raises:
            ValueError: the frame is longer than the connection's MTU allows; the stack would cut
            it.
        """
        if len(frame) > self.mtu - _NOTIFY_HEADER:
            raise ValueError("frame of %d bytes at MTU %d" % (len(frame), self.mtu))
        try:
            self._ble.gatts_notify(self._connection, self._up, frame)  # type: ignore
        except OSError:
            return False  # no buffer free, or the phone has just gone
        return True

    def disconnect(self):
        """End the connection."""
        try:
            self._ble.gap_disconnect(self._connection)  # type: ignore
        except (OSError, TypeError):
            pass  # it has just ended by itself
