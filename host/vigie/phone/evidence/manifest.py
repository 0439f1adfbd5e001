"""What is written down beside a recording: where it comes from, times by both clocks, hashes.

A JSON file whose last field is the SHA-256 of all the others, in one fixed way of writing them, so
that a change of the description shows as well.
"""

import hashlib
import json
import math
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from vigie.errors import VigieError

FILE = "manifest.json"
STREAM = "stream.vig"
VERSION = 1
_SEAL = "sha256_of_this"


@dataclass(frozen=True, slots=True)
class Gap:
    """Samples that the button lost: before which chunk, at which sample, and how many."""

    chunk: int
    at_sample: int
    samples: int


@dataclass(frozen=True, slots=True)
class Manifest:
    """A recording, described.

    Wall times are ISO 8601 with their offset; milliseconds of the button count from its boot.

    begun_is_latest: begun_at follows from the delivery alone, for the phone never met the button
        in that boot: the recording may have waited, and have begun before.
    """

    version: int
    tool: str
    device: str
    recording: str
    alert: str | None
    begun_at: str
    begun_is_latest: bool
    received_from: str
    received_until: str
    button_from_ms: int
    button_until_ms: int
    clocks_apart_ms: int
    rate_hz: int
    samples: int
    lost: int
    seconds: float
    chunks: int
    ended: str
    before_press_s: float
    gaps: tuple[Gap, ...]
    chain_head: str
    files: dict[str, str]

    @property
    def fingerprint(self) -> str:
        """The first characters of the chain's head, as they are told in a message."""
        return spoken(self.chain_head)


def spoken(chain_head: str) -> str:
    """A fingerprint that can be read out: 64 bits in groups of four."""
    return "-".join(chain_head[i : i + 4] for i in range(0, 16, 4))


def write(manifest: Manifest, folder: Path) -> None:
    """Write manifest.json; it is there whole or not at all."""
    fields = asdict(manifest)
    fields[_SEAL] = _seal(fields)
    part = folder / (FILE + ".part")
    part.write_text(json.dumps(fields, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    part.replace(folder / FILE)


def read(folder: Path) -> tuple[Manifest, bool]:
    """The manifest of a folder, and whether it is as it was written.

    Raises:
        VigieError: there is none, or it is no manifest.
    """
    file = folder / FILE
    try:
        fields: Any = json.loads(file.read_text(encoding="utf-8"))
    except OSError as e:
        raise VigieError(f"{file} cannot be read: {e.strerror}.",
                         "Name the folder of one recording.") from None  # fmt: skip
    except ValueError as e:
        raise VigieError(f"{file} is no manifest: {e}.", "It has been damaged.") from None
    try:
        seal = fields.pop(_SEAL)
        told: dict[str, Any] = dict(fields)
        told["gaps"] = tuple(Gap(**gap) for gap in fields["gaps"])
        manifest = Manifest(**told)
        _check_types(manifest)
    except (TypeError, KeyError, AttributeError) as e:
        raise VigieError(f"{file} is no manifest: {e!r}.", "It has been damaged.") from None
    return manifest, seal == _seal(fields)


def _check_types(manifest: Manifest) -> None:
    """Raise TypeError if a field holds what it cannot."""
    fields = asdict(manifest)
    gaps, files = fields.pop("gaps"), fields.pop("files")
    numbers = [n for gap in gaps for n in gap.values()]
    for name, value in fields.items():
        kind = Manifest.__annotations__[name]
        if not isinstance(value, (int, float) if kind is float else kind):
            raise TypeError(f"{name} is {value!r}")
        if kind is float and not math.isfinite(value):
            raise TypeError(f"{name} is {value!r}")
    if not all(isinstance(n, int) for n in numbers) or not all(
        isinstance(text, str) for pair in files.items() for text in pair
    ):
        raise TypeError("gaps or files")


def iso(at: datetime | None) -> str:
    """A wall time as it is written here; empty if it is not known."""
    return at.isoformat(timespec="milliseconds") if at else ""


def file_hash(file: Path) -> str:
    """SHA-256 of a file."""
    with file.open("rb") as f:
        return hashlib.file_digest(f, "sha256").hexdigest()


def _seal(fields: dict[str, Any]) -> str:
    text = json.dumps(fields, sort_keys=True, ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
