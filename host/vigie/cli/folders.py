"""Folders that a verb writes into."""

import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from vigie.errors import VigieError

_HINT = "Choose another folder with --out."


def folder(text: str) -> Path:
    """A folder as a word of the command line. An empty word would mean the present folder."""
    if not str(text).strip():
        raise VigieError("--out names no folder.", "Write its name: --out results")
    try:
        return Path(text).resolve()
    except (OSError, RuntimeError) as e:  # links that lead in a circle
        raise VigieError(f"--out {text}: {e}.", _HINT) from None


def unwritable(file: Path, error: OSError) -> VigieError:
    """The complaint about a file that cannot be written."""
    return VigieError(f"{file} cannot be written: {error.strerror}.", "Choose another file.")


def writable(path: Path) -> Path:
    """The folder, made if need be.

    Raises:
        VigieError: it cannot be made or written to.
    """
    try:
        path.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=path):
            pass
    except OSError as e:
        raise _refused(path, e) from None
    return path


@contextmanager
def workshop(out: Path) -> Generator[Path]:
    """A folder for work in progress, for this user alone and gone at the end.

    It is in `out`, or where `out` will be made, so that results can be moved there whole, and so
    that a place that cannot be written to is found before the work.

    Raises:
        VigieError: nothing can be written there.
    """
    place = next(path for path in (out, *out.resolve().parents) if path.exists())
    try:
        part = tempfile.TemporaryDirectory(dir=place, prefix=".vigie-")
    except OSError as e:
        raise _refused(out, e) from None
    with part as name:
        yield Path(name)


def _refused(path: Path, error: OSError) -> VigieError:
    return VigieError(f"Nothing can be written to {path}: {error.strerror}.", _HINT)
