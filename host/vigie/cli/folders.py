"""Folders that a verb writes into."""

import os
from pathlib import Path

from vigie.errors import VigieError


def unwritable(file: Path, error: OSError) -> VigieError:
    """The complaint about a file that cannot be written."""
    return VigieError(f"{file} cannot be written: {error.strerror}.", "Choose another file.")


def writable(folder: Path) -> Path:
    """The folder, made if need be.

    Raises:
        VigieError: it cannot be made or written to.
    """
    hint = "Choose another folder with --out."
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as e:
        raise VigieError(f"The folder {folder} cannot be made: {e.strerror}.", hint) from None
    if not os.access(folder, os.W_OK | os.X_OK):
        raise VigieError(f"The folder {folder} cannot be written to.", hint)
    return folder
