"""The board's serial port as a PTY: `mpremote connect PORT` works as on a chip.

Needs a paced world: other programs live on the wall clock.
"""

import asyncio
import errno
import os
import pty
import tty
from pathlib import Path

from vigie.errors import VigieError
from vigie.virtual.chip.console import Console

_UNREAD_MAX = 1 << 16
"""Nobody reads: a serial line loses bytes, it does not block the chip."""
_PORTS = ("/dev/pts/", "/dev/ttys")


class PtyPort:
    """Both directions between a PTY and a console."""

    def __init__(self, console: Console, link: Path | None = None):
        self._console = console
        self._loop = asyncio.get_running_loop()
        self._unread = bytearray()
        self._master, self._slave = pty.openpty()
        tty.setraw(self._slave)  # and kept open, so that clients may come and go
        os.set_blocking(self._master, False)
        self.name = self._pts = os.ttyname(self._slave)
        self._link = link
        if link:
            self._make_link(link)
        console.hear.append(self._write)
        self._loop.add_reader(self._master, self._read)

    def close(self) -> None:
        """Give the port back."""
        self._loop.remove_reader(self._master)
        self._loop.remove_writer(self._master)
        self._console.hear.remove(self._write)
        os.close(self._master)
        os.close(self._slave)
        if self._link and _target(self._link) == self._pts:
            self._link.unlink()

    def _make_link(self, link: Path) -> None:
        try:
            if link.is_symlink() and (not link.exists() or _target(link).startswith(_PORTS)):
                link.unlink()  # left behind by a board that was killed
            link.symlink_to(self.name)
        except OSError as e:
            os.close(self._master)
            os.close(self._slave)
            raise VigieError(
                f"The port cannot be linked at {link}: {e.strerror}.",
                "Choose a path that does not exist, in a folder you can write to.",
            ) from None
        self.name = str(link)

    def _read(self) -> None:
        try:
            self._console.type(os.read(self._master, 4096))
        except OSError as e:
            if e.errno != errno.EIO:
                raise

    def _write(self, data: bytes) -> None:
        self._unread += data
        del self._unread[:-_UNREAD_MAX]
        self._flush()

    def _flush(self) -> None:
        try:
            while self._unread:
                del self._unread[: os.write(self._master, self._unread)]
        except BlockingIOError:
            self._loop.add_writer(self._master, self._flush)
        else:
            self._loop.remove_writer(self._master)


def _target(link: Path) -> str:
    """Where a link leads, or nothing if it is none."""
    return str(link.readlink()) if link.is_symlink() else ""
