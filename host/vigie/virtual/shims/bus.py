"""The bus to the host: a local clock, one question at a time, interrupts in the answers.

A question is `kind, now, until, length` and a body; an answer is `now, lease, length` and a body.
Bodies are the repr of plain values. Before `lease` nothing can happen in the world, so until then
the clock is moved here and nobody is asked.
"""

import struct

WAIT, STALL, CALL = 0, 1, 2
FOREVER = 1 << 62
_ASK, _ANSWER = "<BQQI", "<QQI"
_ask = bytearray(struct.calcsize(_ASK))
_answer = bytearray(struct.calcsize(_ANSWER))
_in = _out = None
_queue = []  # interrupts not yet handled
_handling = False  # a handler runs: handlers do not nest
_break = False  # SIGINT came in the middle of an exchange
holding = 0  # > 0 inside C code of the chip, where no handler can run
now = lease = 0  # us
watchdog = FOREVER
handlers = {}


class PowerOff(BaseException):
    """The host has closed the bus: this chip has no power any more."""


def connect(fd_in, fd_out):
    """Use these two pipes."""
    global _in, _out
    _in, _out = open(fd_in, "rb"), open(fd_out, "wb")


def _read(buf):
    global _break
    view, n = memoryview(buf), 0
    while n < len(buf):
        try:
            k = _in.readinto(view[n:])
        except KeyboardInterrupt:  # must not tear a message apart
            _break = True
            continue
        if not k:
            raise PowerOff
        n += k


def _exchange(kind, until, body=b""):
    global now, lease, _break
    struct.pack_into(_ASK, _ask, 0, kind, now, until, len(body))
    _out.write(_ask + body if body else _ask)
    _read(_answer)
    now, lease, n = struct.unpack(_ANSWER, _answer)
    result = error = None
    if n:
        body = bytearray(n)
        _read(body)
        result, interrupts, error = eval(body)
        _queue.extend(interrupts)
    dispatch()
    if _break:
        _break = False
        raise KeyboardInterrupt
    if error:
        raise NotImplementedError(error) if isinstance(error, str) else OSError(error)
    return result


def dispatch():
    """Run the handlers of the interrupts that came, oldest first."""
    global _handling
    if _handling or holding:
        return
    _handling = True
    try:
        while _queue:
            name, args = _queue.pop(0)
            handlers[name](*args)
    finally:
        _handling = False


def queued(name):
    """The arguments of the interrupts of a kind that still wait for their handler."""
    return [args for n, args in _queue if n == name]


def call(name, *args):
    """Have the host perform an operation of a peripheral. Raises OSError."""
    return _exchange(CALL, now, repr((name, args)).encode())


def wait(until):
    """Sleep until `until`, or until an interrupt was handled. Inside the lease nobody is asked."""
    global now
    if _queue and not (_handling or holding):
        dispatch()
        return
    until = min(until, watchdog)
    if until < lease:
        now = max(now, until)
    else:
        _exchange(WAIT, max(now, until))
    if now >= watchdog:
        call("watchdog.bites")


def spend(us):
    """Python takes no time, but looking at the clock costs a little, so that polling loops end."""
    global now
    now += us
    if now >= lease or now >= watchdog or _queue:
        wait(now)


def stall(us):
    """The CPU is blocked (a flash erase): interrupts come after it."""
    global now
    if now + us < lease:
        now += us
    else:
        _exchange(STALL, now + us)
