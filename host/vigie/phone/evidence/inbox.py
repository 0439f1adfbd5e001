"""Takes recordings in as they come: parts to chunks, chunks to disk, and only then the word.

One folder a recording. The stream is kept as received; when its last chunk has come, renderings
and manifest are made. What is on disk is the truth: after a crash the stream is read again.

The last chunk of a button that was destroyed never comes. What there is of its recording is
described too, as cut off; if more comes after all, it is described again.
"""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from button.core.recording import (
    BEFORE_PRESS,
    CHUNK_MOST,
    DATA,
    END_NAMES,
    FINAL,
    Chunk,
    End,
    RecordingError,
    unpack,
)
from button.core.wire import AudioPart, EventId, WireError
from vigie.errors import VigieError
from vigie.phone.evidence import audio, manifest
from vigie.phone.evidence.manifest import Gap, Manifest
from vigie.phone.evidence.stream import read
from vigie.phone.evidence.verify import CODED, RENDERINGS

TOOL = "vigie 0.1.0"
CUT_OFF = "cut off"
"""How a recording ended whose last chunk has not come."""
SILENT_MOST = timedelta(minutes=10)
"""A recording that nothing is heard of for so long is described as it is. The button may come back
and bring the rest: it keeps it."""
REST_MOST = timedelta(seconds=30)
"""The same once the button is here and was restarted: what it kept, it sends at once."""


@dataclass(slots=True)
class Incoming:
    """A recording that is coming in."""

    recording: EventId
    folder: Path
    next_index: int = 0
    buffer: bytearray = field(default_factory=bytearray)
    chunks: list[Chunk] = field(default_factory=lambda: [])
    first_at: datetime | None = None
    last_at: datetime | None = None
    clocks_apart_ms: int | None = None
    closed: bool = False
    described: bool = False


class Inbox:
    """All recordings of one phone.

    Args:
        folder: where their folders are made.
        device: what names the button in the manifest.
    """

    def __init__(self, folder: Path, device: str = "Vigie button"):
        self._folder = folder
        self._device = device
        self._incoming: dict[EventId, Incoming] = {}
        self.on_closed: Callable[[EventId, Manifest], None] = lambda recording, manifest: None

    def take(self, part: AudioPart, now: datetime) -> int | None:
        """A part has come: the number up to which all is on disk, to be told, or None.

        Raises:
            VigieError: the disk does not take it; nothing is told then.
        """
        incoming = self._of(part.recording)
        if part.index != incoming.next_index:
            # Sent again, or ahead of one that was lost: say where we are.
            return incoming.next_index if part.offset == 0 else None
        if part.total > CHUNK_MOST or part.offset != len(incoming.buffer):
            if part.offset != 0:
                incoming.buffer.clear()
                return None
            incoming.buffer.clear()
        incoming.buffer += part.data
        if len(incoming.buffer) < part.total:
            return None
        raw = bytes(incoming.buffer)
        incoming.buffer.clear()
        self._keep(incoming, raw, now)
        return incoming.next_index

    def settle(self, now: datetime, boot_id: bytes | None) -> None:
        """Describe recordings whose end does not come.

        Args:
            now: date and time.
            boot_id: of the button that is connected; None if none is.
        """
        for folder in sorted(p.parent for p in self._folder.glob(f"*/{manifest.STREAM}")):
            recording = _recording_of(folder)
            if recording is None or (folder / manifest.FILE).exists():
                continue
            restarted = boot_id not in (None, recording.boot_id)
            try:
                incoming = self._of(recording)
                last_at = incoming.last_at
                if not incoming.chunks or incoming.described or last_at is None:
                    continue
                if now - last_at >= (REST_MOST if restarted else SILENT_MOST):
                    self._describe(incoming)
            except (OSError, VigieError):
                continue  # the disk is full or gone: tried again

    def closed(self) -> Iterator[tuple[EventId, Manifest]]:
        """All recordings here that are whole, by their manifests."""
        for file in sorted(self._folder.glob(f"*/{manifest.FILE}")):
            recording = _recording_of(file.parent)
            if recording is None:
                continue
            try:
                described, _ = manifest.read(file.parent)
            except VigieError:
                continue  # somebody damaged it
            yield recording, described

    def _keep(self, incoming: Incoming, raw: bytes, now: datetime) -> None:
        try:
            chunk = unpack(raw)
        except RecordingError:
            return  # it will be sent again
        if chunk.index != incoming.next_index or chunk.recording != incoming.recording:
            return
        try:
            with (incoming.folder / manifest.STREAM).open("ab") as f:
                f.write(raw)
                f.flush()
                os.fsync(f.fileno())
        except OSError as e:
            raise VigieError(
                f"The recording cannot be kept: {e.strerror}.",
                "Make room on the disk; the button keeps it meanwhile.",
            ) from e
        self._note(incoming, chunk, now)
        if incoming.described:
            (incoming.folder / manifest.FILE).unlink(missing_ok=True)
            incoming.described = False
        if chunk.kind == FINAL:
            self._close(incoming)

    def _note(self, incoming: Incoming, chunk: Chunk, now: datetime) -> None:
        incoming.chunks.append(chunk)
        incoming.next_index = chunk.index + 1
        incoming.first_at = incoming.first_at or now
        incoming.last_at = now
        if chunk.kind == DATA:
            apart_ms = round(now.timestamp() * 1000) - chunk.heard_ms
            if incoming.clocks_apart_ms is None or apart_ms < incoming.clocks_apart_ms:
                incoming.clocks_apart_ms = apart_ms  # the one that was quickest on its way

    def _of(self, recording: EventId) -> Incoming:
        if recording not in self._incoming:
            folder = self._folder / repr(recording)
            incoming = Incoming(recording, folder)
            self._incoming[recording] = incoming
            try:
                folder.mkdir(0o700, parents=True, exist_ok=True)
                self._resume(incoming)
            except OSError as e:
                del self._incoming[recording]
                raise VigieError(f"{folder} cannot hold a recording: {e.strerror}.",
                                 "Make room, or choose another folder.") from e  # fmt: skip
        return self._incoming[recording]

    def _resume(self, incoming: Incoming) -> None:
        """Read what an earlier run kept; what it did not write to its end is cut off."""
        file = incoming.folder / manifest.STREAM
        if not file.exists():
            return
        data = file.read_bytes()
        at = 0
        written_at = datetime.fromtimestamp(file.stat().st_mtime, UTC)
        while at < len(data):
            try:
                chunk = unpack(data[at : at + CHUNK_MOST])
            except RecordingError:
                os.truncate(file, at)
                break
            at += len(chunk.pack())
            self._note(incoming, chunk, written_at)
        incoming.clocks_apart_ms = None
        if incoming.chunks and incoming.chunks[-1].kind == FINAL:
            incoming.closed = (incoming.folder / manifest.FILE).exists()
            if not incoming.closed:
                self._close(incoming)
        elif incoming.chunks:
            incoming.described = (incoming.folder / manifest.FILE).exists()

    def _close(self, incoming: Incoming) -> None:
        """The last chunk has come."""
        incoming.closed = True
        self._describe(incoming)

    def _describe(self, incoming: Incoming) -> None:
        """Render, describe, and say so."""
        data = [c for c in incoming.chunks if c.kind == DATA]
        rate_hz = incoming.chunks[-1].rate_hz
        folder = incoming.folder
        names = [manifest.STREAM]
        if data:  # an empty FLAC is none
            sound = audio.samples(data)
            for name in RENDERINGS:
                audio.write_pcm(sound, rate_hz, folder / name)
            audio.write_adpcm(data, rate_hz, folder / CODED)
            names += [*RENDERINGS, CODED]
        described = _describe(incoming, data, rate_hz, self._device, names)
        manifest.write(described, folder)
        incoming.described = True
        self.on_closed(incoming.recording, described)


