"""The REPL: raw with raw-paste for tools such as mpremote, friendly for people."""

import bus
from console import kbd_intr, tx

_WINDOW = 256  # raw-paste flow control


def run(code, name, globals_, show, mode="exec"):
    """Run a program; True if it ended by itself. `show` gets the exception that ended it."""
    try:
        kbd_intr(3)
        exec(compile(code, name, mode), globals_)
        kbd_intr(-1)
        return True
    except SystemExit:
        kbd_intr(-1)
        bus.call("reset", 5)
    except (KeyboardInterrupt, Exception) as e:
        kbd_intr(-1)
        show(e)
    return False


def serve(sys, globals_, raw):
    """Serve for ever, starting in the raw REPL if `raw`."""
    get = sys.stdin.buffer.read
    while True:
        try:
            raw = _raw(sys, globals_, get) if raw else _friendly(sys, globals_, get)
        except KeyboardInterrupt:  # a late Ctrl-C, meant for a program that has just ended
            pass


def _raw(sys, globals_, get):
    tx("raw REPL; CTRL-B to exit\r\n>")
    line = b""
    while True:
        c = get(1)
        if c == b"\x01":
            if line != b"\x05A":
                return True
            tx(b"R\x01" + bytes([_WINDOW & 255, _WINDOW >> 8]))
            _execute(sys, globals_, _paste(sys.stdin.buffer))
            line = b""
        elif c == b"\x02":
            tx("\r\n")
            return False
        elif c == b"\x03":
            line = b""
        elif c == b"\x04":
            if not line:
                tx("\r\nMPY: soft reboot\r\n")
                bus.call("reset", 5, True)
            tx("OK")
            _execute(sys, globals_, line)
            line = b""
        else:
            line += c


def _paste(stdin):
    code, room = bytearray(), _WINDOW
    while True:
        part = stdin.take(room, b"\x03\x04")
        if part[-1] in b"\x03\x04":
            tx(b"\x04")
            return code + part[:-1] if part[-1] == 4 else b""
        code.extend(part)
        room -= len(part)
        if not room:
            room = _WINDOW
            tx(b"\x01")


def _execute(sys, globals_, code):
    def show(e):
        tx(b"\x04")
        sys.print_exception(e)

    if run(bytes(code), "<stdin>", globals_, show):
        tx(b"\x04")
    tx(b"\x04>")


def _friendly(sys, globals_, get):
    tx(
        '%s; virtual board with ESP32\r\nType "help()" for more information.\r\n>>> '
        % sys.version.split("; ")[-1]
    )
    code = ""
    while True:
        line, end = _line(get)
        if end in "\x01\x02":
            tx("\r\n")
            return end == "\x01"
        if end == "\x03":
            tx("\r\n>>> ")
            code = ""
        elif end == "\x04":
            if not code:
                tx("\r\nMPY: soft reboot\r\n")
                bus.call("reset", 5)
        elif end == "\x05":
            tx("\r\npaste mode; Ctrl-C to cancel, Ctrl-D to finish\r\n=== ")
            code = _paste_block(get)
            if code is not None:
                run(code, "<stdin>", globals_, sys.print_exception)
            tx(">>> ")
            code = ""
        else:
            tx("\r\n")
            code = code + "\n" + line if code else line
            if code.strip() and _continues(code, line):
                tx("... ")
                continue
            if code.strip():
                run(code, "<stdin>", globals_, sys.print_exception, "single")
            tx(">>> ")
            code = ""


def _line(get):
    """A line with backspace and echo; (text, the key that ended it). Escape keys do nothing."""
    line = ""
    while True:
        c = get(1).decode()
        if c == "\x1b":
            if get(1) == b"[":
                while not 0x40 <= get(1)[0] <= 0x7E:
                    pass
        elif c == "\r" or c in "\x01\x02\x03\x05" or (c == "\x04" and not line):
            return line, c
        elif c in "\x7f\x08":
            if line:
                line = line[:-1]
                tx("\b \b")
        elif c >= " ":
            line += c
            tx(c)


def _paste_block(get):
    code = ""
    while True:
        c = get(1).decode()
        if c == "\x03":
            tx("\r\n")
            return None
        if c == "\x04":
            tx("\r\n")
            return code
        code += "\n" if c == "\r" else c
        tx("\r\n=== " if c == "\r" else c)


def _continues(code, last):
    """Whether the chip's REPL would ask for more lines."""
    if last == "" and "\n" in code:
        return False
    if _open(code) or last.endswith("\\"):
        return True
    return "\n" in code or code[0] == "@" or _compound(code)


def _open(code):
    """Whether a bracket or a triple-quoted string is still open at the end."""
    depth, quote, i = 0, "", 0
    while i < len(code):
        c = code[i]
        if quote:
            if code.startswith(quote, i):
                i += len(quote) - 1
                quote = ""
            elif c == "\\":
                i += 1
            elif c == "\n" and len(quote) == 1:
                quote = ""
        elif c in "\"'":
            quote = c * 3 if code.startswith(c * 3, i) else c
            i += len(quote) - 1
        elif c == "#":
            i = code.find("\n", i) if "\n" in code[i:] else len(code)
        else:
            depth += (c in "([{") - (c in ")]}")
        i += 1
    return depth > 0 or len(quote) == 3


def _compound(code):
    for word in ("if", "while", "for", "try", "with", "def", "class", "async"):
        if code.startswith(word) and (len(code) == len(word) or code[len(word)] in " (:"):
            return True
    return False
