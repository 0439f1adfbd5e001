"""What the VM does beyond MicroPython, with the computer's C library, where it can reach that.

Ctrl-C for a program that computes: MicroPython's own handler of SIGINT raises wherever the signal
strikes, in the middle of the collector too, and leaves a ruin. So the host sends another signal.
Its handler only has `_look` called between two bytecodes, and if that is a good moment, it sets
what MicroPython raises at its next jump (find_pending.py knows where), as on the chip.
"""

import struct

import bus
from micropython import schedule

_PR_SET_PDEATHSIG, _SIGKILL, _SIGUSR2 = 1, 9, 12
library = None  # the C library, if it can be reached
_handler = _slot = _pending = None
_planned = False


def prepare(distance):
    """Die with the host, and be ready for its signal; whether the latter is possible."""
    global library, _handler, _slot
    try:
        import ffi

        library = ffi.open(None)
        library.func("i", "prctl", "iLLLL")(_PR_SET_PDEATHSIG, _SIGKILL, 0, 0, 0)
        _handler = ffi.callback("v", _called, "", lock=True)
        library.func("p", "signal", "iC")(_SIGUSR2, _handler)
    except (ImportError, OSError):  # another system than Linux, or a small MicroPython
        return False
    if not distance:
        return False
    import uctypes

    _slot = uctypes.bytearray_at(id(int) + distance, 8)
    bus.raise_later = raise_later
    bus.raise_again = raise_again
    return True


def raise_later():
    """Have KeyboardInterrupt raised at the next jump: of whoever runs when this has returned."""
    global _pending
    _pending = KeyboardInterrupt()
    raise_again()


def raise_again():
    """The same once more, where it was caught but cannot be raised. Takes no memory."""
    struct.pack_into("<Q", _slot, 0, id(_pending))


def _called():
    global _planned
    if not _planned:
        _planned = True
        schedule(_look, None)


def _look(_):
    global _planned
    _planned = False
    # Whoever is busy with the bus reads what was typed there.
    if not bus.is_busy() and bus.takes_sigint():
        raise_later()  # the last thing here: it is raised at the next jump
