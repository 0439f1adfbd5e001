"""NOR flash in a file. The host counts each program, erase and sync, and may cut the power."""

import bus

_ERASE_US = 45000
_PROGRAM_US_PER_256 = 600
_PIECE = 256
_ERASED = b"\xff" * _PIECE
_old = bytearray(_PIECE)  # kept: the chip's driver takes nothing from the heap either


class Flash:
    """A block device as littlefs wants it. On the chip it is C: no handler runs inside."""

    def __init__(self, path, block_size=4096):
        self._file = open(path, "r+b")
        self._block_size = block_size
        self._blocks = self._file.seek(0, 2) // block_size

    def blank(self):
        """Whether nothing was ever written, as on a chip that was just erased."""
        self._file.seek(0)
        for _ in range(2 * self._block_size // _PIECE):
            self._file.readinto(_old)
            if _old != _ERASED:
                return False
        return True

    def readblocks(self, block, buf, offset=0):
        self._file.seek(block * self._block_size + offset)
        self._file.readinto(buf)

    def writeblocks(self, block, buf, offset=0):
        at = block * self._block_size + offset
        self._change("program", at, buf, len(buf), _PROGRAM_US_PER_256 * (1 + len(buf) // 256))

    def ioctl(self, op, arg):
        if op == 3:
            self._change("sync", 0, None, 0, 0)
        elif op == 4:
            return self._blocks
        elif op == 5:
            return self._block_size
        elif op == 6:
            at = arg * self._block_size
            self._change("erase", at, None, self._block_size, _ERASE_US)
        return 0

    def _change(self, kind, at, data, length, us):
        bus.holding += 1
        try:
            # Less than all: the power fails in the middle.
            done = bus.call("flash.change", kind, at, length)
            if data is None:
                self._erase(at, done)
            else:
                self._program(at, memoryview(data), done)
            if done < length:
                bus.call("power_failed")
            if us:
                bus.stall(us)
        finally:
            bus.holding -= 1

    def _erase(self, at, length):
        self._file.seek(at)
        for i in range(0, length, _PIECE):
            self._file.write(_ERASED, min(_PIECE, length - i))

    def _program(self, at, data, length):
        """Programming can only clear bits."""
        for i in range(0, length, _PIECE):
            n = min(_PIECE, length - i)
            self._file.seek(at + i)
            self._file.readinto(_old, n)
            for j in range(n):
                _old[j] &= data[i + j]
            self._file.seek(at + i)
            self._file.write(_old, n)
