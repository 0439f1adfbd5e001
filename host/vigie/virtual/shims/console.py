"""The serial console: what `sys.stdin` and `sys.stdout` are on a chip, and Ctrl-C."""

import io
import sys as _unix

import bus
from ops import FLUSH, KBD_INTR, PRINT, PRINT_RAW, RX

_rx = bytearray()
_ctrl_c = -1  # the byte that interrupts a running program; -1 in the REPL
_SHIMS = (
    "asyncio_task.py", "bluetooth.py", "boot.py", "bus.py", "console.py", "esp32.py", "facade",
    "flash.py", "gatt.py", "machine.py", "machine_", "repl.py", "select.py", "time.py",
    "unmodelled.py",
)  # fmt: skip
_native_print = print


def kbd_intr(byte):
    """`micropython.kbd_intr`: the host must know it too, for a program that computes."""
    global _ctrl_c
    if byte == _ctrl_c:
        return
    _ctrl_c = byte
    try:
        bus.order(KBD_INTR, byte)
    except KeyboardInterrupt:
        if byte >= 0:
            raise  # else it was meant for the program that has ended


def _on_rx():
    global _rx
    data = bytes(bus.body)
    if _ctrl_c >= 0 and _ctrl_c in data:
        _rx = bytearray(data[data.rfind(bytes([_ctrl_c])) + 1 :])
        bus.breaking = False
        raise KeyboardInterrupt
    _rx.extend(data)


bus.handlers[RX] = _on_rx


def tx(data):
    """Text or bytes to the host as they are."""
    bus.order(PRINT_RAW, 0, 0, 0, data)


def write(text):
    """Text to the host, at this very moment of the chip's clock; line ends as on a serial line."""
    bus.order(PRINT, 0, 0, 0, text)


def print_line(*args, sep=" ", end="\n", file=None):
    """The builtin `print`. It takes no memory: the text goes straight into the host's pipe."""
    if file is not None and not isinstance(file, _TextOut):
        _native_print(*args, sep=sep, end=end, file=file)
        return
    _native_print(*args, sep=sep, end=end)
    bus.order(FLUSH)


def print_exception(e, file=None):
    """Without the lines that are not on a chip."""
    text = io.StringIO()
    _unix.print_exception(e, text)
    lines = [
        line
        for line in text.getvalue().split("\n")
        if not (line.startswith('  File "') and line[8:].startswith(_SHIMS))
    ]
    (file.write if file else write)("\n".join(lines))


def read_line(prompt=""):
    """The builtin `input`."""
    if prompt:
        tx(prompt)
    line = ""
    while True:
        c = _stdin.read(1).decode()
        if c in "\r\n":
            tx("\r\n")
            return line
        if c in "\x7f\x08":
            if line:
                line = line[:-1]
                tx("\b \b")
        elif c == "\x04" and not line:
            raise EOFError
        elif c >= " ":
            line += c
            tx(c)


class _In(io.IOBase):
    def ioctl(self, op, arg):
        return (1 if _rx else 0) & arg if op == 3 else -1

    def readinto(self, buf, n=None):
        global _rx
        n = len(buf) if n is None else n
        got = 0
        while got < n:
            while not _rx:
                bus.wait(bus.FOREVER)
            k = min(n - got, len(_rx))
            buf[got : got + k] = _rx[:k]
            _rx = _rx[k:]
            got += k
        return got

    def read(self, n=1):
        buf = bytearray(n)
        self.readinto(buf)
        return bytes(buf)

    def take(self, limit, stop):
        """What is there, up to `limit` bytes or just behind the first byte of `stop`."""
        global _rx
        first = self.read(1)
        if first in stop:
            return first
        rest = bytes(_rx[: limit - 1])
        ends = [rest.find(bytes([s])) for s in stop]
        n = min([e + 1 for e in ends if e >= 0] + [len(rest)])
        _rx = _rx[n:]
        return first + rest[:n]

    def readline(self):
        line = b""
        while not line.endswith(b"\n"):
            line += self.read(1)
        return line


class _TextIn(_In):
    def __init__(self, buffer):
        self.buffer = buffer

    def read(self, n=1):
        return _In.read(self, n).decode()

    def readline(self):
        return _In.readline(self).decode()


class _Out(io.IOBase):
    def write(self, data, n=None):
        tx(data if n is None else bytes(data[:n]))
        return len(data) if n is None else n


class _TextOut(io.IOBase):
    def __init__(self, buffer):
        self.buffer = buffer

    def write(self, text):
        write(text)
        return len(text)

    def ioctl(self, op, arg):
        return arg & 4 if op == 3 else -1


_stdin = _In()
stdin = _TextIn(_stdin)
stdout = _TextOut(_Out())
