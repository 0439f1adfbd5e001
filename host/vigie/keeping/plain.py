"""Events of a phone as JSON, and in a few words."""

import dataclasses
import json
from typing import Any, cast

from vigie.phone.events import Event

_DEEPEST = 4


def as_json(event: Event) -> str:
    """One line."""
    fields = _fields(event)
    t_s = round(fields.pop("t_s"), 6)
    told = {name: plain(value) for name, value in fields.items()}
    return json.dumps({"t_s": t_s, "event": type(event).__name__, **told})


def plain(value: object, depth: int = 0) -> Any:
    """What JSON can say of a value; what has no better form is said by its repr."""
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, bytes | bytearray):
        return bytes(value).hex()
    if depth < _DEEPEST:
        if isinstance(value, list | tuple):
            return [plain(item, depth + 1) for item in cast(tuple[object, ...], value)]
        if fields := _fields(value):
            return {name: plain(item, depth + 1) for name, item in fields.items()}
    return repr(value)


def _fields(value: object) -> dict[str, Any]:
    if dataclasses.is_dataclass(value):
        return {field.name: getattr(value, field.name) for field in dataclasses.fields(value)}
    # Messages of the wire are plain classes; one that has a repr of its own is best told by that.
    return vars(value) if type(value).__repr__ is object.__repr__ else {}


def in_words(event: Event) -> str:
    """What it is, of which alert, and why."""
    fields = _fields(event)
    words = [type(event).__name__]
    for holder in (event, *fields.values()):
        event_id = getattr(holder, "event_id", None) or getattr(holder, "recording", None)
        if event_id is not None:
            words.append(f"#{event_id.seq}")
            break
    if why := fields.get("why"):
        words.append(str(why))
    return " ".join(words)
