"""hardware/power.md: how long a button lasts, how it charges, how loud it is."""

from vigie.hardware.markdown import GENERATED, table
from vigie.hardware.power import Board, Budget, Cell, allowed_min, level_db

_GUARD = (
    ("awake_ma", "stock image: radio always awake"),
    ("modem_sleep_ma", "image with modem sleep"),
    ("light_sleep_ma", "light sleep, which MicroPython cannot do today"),
)
_DISTANCES_M = (0.02, 0.1, 1.0, 5.0)


def page(budget: Budget) -> str:
    """The whole page."""
    return "\n".join(
        [
            "# Power, charging, loudness",
            "",
            GENERATED.format(source="power.toml and bom.toml"),
            "**No number on this page was measured on a Vigie.** They are computed from figures "
            "that others found, on other boards and programs; the sources are below. What to "
            "measure first is at the end.",
            "",
            *_guard(budget),
            *_standby(budget),
            *_charging(budget),
            *_loudness(budget),
            *_figures(budget),
            "## Never measured",
            *table(("what", "how to"), [(u.what, u.how) for u in budget.unmeasured]),
            "",
        ]
    )


def _guard(budget: Budget) -> list[str]:
    alert = budget.alert
    lines = [
        "## Guard: awake and connected",
        f"Hours until only one alert is left in the cell: {alert.mah:.0f} mAh, for "
        f"{alert.recording_min:g} minutes of recording at {alert.recording_ma:g} mA and "
        f"{alert.siren_min:g} minutes of siren at {alert.siren_ma:g} mA. Of the printed capacity "
        f"{budget.usable:.0%} are counted.",
        "",
    ]
    for state, title in _GUARD:
        rows = [
            (
                b.name,
                *(_range(*budget.guard_h(c, b.draws[state]), "h") for c in budget.cells),
            )
            for b in budget.boards
        ]
        lines += [f"**{title}**", "", *table(("", *map(_cell, budget.cells)), rows, 1), ""]
    return [
        *lines,
        "A stock MicroPython leaves the radio of these chips awake all the time, so the first "
        "table is what you get without an image of your own. Modem sleep is one option when the "
        "image is built: `CONFIG_BT_CTRL_MODEM_SLEEP=y` with `_MODE_1` and "
        "`CONFIG_BT_CTRL_LPCLK_SEL_MAIN_XTAL=y` (ESP32-C3, -S3), `CONFIG_BT_LE_SLEEP_ENABLE=y` "
        "(-C6). Nobody has measured MicroPython with it.",
        "",
        *_too_small(budget),
    ]


def _too_small(budget: Budget) -> list[str]:
    awake = max(b.draws["awake_ma"].most_ma for b in budget.boards)
    lines: list[str] = []
    for cell in budget.cells:
        may = cell.capacity_mah * cell.discharge_c
        if may < awake:
            lines += [
                f"**Not a {cell.name}**: it may give {may:g} mA and the radio alone takes "
                f"{awake:g} mA.",
                "",
            ]
    return lines


def _standby(budget: Budget) -> list[str]:
    rows = [
        (
            b.name,
            *(_range(*budget.standby_months(c, b), "months") for c in budget.cells),
        )
        for b in budget.boards
    ]
    return [
        "## Standby: deep sleep until a press",
        f"The board, and {budget.sleepers_ua:.0f} µA for the parts around it; a cell loses "
        f"{budget.self_discharge:.0%} of its capacity a month by itself. **The firmware does not "
        "sleep deeply yet**: this is what the parts would allow.",
        "",
        *table(("", *map(_cell, budget.cells)), rows, 1),
        "",
    ]


def _charging(budget: Budget) -> list[str]:
    rows = [
        (
            f"{b.name}, {b.charge_ma:g} mA",
            *(_verdict(b, c) for c in budget.cells),
        )
        for b in budget.boards
    ]
    return [
        "## Charging",
        "A cell takes half its capacity an hour (0.5 C) gently, its capacity (1 C) at the most. "
        "The current is fixed on each board.",
        "",
        *table(("", *map(_cell, budget.cells)), rows, 1),
        "",
    ]


def _verdict(board: Board, cell: Cell) -> str:
    rate = board.charge_ma / cell.capacity_mah
    word = "gentle" if rate <= 0.5 else "fast" if rate <= 1 else "**dangerous**"
    return f"{rate:.2g} C, {word}"


def _loudness(budget: Budget) -> list[str]:
    rows = [(s.name, *(f"{level_db(s, d):.0f} dB" for d in _DISTANCES_M)) for s in budget.sounders]
    at_ear = [level_db(budget.sounders[0], d) for d in _DISTANCES_M[:2]]
    return [
        "## How loud",
        "What fits into the case is a voice raised at one metre, not an alarm that fills a "
        "street: sellers print the level at 10 cm, and each doubling of the distance takes 6 dB. "
        "The phone must shout too. In the open and without the case:",
        "",
        *table(("", *(f"at {d:g} m" for d in _DISTANCES_M)), rows, 1),
        "",
        f"Not against an ear: of the first, {at_ear[0]:.0f} dB at 2 cm are safe for "
        f"{allowed_min(at_ear[0]):.0f} minutes a day, {at_ear[1]:.0f} dB at 10 cm for "
        f"{allowed_min(at_ear[1]) / 60:.1f} hours (NIOSH: eight hours of 85 dB, half for 3 dB "
        "more).",
        "",
    ]


def _figures(budget: Budget) -> list[str]:
    rows = [
        (
            b.name,
            state.rsplit("_", 1)[0].replace("_", " "),
            _draw(d.least_ma, d.most_ma),
            d.source,
            d.how,
        )
        for b in budget.boards
        for state, d in b.draws.items()
    ]
    return [
        "## Figures and their sources",
        *table(("board", "state", "current", "source", "how"), rows),
        "",
        *table(
            ("asleep", "µA", "source"),
            [(s.name, f"{s.ua:.1f}", s.source) for s in budget.sleepers],
        ),
        "",
        *table(
            ("cell", "may give (assumed)", "source of the capacity"),
            [(_cell(c), f"{c.capacity_mah * c.discharge_c:g} mA", c.source) for c in budget.cells],
        ),
        "",
        *table(
            ("sounder", "level", "source"),
            [(s.name, f"{s.db:g} dB at {s.at_m:g} m", s.source) for s in budget.sounders],
        ),
        "",
    ]


def _draw(least_ma: float, most_ma: float) -> str:
    if most_ma < 1:
        return _range(least_ma * 1000, most_ma * 1000, "µA")
    return _range(least_ma, most_ma, "mA")


def _cell(cell: Cell) -> str:
    return f"{cell.name}, {cell.capacity_mah:g} mAh"


def _range(least: float, most: float, unit: str) -> str:
    first, last = f"{least:.3g}", f"{most:.3g}"
    if least < 100:
        first, last = f"{least:.2g}", f"{most:.2g}"
    if first == last:
        return f"{first} {unit}"
    return f"{first} - {last} {unit}"
