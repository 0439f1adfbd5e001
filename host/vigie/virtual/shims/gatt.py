"""What `bluetooth` is made of: UUIDs and the buffers of attributes."""

_DEFAULT_BUFFER = 20


class UUID:
    def __init__(self, value):
        if isinstance(value, int):
            if value > 65535:
                raise ValueError("invalid UUID")
            self._bytes = bytes([value & 255, value >> 8 & 255])
            return
        raw = value.encode() if isinstance(value, str) else bytes(value)
        self._bytes = raw if len(raw) in (2, 4, 16) else _from_text(raw)

    def __iter__(self):  # stands for the buffer protocol
        return iter(self._bytes)

    def __len__(self):
        return len(self._bytes)

    def __eq__(self, other):
        return isinstance(other, UUID) and self._bytes == other._bytes

    def __hash__(self):
        return hash(self._bytes)

    def __repr__(self):
        b = self._bytes
        return "UUID(0x%s)" % "".join(["%02x" % b[i] for i in range(len(b) - 1, -1, -1)])


def _from_text(text):
    """The 16 bytes of a UUID as people write it: hexadecimal digits, and hyphens anywhere."""
    digits = text.replace(b"-", b"")
    for c in digits:
        if c not in b"0123456789abcdefABCDEF":
            raise ValueError("invalid char in UUID")
    if len(digits) != 32:
        raise ValueError("UUID too short" if len(digits) < 32 else "UUID too long")
    return bytes([int(digits[i : i + 2], 16) for i in range(30, -2, -2)])


class Value:
    """The buffer of one attribute."""

    def __init__(self):
        self.data = b""
        self.size = _DEFAULT_BUFFER
        self.append = False

    def written(self, data):
        """The phone writes: what does not fit is cut, silently."""
        if self.append:
            self.data = self.data + data[: self.size - len(self.data)]
        else:
            self.data = bytes(data if len(data) <= self.size else data[: self.size])


NO_VALUE = Value()
"""What reading an attribute that does not exist gives: nothing, and no error."""
