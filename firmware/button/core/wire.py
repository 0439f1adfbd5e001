"""The messages between button and phone, and the only place that knows their bytes.

One GATT service with two characteristics: `up` carries frames from the button (notify), `down`
frames to it (write, write without response). A frame is a sealed message (`framing`); a message is
one type byte and a fixed little-endian body. Both ends refuse what they do not know: wrong length,
unknown type, a value out of range.
"""

import struct

SERVICE_UUID = "6d1f0001-4b1c-4b0e-9c62-7a5f1e1d0c51"
UP_UUID = "6d1f0002-4b1c-4b0e-9c62-7a5f1e1d0c51"
DOWN_UUID = "6d1f0003-4b1c-4b0e-9c62-7a5f1e1d0c51"

PROTOCOL = 1
"""Version of this file, said by both ends when they meet."""

# What the wearer is told about an alert, in the order in which it can happen. Only the phone knows
# the last four.
REGISTERED = 1
PHONE_HAS_IT = 2
HANDED_OVER = 3
SEEN = 4
FAILED = 5

# Flags of an alert.
AGE_UNKNOWN = 1
"""The button lost power since: the age is only the least it can be."""
NOT_STORED = 2
"""Flash refused the alert: it lives in RAM alone."""

# Flags of the button's state.
SIREN_ON = 1
KEY_STUCK = 2
STORE_FAILED = 4
ALERTS_DROPPED = 8
RESTARTED = 16
"""The program was cut short by an error or by the watchdog, and started again."""
RECORDING = 32
MICROPHONE_FAILED = 64

AGE_MAX_MS = 0xFFFFFFFF
BATTERY_UNKNOWN_MV = 0xFFFF


class WireError(ValueError):
    """Bytes that are not a message of this protocol."""


class EventId:
    """Identity of an alert for ever: its boot (8 random bytes) and its number in that boot."""

    def __init__(self, boot_id: bytes, seq: int):
        if len(boot_id) != 8 or not 0 <= seq <= 0xFFFF:
            raise WireError("event id out of range")
        self.boot_id = boot_id
        self.seq = seq

    def pack(self) -> bytes:
        """Ten bytes."""
        return self.boot_id + struct.pack("<H", self.seq)

    @classmethod
    def unpack(cls, data: bytes) -> "EventId":
        """From its ten bytes, the first of `data`."""
        return cls(bytes(data[:8]), data[8] | data[9] << 8)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, EventId) and self.pack() == other.pack()

    def __hash__(self) -> int:
        return hash(self.pack())

    def __repr__(self) -> str:
        return "%s-%d" % ("".join(["%02x" % b for b in self.boot_id]), self.seq)


class Down:
    """Button: a press began, and the phone may warm up its position fix. Nothing else follows."""

    TYPE = 0x01
    _SIZE = 12

    def __init__(self, event_id: EventId, age_ms: int):
        self.event_id = event_id
        self.age_ms = age_ms

    def pack(self) -> bytes:
        """The message's bytes; ages above 65 s are said as 65 535 ms."""
        return (
            bytes([self.TYPE]) + self.event_id.pack() + struct.pack("<H", min(self.age_ms, 0xFFFF))
        )

    @classmethod
    def unpack(cls, body: bytes) -> "Down":
        """From the bytes behind the type."""
        (age_ms,) = struct.unpack_from("<H", body, 10)
        return cls(EventId.unpack(body), age_ms)


