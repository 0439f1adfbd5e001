"""The chip's machine code does what its plain twin does, to the bit."""

import subprocess
from pathlib import Path

import pytest

from vigie.boards.mpy import compile_file
from vigie.paths import FIRMWARE
from vigie.virtual import micropython

COMPARE = """
import sys
sys.path[:] = [{folder!r}, {firmware!r}, ".frozen"]
from array import array
import random
from button.core import adpcm as plain
import adpcm_viper as code

def noise(n, kind):
    if kind == 0:
        return bytearray([random.getrandbits(8) for _ in range(n)])
    if kind == 1:
        return bytearray(b"\\xff\\xff\\xff\\x7f" * (n // 4))
    if kind == 2:
        return bytearray(b"\\x00\\x00\\x00\\x80" * (n // 4))
    return bytearray(n)

random.seed(7)
for turn in range(80):
    n = random.choice((1, 2, 3, 101, 640, 1017))
    words = noise(4 * n, turn % 4)
    shift = random.randint(8, 16)
    pcm, offsets = [], []
    for m in (plain, code):
        state = array("i", [turn * 1000 - 30000, shift])
        out = bytearray(2 * n)
        m.condition(words, n, out, state)
        pcm.append(out)
        offsets.append(state)
    assert pcm[0] == pcm[1] and offsets[0] == offsets[1], (turn, n, shift, offsets)
    blocks, states = [], []
    for m in (plain, code):
        state = array("h", [0, turn % 89, 0])
        out = bytearray(n + 40)
        half = n // 2
        m.encode(pcm[0], half, out, 3, state)
        m.encode(pcm[0][2 * half :], n - half, out, 3, state)
        blocks.append(out)
        states.append(state)
    assert blocks[0] == blocks[1] and states[0] == states[1], (turn, n)
print("equal")
"""


def test_adpcm_in_machine_code_equals_its_twin(tmp_path: Path) -> None:
    code = micropython.architecture()
    if not code:
        pytest.skip("this computer's MicroPython runs no machine code")
    source = FIRMWARE / "button" / "core" / "adpcm_viper.py"
    compile_file(source, "adpcm_viper.py", tmp_path / "adpcm_viper.mpy", code)
    script = COMPARE.format(folder=str(tmp_path), firmware=str(FIRMWARE))
    done = subprocess.run(
        [*micropython.find(), "-c", script], capture_output=True, text=True, check=False
    )
    assert done.stdout == "equal\n", done.stderr


@pytest.mark.parametrize("architecture", ["xtensawin", "rv32imc"])
def test_it_compiles_for_every_chip(tmp_path: Path, architecture: str) -> None:
    source = FIRMWARE / "button" / "core" / "adpcm_viper.py"
    target = tmp_path / "adpcm_viper.mpy"
    compile_file(source, "adpcm_viper.py", target, architecture)
    assert 1000 < target.stat().st_size < 4000
