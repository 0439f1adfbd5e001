"""Pictures and solids that take other programs: WireViz with Graphviz, OpenSCAD.

What is made carries the fingerprint of what it was made from, so that a test can tell whether it
is fresh without any of these programs.
"""

import hashlib
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from vigie.errors import VigieError
from vigie.hardware import case, stl

_MARK = "<!-- made from "
_CAMERAS = {"exploded": "17,17,-1,62,0,32,215", "closed": "-2,17,6,48,0,-28,168"}
"""Where the pictures of the case are taken from: centre, angles, distance, for OpenSCAD."""


def fingerprint(*sources: Path) -> str:
    """Of the content of some files."""
    digest = hashlib.sha256()
    for file in sources:
        digest.update(file.name.encode() + b"\0" + file.read_bytes() + b"\0")
    return digest.hexdigest()[:16]


def draw_wiring(source: Path) -> Path:
    """The picture of a file of wires, beside it.

    Raises:
        VigieError: WireViz or Graphviz is not there, or refuses the file.
    """
    beside = Path(sys.executable).with_name("wireviz")
    _need("dot", "On Debian and Ubuntu: apt install graphviz.")
    program = str(beside) if beside.exists() else "wireviz"
    _need(program, "Into .venv: .venv/bin/pip install wireviz.")
    picture = source.with_suffix(".svg")
    with tempfile.TemporaryDirectory() as folder:
        _run([program, "-f", "s", "-o", folder, str(source)])
        svg = (Path(folder) / picture.name).read_text(encoding="utf-8")
    picture.write_text(f"{svg.rstrip()}\n{_MARK}{fingerprint(source)} -->\n", encoding="utf-8")
    return picture


def is_fresh_wiring(source: Path) -> bool:
    """Whether the picture beside a file of wires was made from it as it is now."""
    picture = source.with_suffix(".svg")
    mark = f"{_MARK}{fingerprint(source)} -->"
    return picture.exists() and mark in picture.read_text(encoding="utf-8")


def build_case() -> list[Path]:
    """The solids and the picture of the case.

    Raises:
        VigieError: OpenSCAD or a display for it is not there, or it refuses the model.
    """
    _need("openscad", "On Debian and Ubuntu: apt install openscad xvfb.")
    _need("xvfb-run", "OpenSCAD draws only with a display. apt install xvfb xauth.")
    mark = fingerprint(*case.SOURCES)
    files: list[Path] = []
    with tempfile.TemporaryDirectory() as folder:
        for piece, file in case.STL.items():
            raw = Path(folder) / "raw.stl"
            _run(["openscad", "-o", str(raw), "-D", f'piece="{piece}"', str(case.MODEL)])
            triangles = stl.read_text(raw.read_text(encoding="ascii"))
            file.write_bytes(stl.as_binary(triangles, mark))
            files.append(file)
    options = ["--imgsize", "1200,900", "--projection", "p", "--colorscheme", "Tomorrow"]
    for piece, picture in case.PICTURES.items():
        view = ["--camera", _CAMERAS[piece], "-D", f'piece="{piece}"']
        out = ["-o", str(picture)]
        _run(["xvfb-run", "-a", "openscad", *out, *options, *view, str(case.MODEL)])
        files.append(picture)
    return files


def _need(program: str, hint: str) -> None:
    if shutil.which(program) is None:
        raise VigieError(f"There is no program named '{Path(program).name}' here.", hint)


def _run(words: Sequence[str]) -> None:
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        said = (done.stderr or done.stdout).strip().splitlines()
        raise VigieError(
            f"{Path(words[0]).name} failed: {said[-1] if said else done.returncode}",
            "Run it by hand: " + " ".join(words),
        )
