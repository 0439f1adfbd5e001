"""A claim, and how its experiment is cut into parts that do not depend on the number of cores."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, TypeVar

from vigie.lab import parallel

PART = 2000
"""Cases in one part: each part has a seed of its own."""

_R = TypeVar("_R")


@dataclass(frozen=True, slots=True)
class Claim:
    """What was claimed, how often it was tried, and what was found."""

    name: str
    statement: str
    n: int
    found: str
    holds: bool


@dataclass(frozen=True, slots=True)
class Part:
    """Some cases of an experiment."""

    seed: str
    cases: int
    what: Any = None


def parts(name: str, seed: int, cases: int, what: Any = None) -> Iterator[Part]:
    """`cases` cases, in parts."""
    for i in range(0, cases, PART):
        yield Part(f"{name} {seed} {what} {i}", min(PART, cases - i), what)


def run(work: Callable[[Part], list[_R]], todo: list[Part]) -> list[_R]:
    """The results of all parts, on all cores."""
    return list(parallel.ordered(work, todo))
