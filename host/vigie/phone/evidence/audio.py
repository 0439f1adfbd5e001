"""IMA ADPCM to samples and to files that any player knows."""
# soundfile leaves its class untyped.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportGeneralTypeIssues=false, reportCallIssue=false

import io
import struct
from collections.abc import Generator, Sequence
from pathlib import Path
from typing import TypeVar

import numpy as np
import soundfile
from numpy.typing import NDArray

from button.core.adpcm import INDEX_MOST, INDEX_STEPS, STEPS, samples_in
from button.core.recording import BLOCK_BYTES, BLOCK_SAMPLES, Chunk
from vigie.errors import VigieError

Samples = NDArray[np.int16]

_STEPS = np.frombuffer(STEPS, "<u2").astype(np.int32)
_INDEX_STEPS = np.frombuffer(INDEX_STEPS, np.int8).astype(np.int32)
_HEAD = 4
_FORMAT_IMA_ADPCM = 0x11
_DECODED_AT_ONCE = 128
_WRITTEN_AT_ONCE = 1 << 19
SAMPLES_MOST = 2 * 3600 * 16000
"""What is rendered at most, in memory all at once: two hours. A stream may be longer."""

T = TypeVar("T")
Steps = Generator[None, None, T]
"""Work in steps: the event loop may do something else between two of them."""


def finish(steps: Steps[T]) -> T:
    """What comes of work in steps, at once."""
    while True:
        try:
            next(steps)
        except StopIteration as done:
            return done.value


def decoding(blocks: Sequence[bytes]) -> Steps[list[Samples]]:
    """The samples of ADPCM blocks of one size, all of them side by side, in steps.

    Raises:
        ValueError: a block has a step index that cannot be.
    """
    if not blocks:
        return []
    data = np.frombuffer(b"".join(blocks), np.uint8).reshape(len(blocks), -1)
    predicted = data[:, :2].copy().view("<i2")[:, 0].astype(np.int32)
    index = data[:, 2].astype(np.int32)
    if index.max(initial=0) > INDEX_MOST:
        raise ValueError("a block of sound is damaged: its step index cannot be")
    count = samples_in(data.shape[1])
    out = np.empty((count, len(blocks)), np.int16)
    out[0] = predicted
    for i in range(1, count):
        byte = data[:, _HEAD + (i - 1 >> 1)]
        nibble = (byte >> 4 if i & 1 == 0 else byte & 15).astype(np.int32)
        step = _STEPS[index]
        change = step >> 3
        change += np.where(nibble & 4, step, 0)
        change += np.where(nibble & 2, step >> 1, 0)
        change += np.where(nibble & 1, step >> 2, 0)
        predicted += np.where(nibble & 8, -change, change)
        np.clip(predicted, -32768, 32767, out=predicted)
        index += _INDEX_STEPS[nibble & 7]
        np.clip(index, 0, INDEX_MOST, out=index)
        out[i] = predicted
        if i % _DECODED_AT_ONCE == 0:
            yield
    return [out[:, i] for i in range(len(blocks))]


def decode(blocks: Sequence[bytes]) -> list[Samples]:
    """The same at once."""
    return finish(decoding(blocks))


def check(chunk: Chunk) -> None:
    """Raise ValueError unless the block of a DATA chunk can be decoded."""
    if len(chunk.payload) < _HEAD or chunk.payload[2] > INDEX_MOST:
        raise ValueError("a block of sound is damaged")
    if chunk.count > samples_in(len(chunk.payload)) or len(chunk.payload) > BLOCK_BYTES:
        raise ValueError("a block of sound does not hold what it says")


def render(chunks: Sequence[Chunk], lost_at_end: int = 0) -> Steps[Samples]:
    """The sound of DATA chunks, with silence where samples are missing, in steps.

    Raises:
        ValueError: they cannot be decoded, or are more than `SAMPLES_MOST`.
    """
    if sum(c.count + c.gap for c in chunks) + lost_at_end > SAMPLES_MOST:
        raise ValueError("the recording is too long to be rendered")
    parts: list[Samples] = []
    blocks = yield from decoding([_whole(c) for c in chunks])
    for chunk, block in zip(chunks, blocks, strict=True):
        if chunk.gap:
            parts.append(np.zeros(chunk.gap, np.int16))
        parts.append(block[: chunk.count])
    parts.append(np.zeros(lost_at_end, np.int16))
    yield
    return np.concatenate(parts)


def samples(chunks: Sequence[Chunk], lost_at_end: int = 0) -> Samples:
    """The same at once."""
    return finish(render(chunks, lost_at_end))


def _whole(chunk: Chunk) -> bytes:
    return chunk.payload.ljust(BLOCK_BYTES, b"\0")


def write_pcm(sound: Samples, rate_hz: int, file: Path) -> Steps[None]:
    """A WAV or FLAC file, by its ending, in steps.

    It is made in memory: a full disk that shows only at the end of a FLAC file goes unnoticed
    by the library.

    Raises:
        VigieError: the disk does not take it, or there is no such sound.
    """
    made = io.BytesIO()
    kind = file.suffix[1:].upper()
    try:
        with soundfile.SoundFile(made, "w", rate_hz, 1, "PCM_16", format=kind) as f:
            for at in range(0, len(sound), _WRITTEN_AT_ONCE):
                f.write(sound[at : at + _WRITTEN_AT_ONCE])
                yield
    except soundfile.LibsndfileError as e:
        raise VigieError(f"{file} cannot be made: {e}", "The stream is kept.") from None
    _write(file, made.getvalue())


def write_adpcm(chunks: Sequence[Chunk], rate_hz: int, file: Path) -> None:
    """The blocks as the button made them, in a WAV file. Those cut short are filled up.

    Raises:
        VigieError: the disk does not take it.
    """
    _write(file, coded(chunks, rate_hz))


def _write(file: Path, data: bytes) -> None:
    try:
        file.write_bytes(data)
    except OSError as e:
        raise VigieError(f"{file} cannot be written: {e.strerror}.",
                         "Make room on the disk.") from None  # fmt: skip


def coded(chunks: Sequence[Chunk], rate_hz: int) -> bytes:
    """The bytes of that file."""
    data = b"".join(_whole(c) for c in chunks)
    seconds = rate_hz * BLOCK_BYTES // BLOCK_SAMPLES
    form = struct.pack("<HHIIHHHH", _FORMAT_IMA_ADPCM, 1, rate_hz, seconds, BLOCK_BYTES, 4, 2,
                       BLOCK_SAMPLES)  # fmt: skip
    parts = b"".join(
        name + struct.pack("<I", len(body)) + body
        for name, body in (
            (b"fmt ", form),
            (b"fact", struct.pack("<I", len(chunks) * BLOCK_SAMPLES)),
            (b"data", data),
        )
    )
    return b"RIFF" + struct.pack("<I", 4 + len(parts)) + b"WAVE" + parts
