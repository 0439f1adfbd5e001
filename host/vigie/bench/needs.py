"""Why a test cannot run on a bench of hardware. Pure."""

from collections.abc import Set

from vigie.bench.bench_file import BenchSpec
from vigie.bench.protocol import ABILITIES


def missing(bench: BenchSpec, needed: Set[str], asks: Set[str], *, patient: bool) -> str:
    """What the bench cannot do, in one line; nothing if it can do all.

    Args:
        bench: what there is.
        needed: abilities that the test names.
        asks: its fixtures: asking for the rig means pressing the key.
        patient: somebody waits for what takes many minutes.
    """
    able = {*bench.rig.abilities, *(["hours"] if patient else [])}
    implied = {"rig": "press", "cold_board": "power"}
    wanted = needed | {ability for name, ability in implied.items() if name in asks}
    if lacking := [name for name in ABILITIES if name in wanted - able]:
        return "this bench cannot: " + ", ".join(f"{n} ({ABILITIES[n]})" for n in lacking)
    if {"phone", "stranger"} <= asks and bench.phone.kind != "hci":
        return "this bench has one phone, not two"
    return ""


def unknown(needed: Set[str]) -> str:
    """A complaint about abilities that nothing has; nothing if all are known."""
    if strange := sorted(needed - set(ABILITIES)):
        return f"there is no ability {', '.join(strange)}; known: {', '.join(ABILITIES)}"
    return ""
