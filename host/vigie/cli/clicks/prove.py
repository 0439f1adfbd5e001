"""`vigie clicks prove`: every claim about click timing, tried."""

import json
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.status import Status

from vigie.errors import VigieError
from vigie.lab.proof import alarms, classes, holds, page, parity, pictures, presses, tremor
from vigie.lab.proof.claim import Claim

PRESSES = 1_000_000
CASES = 100_000
EACH_CLASS = 5000
EACH_PRICE = 4000
EACH_TREMOR = 1000
EACH_PARITY = 50


def command(
    seed: Annotated[int, typer.Option(help="Same seed, same figures.")] = 1,
    scale: Annotated[
        float, typer.Option(min=0.001, max=10, help="Fewer cases, to look quickly.")
    ] = 1.0,
    to: Annotated[
        Path | None,
        typer.Option("--page", help="Write this page and its pictures (docs/clicks.md)."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="For programs.")] = False,
) -> None:
    """Try every claim: a million presses, hands on worn switches, holds, alarms, panic, tremor.

    Exit code 1 if one fails. All of it takes some minutes on two cores.

    Example: `vigie clicks prove --scale 0.1`
    """
    screen = Console(stderr=True, highlight=False)
    trial = _Trial(seed, scale)
    claims: list[Claim] = []
    screen.print(f"Seed {seed}.")
    with screen.status("starting") as status:
        for claim in trial.run(status):
            claims.append(claim)
            mark = "[green]holds[/]" if claim.holds else "[red]FAILS[/]"
            screen.print(f"{mark}  {claim.name}, {claim.n:,} cases: ", end="")
            screen.print(claim.found, markup=False, soft_wrap=True)
    if to is not None:
        _write(trial, claims, to)
        screen.print(f"{to} is written.")
    if as_json:
        print(json.dumps({"seed": seed, "claims": [asdict(c) for c in claims]}))
    if not all(c.holds for c in claims):
        raise typer.Exit(1)


class _Trial:
    """The experiments in order, and what the page needs of them."""

    def __init__(self, seed: int, scale: float):
        self.seed = seed
        self._scale = scale
        self.rows: list[classes.Row] = []
        self.prices: list[classes.Price] = []
        self.tremor: list[tremor.Point] = []

    def run(self, status: Status) -> Iterator[Claim]:
        """Every claim. `status` shows what is being tried."""
        status.update("a million presses")
        yield from presses.claims(self.seed, self._n(PRESSES))
        status.update("hands on switches")
        names = [*classes.HANDS, "slow", "gloves", "tremor"]
        self.rows = classes.rows(self.seed, self._n(EACH_CLASS), names, classes.SWITCHES)
        yield from classes.claims(self.rows)
        status.update("what a shorter wait costs")
        self.prices = classes.prices(self.seed, self._n(EACH_PRICE))
        yield from classes.price_claims(self.prices, 2 * self._n(EACH_PRICE))
        status.update("holds that chatter")
        yield from holds.claims(self.seed, self._n(CASES))
        status.update("alarms, panic, a pocket")
        yield from alarms.claims(self.seed, self._n(CASES))
        status.update("tremor")
        self.tremor = tremor.points(self.seed, self._n(EACH_TREMOR))
        yield from tremor.claims(self.tremor, 4 * self._n(EACH_TREMOR))
        status.update("logic and whole boards")
        yield from parity.claims(self.seed, self._n(EACH_PARITY))

    def _n(self, cases: int) -> int:
        return max(1, round(cases * self._scale))


def _write(trial: _Trial, claims: list[Claim], to: Path) -> None:
    folder = to.with_suffix("")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        pictures.draw_prices(trial.prices, folder / "prices.png")
        pictures.draw_tremor(trial.tremor, folder / "tremor.png")
        made = page.text(claims, trial.rows, trial.prices, trial.seed, folder.name)
        to.write_text(made, encoding="utf-8")
    except OSError as e:
        raise VigieError(f"{to} cannot be written: {e.strerror}.",
                         "Choose another file with --page.") from None  # fmt: skip
