"""Puts the firmware onto a device through mpremote's transport: only what differs, then checked.

A deploy that is cut at any moment, by the cable or by the power, leaves a device that starts: with
the old firmware or with the new, never with a mixture.

1. What differs is written beside, into the folder `next`, and compared there.
2. One rename makes the list `next/commit` of what to move where and what to remove. Before that
   moment the device is as it was; from then on it has the new firmware:
3. `finish` in firmware/boot.py does what the list says. It is done here at once, and at the next
   start if this is cut short; every step can be repeated.

One file alone needs no list, and a device without main.py starts nothing: it gets that file last.
The firmware's own package is exactly what the project has afterwards: stale files are removed.
"""

import ast
import functools
import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from mpremote.transport_serial import SerialTransport

from vigie.boards.device import explained, stop_program
from vigie.errors import VigieError
from vigie.paths import FIRMWARE

PACKAGE = "button"
BOOT = "boot.py"
"""It finishes what was cut short."""
MAIN = "main.py"
STARTED = b"ready after reset"
"""What the button says when it runs."""
_START_WITHIN_S = 10
_CHUNK = 512
_SURVEY = """
import hashlib, os
def _hash(p):
    h = hashlib.sha256()
    with open(p, "rb") as f:
        while True:
            b = f.read(512)
            if not b:
                break
            h.update(b)
    return h.digest()
def _walk(d):
    for e in os.ilistdir(d):
        p = d + "/" + e[0] if d else e[0]
        if e[1] & 0x4000:
            yield from _walk(p)
        else:
            yield p
def _survey(package, names):
    have = []
    try:
        if package:
            have = list(_walk(package))
    except OSError:
        pass
    for n in names:
        if n not in have:
            have.append(n)
    out = []
    for p in have:
        try:
            out.append((p, _hash(p)))
        except OSError:
            pass
    return out
def _folder(p):
    i = p.find("/")
    while i > 0:
        try:
            os.mkdir(p[:i])
        except OSError:
            pass
        i = p.find("/", i + 1)
def _clear(d):
    try:
        for e in list(os.ilistdir(d)):
            os.remove(d + "/" + e[0])
    except OSError:
        pass
"""
_NEXT = "next"
_COMMIT = f"{_NEXT}/commit"


@dataclass(frozen=True, slots=True)
class Deployed:
    """What a deployment did, by file names."""

    written: list[str]
    unchanged: list[str]
    removed: list[str]


@dataclass(frozen=True, slots=True)
class Step:
    """Progress: a file is being written."""

    name: str
    done: int
    total: int


Progress = Callable[[Step], None]


def deploy(
    transport: SerialTransport,
    files: Mapping[str, bytes],
    progress: Progress = lambda step: None,
    *,
    starts_with: bytes = b"",
) -> Deployed:
    """Make the device hold these files, and start them: `put` and `start`."""
    done = put(transport, files, progress)
    start(transport, starts_with)
    return done


def put(
    transport: SerialTransport,
    files: Mapping[str, bytes],
    progress: Progress = lambda step: None,
    *,
    has_main: bool = False,
) -> Deployed:
    """Stop what runs on the device, and make it hold these files.

    Args:
        transport: an open connection to the device's console.
        files: all files by their name on the device.
        progress: told before each file and at the end.
        has_main: its image has a main.py inside, which starts without one on flash.

    Raises:
        VigieError: the device does not answer, or did not keep what it was given.
    """
    with explained(transport):
        stop_program(transport)
        transport.exec(_SURVEY + _finish_source())
        transport.exec("finish()")  # a deploy that was cut short
        done = _synchronize(transport, files, progress, has_main)
        _check(transport, {name: name for name in files}, files)
        transport.exit_raw_repl()
    return done


def start(transport: SerialTransport, starts_with: bytes = b"") -> None:
    """Start what `put` has put there.

    Args:
        transport: the same connection.
        starts_with: what the program says on the console once it runs; wait for that.

    Raises:
        VigieError: the device does not answer, or the program does not start.
    """
    with explained(transport):
        transport.serial.write(b"\x04")  # soft reset: main.py runs
        _wait(transport, starts_with)