class Alert:
    """Button: a gesture was decided and is on flash. Repeated until the phone says Ack."""

    TYPE = 0x02
    _SIZE = 19

    def __init__(
        self, event_id: EventId, kind: int, level: int, age_ms: int, battery_mv: int, flags: int
    ):
        self.event_id = event_id
        self.kind = kind
        self.level = level
        self.age_ms = age_ms
        self.battery_mv = battery_mv
        self.flags = flags

    def pack(self) -> bytes:
        """The message's bytes; ages above 49 days are said as the greatest."""
        return (
            bytes([self.TYPE])
            + self.event_id.pack()
            + struct.pack(
                "<BBIHB",
                self.kind,
                self.level,
                min(self.age_ms, AGE_MAX_MS),
                self.battery_mv,
                self.flags,
            )
        )

    @classmethod
    def unpack(cls, body: bytes) -> "Alert":
        """From the bytes behind the type. A level below the kind would weaken an alert."""
        kind, level, age_ms, battery_mv, flags = struct.unpack_from("<BBIHB", body, 10)
        if not 1 <= kind <= level <= 4:
            raise WireError("alert of kind %d at level %d" % (kind, level))
        return cls(EventId.unpack(body), kind, level, age_ms, battery_mv, flags)


class State:
    """Button: how it is. Sent at Hello, when something changes, and from time to time."""

    TYPE = 0x03
    _SIZE = 22

    def __init__(
        self,
        protocol: int,
        boot_id: bytes,
        uptime_s: int,
        battery_mv: int,
        flags: int,
        pending: int,
        reset_cause: int,
        free_heap: int,
    ):
        self.protocol = protocol
        self.boot_id = boot_id
        self.uptime_s = uptime_s
        self.battery_mv = battery_mv
        self.flags = flags
        self.pending = pending
        self.reset_cause = reset_cause
        self.free_heap = free_heap

    def pack(self) -> bytes:
        """The message's bytes."""
        return (
            bytes([self.TYPE, self.protocol])
            + self.boot_id
            + struct.pack(
                "<IHBBBI",
                self.uptime_s,
                self.battery_mv,
                self.flags,
                min(self.pending, 255),
                self.reset_cause,
                self.free_heap,
            )
        )

    @classmethod
    def unpack(cls, body: bytes) -> "State":
        """From the bytes behind the type."""
        uptime_s, battery_mv, flags, pending, cause, heap = struct.unpack_from("<IHBBBI", body, 9)
        return cls(body[0], bytes(body[1:9]), uptime_s, battery_mv, flags, pending, cause, heap)


class AudioPart:
    """Button: a part of a chunk of a recording (`button.core.recording`)."""

    TYPE = 0x04
    _LEAST = 19
    OVERHEAD = 19
    """Bytes of a message besides `data`, its type among them."""

    def __init__(self, recording: EventId, index: int, offset: int, total: int, data: bytes):
        self.recording = recording
        self.index = index  # of the chunk
        self.offset = offset  # of this part in it
        self.total = total  # bytes of the chunk
        self.data = data

    def pack(self) -> bytes:
        """The message's bytes."""
        head = struct.pack("<B10sIHH", self.TYPE, self.recording.pack(), self.index, self.offset,
                           self.total)  # fmt: skip
        return head + self.data

    @classmethod
    def unpack(cls, body: bytes) -> "AudioPart":
        """From the bytes behind the type. A part that does not fit into its chunk is refused."""
        index, offset, total = struct.unpack_from("<IHH", body, 10)
        data = bytes(body[18:])
        if offset + len(data) > total:
            raise WireError("part beyond the end of its chunk")
        return cls(EventId.unpack(body), index, offset, total, data)


class Hello:
    """Phone: subscribed and ready. The button cannot see a subscription, and waits for this."""

    TYPE = 0x81
    _SIZE = 1

    def __init__(self, protocol: int):
        self.protocol = protocol

    def pack(self) -> bytes:
        """The message's bytes."""
        return bytes([self.TYPE, self.protocol])

    @classmethod
    def unpack(cls, body: bytes) -> "Hello":
        """From the bytes behind the type."""
        return cls(body[0])


