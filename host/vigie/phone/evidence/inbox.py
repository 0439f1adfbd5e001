"""Takes recordings in as they come: parts to chunks, chunks to disk, and only then the word.

One folder a recording. The stream is kept as received; when its last chunk has come, renderings
and manifest are made. What is on disk is the truth: after a crash the stream is read again.

The last chunk of a button that was destroyed never comes. What there is of its recording is
described too, as cut off; if more comes after all, it is described again.
"""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from button.core.recording import CHUNK_MOST, DATA, FINAL, Chunk
from button.core.wire import AudioPart, EventId
from vigie.errors import VigieError
from vigie.phone.evidence import clocks, folders, manifest
from vigie.phone.evidence.chunks import checked
from vigie.phone.evidence.clocks import Clocks
from vigie.phone.evidence.describe import describe
from vigie.phone.evidence.facts import CUT_OFF
from vigie.phone.evidence.manifest import Manifest

SILENT_MOST = timedelta(minutes=10)
"""A recording that nothing is heard of for so long is described as it is. The button may come back
and bring the rest: it keeps it."""
REST_MOST = timedelta(seconds=30)
"""The same once the button is here and was restarted: what it kept, it sends at once."""
DAMAGED = "damaged.vig"
"""A stream that could not be read to its end any more, as it was found."""


@dataclass(slots=True)
class Incoming:
    """A recording that is coming in. Its chunks are on disk only."""

    recording: EventId
    folder: Path
    next_index: int = 0
    size: int = 0
    """Bytes of its stream that are whole chunks."""
    buffer: bytearray = field(default_factory=bytearray)
    clocks: Clocks = field(default_factory=Clocks)
    kept_clocks: Clocks = field(default_factory=Clocks)
    closed: bool = False
    described: bool = False
    trouble: str = ""


