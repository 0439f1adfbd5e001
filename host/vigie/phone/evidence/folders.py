"""Which recordings lie in a phone's folder of evidence."""

from collections.abc import Iterator
from pathlib import Path

from button.core.wire import EventId, WireError
from vigie.phone.evidence import manifest


def all_with(folder: Path, name: str) -> Iterator[tuple[EventId, Path]]:
    """Recordings whose folders hold a file of that name, in a fixed order."""
    for file in sorted(folder.glob(f"*/{name}")):
        recording = _recording_of(file.parent)
        if recording is not None:
            yield recording, file.parent


def undescribed(folder: Path) -> Iterator[EventId]:
    """Recordings without a manifest."""
    for recording, its in all_with(folder, manifest.STREAM):
        if not (its / manifest.FILE).exists():
            yield recording


def _recording_of(folder: Path) -> EventId | None:
    """Whose recording a folder holds, by its name."""
    boot, _, number = folder.name.rpartition("-")
    try:
        recording = EventId(bytes.fromhex(boot), int(number))
    except (ValueError, WireError):
        return None
    return recording if repr(recording) == folder.name else None
