"""IMA ADPCM, the plain twin. Runs in CPython and in the VM."""

from array import array

from button.core.adpcm import INDEX_STEPS, STEPS, condition, encode, samples_in


def coded(samples, block_bytes=64, parts=1, index=0):
    """A block of these samples, encoded in so many parts; and the state afterwards."""
    pcm = array("h", samples)
    raw = bytearray(pcm)
    out = bytearray(block_bytes)
    state = array("h", [0, index, 0])
    size = 2 * ((len(samples) + parts - 1) // parts)
    for at in range(0, len(raw), size):
        part = raw[at : at + size]
        encode(part, len(part) // 2, out, 0, state)
    return bytes(out), list(state)


def decoded(block, count):
    """What a decoder makes of it, told by the standard: differences are sums of fractions."""
    predicted = block[0] | block[1] << 8
    predicted -= (predicted & 0x8000) << 1
    index = block[2]
    found = [predicted]
    for i in range(1, count):
        byte = block[4 + (i - 1) // 2]
        nibble = byte & 15 if i % 2 else byte >> 4
        step = STEPS[2 * index] | STEPS[2 * index + 1] << 8
        change = step >> 3
        for bit, part in ((4, step), (2, step >> 1), (1, step >> 2)):
            if nibble & bit:
                change += part
        predicted += -change if nibble & 8 else change
        predicted = max(-32768, min(32767, predicted))
        add = INDEX_STEPS[nibble & 7]
        index = max(0, min(88, index + (add - 256 if add > 127 else add)))
        found.append(predicted)
    return found


def triangle(count, step):
    return [(i * step) % 20000 - 10000 for i in range(count)]


def test_a_block_holds_two_samples_a_byte_and_one_in_its_head():
    assert samples_in(2048) == 4089
    assert samples_in(4) == 1


def test_silence_is_silence():
    block, state = coded([0] * 121)
    assert set(decoded(block, 121)) == {0}
    assert state == [0, 0, 121]


def test_the_first_sample_is_exact_and_the_others_follow():
    samples = triangle(121, 37)
    found = decoded(coded(samples)[0], 121)
    assert found[0] == samples[0]
    # Once the step has found its size the error stays small.
    assert max([abs(a - b) for a, b in zip(samples[40:100], found[40:100])]) < 200


def test_full_scale_does_not_wrap():
    found = decoded(coded([32767, -32768] * 60)[0], 120)
    assert max(found) <= 32767
    assert min(found) >= -32768


def test_a_block_in_parts_is_the_same_block():
    samples = triangle(121, 111)
    whole = coded(samples)
    for parts in (2, 3, 7, 121):
        assert coded(samples, parts=parts) == whole


def test_the_step_index_goes_on_from_block_to_block():
    block, _ = coded([0, 0, 0], index=60)
    assert block[2] == 60


def words(samples, shift):
    raw = bytearray()
    for sample in samples:
        word = (sample << shift) & 0xFFFFFFFF
        raw += bytes([word & 255, word >> 8 & 255, word >> 16 & 255, word >> 24])
    return raw


def conditioned(samples, shift=16, state=None):
    state = state or array("i", [0, shift])
    pcm = bytearray(2 * len(samples))
    condition(words(samples, shift), len(samples), pcm, state)
    return [(pcm[i] | pcm[i + 1] << 8) - ((pcm[i + 1] & 0x80) << 9) for i in range(0, len(pcm), 2)]


def test_loud_samples_are_clipped():
    assert conditioned([40000 >> 2, 5], shift=14)[:1] == [10000]
    assert conditioned([100000], shift=14) == [32767]
    assert conditioned([-100000], shift=14) == [-32768]


def test_an_offset_goes_away():
    state = array("i", [0, 16])
    first = last = conditioned([1000] * 10, state=state)
    for _ in range(40):
        last = conditioned([1000] * 256, state=state)
    assert first[0] == 1000
    assert abs(last[-1]) <= 1
