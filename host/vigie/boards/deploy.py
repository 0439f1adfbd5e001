"""Puts the firmware onto a device through mpremote's transport: only what differs, then checked.

Each file is written beside its old version and renamed, so a cut never leaves half a file. The
firmware's own package is exactly what the project has afterwards: stale files in it are removed.
"""

import contextlib
import hashlib
import io
import struct
from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass
from typing import Any

from mpremote.transport import TransportError
from mpremote.transport_serial import SerialTransport

from vigie.boards.mpy import architecture
from vigie.errors import VigieError

PACKAGE = "button"
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
"""


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


def deploy(
    transport: SerialTransport,
    files: Mapping[str, bytes],
    progress: Callable[[Step], None] = lambda step: None,
    *,
    starts_with: bytes = b"",
) -> Deployed:
    """Make the device hold these files, and start them: `put` and `start`."""
    done = put(transport, files, progress)
    start(transport, starts_with)
    return done


def machine_code(transport: SerialTransport) -> str:
    """The machine code that the device runs (`boards.mpy`); stops what runs there.

    Raises:
        VigieError: the device does not answer.
    """
    with _explained(transport):
        with contextlib.redirect_stdout(io.StringIO()):
            transport.enter_raw_repl()
        transport.exec("import sys")
        mpy: int = transport.eval("getattr(sys.implementation, '_mpy', 0)")
    return architecture(mpy)


def put(
    transport: SerialTransport,
    files: Mapping[str, bytes],
    progress: Callable[[Step], None] = lambda step: None,
) -> Deployed:
    """Stop what runs on the device, and make it hold these files.

    Args:
        transport: an open connection to the device's console.
        files: all files by their name on the device.
        progress: told before each file and at the end.

    Raises:
        VigieError: the device does not answer, or did not keep what it was given.
    """
    with _explained(transport):
        with contextlib.redirect_stdout(io.StringIO()):  # mpremote prints what it did not expect
            transport.enter_raw_repl()
        done = _synchronize(transport, files, progress)
        _check(transport, files)
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
    with _explained(transport):
        transport.serial.write(b"\x04")  # soft reset: main.py runs
        _wait(transport, starts_with)


@contextlib.contextmanager
def _explained(transport: SerialTransport) -> Generator[None]:
    try:
        yield
    except (TransportError, OSError, struct.error) as e:  # the last when a reply is cut short
        raise VigieError(
            f"The device at {transport.device_name} stopped answering: {e}",
            "Check the cable, close other programs that use the port, then deploy again: until "
            "then the button is NOT running.",
        ) from e


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
    transport: SerialTransport, files: Mapping[str, bytes], progress: Callable[[Step], None]
) -> Deployed:
    transport.exec(_SURVEY)
    there = _survey(transport, files)
    wanted = {name: hashlib.sha256(data).digest() for name, data in files.items()}
    changed = [name for name in files if there.get(name) != wanted[name]]
    stale = [name for name in there if name not in files and name.startswith(PACKAGE + "/")]
    total = sum(len(files[name]) for name in changed)
    done = 0
    for name in changed:
        progress(Step(name, done, total))
        _write(transport, name, files[name], is_new=name not in there)
        done += len(files[name])
    for name in stale:
        transport.exec(f"os.remove({name!r})")
    progress(Step("", total, total))
    return Deployed(changed, [n for n in files if n not in changed], stale)


def _survey(transport: SerialTransport, files: Mapping[str, bytes]) -> dict[str, bytes]:
    answer: Any = transport.eval(f"_survey({PACKAGE!r}, {list(files)!r})")
    return dict(answer)


def _write(transport: SerialTransport, name: str, data: bytes, *, is_new: bool) -> None:
    if is_new:  # nothing to protect, and fewer commits keep the directory quick to read
        transport.exec(f"_folder({name!r})")
        transport.fs_writefile(name, data, chunk_size=_CHUNK)
    else:
        transport.fs_writefile(name + ".new", data, chunk_size=_CHUNK)
        transport.exec(f"os.rename({name + '.new'!r}, {name!r})")


def _check(transport: SerialTransport, files: Mapping[str, bytes]) -> None:
    there = _survey(transport, files)
    for name, data in files.items():
        if there.get(name) != hashlib.sha256(data).digest():
            raise VigieError(
                f"The device's flash did not keep {name} as it was written.",
                "Deploy again; if it happens again, erase the flash or use another device.",
            )
