"""IMA ADPCM, four bits a sample, in blocks that any WAV player knows; and what comes before it.

A block is `first sample, 16 bit | step index 1 | 0 | nibbles, the lower half of a byte first`,
little endian: WAVE_FORMAT_IMA_ADPCM of Microsoft's "New Multimedia Data Types" (1994), with the
tables of the Interactive Multimedia Association. `adpcm_viper` has the same functions for the
chip; tests prove them equal to the bit.
"""

import struct

INDEX_STEPS = bytes([255, 255, 255, 255, 2, 4, 6, 8])
"""What a nibble's size adds to the step index; 255 is -1."""
# fmt: off
STEPS = struct.pack(
    "<89H",
    7, 8, 9, 10, 11, 12, 13, 14, 16, 17, 19, 21, 23, 25, 28,
    31, 34, 37, 41, 45, 50, 55, 60, 66, 73, 80, 88, 97, 107, 118,
    130, 143, 157, 173, 190, 209, 230, 253, 279, 307, 337, 371, 408, 449, 494,
    544, 598, 658, 724, 796, 876, 963, 1060, 1166, 1282, 1411, 1552, 1707, 1878, 2066,
    2272, 2499, 2749, 3024, 3327, 3660, 4026, 4428, 4871, 5358, 5894, 6484, 7132, 7845,
    8630, 9493, 10442, 11487, 12635, 13899, 15289, 16818, 18500, 20350, 22385, 24623, 27086, 29794,
    32767,
)
# fmt: on
"""The 89 step sizes, 16 bit little endian, as bytes: the chip's version reads them by pointer."""
INDEX_MOST = 88
DC_SHIFT = 10
"""The microphone's offset is followed with a time constant of 1024 samples, 64 ms at 16 kHz."""


def samples_in(block_bytes: int) -> int:
    """How many samples a block of so many bytes holds."""
    return 2 * (block_bytes - 4) + 1


def bytes_of(samples: int) -> int:
    """How many bytes of a block so many samples take."""
    return 4 + samples // 2


def condition(words, count, pcm, state):
    """Make 16-bit samples of the microphone's 32-bit words: without offset, louder, clipped.

    Args:
        words: buffer of `count` words, little endian, the sample left-justified.
        count: how many.
        pcm: buffer of 16-bit samples to write into.
        state: array("i", [offset << DC_SHIFT, right shift that makes 16 bit of a word]); begin
            with [0, 16 - bits of gain].
    """
    offset, shift = state[0], state[1]
    for i in range(count):
        j = 4 * i
        word = words[j] | words[j + 1] << 8 | words[j + 2] << 16 | words[j + 3] << 24
        sample = (word - ((word & 0x80000000) << 1)) >> shift
        sample -= offset >> DC_SHIFT
        offset += sample
        sample = min(max(sample, -32768), 32767)
        pcm[2 * i] = sample & 255
        pcm[2 * i + 1] = sample >> 8 & 255
    state[0] = offset


def encode(pcm, count, out, at, state):
    """Add `count` 16-bit samples to a block.

    Args:
        pcm: buffer of samples, little endian.
        count: how many.
        out: buffer that holds the block.
        at: where in `out` the block begins.
        state: array("h", [predicted sample, step index, samples in the block]). The last is 0 for
            a new block; the step index goes on from block to block.
    """
    predicted, index, n = state[0], state[1], state[2]
    for i in range(count):
        sample = pcm[2 * i] | pcm[2 * i + 1] << 8
        sample -= (sample & 0x8000) << 1
        if n == 0:
            predicted = sample
            out[at] = pcm[2 * i]
            out[at + 1] = pcm[2 * i + 1]
            out[at + 2] = index
            out[at + 3] = 0
            n = 1
            continue
        step = STEPS[2 * index] | STEPS[2 * index + 1] << 8
        rest = sample - predicted
        nibble = 0
        if rest < 0:
            nibble = 8
            rest = 0 - rest
        change = step >> 3
        if rest >= step:
            nibble |= 4
            rest -= step
            change += step
        if rest >= step >> 1:
            nibble |= 2
            rest -= step >> 1
            change += step >> 1
        if rest >= step >> 2:
            nibble |= 1
            change += step >> 2
        predicted = predicted - change if nibble & 8 else predicted + change
        predicted = min(max(predicted, -32768), 32767)
        add = INDEX_STEPS[nibble & 7]
        index = min(max(index + (add - 256 if add > 127 else add), 0), INDEX_MOST)
        place = at + 4 + (n - 1 >> 1)
        if n & 1:
            out[place] = nibble
        else:
            out[place] |= nibble << 4
        n += 1
    state[0], state[1], state[2] = predicted, index, n
