"""Hands and switches as data: data/hands.toml and data/switches.toml as typed models."""

import functools
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

DATA = Path(__file__).parent / "data"
Pair = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Hand:
    """How somebody presses; times in milliseconds. data/hands.toml explains each value."""

    name: str
    about: str
    press_ms: float
    gap_ms: float
    spread: float
    hold_ms: Pair
    slip_share: float = 0.0
    slip_count: tuple[int, int] = (0, 0)
    slip_ms: Pair = (0.0, 0.0)
    tremor_hz: tuple[float, float, float, float] = (0.0, 0.0, 0.0, 0.0)
    strike_share: float = 0.0
    strike_ms: Pair = (0.0, 0.0)
    strike_after: Pair = (0.0, 0.0)
    chatter_share: float = 0.0
    chatter_count: tuple[int, int] = (0, 0)
    chatter_ms: Pair = (0.0, 0.0)


@dataclass(frozen=True, slots=True)
class Bounce:
    """How long a contact bounces after an edge: usually less than this, rarely more."""

    usual_ms: float
    rare_ms: float
    rare_share: float


@dataclass(frozen=True, slots=True)
class Switch:
    """How a contact bounces; see data/switches.toml."""

    name: str
    about: str
    flutter_ms: float
    close: Bounce
    open: Bounce


@functools.cache
def hands() -> dict[str, Hand]:
    """The hands there are, by name."""
    return {name: Hand(name=name, **_tuples(table)) for name, table in _load("hands").items()}


@functools.cache
def switches() -> dict[str, Switch]:
    """The switches there are, by name."""
    made: dict[str, Switch] = {}
    for name, table in _load("switches").items():
        close, open_ = Bounce(**table.pop("close")), Bounce(**table.pop("open"))
        made[name] = Switch(name=name, close=close, open=open_, **table)
    return made


def _load(name: str) -> dict[str, dict[str, Any]]:
    return tomllib.loads((DATA / f"{name}.toml").read_text(encoding="utf-8"))


def _tuples(table: dict[str, Any]) -> dict[str, Any]:
    # What TOML holds is only known where it is used.
    return {k: tuple(v) if isinstance(v, list) else v for k, v in table.items()}  # type: ignore[arg-type]
