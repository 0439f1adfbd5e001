"""From a stream on disk to the rest of its folder: renderings, and the manifest."""

from pathlib import Path

from vigie.phone.evidence import audio, manifest
from vigie.phone.evidence.audio import Steps
from vigie.phone.evidence.clocks import Clocks
from vigie.phone.evidence.facts import facts, lost_at_end
from vigie.phone.evidence.manifest import Manifest
from vigie.phone.evidence.stream import read
from vigie.phone.evidence.verify import CODED, RENDERINGS

TOOL = "vigie 0.1.0"


def describe(folder: Path, size: int, clocks: Clocks, device: str) -> Steps[Manifest]:
    """Render and describe what the first `size` bytes of a stream hold, in steps.

    The manifest is not written: a chunk may have come in between.

    Raises:
        OSError, VigieError: the disk does not do its part.
        ValueError: it cannot be rendered.
    """
    with (folder / manifest.STREAM).open("rb") as f:
        raw = f.read(size)
    reading = read(raw)
    yield
    data, rate_hz = reading.data, reading.chunks[-1].rate_hz
    names = [manifest.STREAM]
    if data:  # an empty FLAC is none
        sound = yield from audio.render(data, lost_at_end(reading.chunks))
        for name in RENDERINGS:
            yield from audio.write_pcm(sound, rate_hz, folder / name)
        audio.write_adpcm(data, rate_hz, folder / CODED)
        names += [*RENDERINGS, CODED]
    files: dict[str, str] = {}
    for name in names:
        files[name] = manifest.file_hash(folder / name)
        yield
    begun = clocks.begun_at(data[0].heard_ms if data else None)
    return Manifest(
        version=manifest.VERSION,
        tool=TOOL,
        device=device,
        begun_at=manifest.iso(begun),
        begun_is_latest=clocks.is_latest,
        received_from=manifest.iso(clocks.first_at),
        received_until=manifest.iso(clocks.last_at),
        clocks_apart_ms=clocks.apart_ms or 0,
        files=files,
        **facts(reading.chunks, reading.head),
    )