def _describe(
    incoming: Incoming, data: list[Chunk], rate_hz: int, device: str, names: list[str]
) -> Manifest:
    raw = (incoming.folder / manifest.STREAM).read_bytes()
    last_chunk = incoming.chunks[-1]
    end = End.unpack(last_chunk.payload) if last_chunk.kind == FINAL else None
    samples, lost = sum(c.count for c in data), sum(c.gap for c in data)
    first, last = data[0] if data else None, data[-1] if data else None
    from_ms = first.heard_ms if first else 0
    until_ms = last.heard_ms + 1000 * last.count // rate_hz if last else 0
    apart_ms = incoming.clocks_apart_ms
    begun = incoming.first_at or datetime.now(UTC)
    if apart_ms is not None:
        begun = datetime.fromtimestamp((from_ms + apart_ms) / 1000, begun.tzinfo)
    return Manifest(
        version=manifest.VERSION,
        tool=TOOL,
        device=device,
        recording=repr(incoming.recording),
        alert=repr(incoming.recording),
        begun_at=begun.isoformat(timespec="milliseconds"),
        received_from=_iso(incoming.first_at),
        received_until=_iso(incoming.last_at),
        button_from_ms=from_ms,
        button_until_ms=until_ms,
        clocks_apart_ms=apart_ms or 0,
        rate_hz=rate_hz,
        samples=end.samples if end else samples,
        lost=end.lost if end else lost,
        seconds=round(((end.samples + end.lost) if end else (samples + lost)) / rate_hz, 3),
        chunks=len(incoming.chunks),
        ended=_how_it_ended(end),
        before_press_s=round(sum(c.count for c in data if c.flags & BEFORE_PRESS) / rate_hz, 3),
        gaps=tuple(Gap(c.index, c.first_sample - c.gap, c.gap) for c in data if c.gap),
        chain_head=read(raw).head.hex(),
        files={name: manifest.file_hash(incoming.folder / name) for name in names},
    )


def _how_it_ended(end: End | None) -> str:
    if end is None:
        return CUT_OFF
    return END_NAMES[end.reason] if end.reason < len(END_NAMES) else str(end.reason)


def _recording_of(folder: Path) -> EventId | None:
    """Whose recording a folder holds, by its name."""
    boot, _, number = folder.name.rpartition("-")
    try:
        return EventId(bytes.fromhex(boot), int(number))
    except (ValueError, WireError):
        return None


def _iso(at: datetime | None) -> str:
    return at.isoformat(timespec="milliseconds") if at else ""
