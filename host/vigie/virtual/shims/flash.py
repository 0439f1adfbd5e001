"""NOR flash in a file. The host does and counts each program, erase and sync, and may fail it.

On the chip the driver is C: nothing interrupts it, it takes nothing from the heap, and it answers
with an error number. littlefs calls it in the middle of its own work, even from the collector.
"""

import bus
import native
from micropython import const, heap_lock, heap_unlock
from ops import FLASH_ERASE, FLASH_PROGRAM, FLASH_SYNC

try:
    import flash_viper
except (ImportError, ValueError):  # a MicroPython without machine code, or with another
    flash_viper = None

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


def _read_memory(block, buf, offset=0):
    """Read the image where it lies in memory: as C does it, for here is no jump."""
    _copy(buf, _first + block * _BLOCK + offset, len(buf))
    bus.now += _READ_US
    return _after_read[bus.now >= bus.quiet_until](block, buf, offset)


def _is_read(block, buf, offset):
    return 0


def _read_again(block, buf, offset):
    """Something waits for the program, or the time must be asked for."""
    bus.now -= _READ_US
    return _read_file(block, buf, offset)


def _read_file(block, buf, offset=0):
    bus.holding = True
    heap_lock()
    return _guarded(_READ, block * _BLOCK + offset, 0, buf)


_after_read = (_is_read, _read_again)


def _map(path, length):
    """Have the image in memory: littlefs reads thousands of times to start a program."""
    global _copy, _first
    library = native.library
    if library:
        fd = library.func("i", "open", "si")(path, _O_RDONLY)
        # Shared: what the host writes is seen at once.
        _first = library.func("l", "mmap", "PLiiil")(None, length, _PROT_READ, _MAP_SHARED, fd, 0)
        library.func("i", "close", "i")(fd)
        if _first != _FAILED:
            _copy = library.func("v", "memcpy", "PLL")


def _reader():
    """The fastest way to read that there is here."""
    if not _copy:
        return _read_file
    if not flash_viper:
        return _read_memory
    flash_viper.use(_first, _read_file)
    return flash_viper.read


class Flash:
    """A block device as littlefs wants it."""

    def __init__(self, path):
        global _file
        _file = open(path, "rb")
        length = _file.seek(0, 2)
        self._blocks = length // _BLOCK
        _map(path, length)
        self.readblocks = _reader()

    def blank(self):
        """Whether nothing was ever written, as on a chip that was just erased."""
        _file.seek(0)
        for _ in range(2 * _BLOCK // len(_ERASED)):
            if _file.read(len(_ERASED)) != _ERASED:
                return False
        return True

    def writeblocks(self, block, buf, offset=0):
        bus.holding = True
        heap_lock()
        return _guarded(FLASH_PROGRAM, block * _BLOCK + offset, 0, buf)

    def ioctl(self, op, arg):
        bus.holding = True
        heap_lock()
        return _guarded(_CONTROL, op, arg, self._blocks)