def _wait(transport: SerialTransport, starts_with: bytes) -> None:
    if not starts_with:
        return
    said = transport.read_until(1, starts_with, timeout_overall=_START_WITHIN_S)
    if not said.endswith(starts_with):
        text = said.decode(errors="replace").strip()
        raise VigieError(
            f"The files are on the device, but the program does not start. It says:\n{text}",
            "Mend what it complains about, then deploy again.",
        )


def _synchronize(
    transport: SerialTransport, files: Mapping[str, bytes], progress: Progress, has_main: bool
) -> Deployed:
    there = _survey(transport, PACKAGE, [*files, MAIN])
    wanted = {name: hashlib.sha256(data).digest() for name, data in files.items()}
    changed = [name for name in files if there.get(name) != wanted[name]]
    stale = [name for name in there if name not in files and name.startswith(PACKAGE + "/")]
    for name in changed:
        transport.exec(f"_folder({name!r})")
    writer = _Writer(transport, files, changed, progress)
    if not (MAIN in there or has_main):
        for name in sorted(changed, key=lambda name: name == MAIN):
            writer.write(name, name)
        for name in stale:
            transport.exec(f"os.remove({name!r})")
    elif len(changed) + len(stale) == 1:
        for name in changed:
            writer.replace(name)
        for name in stale:
            transport.exec(f"os.remove({name!r})")
    elif changed or stale:
        _switch(transport, files, changed, stale, writer)
    writer.finished()
    return Deployed(changed, [n for n in files if n not in changed], stale)


class _Writer:
    """Writes files and tells how far it is."""

    def __init__(
        self,
        transport: SerialTransport,
        files: Mapping[str, bytes],
        changed: list[str],
        progress: Progress,
    ):
        self._transport = transport
        self._files = files
        self._progress = progress
        self._total = sum(len(files[name]) for name in changed)
        self._done = 0

    def write(self, name: str, place: str) -> None:
        self._progress(Step(name, self._done, self._total))
        self._transport.fs_writefile(place, self._files[name], chunk_size=_CHUNK)
        self._done += len(self._files[name])

    def replace(self, name: str) -> None:
        self.write(name, f"{name}.new")
        self._transport.exec(f"os.rename({name + '.new'!r}, {name!r})")

    def finished(self) -> None:
        self._progress(Step("", self._total, self._total))


def _switch(
    transport: SerialTransport,
    files: Mapping[str, bytes],
    changed: list[str],
    stale: list[str],
    writer: _Writer,
) -> None:
    if BOOT in changed:  # it does the rest, and any version of it goes with any firmware
        writer.replace(BOOT)
    transport.exec(f"_folder({_NEXT + '/'!r})\n_clear({_NEXT!r})")
    places = {f"{_NEXT}/{i}": name for i, name in enumerate(n for n in changed if n != BOOT)}
    for place, name in places.items():
        writer.write(name, place)
    _check(transport, places, files)
    orders = [f"{place} {name}\n" for place, name in places.items()]
    orders += [f"- {name}\n" for name in stale]
    transport.fs_writefile(f"{_COMMIT}.new", "".join(orders).encode(), chunk_size=_CHUNK)
    transport.exec(f"os.rename({_COMMIT + '.new'!r}, {_COMMIT!r})")
    transport.exec("finish()")


@functools.cache
def _finish_source() -> str:
    """`finish` as boot.py has it: one source for whoever finishes a deploy."""
    text = (FIRMWARE / BOOT).read_text()
    for node in ast.parse(text).body:
        if isinstance(node, ast.FunctionDef) and node.name == "finish":
            return (ast.get_source_segment(text, node) or "") + "\n"
    raise AssertionError(f"{BOOT} has no finish")


def _survey(transport: SerialTransport, package: str, names: list[str]) -> dict[str, bytes]:
    answer: Any = transport.eval(f"_survey({package!r}, {names!r})")
    return dict(answer)


def _check(
    transport: SerialTransport, places: Mapping[str, str], files: Mapping[str, bytes]
) -> None:
    """Compare what is in these places with the files that belong there."""
    there = _survey(transport, "", list(places)) if places else {}
    for place, name in places.items():
        if there.get(place) != hashlib.sha256(files[name]).digest():
            raise VigieError(
                f"The device's flash did not keep {name} as it was written.",
                "Deploy again; if it happens again, erase the flash or use another device.",
            )
