"""Recordings as evidence: check that nothing in one was changed, moved, added or cut off."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from vigie.cli.folders import unwritable
from vigie.errors import VigieError
from vigie.phone.evidence import report
from vigie.phone.evidence.verify import verify as verify_folder


def verify(
    folder: Annotated[Path, typer.Argument(help="The folder of one recording.")],
    fingerprint: Annotated[
        str, typer.Option(help="What a message to a contact said of it: 8f2a-31c4-...")
    ] = "",
    as_json: Annotated[bool, typer.Option("--json", help="For programs.")] = False,
) -> None:
    """Check a recording, and write report.txt and report.png into its folder.

    Exit code 1 if anything is wrong, gaps that the button itself tells of among it.

    Example: `vigie evidence verify out/demo/evidence/eb325bcdb449a064-2`
    """
    if not folder.is_dir():
        raise VigieError(f"{folder} is no folder.", "Name the folder of one recording.")
    verdict = verify_folder(folder, fingerprint)
    try:
        page = report.write(verdict, folder)
    except OSError as e:
        raise unwritable(folder / report.TEXT, e) from None
    if as_json:
        flaws = [{"kind": f.kind.value, "where": f.where, "what": f.what} for f in verdict.flaws]
        print(json.dumps({"sound": verdict.is_sound, "flaws": flaws,
                          "manifest": asdict(verdict.manifest)}))  # fmt: skip
    else:
        print(page, end="")
    if not verdict.is_sound:
        raise typer.Exit(1)


COMMANDS = {"verify": verify}
