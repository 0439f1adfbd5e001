"""Records the key of a board over its serial console, with a script that runs in the raw REPL."""

from collections.abc import Iterator
from pathlib import Path

from mpremote.transport import TransportError
from mpremote.transport_serial import SerialTransport

from button.core.samples import Samples
from button.core.ticks import elapsed
from vigie.boards.spec import BoardSpec
from vigie.errors import VigieError
from vigie.lab.traces import Edge, Trace

SCRIPT = Path(__file__).parent / "device" / "record.py"
PAUSE_S = 1.5
"""The key open for so long ends a recording."""
_ANSWER_S = 5
_TOO_LONG_US = 120_000_000
"""A key that has been closed for so long is stuck: nobody is recording anything."""


class Recorder:
    """Recordings of one board, one after the other. `stop` gives the board back.

    Args:
        transport: an open connection to the board's console.
        spec: where the key is.
        pause_s: the key open for so long ends a recording.

    Attributes:
        lost: edges that came too fast.
        within_s: a recording must be over so long after it was asked for, on the board's clock.
            None: somebody presses the key when it suits.
    """

    def __init__(self, transport: SerialTransport, spec: BoardSpec, pause_s: float = PAUSE_S):
        self._transport = transport
        self._release_us = spec.timing.release_ms * 1000
        self._pause_us = round(pause_s * 1e6)
        self.lost = 0
        self.within_s: float | None = None
        key = self._key = spec.key
        try:
            transport.enter_raw_repl()
            transport.exec(SCRIPT.read_text(encoding="utf-8"))
            transport.exec_raw_no_follow(
                f"record({key.pin}, {key.active_low}, {key.pull!r})".encode()
            )
            if self._line() != "recording 0":
                raise VigieError(
                    "The key is closed, or the board has no key there.",
                    "Let go of it, and check the board's name and wiring.",
                )
        except (TransportError, OSError) as e:
            raise self._silent(e) from e

    def recordings(self, label: str | None = None, prefix: str = "") -> Iterator[Trace]:
        """Recordings, as they are made; without end. Raises VigieError if the board stops."""
        for number, edges in enumerate(self._runs(), 1):
            zero_us = edges[0][0]
            moved = tuple((t_us - zero_us, level) for t_us, level in edges)
            yield Trace(f"{prefix}{number}", label, moved)

    def stop(self) -> None:
        """End the script and let the firmware start again."""
        self.halt()
        try:
            self._transport.exit_raw_repl()
            self._transport.serial.write(b"\x04")
        except (TransportError, OSError):
            pass  # it has been unplugged

    def halt(self) -> None:
        """End the script; the board waits in its raw REPL."""
        try:
            self._transport.serial.write(b"\x03")
            self._transport.read_until(1, b"\x04>", timeout=_ANSWER_S)
        except (TransportError, OSError):
            pass  # it has been unplugged

    def _runs(self) -> Iterator[list[Edge]]:
        """Edges of one recording after the other, on a clock that does not wrap."""
        samples = Samples(False, self._release_us)
        edges: list[Edge] = []
        now_us, asked_us, last_ticks = 0, 0, None
        while True:
            words = self._line().split()
            if words[:1] == ["lost"]:
                self.lost += int(words[1])
                continue
            ticks = int(words[0])
            now_us += max(0, elapsed(ticks, last_ticks)) if last_ticks is not None else 0
            last_ticks = ticks
            if words[1] != "-":
                for t_us, level in samples.sample(now_us, words[1] == "1"):
                    edges.append((t_us, int(level)))
            elif edges and self._is_over(edges[-1], now_us):
                yield edges
                edges, asked_us = [], now_us
            elif self.within_s is not None and now_us - asked_us > self.within_s * 1e6:
                raise self._unseen(bool(edges))

    def _is_over(self, last: Edge, now_us: int) -> bool:
        t_us, level = last
        if level and now_us - t_us > _TOO_LONG_US:
            raise VigieError("The key has been closed for two minutes: it is stuck.",
                             "Free it, then record again.")  # fmt: skip
        return not level and now_us - t_us >= self._pause_us

    def _unseen(self, closed: bool) -> VigieError:
        what = "open again" if closed else "close"
        level = "low" if self._key.active_low else "high"
        return VigieError(
            f"The board did not see the key: it did not {what} within {self.within_s:.0f} s.",
            f"Check what presses it and its wire to pin {self._key.pin}, and active_low of the "
            f"board's file: pressed is {level} there.",
        )

    def _line(self) -> str:
        try:
            raw = self._transport.read_until(1, b"\n", timeout=_ANSWER_S)
        except (TransportError, OSError) as e:
            raise self._silent(e) from e
        if not raw.endswith(b"\n"):
            raise self._silent(raw.decode(errors="replace").strip() or "it says nothing")
        line = raw.decode(errors="replace").strip()
        if line.startswith("\x04"):
            said = self._transport.read_until(1, b"\x04>", timeout=_ANSWER_S).decode()
            raise self._silent((line + "\n" + said).strip("\x04> \r\n"))
        return line

    def _silent(self, why: object) -> VigieError:
        return VigieError(
            f"The board at {self._transport.device_name} stopped recording: {why}",
            "Check the cable, close other programs that use the port, then record again.",
        )
