"""Reading flash, compiled to machine code where that runs: to start a program takes ten thousand.

No jump in machine code looks for what is to be raised: as in C, nothing comes in between.
"""

import bus
from micropython import const

_BLOCK = const(4096)
_READ_US = const(2)  # as `flash` says
_first = 0  # where the image lies in memory
_otherwise = None  # reads when the bus must be asked


def use(first, otherwise):
    """Read the image that lies there; else, if something waits for the program, otherwise."""
    global _first, _otherwise
    _first, _otherwise = first, otherwise


@micropython.viper
def read(block: int, buf, offset: int) -> int:
    """As `readblocks`."""
    now = int(bus.now) + _READ_US
    left = int(len(buf))
    if now >= int(bus.quiet_until) or left & 31:
        return int(_otherwise(block, buf, offset))
    source = ptr32(int(_first) + block * _BLOCK + offset)
    target = ptr32(buf)
    while left:  # littlefs reads in pieces of 32 bytes
        target[0] = source[0]
        target[1] = source[1]
        target[2] = source[2]
        target[3] = source[3]
        target[4] = source[4]
        target[5] = source[5]
        target[6] = source[6]
        target[7] = source[7]
        source = ptr32(int(source) + 32)
        target = ptr32(int(target) + 32)
        left -= 32
    bus.now = now
    return 0
