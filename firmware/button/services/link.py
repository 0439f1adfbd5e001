"""The link to the phone: be found, take its frames, send ours."""

from button.core.framing import OVERHEAD, FrameError
from button.core.packets import split
from button.core.wire import PROTOCOL, Hello, WireError, unpack_down
from button.services.service import Service

FAST_MS = 100
SLOW_MS = 1000
FAST_FOR_MS = 60000
"""How often the button shows itself: fast for a while after it lost the phone or has news."""
HELLO_WITHIN_MS = 5000
"""A visitor that has not said what it wants by then is sent away: it keeps the phone out."""
STATE_EVERY_MS = 60000
AGAIN_EVERY_MS = 30000
"""Advertising ends unseen when the stack has trouble; being asked again costs nothing."""
RADIO_AGAIN_MS = 10000
"""How often a radio that does not start is tried."""
MUTE_FOR_MS = 10000
"""A connection that takes nothing for so long is none."""
_FRAMES_A_STEP = 16
_BUSY_MS = 20
_REFUSED_MOST = 8


class Link(Service):
    """Advertises, greets, receives; `send` sends.

    `ready` once the phone has said Hello on this connection. `connection` numbers the connections.
    """

    def __init__(self, peripheral, framing, clock, log, blind):
        super().__init__(peripheral.flag)
        self._peripheral = peripheral
        self._framing = framing
        self._clock = clock
        self._log = log
        self._blind = blind
        self._handlers = {}
        self._state = lambda: Hello(PROTOCOL)  # until `tell_state` says what to call
        self._advertising_ms = None
        self._advertise_due_ms = 0
        self._fast_until_ms = FAST_FOR_MS
        self._hello_by_ms = 0
        self._state_due_ms = 0
        self._start_due_ms = 0
        self._mute_since_ms = None
        self._packets = []  # the rest of a frame whose beginning has been sent
        self._was_connected = False
        self._losses = 0
        self._refused = 0  # frames on this connection
        self.connection = 0
        self.ready = False

    @property
    def room(self) -> int:
        """Bytes of a message that travels in one packet."""
        return self._peripheral.room - OVERHEAD - 1

    def on(self, message_type, handler):
        """Call `handler(message)` for each message of a type."""
        self._handlers[message_type.TYPE] = handler

    def tell_state(self, state):
        """Send what `state()` returns when the phone says Hello, and from time to time."""
        self._state = state

    def start_radio(self):
        """Switch the radio on; if that fails, it is tried again and again."""
        start_us = self._clock.now_us()
        try:
            self._peripheral.start()
        except Exception as e:
            self._start_due_ms = self._clock.now_ms() + RADIO_AGAIN_MS
            self._log("link: no radio: %r" % e)
        self._blind(start_us, self._clock.now_us())

    def send(self, message) -> bool:
        """Send a message; False if there is no phone or no room for it now."""
        p = self._peripheral
        if not (self.ready and p.connected and self.connection == p.connections):
            return False
        if not self._flush():
            return False
        self._packets = split(self._framing.seal(message.pack()), p.room)
        whole = len(self._packets)
        self._flush()
        if len(self._packets) == whole:
            self._packets = []
            return False
        return True  # what is left of it follows before anything else

    def drop(self, why):
        """This connection is of no use: end it, and begin anew."""
        self._log("link: dropped: " + why)
        self._peripheral.disconnect()

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
        if not p.on:
            if now_ms < self._start_due_ms:
                return self._start_due_ms - now_ms
            self.start_radio()
            return 0
        p.expel()
        more = self._receive()
        if p.connections != self.connection or (self._was_connected and not p.connected):
            self._changed(now_ms)
            more = self._receive()
        if more:
            return 0
        if not p.connected:
            return self._advertise(now_ms)
        return self._serve(now_ms) if self.ready else self._await_hello(now_ms)

    def _await_hello(self, now_ms):
        if now_ms < self._hello_by_ms:
            return self._hello_by_ms - now_ms
        self.drop("no hello")
        return None

    def _changed(self, now_ms):
        p = self._peripheral
        if self._was_connected and self.ready:
            self._log("link down")
        self.connection = p.connections
        self._was_connected = p.connected
        self.ready = False
        self._framing.restart()
        self._packets = []
        self._refused = 0
        self._mute_since_ms = None
        self._advertising_ms = None
        self._hello_by_ms = now_ms + HELLO_WITHIN_MS
        self._fast_until_ms = now_ms + FAST_FOR_MS

    def _advertise(self, now_ms):
        p = self._peripheral
        wait_ms = self._fast_until_ms - now_ms
        interval_ms = FAST_MS if wait_ms > 0 else SLOW_MS
        changed = interval_ms != self._advertising_ms
        if changed or p.losses != self._losses or now_ms >= self._advertise_due_ms:
            self._losses = p.losses
            p.revive()
            if not p.advertise(interval_ms):
                self._advertising_ms = None
                self._log("link: cannot advertise")
                return 1000
            self._advertise_due_ms = now_ms + AGAIN_EVERY_MS
            self._advertising_ms = interval_ms
            if changed:
                self._log("advertising every %d ms" % interval_ms)
        due_ms = self._advertise_due_ms - now_ms
        return min(wait_ms, due_ms) if wait_ms > 0 else due_ms

    def _receive(self):
        """Take what this connection brought; True if there may be more."""
        p = self._peripheral
        for _ in range(_FRAMES_A_STEP):
            if self._refused > _REFUSED_MOST:
                return False
            frame = p.take(self.connection)
            if frame is None:
                return False
            try:
                self._take(unpack_down(self._framing.open(frame)))
            except (FrameError, WireError) as e:
                self._refused += 1
                self._log("link: refused: %s" % e)
                if self._refused > _REFUSED_MOST:
                    self.drop("too much nonsense")
        return True

    def _take(self, message):
        if message.TYPE == Hello.TYPE:
            if message.protocol != PROTOCOL:
                self.drop("the phone speaks protocol %d" % message.protocol)
                return
            self.ready = True
            self._state_due_ms = 0
            self._log("link up")
        elif not self.ready:
            raise WireError("before hello")
        handler = self._handlers.get(message.TYPE)
        if handler:
            handler(message)

    def _serve(self, now_ms):
        """Send the rest of a frame, and the state when it is due."""
        self._peripheral.revive()
        if self._mute_since_ms is not None:
            self._state_due_ms = 0  # a last attempt, should nobody else have anything to say
        if now_ms >= self._state_due_ms and self.send(self._state()):
            self._state_due_ms = now_ms + STATE_EVERY_MS
        if self._mute_since_ms is not None and now_ms - self._mute_since_ms >= MUTE_FOR_MS:
            self._mute_since_ms = None
            self.drop("it takes nothing")
        return max(_BUSY_MS, self._state_due_ms - now_ms)

    def _flush(self):
        """Send packets that wait; False if there was no room for all."""
        while self._packets:
            if not self._peripheral.notify(self._packets[0]):
                if self._mute_since_ms is None:
                    self._mute_since_ms = self._clock.now_ms()
                return False
            self._mute_since_ms = None
            self._packets.pop(0)
        return True
