"""Finds the MicroPython that runs the firmware, or fetches one into the checkout."""

import functools
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from vigie.boards import mpy
from vigie.errors import VigieError
from vigie.paths import CACHE

OLDEST = (1, 25)
"""The firmware and the shims stay inside what this version has."""
VARIABLE = "VIGIE_MICROPYTHON"
_HOW = (
    f"Build it from source (github.com/micropython/micropython, ports/unix), or `brew install "
    f"micropython` on macOS, then put it on PATH or set {VARIABLE} to it."
)
_CHECK = "import sys, vfs, asyncio; vfs.VfsLfs2; print(sys.implementation[1])"
_PRIVATE = CACHE / "micropython"
Command = tuple[str, ...]


class _Unusable(Exception):
    """This one cannot run the virtual board; the text says why."""


def _check(command: Command) -> str:
    """Its version. Raises _Unusable."""
    try:
        answer = subprocess.run(
            [*command, "-X", "heapsize=256k", "-c", _CHECK],
            capture_output=True,
            text=True,
            timeout=20,
            env={},
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as e:
        raise _Unusable(f"it does not start ({e})") from None
    found = re.match(r"\((\d+), (\d+), (\d+)", answer.stdout)
    if answer.returncode or not found:
        last = (answer.stderr or answer.stdout).strip().splitlines()[-1:] or ["no output"]
        raise _Unusable(f"it is no MicroPython with littlefs and asyncio ({last[0]})")
    version = tuple(int(n) for n in found.groups())
    if version[:2] < OLDEST:
        raise _Unusable(f"it is version {'.'.join(map(str, version))}, too old")
    return ".".join(map(str, version))


@functools.cache
def find() -> Command:
    """A MicroPython that can run the virtual board: $VIGIE_MICROPYTHON, PATH, or a private copy.

    Returns:
        The words that start it.

    Raises:
        VigieError: there is none and none can be fetched.
    """
    if named := os.environ.get(VARIABLE):
        try:
            _check((named,))
        except _Unusable as e:
            raise VigieError(f"{VARIABLE} names {named}, but {e}.", _HOW) from None
        return (named,)
    reasons: list[str] = []
    for command in ((shutil.which("micropython") or "",), _private()):
        if Path(command[0]).is_file():
            try:
                _check(command)
            except _Unusable as e:
                reasons.append(f"{command[0]}: {e}")
            else:
                return command
    _fetch(reasons)
    try:
        _check(_private())
    except _Unusable as e:
        raise VigieError(f"The fetched MicroPython cannot be used: {e}.", _HOW) from None
    return _private()


@functools.cache
def version() -> str:
    """Version of the one that `find` finds."""
    return _check(find())


@functools.cache
def architecture() -> str:
    """The machine code that it runs (`vigie.boards.mpy`)."""
    code = "import sys; print(getattr(sys.implementation, '_mpy', 0))"
    answer = subprocess.run(
        [*find(), "-c", code], capture_output=True, text=True, env={}, check=True
    )
    return mpy.architecture(int(answer.stdout))


def _private() -> Command:
    """The private copy is started through its own loader: it needs nothing of this machine."""
    loader, lib, program = (str(_PRIVATE / n) for n in ("ld.so", "lib", "micropython"))
    return (loader, "--library-path", lib, program)


def _fetch(reasons: list[str]) -> None:
    """Put the distribution's package, and the libraries it needs, into .cache."""
    no = "".join(f"\n  ({r})" for r in reasons)
    for tool in ("apt-get", "apt-cache", "dpkg"):
        if not shutil.which(tool):
            raise VigieError(
                f"There is no usable `micropython` here, and no {tool} to fetch one.{no}", _HOW
            )
    print("setup: fetching MicroPython into .cache (some seconds, once) ...", file=sys.stderr)
    CACHE.mkdir(exist_ok=True)
    part = _PRIVATE.with_suffix(".part")
    shutil.rmtree(part, ignore_errors=True)
    try:
        with tempfile.TemporaryDirectory(dir=CACHE) as folder:
            _unpack(_Apt(Path(folder)).download(), part)
    except _Unusable as e:
        raise VigieError(f"apt could not fetch MicroPython: {e}{no}", _HOW) from None
    shutil.rmtree(_PRIVATE, ignore_errors=True)
    part.rename(_PRIVATE)


def _unpack(packages: list[Path], to: Path) -> None:
    """Take the program, its loader and its libraries out of the packages."""
    root = packages[0].parent / "root"
    for package in packages:
        _run("dpkg", "-x", str(package), str(root))
    loaders = [p for p in sorted((root / "usr" / "lib").rglob("ld-linux*.so.*")) if p.is_file()]
    programs = list((root / "usr" / "bin").glob("micropython"))
    if not loaders or not programs:
        raise _Unusable("the packages do not hold the program and its loader")
    (to / "lib").mkdir(parents=True)
    for library in loaders[0].parent.glob("*.so*"):
        shutil.copy(library, to / "lib")
    shutil.copy(loaders[0], to / "ld.so")
    shutil.copy(programs[0], to / "micropython")


def _run(*command: str, cwd: Path | None = None) -> str:
    answer = subprocess.run(command, capture_output=True, text=True, cwd=cwd, check=False)
    if answer.returncode:
        last = answer.stderr.strip().splitlines()[-1:] or ["no message"]
        raise _Unusable(f"`{command[0]}` failed: {last[0]}")
    return answer.stdout


class _Apt:
    """Apt with lists and a cache of its own: it needs no root and leaves the machine as it is."""

    def __init__(self, folder: Path):
        self._folder = folder
        self._options: list[str] = []

    def download(self) -> list[Path]:
        """The package and what it depends on, as files."""
        if not self._machine_has_it():
            self._use_debian_stable()
        names = self._apt(
            "apt-cache", "depends", "--recurse", "--no-recommends", "--no-suggests",
            "--no-conflicts", "--no-breaks", "--no-replaces", "--no-enhances", "micropython",
        )  # fmt: skip
        packages = [n for n in names.split("\n") if re.fullmatch(r"[a-z0-9][a-z0-9.+-]*", n)]
        self._apt("apt-get", "download", *packages)
        return sorted(self._folder.glob("*.deb"))

    def _machine_has_it(self) -> bool:
        found = re.search(r"Candidate: (\d+)\.(\d+)", _run("apt-cache", "policy", "micropython"))
        return bool(found) and tuple(int(n) for n in found.groups()) >= OLDEST

    def _use_debian_stable(self) -> None:
        """Ask the mirror this machine uses anyway for the suite that has the package."""
        targets = _run("apt-get", "indextargets", "--format", "$(LABEL) $(REPO_URI)")
        mirrors = [line.split(" ", 1)[1] for line in targets.split("\n") if line[:7] == "Debian "]
        if not mirrors:
            raise _Unusable("the machine's apt settings name no Debian mirror")
        keys = Path("/usr/share/keyrings/debian-archive-keyring.gpg")
        signed = f"[signed-by={keys}] " if keys.exists() else ""
        sources = self._folder / "sources.list"
        sources.write_text(f"deb {signed}{mirrors[0]} trixie main\n")
        for folder in ("lists", "archives"):
            (self._folder / folder / "partial").mkdir(parents=True)
        self._options = [
            f"Dir::Etc::sourcelist={sources}",
            "Dir::Etc::sourceparts=-",
            f"Dir::State::lists={self._folder / 'lists'}",
            f"Dir::Cache={self._folder}",
            "Debug::NoLocking=1",
        ]
        self._apt("apt-get", "update")

    def _apt(self, tool: str, *words: str) -> str:
        options = [word for option in self._options for word in ("-o", option)]
        return _run(tool, *options, *words, cwd=self._folder)
