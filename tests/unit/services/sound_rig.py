"""Recorder, shelf and courier of a button, and a phone's inbox, with flash and air in memory."""

from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from button.core.recording import BLOCK_BYTES, BLOCK_SAMPLES
from button.core.ring import Ring
from button.core.wire import AudioPart, EventId
from button.services.courier import Courier
from button.services.recorder import Recorder
from button.services.shelf import Shelf
from vigie.phone.evidence.inbox import Inbox

NOON = datetime(2026, 3, 14, 12, 0, tzinfo=UTC)
RESERVE = 65536
BLOCK_MS = 256
STEP_MS = 16


class Flash:
    """Files in memory; `fail(operation, name)` may raise before each."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}
        self.fail: Callable[[str, str], None] = lambda operation, name: None
        self.free = 1 << 20
        self.writes = 0

    def names(self, prefix: str) -> list[str]:
        return [n for n in self.files if n.startswith(prefix)]

    def sweep(self, prefix: str) -> None:
        pass

    def read_at(self, name: str, offset: int, buffer: bytearray) -> int:
        self.fail("read", name)
        data = self.files[name][offset : offset + len(buffer)]
        buffer[: len(data)] = data
        return len(data)

    def free_bytes(self) -> int:
        return self.free - sum(map(len, self.files.values()))

    def appending(self, name: str, pieces: Iterable[bytes]) -> Iterator[None]:
        self.writes += 1
        data = b""
        try:
            for piece in pieces:
                self.fail("append", name)
                data += bytes(piece)
                yield
        finally:  # closing a file keeps what was written into it
            self.files[name] = self.files[name] + data

    def replace(self, name: str, pieces: Iterable[bytes]) -> None:
        self.fail("replace", name)
        self.files[name] = b"".join(bytes(piece) for piece in pieces)

    def remove(self, name: str) -> None:
        self.fail("remove", name)
        del self.files[name]


class Ear:
    """The capture: `hear` is its work."""

    wanted = False

    def want(self, wanted: bool) -> None:
        self.wanted = wanted

    def cut(self) -> None:
        pass

    def take_gap(self) -> int:
        return 0


class Button:
    """What of a button records. Time passes in `run`."""

    def __init__(self, folder: Path, *, blocks: int = 12, preroll: int = 0, quota: int = 1 << 20):
        self.ms = 1000
        self.flash = Flash()
        self.ring = Ring(blocks)
        self.ear = Ear()
        self.log: list[str] = []
        self.failed: list[bool] = []
        self.sent: list[AudioPart] = []
        self.ready, self.connection, self.room = True, 1, 240
        self.waiting = False
        self.shelf = Shelf(self.flash, self.log.append, quota, RESERVE)
        self.recorder = Recorder(self.ear, self.ring, self.shelf, self, self.log.append, 16000,
                                 preroll, self.failed.append)  # fmt: skip
        self.courier = Courier(self.shelf, self.recorder, self, self, self, self.log.append)
        self._position = 0
        self.phone(folder)

    def phone(self, folder: Path) -> None:
        """This phone is there, on a new connection."""
        self.connection += 1
        self.inbox = Inbox(folder)
        self.inbox.on_closed = lambda recording, manifest: self.closed.append(recording)
        self.closed: list[EventId] = []

    # --- the clock and the link

    def now_ms(self) -> int:
        return self.ms

    def send(self, message: AudioPart) -> bool:
        self.sent.append(message)
        return True

    # --- what happens

    def hear(self, blocks: int = 1) -> None:
        for _ in range(blocks):
            at = self.ring.begin(self._position, self.ms, 0)
            self._position += BLOCK_SAMPLES
            if at is not None:
                self.ring.memory[at : at + BLOCK_BYTES] = bytes(BLOCK_BYTES)
                self.ring.close(BLOCK_SAMPLES)

    def deliver(self, *, answers: bool = True) -> None:
        sent, self.sent = self.sent, []
        now = NOON + timedelta(milliseconds=self.ms)
        for part in sent:
            count = self.inbox.take(AudioPart.unpack(part.pack()[1:]), now)
            if count is not None and answers:
                self.courier.acknowledged(part.recording, count)

    def run(self, seconds: float, *, phone: bool = True) -> None:
        for _ in range(round(seconds * 1000 / STEP_MS)):
            self.ms += STEP_MS
            if self.ear.wanted and self.ms % BLOCK_MS < STEP_MS:
                self.hear()
            for _ in range(3):
                self.recorder.step()
            if phone:
                for _ in range(3):
                    self.courier.step()
                    self.deliver()

    def settle(self) -> None:
        """The recorder goes on until it waits for something."""
        for _ in range(200):
            wait_ms = self.recorder.step()
            if wait_ms is None or wait_ms > 0:
                return
        raise AssertionError("it never rests")
