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
    CHUNK_MOST,
    DATA,
    FINAL,
    HEADER_BYTES,
    Chunk,
    End,
    RecordingError,
    unpack,
)
from button.core.wire import AudioPart, EventId, WireError
from vigie.errors import VigieError
from vigie.phone.evidence import audio, manifest
from vigie.phone.evidence.facts import facts, lost_at_end
from vigie.phone.evidence.manifest import Manifest
from vigie.phone.evidence.stream import read
from vigie.phone.evidence.verify import CODED, RENDERINGS

TOOL = "vigie 0.1.0"
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
    trouble: str = ""
    size: int = 0
    """Bytes of its stream that are whole chunks."""


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
        self._booted: dict[bytes, datetime] = {}
        self.on_closed: Callable[[EventId, Manifest], None] = lambda recording, manifest: None
        self.on_trouble: Callable[[EventId, str], None] = lambda recording, why: None

    def met(self, boot_id: bytes, now: datetime, uptime_s: int) -> None:
        """The button said how long it has been running, so its times fit on the phone's clock.

        Without that, a recording is dated by the chunk that was quickest on its way: wrong for one
        that waited on flash.
        """
        self._booted[boot_id] = now - timedelta(seconds=uptime_s)

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
            except VigieError as e:
                self._trouble(recording, e)
                continue
            last_at = incoming.last_at
            if not incoming.chunks or incoming.described or last_at is None:
                continue
            if incoming.closed or now - last_at >= (REST_MOST if restarted else SILENT_MOST):
                self._describe(incoming)

    @property
    def all_settled(self) -> bool:
        """Whether there is a manifest for every recording."""
        streams = self._folder.glob(f"*/{manifest.STREAM}")
        return all((file.parent / manifest.FILE).exists() for file in streams)

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
        chunk = _checked(raw)
        if chunk is None or incoming.closed:
            return  # damaged on the way: it will be sent again; behind the end there is nothing
        if chunk.index != incoming.next_index or chunk.recording != incoming.recording:
            return
        file = incoming.folder / manifest.STREAM
        try:
            incoming.folder.mkdir(0o700, parents=True, exist_ok=True)
            with file.open("ab") as f:
                f.truncate(incoming.size)  # what a full disk left of an earlier try
                f.write(raw)
                f.flush()
                os.fsync(f.fileno())
        except OSError as e:
            raise VigieError(
                f"The recording cannot be kept: {e.strerror}.",
                "Make room on the disk; the button keeps it meanwhile.",
            ) from e
        incoming.size += len(raw)
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
            chunk = _checked(data[at : at + CHUNK_MOST], whole=False)
            if chunk is None:
                os.truncate(file, at)
                break
            at += len(chunk.pack())
            self._note(incoming, chunk, written_at)
        incoming.size = at
        incoming.clocks_apart_ms = None
        incoming.closed = bool(incoming.chunks) and incoming.chunks[-1].kind == FINAL
        incoming.described = (incoming.folder / manifest.FILE).exists()
        if incoming.closed and not incoming.described:
            self._describe(incoming)

    def _close(self, incoming: Incoming) -> None:
        """The last chunk has come."""
        incoming.closed = True
        self._describe(incoming)

    def _describe(self, incoming: Incoming) -> None:
        """Render, describe, and say so. What goes wrong is told, and tried again at `settle`."""
        data = [c for c in incoming.chunks if c.kind == DATA]
        rate_hz = incoming.chunks[-1].rate_hz
        folder = incoming.folder
        names = [manifest.STREAM]
        try:
            if data:  # an empty FLAC is none
                sound = audio.samples(data, lost_at_end(incoming.chunks))
                for name in RENDERINGS:
                    audio.write_pcm(sound, rate_hz, folder / name)
                audio.write_adpcm(data, rate_hz, folder / CODED)
                names += [*RENDERINGS, CODED]
            booted = self._booted.get(incoming.recording.boot_id)
            described = _describe(incoming, self._device, names, booted)
            manifest.write(described, folder)
        except (OSError, ValueError, VigieError) as e:
            self._trouble(incoming.recording, e)
            return
        incoming.described = True
        incoming.trouble = ""
        if incoming.closed:
            incoming.chunks = []  # they are on disk, and nothing follows
        self.on_closed(incoming.recording, described)

    def _trouble(self, recording: EventId, error: Exception) -> None:
        """Say it once, until it is another."""
        incoming = self._incoming.get(recording)
        if incoming is None or incoming.trouble != str(error):
            self.on_trouble(recording, str(error))
        if incoming is not None:
            incoming.trouble = str(error)


def _checked(raw: bytes, *, whole: bool = True) -> Chunk | None:
    """A chunk that can be kept and heard; None for anything else."""
    try:
        chunk = unpack(raw)
        if chunk.kind == FINAL:
            End.unpack(chunk.payload)
        else:
            audio.check(chunk)
    except (RecordingError, ValueError):
        return None
    return chunk if not whole or len(raw) == HEADER_BYTES + len(chunk.payload) else None


def _describe(
    incoming: Incoming, device: str, names: list[str], booted: datetime | None
) -> Manifest:
    raw = (incoming.folder / manifest.STREAM).read_bytes()
    found = facts(incoming.chunks, read(raw).head)
    apart_ms = incoming.clocks_apart_ms
    begun = incoming.first_at or datetime.now(UTC)
    # All of these are the latest that it can have been.
    if apart_ms is not None:
        quickest = datetime.fromtimestamp((found["button_from_ms"] + apart_ms) / 1000, UTC)
        begun = min(begun, quickest.astimezone(begun.tzinfo))
    if booted is not None:
        begun = min(begun, booted + timedelta(milliseconds=found["button_from_ms"]))
    return Manifest(
        version=manifest.VERSION,
        tool=TOOL,
        device=device,
        alert=found["recording"],
        begun_at=begun.isoformat(timespec="milliseconds"),
        received_from=_iso(incoming.first_at),
        received_until=_iso(incoming.last_at),
        clocks_apart_ms=apart_ms or 0,
        files={name: manifest.file_hash(incoming.folder / name) for name in names},
        **found,
    )


def _recording_of(folder: Path) -> EventId | None:
    """Whose recording a folder holds, by its name."""
    boot, _, number = folder.name.rpartition("-")
    try:
        return EventId(bytes.fromhex(boot), int(number))
    except (ValueError, WireError):
        return None


def _iso(at: datetime | None) -> str:
    return at.isoformat(timespec="milliseconds") if at else ""
