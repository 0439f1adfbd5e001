"""NOR flash in a file. The host does and counts each program, erase and sync, and may fail it.

On the chip the driver is C: nothing interrupts it, it takes nothing from the heap, and it answers
with an error number. littlefs calls it in the middle of its own work, even from the collector.
"""

import bus
import native
from micropython import const, heap_lock, heap_unlock
from ops import FLASH_ERASE, FLASH_PROGRAM, FLASH_SYNC

_BLOCK = const(4096)
_READ, _CONTROL = -1, -2
_READ_US = const(2)  # so that a loop which only reads files ends
_ERASED = b"\xff" * 256
_O_RDONLY, _PROT_READ, _MAP_SHARED, _FAILED = 0, 1, 1, -1
_STRUCK, _EIO, _ENOMEM = -4, -5, -12
_file = None
_copy = _first = None  # C's memcpy, and where the image lies in memory, if that is possible


def _guarded(op, at, length, data):
    """The first jump in here is inside `_attempt`: there Ctrl-C is raised, if it must be."""
    finish = _nothing
    result = _attempt(op, at, length, data)
    if result == _STRUCK:
        finish = bus.raise_again
        result = _attempt(op, at, length, data)
    bus.plan_late()
    # From here to the return no jump: at a jump a handler could run, and this is still C.
    heap_unlock()
    bus.holding = False
    finish()
    return result


def _attempt(op, at, length, data):
    try:
        return _work(op, at, length, data)
    except KeyboardInterrupt:
        return _STRUCK
    except MemoryError:
        return _ENOMEM
    except BaseException:
        return _EIO


def _work(op, at, length, data):
    if op == _READ:
        _file.seek(at)
        _file.readinto(data)
        bus.stall(_READ_US)
        return 0
    if op != _CONTROL:
        return bus.flash(op, at, length, data)
    if at == 3:
        return bus.flash(FLASH_SYNC, 0, 0, b"")
    if at == 6:
        return bus.flash(FLASH_ERASE, length * _BLOCK, _BLOCK, b"")
    return data if at == 4 else _BLOCK if at == 5 else 0


def _nothing():
    pass


def _read(at, data):
    """The short way, if nothing waits for the program. It takes no memory; only its ifs jump."""
    try:
        bus.now += _READ_US
        if bus.now < bus.quiet_until and _copy:
            _copy(data, _first + at, len(data))
            bus.holding = False
            return 0
    except KeyboardInterrupt:
        return _struck(at, data)
    return _long_way(at, data)


def _struck(at, data):
    at = _long_way(at, data)
    bus.raise_again()
    return at


def _long_way(at, data):
    bus.now -= _READ_US
    heap_lock()
    return _guarded(_READ, at, 0, data)


def _map(path, length):
    """Have the image in memory: littlefs reads thousands of times to start a program."""
    global _copy, _first
    library = native.library
    if library:
        fd = library.func("i", "open", "si")(path, _O_RDONLY)
        # Shared: what the host writes is seen at once.
        _first = library.func("l", "mmap", "PLiiil")(None, length, _PROT_READ, _MAP_SHARED, fd, 0)
        if _first != _FAILED:
            _copy = library.func("v", "memcpy", "PLL")


class Flash:
    """A block device as littlefs wants it."""

    def __init__(self, path):
        global _file
        _file = open(path, "rb")
        length = _file.seek(0, 2)
        self._blocks = length // _BLOCK
        _map(path, length)

    def blank(self):
        """Whether nothing was ever written, as on a chip that was just erased."""
        _file.seek(0)
        for _ in range(2 * _BLOCK // len(_ERASED)):
            if _file.read(len(_ERASED)) != _ERASED:
                return False
        return True

    def readblocks(self, block, buf, offset=0):
        bus.holding = True
        return _read(block * _BLOCK + offset, buf)

    def writeblocks(self, block, buf, offset=0):
        bus.holding = True
        heap_lock()
        return _guarded(FLASH_PROGRAM, block * _BLOCK + offset, 0, buf)

    def ioctl(self, op, arg):
        bus.holding = True
        heap_lock()
        return _guarded(_CONTROL, op, arg, self._blocks)
