"""Has a rig do what is typed: lines of standard input, read on the event loop.

Reading never blocks the loop and never changes the mode of the input, which other programs share.
"""

import asyncio
import io
import os
import random
import stat
import sys
from collections.abc import Callable, Sequence
from typing import TextIO

from vigie.bench import key_commands
from vigie.bench.key_commands import Command, Gesture, Help, Level, Play, Press, Wait
from vigie.bench.protocol import Rig
from vigie.errors import VigieError
from vigie.lab import traces
from vigie.lab.traces import Edge

LINE_MAX = 4096
"""Bytes of a command: a path may be so long."""
BETWEEN_RECORDINGS_S = 3.2
"""Sooner than 3 s after an alert, the next would be raised a level."""
_LATER_S = 0.5
"""How often it looks whether it may read again."""
_COMMANDS_MOST = 1000
"""More commands wait outside until these are done."""


def typed_input(stream: TextIO | None) -> int | None:
    """The descriptor of an input on which somebody can type: a terminal or a pipe, else None.

    None also if it is closed: its number may by then be that of something else.
    """
    try:
        fd = stream.fileno() if stream and not stream.closed else None
        mode = os.fstat(fd).st_mode if fd is not None else 0
    except (OSError, io.UnsupportedOperation):
        return None
    piped = stat.S_ISFIFO(mode) or stat.S_ISSOCK(mode)
    return fd if fd is not None and (piped or os.isatty(fd)) else None


class KeyConsole:
    """Reads commands from a descriptor until it ends, and has a rig do them one after the other.

    Args:
        fd: from `typed_input`.
        rig: whose key.
        say: told in one line what was done or why not.
    """

    def __init__(self, fd: int, rig: Rig, say: Callable[[str], None]):
        self._fd = fd
        self._rig = rig
        self._say = say
        self._rng = random.Random("typed")
        self._loop = asyncio.get_running_loop()
        self._part = bytearray()
        self._commands: asyncio.Queue[Command] = asyncio.Queue()
        self._work = self._loop.create_task(self._perform())
        self._later: asyncio.TimerHandle | None = None
        self._loop.add_reader(fd, self._read)

    def close(self) -> None:
        """Read and do nothing more."""
        self._stop_reading()
        self._work.cancel()

    def _stop_reading(self) -> None:
        self._loop.remove_reader(self._fd)
        if self._later:
            self._later.cancel()

    def _read(self) -> None:
        if self._in_background() or self._commands.qsize() > _COMMANDS_MOST:
            self._loop.remove_reader(self._fd)
            self._later = self._loop.call_later(
                _LATER_S, self._loop.add_reader, self._fd, self._read
            )
            return
        try:
            data = os.read(self._fd, LINE_MAX)
        except OSError:  # the terminal is gone
            data = b""
        if not data:
            self._stop_reading()
            data = b"\n"  # the last line may lack its end
        self._part += data
        while (end := self._part.find(b"\n")) >= 0:
            line = self._part[:end].decode(errors="replace")
            del self._part[: end + 1]
            self._take(line)
        if len(self._part) > LINE_MAX:
            self._say("This line is too long for a command.")
            self._part.clear()

    def _in_background(self) -> bool:
        """Whether what is typed is for another program; reading it would stop this process."""
        try:
            return os.isatty(self._fd) and os.tcgetpgrp(self._fd) != os.getpgrp()
        except OSError:
            return False

    def _take(self, line: str) -> None:
        try:
            if command := key_commands.parse(line):
                self._commands.put_nowait(command)
        except VigieError as e:
            self._say(_one_line(e))

    async def _perform(self) -> None:
        while True:
            command = await self._commands.get()
            try:
                await self._do(command)
            except VigieError as e:
                self._say(_one_line(e))

    async def _do(self, command: Command) -> None:
        match command:
            case Help():
                self._say(key_commands.HELP)
            case Wait(ms):
                await asyncio.sleep(ms / 1000)
            case Level(pressed):
                self._rig.set_key(pressed)
                self._say("the key is closed" if pressed else "the key is open")
            case Press():
                await self._play("press", key_commands.edges(command, self._rng))
            case Gesture(label, hand, switch):
                name = f"{label}, {hand.name} on {switch.name}"
                await self._play(name, key_commands.edges(command, self._rng))
            case Play(file):
                if not file.is_file():  # anything else could keep the loop waiting
                    raise VigieError(f"There is no file {file}.", "Type: play FILE.")
                for trace in traces.read(file):
                    await self._play(trace.label or trace.id, trace.edges)
                    await asyncio.sleep(BETWEEN_RECORDINGS_S)
                    self._rig.set_key(0)

    async def _play(self, name: str, edges: Sequence[Edge]) -> None:
        length_s = self._rig.play(edges)
        await asyncio.sleep(length_s)
        self._say(f"{name}: {len(edges)} edges in {length_s * 1000:.0f} ms")


def _one_line(error: VigieError) -> str:
    return " ".join(f"{error.what} {error.hint}".split())


def say_on_stderr(text: str) -> None:
    """Standard output holds the port alone, for programs."""
    print(text, file=sys.stderr, flush=True)
