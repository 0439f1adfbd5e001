"""Results of measurements on hardware: JSON files in out/hil, one for each."""

import json
from dataclasses import asdict, is_dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from vigie.paths import ROOT

FOLDER = ROOT / "out" / "hil"


class Results:
    """Keeps what was measured, whether or not it keeps its limit.

    Args:
        folder: where; it is made.
        board: the name of the board.
    """

    def __init__(self, folder: Path, board: str):
        self.folder = folder
        self._board = board

    def keep(self, name: str, **figures: Any) -> Path:
        """Write `name`.json; an older one of the same name is replaced."""
        self.folder.mkdir(parents=True, exist_ok=True)
        when = datetime.now(UTC).isoformat(timespec="seconds")
        file = self.folder / f"{name}.json"
        facts = {"what": name, "board": self._board, "measured_at": when, **figures}
        file.write_text(json.dumps(facts, indent=1, default=_plain) + "\n", encoding="utf-8")
        return file


def _plain(value: object) -> object:
    if is_dataclass(value) and not isinstance(value, type):
        return asdict(value)
    raise TypeError(f"{value!r} cannot be written as JSON")
