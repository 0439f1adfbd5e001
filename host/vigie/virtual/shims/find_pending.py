"""Run by itself, once: prints where this MicroPython keeps an exception to raise at the next jump.

As the distance from `int`, which is the same in every run of one binary. The place is known by
what lies before it, the present globals twice and two words more (py/mpstate.h, the same from 1.25
to 1.28), and believed only when an exception that is put there has been raised.
"""

import struct
import uctypes


def _mappings():
    """First and last address, whether one can write there, and the file, of each mapping."""
    with open("/proc/self/maps") as f:
        for line in f:
            words = line.split()
            first, last = [int(a, 16) for a in words[0].split("-")]
            yield first, last, words[1][1] == "w", words[-1]


def _variables():
    """Where the program's own variables are: what can be written of its file, and right after."""
    mappings = list(_mappings())
    file = [m[3] for m in mappings if m[0] <= id(int) < m[1]]
    end = None
    for first, last, writable, name in mappings:
        if writable and (name in file or first == end):
            yield first, last
            end = last


def _is_raised(address):
    error = KeyboardInterrupt()
    try:
        struct.pack_into("<Q", uctypes.bytearray_at(address, 8), 0, id(error))
        for _ in range(10):
            pass
    except KeyboardInterrupt:
        return True
    return False


def _find(dictionary):
    for first, last in _variables():
        memory = uctypes.bytearray_at(first, last - first)
        for i in range(0, last - first - 40, 8):
            here = struct.unpack_from("<5Q", memory, i)
            if here[0] == here[1] == dictionary and not here[4] and _is_raised(first + i + 32):
                return first + i + 32 - id(int)


print("found", _find(id(globals())))
