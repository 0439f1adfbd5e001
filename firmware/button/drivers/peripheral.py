"""The radio: one GATT service with `up` (notify) and `down` (write), and one connection at a time.

The handler runs on the stack's own thread, between any two bytecodes of everything else here, with
a small stack and borrowed buffers, and is gone for ever after one exception: it copies, sets the
flag and returns, and when it fails it only counts that.
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
        self.on = False
        self.connected = False
        self.room = _MTU_MIN - _NOTIFY_HEADER  # bytes that one notification carries
        self.connections = 0  # how many there have been: tells one from the next
        self.losses = 0  # times that the stack spoke of a connection's end, ours or another
        self.dropped = 0  # frames that came faster than they were taken
        self.errors = 0  # times that the handler failed
        self._uuids = (service, up, down)
        self._connection = 0
        self._visitors = []  # connections besides ours: NimBLE takes more than one
        self._queue = []
        self._handler = self._on_irq  # bound once: binding takes memory

    def start(self):
        """Switch the radio on. Raises OSError, and may be called again."""
        ble = self._ble = bluetooth.BLE()
        service, up, down = [bluetooth.UUID(u) for u in self._uuids]
        ble.irq(self._handler)
        ble.active(True)
        ble.config(mtu=_MTU_PREFERRED, gap_name="")
        writable = bluetooth.FLAG_WRITE | bluetooth.FLAG_WRITE_NO_RESPONSE
        services = ((service, ((up, bluetooth.FLAG_NOTIFY), (down, writable))),)
        ((self._up, self._down),) = ble.gatts_register_services(services)
        ble.gatts_set_buffer(self._down, _WRITE_MAX)
        # Flags (general discoverable, no BR/EDR) and the service; no name: it would tell who wears
        # it.
        self._advertisement = b"\x02\x01\x06\x11\x07" + bytes(
            service  # type: ignore  # the stubs do not know its buffer
        )
        self.on = True

    def _on_irq(self, event, data):
        try:
            if event == _IRQ_CENTRAL_DISCONNECT:
                self.losses += 1
                if data[0] == self._connection:
                    self.connected = False
            elif event in (_IRQ_CENTRAL_CONNECT, _IRQ_GATTS_WRITE, _IRQ_MTU_EXCHANGED):
                if not self._is_ours(data[0]):
                    self._visitors.append(data[0])
                elif event == _IRQ_GATTS_WRITE:
                    self._written()
                elif event == _IRQ_MTU_EXCHANGED:
                    self.room = data[1] - _NOTIFY_HEADER
            else:
                return
            self.flag.set()
        except Exception:
            self.errors += 1

    def _is_ours(self, connection):
        """Whether it is the present connection; the first heard of becomes it."""
        if not self.connected:
            self._connection = connection
            self.room = _MTU_MIN - _NOTIFY_HEADER
            self.connections += 1
            self.connected = True
        return connection == self._connection

    def _written(self):
        if len(self._queue) < _QUEUE:
            self._queue.append((self.connections, self._ble.gatts_read(self._down)))
        else:
            self.dropped += 1

    def revive(self):
        """Be heard again, should the handler have been lost."""
        self._ble.irq(self._handler)

    def take(self, connection: int):
        """The oldest frame that this connection (its number) wrote to `down`, or None.

        What a connection brought before it ended is still there; what nobody took is forgotten.
        """
        while self._queue and self._queue[0][0] <= connection:
            number, frame = self._queue.pop(0)  # only here is anything taken away
            if number == connection:
                return frame
        return None

    def advertise(self, interval_ms: int) -> bool:
        """Be visible. A connection ends it, and so can trouble in the stack: call it again."""
        try:
            self._ble.gap_advertise(interval_ms * 1000, self._advertisement)
        except OSError:
            return False
        return True

    def notify(self, packet: bytes) -> bool:
        """Send on `up` what fits into `room`; False if it cannot be taken now."""
        try:
            # The stubs do not know that it takes data.
            self._ble.gatts_notify(self._connection, self._up, packet)  # type: ignore
        except OSError as e:
            if e.errno != _ENOMEM:  # the connection has ended, whatever we were told
                self.connected = False
                self._visitors.append(self._connection)
                self.flag.set()
            return False
        return True

    def disconnect(self):
        """End the connection."""
        self._end(self._connection)

    def expel(self):
        """End connections besides ours, which would be taken for ours when it ends."""
        while self._visitors:
            self._end(self._visitors.pop())

    def _end(self, connection):
        try:
            self._ble.gap_disconnect(connection)
        except OSError:
            pass  # it has just ended by itself
