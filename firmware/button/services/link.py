"""The link to the phone: be found, take its frames, send ours."""

from button.core.framing import FrameError
from button.core.wire import PROTOCOL, Hello, WireError, unpack_down
from button.services.service import Service

FAST_MS = 100
SLOW_MS = 1000
FAST_FOR_MS = 60000
"""How often the button shows itself: fast for a while after it lost the phone or has news."""
HELLO_WITHIN_MS = 5000
"""A visitor that has not said what it wants by then is sent away: it keeps the phone out."""
STATE_EVERY_MS = 60000


class Link(Service):
    """Advertises, greets, receives; `send` sends.

    `ready` once the phone has said Hello on this connection. `connection` numbers the connections.
    """

    def __init__(self, peripheral, framing, clock, log):
        super().__init__(peripheral.flag)
        self._peripheral = peripheral
        self._framing = framing
        self._clock = clock
        self._log = log
        self._handlers = {}
        self._state = lambda: Hello(PROTOCOL)  # until `tell_state` says what to call
        self._advertising_ms = None
        self._fast_until_ms = FAST_FOR_MS
        self._hello_by_ms = 0
        self._state_due_ms = 0
        self._was_connected = False
        self.connection = 0
        self.ready = False
        self.refused = 0

    def on(self, message_type, handler):
        """Call `handler(message)` for each message of a type."""
        self._handlers[message_type.TYPE] = handler

    def tell_state(self, state):
        """Send what `state()` returns when the phone says Hello, and from time to time."""
        self._state = state

    def send(self, message) -> bool:
        """Send a message; False if there is no phone or no room for it now."""
        p = self._peripheral
        if not (self.ready and p.connected and self.connection == p.connections):
            return False
        try:
            return p.notify(self._framing.seal(message.pack()))
        except ValueError as e:
            self._log("link: %s" % e)
            return False

    def hurry(self):
        """There is news for the phone: be easy to find."""
        self._fast_until_ms = self._clock.now_ms() + FAST_FOR_MS
        self.wake()

    def state_changed(self):
        """Send the state soon."""
        self._state_due_ms = 0
        self.wake()

    def step(self):
        """Follow the radio."""
        now_ms = self._clock.now_ms()
        p = self._peripheral
        if p.connections != self.connection or (self._was_connected and not p.connected):
            self._changed(now_ms)
        if not p.connected:
            return self._advertise(now_ms)
        self._receive()
        if self.ready:
            return self._tell_state(now_ms)
        if now_ms >= self._hello_by_ms:
            self._log("link: no hello")
            p.disconnect()
            return None
        return self._hello_by_ms - now_ms

    def _changed(self, now_ms):
        p = self._peripheral
        if self._was_connected and self.ready:
            self._log("link down")
        self.connection = p.connections
        self._was_connected = p.connected
        self.ready = False
        self._framing.restart()
        self._advertising_ms = None
        self._hello_by_ms = now_ms + HELLO_WITHIN_MS
        self._fast_until_ms = now_ms + FAST_FOR_MS

    def _advertise(self, now_ms):
        wait_ms = self._fast_until_ms - now_ms
        interval_ms = FAST_MS if wait_ms > 0 else SLOW_MS
        if interval_ms != self._advertising_ms:
            self._peripheral.advertise(interval_ms)
            self._advertising_ms = interval_ms
            self._log("advertising every %d ms" % interval_ms)
        return wait_ms if wait_ms > 0 else None

    def _receive(self):
        while True:
            frame = self._peripheral.take()
            if frame is None:
                return
            try:
                self._take(unpack_down(self._framing.open(frame)))
            except (FrameError, WireError) as e:
                self.refused += 1
                self._log("link: refused: %s" % e)

    def _take(self, message):
        if message.TYPE == Hello.TYPE:
            if message.protocol != PROTOCOL:
                self._log("link: the phone speaks protocol %d" % message.protocol)
                self._peripheral.disconnect()
                return
            self.ready = True
            self._state_due_ms = 0
            self._log("link up")
        elif not self.ready:
            raise WireError("before hello")
        handler = self._handlers.get(message.TYPE)
        if handler:
            handler(message)

    def _tell_state(self, now_ms):
        if now_ms >= self._state_due_ms and self.send(self._state()):
            self._state_due_ms = now_ms + STATE_EVERY_MS
        return max(20, self._state_due_ms - now_ms)
