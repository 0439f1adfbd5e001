"""What is taken for a chunk."""

from button.core.recording import FINAL, Chunk, End, RecordingError, unpack
from vigie.phone.evidence import audio


def checked(raw: bytes) -> Chunk | None:
    """The chunk at the beginning, if it can be kept and heard; None for anything else."""
    try:
        chunk = unpack(raw)
        if chunk.kind == FINAL:
            End.unpack(chunk.payload)
        else:
            audio.check(chunk)
    except (RecordingError, ValueError):
        return None
    return chunk
