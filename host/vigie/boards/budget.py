"""The heap that the firmware takes on a chip, by where its code comes from.

Figures of a 32-bit MicroPython 1.25, in KiB. Whoever changes the firmware's size measures anew:
`gc.mem_alloc()` before and after the imports, and after the start.
"""

from dataclasses import dataclass
from enum import Enum

from button.core.recording import BLOCK_BYTES, BLOCK_SAMPLES
from vigie.boards.parts import MicrophoneSpec
from vigie.boards.spec import BoardSpec
from vigie.errors import VigieError
from vigie.plural import count

KIB = 1024
CODE_FROM_FILES_KIB = 81.5
"""Measured: compiled files, loaded."""
SOUND_CODE_KIB = 20.0
"""Measured: of that, the modules that only a board with a microphone imports."""
BYTECODE_KIB = 50.5
"""Of that: what an image executes from flash."""
CODE_IN_IMAGE_KIB = CODE_FROM_FILES_KIB - BYTECODE_KIB
"""Estimate."""
STATE_KIB = 12.0
COMPILING_KIB = 25.0
"""Estimate: what the compiler takes besides, for sources."""
_SOUND_BESIDE_RING_KIB = 8
BLOCKS = 12
BLOCKS_BESIDE_PREROLL = 4


class Code(Enum):
    """Where the firmware's code comes from."""

    IMAGE = "an image with the firmware inside"
    FILES = "compiled files"
    SOURCES = "sources"


@dataclass(frozen=True, slots=True)
class Need:
    """What the firmware takes of the heap, in KiB."""

    code_kib: float
    state_kib: float
    sound_kib: float

    @property
    def total_kib(self) -> int:
        """All of it, rounded up."""
        return -int(-(self.code_kib + self.state_kib + self.sound_kib) // 1)


def need(board: BoardSpec, code: Code) -> Need:
    """What the firmware takes of this board's heap."""
    microphone = board.microphone
    if code is Code.IMAGE:
        code_kib = CODE_IN_IMAGE_KIB
    else:
        code_kib = CODE_FROM_FILES_KIB - (0 if microphone else SOUND_CODE_KIB)
        code_kib += COMPILING_KIB if code is Code.SOURCES else 0
    return Need(code_kib, STATE_KIB, sound_kib(microphone) if microphone else 0)


def sound_kib(microphone: MicrophoneSpec) -> float:
    """The buffers for sound; `button.services.sound` makes them."""
    preroll = -(-microphone.preroll_s * microphone.rate_hz // BLOCK_SAMPLES)
    blocks = preroll + BLOCKS_BESIDE_PREROLL if preroll else BLOCKS
    return blocks * BLOCK_BYTES / KIB + _SOUND_BESIDE_RING_KIB


def check_fits(board: BoardSpec, code: Code, compiled: Code | None = None) -> None:
    """Raise VigieError, which says what to do, unless the board's heap has room for the firmware.

    Args:
        board: the board.
        code: where the code is to come from.
        compiled: where it would come from if it were not sources.
    """
    needed = need(board, code).total_kib
    if needed <= board.heap_kib:
        return
    raise VigieError(
        f"From {code.value} the firmware takes {needed} KiB of heap, and {board.name} has "
        f"{board.heap_kib}.",
        _remedy(board, code, compiled),
    )


def _remedy(board: BoardSpec, code: Code, compiled: Code | None) -> str:
    if compiled and compiled is not code and need(board, compiled).total_kib <= board.heap_kib:
        return "Leave --source out: compiled files do the same."
    ways: list[str] = []
    if code is not Code.IMAGE and need(board, Code.IMAGE).total_kib <= board.heap_kib:
        ways.append(
            "`vigie flash` an image with the firmware inside (firmware/boards/README.md), then "
            "deploy again: only the configuration is copied then"
        )
    microphone = board.microphone
    if microphone and microphone.preroll_s:
        ways.append(
            f"make preroll_s less than its {count(microphone.preroll_s, 'second')}, or 0, in the "
            f"board's file"
        )
    if microphone:
        ways.append("leave [microphone] out of the board's file: the button then records nothing")
    if not ways:
        return "Take a board with more heap."
    return f"Either {', or '.join(ways)}." if len(ways) > 1 else f"You can {ways[0]}."
