"""Folders for what is kept. Nothing that exists is ever changed or deleted."""

import itertools
import re
from datetime import datetime
from pathlib import Path

_LONGEST = 120
"""Characters of a name: file systems take 255 bytes, and a number may follow."""


def of_run(now: datetime, process: int) -> str:
    """The name of a run's folder; names sort like the times of the runs."""
    return f"{now.strftime('%Y-%m-%d-%H%M%S')}-{process}"


def of_test(nodeid: str) -> str:
    """A name that every file system takes. Tests may share it: `new_folder` tells them apart."""
    name = re.sub(r"[^A-Za-z0-9_.]+", "-", nodeid)[:_LONGEST].strip("-.")
    return name or "test"


def new_folder(parent: Path, name: str) -> Path:
    """A folder of this name; with a number behind it if there is one. Raises OSError."""
    parent.mkdir(parents=True, exist_ok=True)
    for number in itertools.count(1):
        folder = parent / (name if number == 1 else f"{name}-{number}")
        try:
            folder.mkdir()
        except FileExistsError:
            continue
        return folder
    raise AssertionError
