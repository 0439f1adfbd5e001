"""The serial console: what `sys.stdin` and `sys.stdout` are on a chip, and Ctrl-C."""

import io
import sys as _unix

import bus

_rx = bytearray()
_ctrl_c = -1  # the byte that interrupts a running program; -1 in the REPL
_SHIMS = ("bus.py", "boot.py", "console.py", "repl.py", "machine_", "select.py", "time.py")


def kbd_intr(byte):
    """`micropython.kbd_intr`: the host must know it too, for a program that computes."""
    global _ctrl_c
    if byte != _ctrl_c:
        _ctrl_c = byte
        bus.call("console.kbd_intr", byte)


def _on_rx(data):
    global _rx
    if _ctrl_c >= 0 and _ctrl_c in data:
        _rx = bytearray(data[data.rfind(bytes([_ctrl_c])) + 1 :])
        raise KeyboardInterrupt
    _rx.extend(data)


bus.handlers["rx"] = _on_rx


def tx(data):
    """Bytes to the host as they are."""
    bus.call("console.tx", data if isinstance(data, bytes) else data.encode())


def write(text):
    """Text to the host, at this very moment of the chip's clock; line ends as on a serial line."""
    bus.call("console.tx", text.replace("\n", "\r\n").encode())


def print_line(*args, sep=" ", end="\n", file=None):
    """The builtin `print`."""
    text = sep.join([a if isinstance(a, str) else str(a) for a in args]) + end
    write(text) if file is None else file.write(text)


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
        tx(bytes(data) if n is None else bytes(data[:n]))
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


class Sys:
    """`sys` as a chip shows it; what is the same everywhere comes from the real module."""

    platform = "esp32"

    def __init__(self):
        self.stdin = _TextIn(_stdin)
        self.stdout = self.stderr = _TextOut(_Out())

    def __getattr__(self, name):
        return getattr(_unix, name)

    def print_exception(self, e, file=None):
        """Without the lines that are not on a chip."""
        text = io.StringIO()
        _unix.print_exception(e, text)
        lines = [
            line
            for line in text.getvalue().split("\n")
            if not (line.startswith('  File "') and line[8:].startswith(_SHIMS))
        ]
        (file or self.stdout).write("\n".join(lines))