class Ack:
    """Phone: the outbox holds this alert. Only now may the button forget it."""

    TYPE = 0x82
    _SIZE = 10

    def __init__(self, event_id: EventId):
        self.event_id = event_id

    def pack(self) -> bytes:
        """The message's bytes."""
        return bytes([self.TYPE]) + self.event_id.pack()

    @classmethod
    def unpack(cls, body: bytes) -> "Ack":
        """From the bytes behind the type."""
        return cls(EventId.unpack(body))


class Feedback:
    """Phone: what became of an alert, for the wearer: HANDED_OVER, SEEN or FAILED."""

    TYPE = 0x83
    _SIZE = 11

    def __init__(self, event_id: EventId, state: int):
        self.event_id = event_id
        self.state = state

    def pack(self) -> bytes:
        """The message's bytes."""
        return bytes([self.TYPE]) + self.event_id.pack() + bytes([self.state])

    @classmethod
    def unpack(cls, body: bytes) -> "Feedback":
        """From the bytes behind the type. What only the button can know is refused."""
        if not HANDED_OVER <= body[10] <= FAILED:
            raise WireError("feedback %d" % body[10])
        return cls(EventId.unpack(body), body[10])


class AudioAck:
    """Phone: every chunk of a recording before `next_index` is on its disk."""

    TYPE = 0x85
    _SIZE = 14

    def __init__(self, recording: EventId, next_index: int):
        self.recording = recording
        self.next_index = next_index

    def pack(self) -> bytes:
        """The message's bytes."""
        return bytes([self.TYPE]) + self.recording.pack() + struct.pack("<I", self.next_index)

    @classmethod
    def unpack(cls, body: bytes) -> "AudioAck":
        """From the bytes behind the type."""
        return cls(EventId.unpack(body), struct.unpack_from("<I", body, 10)[0])


class _Switch:
    """One byte: on or off."""

    TYPE = 0
    _SIZE = 1

    def __init__(self, on: bool):
        self.on = on

    def pack(self) -> bytes:
        """The message's bytes."""
        return bytes([self.TYPE, 1 if self.on else 0])

    @classmethod
    def unpack(cls, body: bytes):
        """From the bytes behind the type."""
        if body[0] > 1:
            raise WireError("%s %d" % (cls.__name__, body[0]))
        return cls(body[0] == 1)


class Siren(_Switch):
    """Phone: sound the siren, or stop it."""

    TYPE = 0x84


class Record(_Switch):
    """Phone: record what is heard, or stop."""

    TYPE = 0x86


class Chirp:
    """Phone: sound FIND_ME or TEST once (`button.core.patterns`)."""

    TYPE = 0x87
    _SIZE = 1
    FIND_ME, TEST = 1, 2

    def __init__(self, kind: int):
        self.kind = kind

    def pack(self) -> bytes:
        """The message's bytes."""
        return bytes([self.TYPE, self.kind])

    @classmethod
    def unpack(cls, body: bytes) -> "Chirp":
        """From the bytes behind the type."""
        if body[0] not in (cls.FIND_ME, cls.TEST):
            raise WireError("chirp %d" % body[0])
        return cls(body[0])


_UP = (Down, Alert, State, AudioPart)
_DOWN = (Hello, Ack, Feedback, Siren, AudioAck, Record, Chirp)


def _unpack(types, message: bytes):
    for t in types:
        if message and message[0] == t.TYPE:
            size = len(message) - 1
            if size < t._LEAST if t is AudioPart else size != t._SIZE:
                raise WireError("message 0x%02x has %d bytes" % (t.TYPE, len(message)))
            return t.unpack(message[1:])
    raise WireError("unknown message %s" % (hex(message[0]) if message else "of no bytes"))


def unpack_up(message: bytes) -> Down | Alert | State | AudioPart:
    """What the button said. Raises WireError."""
    return _unpack(_UP, message)


def unpack_down(message: bytes) -> Hello | Ack | Feedback | Siren | AudioAck | Record | Chirp:
    """What the phone said. Raises WireError."""
    return _unpack(_DOWN, message)
