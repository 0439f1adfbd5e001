"""`adpcm` for the chip: the same functions, compiled to machine code.

Viper reads without the sign, has ints as wide as the machine's words and checks no bounds: 32 bits
are read as two halves, so that the same code is right on 32 and on 64 bits. `-x` is miscompiled up
to MicroPython 1.28, hence `0 - x`.
"""

from button.core.adpcm import INDEX_STEPS, STEPS

_INDEX_STEPS = INDEX_STEPS
_STEPS = STEPS


@micropython.viper
def condition(words: ptr16, count: int, pcm: ptr16, state: ptr16):
    """See adpcm.condition."""
    high = int(state[1])
    if high > 32767:
        high -= 65536
    offset = high << 16 | int(state[0])
    shift = int(state[2])
    i = 0
    while i < count:
        high = int(words[2 * i + 1])
        if high > 32767:
            high -= 65536
        sample = (high << 16 | int(words[2 * i])) >> shift
        sample -= offset >> 10
        offset += sample
        if sample > 32767:
            sample = 32767
        elif sample < -32768:
            sample = -32768
        pcm[i] = sample
        i += 1
    state[0] = offset
    state[1] = offset >> 16


@micropython.viper
def encode(pcm: ptr16, count: int, out: ptr8, at: int, state: ptr16):
    """See adpcm.encode."""
    steps = ptr16(_STEPS)
    index_steps = ptr8(_INDEX_STEPS)
    predicted = int(state[0])
    if predicted > 32767:
        predicted -= 65536
    index = int(state[1])
    n = int(state[2])
    i = 0
    while i < count:
        sample = int(pcm[i])
        i += 1
        if n == 0:
            out[at] = sample
            out[at + 1] = sample >> 8
            out[at + 2] = index
            out[at + 3] = 0
            predicted = sample
            if predicted > 32767:
                predicted -= 65536
            n = 1
            continue
        if sample > 32767:
            sample -= 65536
        rest = sample - predicted
        nibble = 0
        if rest < 0:
            nibble = 8
            rest = 0 - rest
        step = int(steps[index])
        change = step >> 3
        if rest >= step:
            nibble |= 4
            rest -= step
            change += step
        step >>= 1
        if rest >= step:
            nibble |= 2
            rest -= step
            change += step
        step >>= 1
        if rest >= step:
            nibble |= 1
            change += step
        if nibble & 8:
            predicted -= change
            if predicted < -32768:
                predicted = -32768
        else:
            predicted += change
            if predicted > 32767:
                predicted = 32767
        add = int(index_steps[nibble & 7])
        if add > 127:
            add -= 256
        index += add
        if index < 0:
            index = 0
        elif index > 88:
            index = 88
        place = at + 4 + (n - 1 >> 1)
        if n & 1:
            out[place] = nibble
        else:
            out[place] |= nibble << 4
        n += 1
    state[0] = predicted
    state[1] = index
    state[2] = n