class Inbox:
    """All recordings of one phone.

    Args:
        folder: where their folders are made.
        device: what names the button in the manifest.

    Attributes:
        on_closed: called with every recording that has been described.
        on_trouble: called when one cannot be described now, once for each reason.
        at_once: whether `take` and `settle` describe what is due themselves. If not, somebody
            goes through `describing()`.
    """

    def __init__(self, folder: Path, device: str = "Vigie button"):
        self._folder = folder
        self._device = device
        self._incoming: dict[EventId, Incoming] = {}
        self._due: dict[EventId, None] = {}
        self._booted: dict[bytes, datetime] = {}
        self.at_once = True
        self.on_closed: Callable[[EventId, Manifest], None] = lambda recording, manifest: None
        self.on_trouble: Callable[[EventId, str], None] = lambda recording, why: None

    def met(self, boot_id: bytes, now: datetime, uptime_s: int) -> None:
        """The button said how long it has been running: its times can be told by this clock.

        Without that, a recording is dated by the chunk that was quickest on its way, which is too
        late for one that waited on flash.
        """
        booted_at = now - timedelta(seconds=uptime_s)
        self._booted[boot_id] = min(booted_at, self._booted.get(boot_id, booted_at))
        for incoming in self._incoming.values():
            if incoming.recording.boot_id == boot_id and not incoming.closed:
                self._keep_clocks(incoming)

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
            incoming.buffer.clear()
            if part.offset != 0:
                return None
        incoming.buffer += part.data
        if len(incoming.buffer) < part.total:
            return None
        raw = bytes(incoming.buffer)
        incoming.buffer.clear()
        self._keep(incoming, raw, now)
        return incoming.next_index

    def settle(self, now: datetime, boot_id: bytes | None) -> None:
        """Describe recordings whose end does not come, and those that could not be so far.

        Args:
            now: date and time.
            boot_id: of the button that is connected; None if none is.
        """
        for recording in folders.undescribed(self._folder):
            restarted = boot_id not in (None, recording.boot_id)
            try:
                incoming = self._of(recording)
            except VigieError as e:
                self._trouble(recording, e)
                continue
            last_at = incoming.clocks.last_at
            if last_at is None or incoming.described:
                continue
            if incoming.closed or now - last_at >= (REST_MOST if restarted else SILENT_MOST):
                self._due[recording] = None
        self._describe_at_once()

    @property
    def all_settled(self) -> bool:
        """Whether there is a manifest for every recording."""
        return not any(folders.undescribed(self._folder))

    @property
    def is_due(self) -> bool:
        """Whether there is something to describe."""
        return bool(self._due)

    def describing(self) -> Iterator[None]:
        """Describe what is due, in steps of some ten milliseconds.

        Trouble with one, whatever it is, is told, and ends neither the others nor who called; it
        is tried again at the next `settle`.
        """
        while self._due:
            incoming = self._incoming[next(iter(self._due))]
            del self._due[incoming.recording]
            try:
                yield from self._describe(incoming)
            except Exception as e:
                self._trouble(incoming.recording, e)

    def closed(self) -> Iterator[tuple[EventId, Manifest]]:
        """All recordings here that are described, by their manifests."""
        for recording, folder in folders.all_with(self._folder, manifest.FILE):
            try:
                described, _ = manifest.read(folder)
            except VigieError:
                continue  # somebody damaged it
            yield recording, described

    def _keep(self, incoming: Incoming, raw: bytes, now: datetime) -> None:
        chunk = checked(raw)
        if chunk is None or len(raw) != len(chunk.pack()):
            return  # damaged on the way: it will be sent again
        if incoming.closed:
            return  # behind the end there is nothing
        if chunk.index != incoming.next_index or chunk.recording != incoming.recording:
            return
        folder = incoming.folder
        try:
            folder.mkdir(0o700, parents=True, exist_ok=True)
            with (folder / manifest.STREAM).open("ab") as f:
                f.truncate(incoming.size)  # what a full disk left of an earlier try
                f.write(raw)
                f.flush()
                os.fsync(f.fileno())
            (folder / manifest.FILE).unlink(missing_ok=True)  # it told of less
        except OSError as e:
            raise VigieError(
                f"The recording cannot be kept: {e.strerror}.",
                "Make room on the disk; the button keeps it meanwhile.",
            ) from e
        incoming.described = False
        incoming.size += len(raw)
        incoming.next_index += 1
        incoming.clocks.chunk_came(now, _heard_ms(chunk))
        self._keep_clocks(incoming)
        if chunk.kind == FINAL:
            incoming.closed = True
            self._due[incoming.recording] = None
            self._describe_at_once()

    def _of(self, recording: EventId) -> Incoming:
        if recording not in self._incoming:
            incoming = Incoming(recording, self._folder / repr(recording))
            try:
                self._resume(incoming)
            except OSError as e:
                raise VigieError(f"{incoming.folder} cannot be read: {e.strerror}.",
                                 "Look at the disk.") from e  # fmt: skip
            self._incoming[recording] = incoming
            if incoming.closed and not incoming.described:
                self._due[recording] = None
                self._describe_at_once()
        return self._incoming[recording]

    def _resume(self, incoming: Incoming) -> None:
        """Read what an earlier run kept; what it did not write to its end is cut off."""
        folder = incoming.folder
        file = folder / manifest.STREAM
        if not file.exists():
            return
        with suppress(VigieError):
            described, _ = manifest.read(folder)
            if described.ended != CUT_OFF:  # evidence is left alone
                incoming.closed = incoming.described = True
                incoming.next_index = described.chunks
                return
        data = file.read_bytes()
        written_at = datetime.fromtimestamp(file.stat().st_mtime, UTC)
        found = Clocks()
        while incoming.size < len(data) and not incoming.closed:
            chunk = checked(data[incoming.size : incoming.size + CHUNK_MOST])
            if chunk is None or chunk.index != incoming.next_index:
                break
            incoming.size += len(chunk.pack())
            incoming.next_index += 1
            found.chunk_came(written_at, _heard_ms(chunk))
            incoming.closed = chunk.kind == FINAL
        if len(data) - incoming.size >= CHUNK_MOST:  # no write that was cut short: damage
            shutil.copy2(file, folder / DAMAGED)
        if len(data) > incoming.size:
            os.truncate(file, incoming.size)
        kept = clocks.read(folder)
        incoming.clocks = kept if kept.first_at and kept.last_at else found
        incoming.kept_clocks = replace(kept)
        incoming.described = (folder / manifest.FILE).exists() and not incoming.closed

    def _keep_clocks(self, incoming: Incoming) -> None:
        """Only a help: without it a phone that starts again knows less."""
        booted_at = self._booted.get(incoming.recording.boot_id)
        if booted_at is not None:
            incoming.clocks.met(booted_at)
        if incoming.clocks.tell_more_than(incoming.kept_clocks):
            with suppress(OSError):
                clocks.write(incoming.clocks, incoming.folder)
                incoming.kept_clocks = replace(incoming.clocks)

    def _describe_at_once(self) -> None:
        if self.at_once:
            for _ in self.describing():
                pass

    def _describe(self, incoming: Incoming) -> Iterator[None]:
        """Render, describe, and say so."""
        size = incoming.size
        described = yield from describe(
            incoming.folder, size, replace(incoming.clocks), self._device
        )
        if incoming.size != size:
            return  # more has come meanwhile, and its turn with it
        manifest.write(described, incoming.folder)
        incoming.described = True
        incoming.trouble = ""
        if incoming.closed:
            (incoming.folder / clocks.FILE).unlink(missing_ok=True)
        self.on_closed(incoming.recording, described)

    def _trouble(self, recording: EventId, error: Exception) -> None:
        """Say it once, until it is another."""
        why = str(error) or repr(error)
        incoming = self._incoming.get(recording)
        if incoming is None or incoming.trouble != why:
            self.on_trouble(recording, why)
        if incoming is not None:
            incoming.trouble = why


def _heard_ms(chunk: Chunk) -> int | None:
    return chunk.heard_ms if chunk.kind == DATA else None
