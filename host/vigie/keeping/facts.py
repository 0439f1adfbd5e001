"""On what a test ran, in words for people and for JUnit XML."""

from collections.abc import Mapping

from vigie.bench.bench_file import BenchSpec
from vigie.bench.ports import BY_NUMBER
from vigie.boards.spec import BoardSpec

VIRTUAL = "virtual"


def facts(bench: BenchSpec | None, board: BoardSpec, seed: int) -> Mapping[str, str]:
    """By name. Ports by their kind alone: where they are changes from day to day."""
    return {
        "board": board.name,
        "port": _kind(bench.port) if bench else VIRTUAL,
        "rig": bench.rig.kind if bench else VIRTUAL,
        "phone": bench.phone.kind if bench else VIRTUAL,
        "seed": str(seed),
    }


def _kind(port: str) -> str:
    if port.startswith(BY_NUMBER):
        return "adapter by its number"
    scheme, separator, _ = port.partition("://")
    return scheme if separator else "path"
