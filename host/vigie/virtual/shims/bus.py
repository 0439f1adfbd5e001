"""The bus to the host: a local clock, one question at a time, events fetched one by one.

A question is eight words, an answer sixteen. Bytes that belong to a question go before it into the
pipe of what is printed; bytes that belong to an answer follow it. Before `lease` nothing can
happen in the world, so until then the clock is moved here and nobody is asked.

Asking takes no memory: on the chip this is C, and the heap is the program's own. Functions that
are called often have few variables, for the VM keeps more than eleven words of them on the heap.
On the chip nothing interrupts C: `_asking` and `holding` keep handlers out of it.
"""

from array import array

from micropython import schedule
from ops import CALL, FAILED, SIGINT, STALL, UNMODELLED, WAIT, WATCHDOG_FEED

FOREVER = (1 << 62) - 1
_CALL_US = 10  # what a call to a peripheral costs, so that a loop of them ends
question = array("l", [0] * 8)  # of eight bytes each; a look into "q" would take memory
answer = array("l", [0] * 16)
_ANSWER_BYTES = 128
_PENDING, _TYPED, _STALE, _ERROR, _VALUE, WORDS, _LENGTH = 2, 3, 4, 5, 6, 7, 15
_NOTHING, _CONSOLE, _HANDLERS, _ALL = 0, 1, 2, 3  # which events a WAIT may bring
_in = _out = _text = None
_NO_BYTES = body = bytearray(0)  # the bytes behind the last answer
now = lease = 0  # us
watchdog = FOREVER
quiet_until = 0  # before this time nobody needs to be asked; 0 when something waits to be handled
paced = False  # the clock follows the wall's: it may move on while Python computes for long
pending = 0  # events that wait at the host for their handlers
typed = 0  # and for the console
epoch = 1  # counts how often the levels of pins were found to have changed
holding = False  # inside C code of the chip, where no handler can run
breaking = False  # Ctrl-C is to be raised at the next opportunity
raise_later = None  # has KeyboardInterrupt raised at the next jump, where that is possible
handlers = [None] * 7
_event = 0  # its kind, if one was fetched and has not been handled
_handling = False  # a handler runs: handlers do not nest
_asking = False  # the words above are in use
_late_planned = False


def raise_again():
    """Ctrl-C was caught where it cannot be raised; native.py puts something better here."""
    global breaking
    breaking = True


class PowerOff(BaseException):
    """The host has closed the bus: this chip has no power any more."""


def connect(fd_in, fd_out):
    """Use these two pipes."""
    global _in, _out, _text
    _in, _out, _text = open(fd_in, "rb"), open(fd_out, "wb"), open(1, "wb")


def _begin():
    """Nothing else may happen now, until whoever asks has taken the answer."""
    global _asking
    _asking = True
    try:
        if raise_later:  # a jump: here is raised what must not be raised further down
            pass
    except KeyboardInterrupt:
        _asking = False
        raise


def _ask(op, until, data=b""):
    global now, lease, pending, typed, epoch, body, quiet_until
    _begin()
    q = question
    q[0] = op
    q[1] = now
    q[2] = until
    q[3] = watchdog
    q[7] = _text.write(data)
    _out.write(q)
    if _in.readinto(answer) != _ANSWER_BYTES:
        raise PowerOff
    now = answer[0]
    lease = answer[1]
    pending = answer[_PENDING]
    typed = answer[_TYPED]
    quiet_until = 0 if pending or typed else min(lease, watchdog)
    if answer[_STALE]:
        epoch += 1
    body = _NO_BYTES
    if answer[_LENGTH]:
        body = bytearray(answer[_LENGTH])
        _in.readinto(body)


def order(op, a=0, b=0, c=0, data=b""):
    """Have a peripheral do something; an integer. Raises OSError."""
    global now, _asking
    now += _CALL_US
    question[4] = a
    question[5] = b
    question[6] = c
    _ask(op, now, data)
    a = answer[_VALUE]
    b = answer[_ERROR]
    _asking = False
    if b:
        _fail(b)
    settle()
    return a


