"""`vigie demo`: the main job, told as it happens."""

import shutil
import tempfile
import time
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn

from vigie.boards import spec
from vigie.boards.deploy import Step
from vigie.boards.firmware import device_files
from vigie.cli.folders import writable
from vigie.demo import report, script, story, timeline
from vigie.demo.narrate import Narrator
from vigie.errors import VigieError
from vigie.paths import DEMO, OUT
from vigie.phone.contacts import load_contacts
from vigie.phone.outbox_export import export_jsonl
from vigie.phone.track import load_track
from vigie.virtual import micropython
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
    seed: Annotated[int, typer.Option(help="Same seed, same bytes.")] = 1,
    out: Annotated[
        Path, typer.Option(help="Folder for report and pictures.", show_default="out/demo")
    ] = OUT / "demo",
    as_json: Annotated[bool, typer.Option("--json", help="Print the report only.")] = False,
) -> None:
    """Play the whole story on a virtual board: a click reaches five contacts.

    Example: `vigie demo --seed 7 --out /tmp/demo`
    """
    began_s = time.monotonic()
    screen = Console(highlight=False, quiet=as_json)
    book = load_contacts(contacts)
    track = load_track(gpx)
    acts = script.standard(seed) if trace is None else script.recorded(trace)
    board_spec = spec.load("virtual")
    micropython.find()
    writable(out)
    # Written apart and moved at the end: a story that is broken off leaves nothing half-written.
    with tempfile.TemporaryDirectory(dir=out.parent, prefix=".demo-") as part:
        folder = Path(part)
        with open_world(seed) as world:
            board = _deploy(world, board_spec, folder / "board", screen)
            told = story.prepare(world, board, folder, book, track, acts)
            narrator = Narrator(told, screen)
            try:
                narrator.begin()
                world.run(story.play(told))
                narrator.end()
                result = folder / "result"
                result.mkdir()
                _write(told, result, began_s)
            finally:
                told.phone.close()
        _move(result, out)
    if as_json:
        print((out / "report.json").read_text(encoding="utf-8"), end="")
    _say_where(screen, out)


def _deploy(world: World, board_spec: spec.BoardSpec, home: Path, screen: Console) -> VirtualBoard:
    files = device_files(board_spec)
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
    report.write(told, folder, time.monotonic() - began_s)


def _move(result: Path, out: Path) -> None:
    try:
        for path in sorted(result.iterdir()):
            target = out / path.name
            if target.is_dir():
                shutil.rmtree(target)
            path.replace(target)
    except OSError as e:
        raise VigieError(f"The results cannot be moved to {out}: {e.strerror}.",
                         "Choose another folder with --out.") from None  # fmt: skip


def _say_where(screen: Console, out: Path) -> None:
    screen.print()
    if out.is_relative_to(Path.cwd()):
        out = out.relative_to(Path.cwd())
    for name, what in (
        ("report.json", "times of every step, every message"),
        ("timeline.png", "the story as a picture"),
        ("outbox.jsonl", "the phone's outbox"),
        ("hci/", "Bluetooth packets, for Wireshark"),
        ("board.log", "what the button said on its console"),
    ):
        screen.print(f"  {out / name}  {what}", soft_wrap=True)
