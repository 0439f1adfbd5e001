"""Why a test cannot run on a bench of hardware. Pure."""

from collections.abc import Set

from vigie.bench.bench_file import BenchSpec
from vigie.bench.protocol import ABILITIES, OF_HARDWARE
from vigie.boards.spec import BoardSpec


def of_virtual(board: BoardSpec) -> frozenset[str]:
    """What a virtual bench can do: all but physics, if the board has the parts."""
    return frozenset(ABILITIES) - OF_HARDWARE - (set() if board.microphone else {"microphone"})


def of_hardware(bench: BenchSpec, board: BoardSpec, *, patient: bool) -> frozenset[str]:
    """What a bench of hardware can do; `patient` if somebody waits for many minutes."""
    also = {
        "microphone": board.microphone is not None,
        "hours": patient,
        "hardware": True,
        # The virtual board's key has no contact: any rig will do to try the code.
        "key contact": bench.rig.kind == "hand" or board.name == "virtual",
        "listen": bench.microphone is not None,
        "loudspeaker": bool(bench.loudspeaker),
        "current": bench.meter is not None,
        "person": bench.person or bench.rig.kind == "hand",
    }
    return bench.rig.abilities | {name for name, able in also.items() if able}


def missing(able: Set[str], needed: Set[str], asks: Set[str]) -> str:
    """What a bench cannot do, in one line; nothing if it can do all.

    Args:
        able: its abilities.
        needed: those that the test names.
        asks: the test's fixtures: asking for the rig means pressing the key.
    """
    implied = {"rig": "press", "cold_board": "power"}
    wanted = needed | {ability for name, ability in implied.items() if name in asks}
    if lacking := [name for name in ABILITIES if name in wanted - able]:
        return "this bench cannot: " + ", ".join(f"{n} ({ABILITIES[n]})" for n in lacking)
    return ""


def unknown(needed: Set[str]) -> str:
    """A complaint about abilities that nothing has; nothing if all are known."""
    if strange := sorted(needed - set(ABILITIES)):
        return f"there is no ability {', '.join(strange)}; known: {', '.join(ABILITIES)}"
    return ""
