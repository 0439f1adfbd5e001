"""Non-volatile storage: small entries, each old or new after a power cut, kept by commit."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import cast

from vigie.errors import VigieError
from vigie.virtual.chip.part import Calls, Ending, Part

NOT_FOUND = -0x1102
TYPE_MISMATCH = -0x1103
NOT_ENOUGH_SPACE = -0x1105
INVALID_NAME = -0x1106
KEY_TOO_LONG = -0x1109
KEY_MAX = 15
ENTRIES_MAX = 5 * 126
"""24 KiB are six pages of 126 entries of 32 bytes, and one page must stay free."""

Value = int | bytes


def _entries(value: Value) -> int:
    return 1 if isinstance(value, int) else 2 + -(-len(value) // 32)


class Nvs(Part):
    """Namespaces of keys in a file beside the flash image.

    Every entry that a commit writes is one operation: `cut_at` lets the power fail before that
    one, so an earlier entry of the same commit is new and a later one old.
    """

    def __init__(self, file: Path):
        self._file = file
        self._kept = _load(file) if file.exists() else {}
        self._changes: dict[str, Value | None] = {}
        self.operations = 0
        self.cut_at: int | None = None
        self.power_failed: Callable[[], None] = lambda: None

    def calls(self) -> Calls:
        """See Part."""
        return {
            "nvs.set": self._set,
            "nvs.get": self._get,
            "nvs.erase": self._erase,
            "nvs.commit": self._commit,
        }

    def stopped(self, ending: Ending) -> None:
        """What was not committed is not promised, so it is gone."""
        self._changes.clear()

    def _name(self, namespace: str, key: str) -> str:
        if not key:
            raise OSError(INVALID_NAME, "empty key")
        if len(key) > KEY_MAX:
            raise OSError(KEY_TOO_LONG, "key too long")
        return f"{namespace}/{key}"

    def _look(self, name: str) -> Value | None:
        return self._changes[name] if name in self._changes else self._kept.get(name)

    def _set(self, namespace: str, key: str, value: Value) -> None:
        name = self._name(namespace, key)
        after = {**self._kept, **self._changes, name: value}
        if sum(_entries(v) for v in after.values() if v is not None) > ENTRIES_MAX:
            raise OSError(NOT_ENOUGH_SPACE, "storage full")
        self._changes[name] = value

    def _get(self, namespace: str, key: str, number: bool) -> Value:
        value = self._look(self._name(namespace, key))
        if value is None or isinstance(value, int) is not number:
            raise OSError(NOT_FOUND, "no such entry")
        return value

    def _erase(self, namespace: str, key: str) -> None:
        name = self._name(namespace, key)
        if self._look(name) is None:
            raise OSError(NOT_FOUND, "no such entry")
        self._changes[name] = None

    def _commit(self, namespace: str) -> None:
        prefix = namespace + "/"
        for name in [n for n in self._changes if n.startswith(prefix)]:
            self.operations += 1
            if self.operations == self.cut_at:
                self.power_failed()
                return
            value = self._changes.pop(name)
            if value is None:
                self._kept.pop(name, None)
            else:
                self._kept[name] = value
            self._write()

    def _write(self) -> None:
        raw = {k: v if isinstance(v, int) else v.hex() for k, v in sorted(self._kept.items())}
        part = self._file.with_suffix(".part")
        part.write_text(json.dumps(raw))
        part.replace(self._file)


def _load(file: Path) -> dict[str, Value]:
    try:
        raw: object = json.loads(file.read_text())
        # Whether it is pairs at all shows here: TypeError.
        entries = cast(dict[str, int | str], dict(raw))  # type: ignore[call-overload]
        return {k: v if isinstance(v, int) else bytes.fromhex(v) for k, v in entries.items()}
    except (OSError, ValueError, TypeError) as e:
        raise VigieError(
            f"{file} does not hold the board's non-volatile storage: {e}.",
            "Remove it, and the board begins with none.",
        ) from None
