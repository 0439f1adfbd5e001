"""What recordings cost and what gets lost of them: on the radio, on flash, and to a forger."""

import asyncio
import random
import re
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from button.core.recording import (
    BLOCK_SAMPLES,
    DATA,
    PREV_BYTES,
    STOPPED,
    Chain,
    Chunk,
    final,
)
from button.core.wire import AudioPart
from vigie.bench.open_bench import Bench, open_bench
from vigie.bench.percentiles import percentiles
from vigie.boards import spec
from vigie.phone.events import AlertTaken, ButtonState, RecordingClosed
from vigie.phone.evidence.inbox import Inbox
from vigie.phone.evidence.mutations import mutations
from vigie.phone.evidence.stream import read
from vigie.phone.evidence.verify import verify

LOSSES = (0.0, 0.1, 0.3)
ALERTS = 60
AWAY_S = 60.0
RECORDINGS = 100
MUTATIONS = 10_000
FORGED_S = 10.0
HOUR_S = 3600


def measure(progress: Callable[[str], None]) -> dict[str, Any]:
    """All figures about recordings. `progress` is told what is being measured."""
    figures: dict[str, Any] = {}
    for loss in LOSSES:
        progress(f"a recording and {ALERTS} alerts, {loss:.0%} of packets lost")
        figures[f"stream_{round(loss * 100)}"] = _stream(loss)
    progress(f"a recording without a phone, {AWAY_S:.0f} s")
    figures["stored"] = _stored()
    progress(f"{RECORDINGS} recordings with pre-roll")
    figures["heap"] = _heap()
    progress(f"{MUTATIONS} changed recordings")
    figures["mutations"] = _mutations()
    return figures


def _stream(loss: float) -> dict[str, Any]:
    """Samples lost, chunks that waited, and how late alerts are while sound goes over the air."""
    rng = random.Random("alerts")
    with open_bench() as bench:

        async def run() -> RecordingClosed:
            await bench.boot()
            await bench.phone.connect()
            bench.phone.lose(loss)
            bench.phone.record(True)
            for _ in range(ALERTS):
                # Later than the escalation window, and at any phase of the connection's events.
                await asyncio.sleep(rng.uniform(3.5, 5.5))
                await bench.click()
            return await bench.recorded()

        manifest = bench.world.run(run()).manifest
        decided_s = [x.t_s for x in bench.board.console.lines if re.search("gesture", x.text)]
        taken_s = [e.t_s for e in bench.phone.transcript.of(AlertTaken) if e.is_new]
        waited = re.search(r"(\d+) chunks waited", bench.board.console.text)
        assert waited
        return {
            "seconds": manifest.seconds,
            "samples_lost": manifest.lost,
            "chunks_in_ram_most": int(waited[1]),
            "alert_ms": percentiles(decided_s, taken_s),
        }


def _stored() -> dict[str, Any]:
    """What the erases of flash cost a chip whose I2S interrupt is not in RAM, and one whose is."""
    shares: dict[str, Any] = {}
    for name, in_ram in (("stock_image", False), ("own_image", True)):
        with open_bench() as bench:
            bench.board.i2s.isr_in_ram = in_ram

            async def run(bench: Bench) -> RecordingClosed:
                await bench.boot()
                await bench.rig.press(2500)
                await asyncio.sleep(AWAY_S)
                await bench.phone.connect(within_s=30)
                return await bench.recorded()

            manifest = bench.world.run(run(bench)).manifest
            shares[name] = {
                "seconds": manifest.seconds,
                "lost_percent": round(100 * manifest.lost / (manifest.samples + manifest.lost), 1),
            }
    return shares


def _heap() -> dict[str, Any]:
    """The heap of a plain ESP32 with pre-roll, stream and Bluetooth, recording after recording."""
    board = spec.load("virtual")
    assert board.microphone
    board = replace(board, microphone=replace(board.microphone, rate_hz=8000, preroll_s=8))
    with open_bench(board_spec=board) as bench:

        async def run() -> None:
            await bench.boot()
            await bench.phone.connect()
            for _ in range(RECORDINGS):
                bench.phone.record(True)
                await asyncio.sleep(3)
                await bench.recorded()

        bench.world.run(run())
        free = [e.state.free_heap for e in bench.phone.transcript.of(ButtonState)]
        return {
            "recordings": len(bench.phone.transcript.of(RecordingClosed)),
            "memory_errors": bench.board.console.text.count("MemoryError"),
            "free_first_bytes": free[0],
            "free_least_bytes": min(free),
            "free_last_bytes": free[-1],
        }


def _mutations() -> dict[str, Any]:
    """How many changes are found in a recording's stream alone, and how fast one is checked."""
    with open_bench() as bench:

        async def run() -> RecordingClosed:
            await bench.boot()
            await bench.phone.connect()
            bench.phone.record(True)
            await asyncio.sleep(FORGED_S)
            return await bench.recorded()

        manifest = bench.world.run(run()).manifest
        stream = (bench.phone.evidence / manifest.recording / "stream.vig").read_bytes()
    found = sum(1 for _, changed in mutations(1, stream, MUTATIONS) if read(changed).flaws)
    return {
        "changed": MUTATIONS,
        "found": found,
        "hour_checked_s": round(_hour_checked_s(stream), 1),
    }


def _hour_checked_s(stream: bytes) -> float:
    """Wall seconds to check an hour: the blocks of a stream, over and over, as a new recording."""
    blocks = [c for c in read(stream).chunks if c.count == BLOCK_SAMPLES]
    recording, rate_hz = blocks[0].recording, blocks[0].rate_hz
    count = HOUR_S * rate_hz // BLOCK_SAMPLES
    chain = Chain(recording)

    def chunk(index: int, payload: bytes) -> Chunk:
        position = index * BLOCK_SAMPLES
        made = Chunk(DATA, 0, rate_hz, recording, index, position, position * 1000 // rate_hz, 0,
                     BLOCK_SAMPLES, chain.head[:PREV_BYTES], payload)  # fmt: skip
        chain.add(made.header(), payload)
        return made

    with tempfile.TemporaryDirectory(prefix="vigie-") as folder:
        inbox = Inbox(Path(folder))

        def take(made: Chunk) -> None:
            raw = made.pack()
            now = datetime.fromtimestamp(made.heard_ms / 1000, UTC)
            inbox.take(AudioPart(recording, made.index, 0, len(raw), raw), now)

        for index in range(count):
            take(chunk(index, blocks[index % len(blocks)].payload))
        length_ms = count * BLOCK_SAMPLES * 1000 // rate_hz
        take(final(chain, recording, rate_hz, length_ms, STOPPED, count, count * BLOCK_SAMPLES, 0))
        began_s = time.perf_counter()
        verdict = verify(Path(folder) / repr(recording))
        checked_s = time.perf_counter() - began_s
    if not verdict.is_sound:
        raise AssertionError(f"the hour has flaws: {verdict.flaws[:3]}")
    return checked_s