def call(name, *args):
    """Have the host do something that takes and gives plain values. Raises OSError."""
    global now, body, _asking
    now += _CALL_US
    _ask(CALL, now, repr((name, args)))
    error = answer[_ERROR]
    result = None if error or not body else eval(body)
    _asking = False
    if error:
        _fail(error)
    body = _NO_BYTES
    settle()
    return result


def _fail(error):
    global body
    text = body.decode()
    body = _NO_BYTES
    settle()
    if error == UNMODELLED:
        raise NotImplementedError(text)
    if error == FAILED:
        raise RuntimeError(text)
    raise OSError(error)


def takes_sigint():
    """Whether Ctrl-C still waits to be read: then it no longer does, and SIGINT stands for it."""
    global _asking
    _ask(SIGINT, now)
    _asking = False
    return answer[_VALUE]


def flash(op, at, length, data):
    """One operation of the flash: 0 or a negative error. Handlers run after it, not in it."""
    global _asking
    question[4] = at
    question[5] = length
    _ask(op, now, data)
    _asking = False
    return answer[_VALUE]


def in_handler():
    """Whether a handler runs."""
    return _handling


def is_busy():
    """Whether this is no moment for anything else."""
    return _handling or holding or _asking


def settle():
    """What a program finds at its next bytecode: handlers that are due, and Ctrl-C."""
    global breaking
    if _handling or holding:
        return
    if pending or typed or _event:
        _dispatch(_ALL)
    if breaking:
        breaking = False
        raise KeyboardInterrupt


def _dispatch(which):
    """Run the handlers of all events, oldest first. A slot is free when its handler begins."""
    global _handling, _event, body
    _handling = True
    try:
        while _event or pending or (typed and which == _ALL):
            if not _event:
                _fetch(now, which)
            kind = _event
            _event = 0
            if kind:
                handlers[kind]()
                body = _NO_BYTES  # it must not live on until the host happens to be asked
    finally:
        _handling = False


def _fetch(until, which):
    global _event, _asking
    question[4] = which
    _ask(WAIT, until)
    _event = answer[_VALUE]
    _asking = False


def wait(until):
    """Sleep until `until`, or until something happened: whoever waits looks again."""
    global now, _event
    which = _NOTHING if holding else _CONSOLE if _handling else _ALL
    if which == _ALL and (pending or typed or breaking):
        settle()
        return
    if until < lease and until < watchdog:
        now = max(now, until)
        return
    _fetch(max(now, until), which)
    if which == _CONSOLE and _event:
        kind = _event
        _event = 0
        handlers[kind]()
    settle()


def spend(us):
    """Python takes no time, but looking at something costs a little, so that polling loops end."""
    global now
    now += us
    if now >= lease or now >= watchdog or pending or typed or breaking:
        wait(now)


def stall(us):
    """The processor is blocked: interrupts come after it."""
    global now, _asking
    if now + us < lease and now + us < watchdog:
        now += us
    else:
        _ask(STALL, now + us)
        _asking = False


def feed(us):
    """Give the watchdog so much time from now on, unless it is too late."""
    global watchdog, quiet_until
    if paced:
        watchdog = order(WATCHDOG_FEED, us)
    else:
        if now >= watchdog:
            wait(now)
        watchdog = now + us
    quiet_until = min(quiet_until, watchdog)


def plan_late():
    """At the end of a piece of C: have handlers run at the bytecode that comes after it."""
    global _late_planned
    if (pending or (typed and raise_later)) and not (_late_planned or _handling):
        _late_planned = True
        schedule(_late, None)


def _late(_):
    global _late_planned
    _late_planned = False
    if not is_busy() and _dispatch_late():  # if busy, somebody looks for events afterwards
        raise_later()  # the last thing here: it is raised at the next jump


def _dispatch_late():
    """Whether Ctrl-C was among the events: raised here, it would be printed and forgotten."""
    try:
        _dispatch(_ALL if raise_later else _HANDLERS)
    except KeyboardInterrupt:
        return True
    return False
