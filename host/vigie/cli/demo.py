"""`vigie demo`: the main job, told as it happens."""

import sys
import time
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import BarColumn, Progress, TextColumn

from vigie.boards import spec
from vigie.boards.deploy import Step
from vigie.boards.firmware import device_files
from vigie.cli import results
from vigie.cli.folders import folder, workshop
from vigie.cli.screen import Screen
from vigie.demo import recordings, report, script, story, timeline
from vigie.demo.narrate import Narrator
from vigie.paths import DEMO, OUT
from vigie.phone.contacts import load_contacts
from vigie.phone.outbox_export import export_jsonl
from vigie.phone.track import load_track
from vigie.virtual import micropython
from vigie.virtual.acoustics import sounds
from vigie.virtual.board import VirtualBoard
from vigie.virtual.prepare import deploy_to
from vigie.virtual.world import World, open_world


def command(
    trace: Annotated[
        Path | None, typer.Option(help="Presses to play instead: a trace file, JSON Lines.")
    ] = None,
    gpx: Annotated[
        Path,
        typer.Option(
            help="The walk: where the phone is.", show_default="demo/korita-zbevnica.gpx"
        ),
    ] = DEMO / "korita-zbevnica.gpx",
    contacts: Annotated[
        Path, typer.Option(help="Who gets the messages.", show_default="demo/contacts.toml")
    ] = DEMO / "contacts.toml",
    room: Annotated[
        Path,
        typer.Option(
            help="What is said in the room: WAV, FLAC or OGG.", show_default="demo/jfk-16k.flac"
        ),
    ] = DEMO / "jfk-16k.flac",
    seed: Annotated[int, typer.Option(help="Same seed, same bytes.")] = 1,
    out: Annotated[
        Path,
        typer.Option(
            help="Folder for report and pictures.",
            parser=folder,
            metavar="<path>",
            show_default="out/demo",
        ),
    ] = OUT / "demo",
    as_json: Annotated[bool, typer.Option("--json", help="Print the report only.")] = False,
) -> None:
    """Play the whole story on a virtual board: a click reaches five contacts.

    Example: `vigie demo --seed 7 --out /tmp/demo`
    """
    began_s = time.monotonic()
    screen = Screen(quiet=as_json)
    book = load_contacts(contacts)
    track = load_track(gpx)
    speech = sounds.read(room)
    acts = script.standard(seed, speech.seconds) if trace is None else script.recorded(trace)
    board_spec = spec.load("virtual")
    micropython.find()
    results.check(out)
    # Made apart and moved at the end: a story that is broken off leaves nothing behind.
    with workshop(out) as part:
        made = part / "results"
        made.mkdir()
        with open_world(seed) as world:
            board = _deploy(world, board_spec, part / "board", screen)
            told = story.prepare(world, board, part, book, track, acts, speech)
            narrator = Narrator(told, screen)
            try:
                narrator.begin()
                world.run(story.play(told))
                narrator.end()
                _write(told, made, began_s)
            finally:
                told.phone.close()
        results.publish(made, out)
    if as_json:
        sys.stdout.buffer.write((out / "report.json").read_bytes())  # JSON is UTF-8 everywhere
    _say_where(screen, out)


def _deploy(world: World, board_spec: spec.BoardSpec, home: Path, screen: Screen) -> VirtualBoard:
    files = device_files(board_spec, micropython.architecture())
    with Progress(
        TextColumn("Deploying the firmware with mpremote  "),
        BarColumn(),
        TextColumn("{task.description}"),
        console=screen,
    ) as progress:
        task = progress.add_task("", total=sum(map(len, files.values())))

        def show(step: Step) -> None:
            progress.update(task, completed=step.done, total=step.total, description=step.name)

        return deploy_to(world, board_spec, home, files, show)


def _write(told: story.Story, folder: Path, began_s: float) -> None:
    app = told.phone.app
    assert app is not None
    export_jsonl(app.outbox, folder / "outbox.jsonl")
    (folder / "board.log").write_text(told.board.console.text, encoding="utf-8")
    told.world.hci_log.save(folder / "hci")
    timeline.draw(told, folder / "timeline.png")
    checked = recordings.keep(told, folder / "evidence")
    if (siren := recordings.siren(told)) is not None:
        sounds.write(siren, folder / "siren.wav")
    report.write(told, checked, folder, time.monotonic() - began_s)


def _say_where(screen: Screen, out: Path) -> None:
    screen.print()
    if out.is_relative_to(Path.cwd()):
        out = out.relative_to(Path.cwd())
    for name, what in results.FILES.items():
        if not (out / name).exists():
            continue  # a story without a recording or without the siren
        screen.print(f"  {out / name}  {what}", soft_wrap=True, markup=False)
