"""`vigie clicks generate`: labelled presses of model hands on model switches."""

from pathlib import Path
from typing import Annotated

import typer

from vigie.cli.folders import unwritable
from vigie.errors import VigieError
from vigie.lab import corpus, models, traces
from vigie.lab.models import Hand, Switch


def command(
    out: Annotated[Path, typer.Argument(help="The trace file to write.")],
    hand: Annotated[list[str] | None, typer.Option(help="A hand; may be repeated.")] = None,
    switch: Annotated[list[str] | None, typer.Option(help="A switch; may be repeated.")] = None,
    each: Annotated[int, typer.Option(min=1, help="Recordings of each label.")] = 250,
    seed: Annotated[int, typer.Option(help="Same seed, same bytes.")] = 1,
) -> None:
    """Write recordings of every label for each pair of hand and switch.

    Hands and switches, with sources: host/vigie/lab/data/.

    Example: `vigie clicks generate presses.jsonl --hand older --switch worn_25`
    """
    hands = [_hand(name) for name in hand or ["young", "older"]]
    switches = [_switch(name) for name in switch or ["worn_25"]]
    pairs = [(h, s) for h in hands for s in switches]
    try:
        traces.write(out, corpus.mixed(pairs, each=each, seed=seed))
    except OSError as e:
        raise unwritable(out, e) from None
    print(f"{out}: {4 * each * len(pairs)} recordings of {len(pairs)} pairs of hand and switch")


def _hand(name: str) -> Hand:
    if name not in models.hands():
        raise VigieError(f"There is no hand '{name}'.", f"There are: {', '.join(models.hands())}.")
    return models.hands()[name]


def _switch(name: str) -> Switch:
    if name not in models.switches():
        known = ", ".join(models.switches())
        raise VigieError(f"There is no switch '{name}'.", f"There are: {known}.")
    return models.switches()[name]
