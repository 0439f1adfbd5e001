"""Files on flash that are either old or new, never something between.

littlefs makes data durable when a file is closed, and renames atomically. A write can stop the
whole chip for the time of a flash erase; `blind` is told which time that was.
"""

import os

from micropython import const

_ENOENT = const(2)
_NEW = ".new"


class Store:
    """Small files in one folder. Every method may raise OSError, and MemoryError."""

    def __init__(self, folder: str, clock, blind):
        self._folder = folder
        self._clock = clock
        self._blind = blind
        try:
            os.mkdir(folder)
        except OSError:
            pass  # it is there, or the first write will say why not

    def _path(self, name):
        return self._folder + "/" + name

    def read(self, name: str, size: int, take):
        """Give a file's content to `take`, in pieces of `size`; a missing file has none."""
        try:
            f = open(self._path(name), "rb")
        except OSError as e:
            if e.errno == _ENOENT:
                return
            raise
        with f:
            while True:
                piece = f.read(size)
                if not piece:
                    return
                take(piece)

    def names(self, prefix: str):
        """The files whose names begin so."""
        found = [entry[0] for entry in os.ilistdir(self._folder)]
        return [name for name in found if name.startswith(prefix) and not name.endswith(_NEW)]

    def sweep(self, prefix: str):
        """Remove what a loss of power left of files that were being replaced."""
        for name in [entry[0] for entry in os.ilistdir(self._folder)]:
            if name.startswith(prefix) and name.endswith(_NEW):
                self.remove(name)

    def read_at(self, name: str, offset: int, buffer) -> int:
        """Fill a buffer from a place in a file; how many bytes there were."""
        with open(self._path(name), "rb") as f:
            f.seek(offset)
            return f.readinto(buffer)  # type: ignore  # the stubs do not know it

    def free_bytes(self) -> int:
        """Room on flash. Slow: littlefs counts its blocks."""
        facts = os.statvfs(self._folder)
        return facts[0] * facts[3]

    def append(self, name: str, *pieces):
        """Add to a file. On flash when this returns."""
        for _ in self.appending(name, pieces):
            pass

    def appending(self, name: str, pieces):
        """Add to a file a piece at a time: a generator. On flash when it has come to its end."""
        return self._writing(name, pieces, "ab")

    def replace(self, name: str, pieces):
        """Give a file a new content at once. On flash when this returns."""
        for _ in self._writing(name + _NEW, pieces, "wb"):
            pass
        self._timed(os.rename, self._path(name + _NEW), self._path(name))

    def remove(self, name: str):
        """Remove a file, if there is one."""
        try:
            self._timed(os.remove, self._path(name))
        except OSError as e:
            if e.errno != _ENOENT:
                raise

    def _writing(self, name, pieces, mode):
        f = self._timed(open, self._path(name), mode)
        try:
            for piece in pieces:
                self._timed(f.write, piece)
                yield
        finally:
            self._timed(f.close)

    def _timed(self, work, *args):
        start_us = self._clock.now_us()
        try:
            return work(*args)
        finally:
            self._blind(start_us, self._clock.now_us())
