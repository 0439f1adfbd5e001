"""Programs that listen on a virtual board, and what they hear, as numbers."""

import numpy as np
from numpy.typing import NDArray

from tests.virtual.programs import say
from vigie.virtual.acoustics.room import FULL_SCALE_DBSPL
from vigie.virtual.acoustics.sounds import Sound
from vigie.virtual.board import VirtualBoard
from vigie.virtual.world import World

RATE_HZ = 16000
BUFFER = 256
SETTLED = 4096

LISTEN = """
import asyncio, binascii, select, time
from array import array
from machine import I2S
def listen(rate=16000, ibuf=16384, bits=32, format=I2S.MONO):
    pins = {"sck": 18, "ws": 19, "sd": 23}
    return I2S(0, mode=I2S.RX, bits=bits, format=format, rate=rate, ibuf=ibuf, **pins)
def never_block(i2s):
    p = select.poll()
    p.register(i2s, select.POLLIN)
    p.poll(0)
    return p
def words(i2s, samples):
    w = array("i", bytes(4 * samples))
    return w[:i2s.readinto(w) // 4]
def settled(**how):
    i2s = listen(**how)
    words(i2s, 4096)
    return i2s
def show(words):
    for i in range(0, len(words), 512):
        print(binascii.hexlify(bytes(words[i:i + 512])).decode())
"""


def heard(world: World, board: VirtualBoard, code: str) -> NDArray[np.int32]:
    """The words that this code shows."""
    text = say(world, board, LISTEN + code)
    return np.frombuffer(bytes.fromhex("".join(text.split())), "<i4")


def told(world: World, board: VirtualBoard, code: str) -> list[str]:
    """The lines that this code prints."""
    return say(world, board, LISTEN + code).splitlines()


def full_scale(dbspl: float) -> float:
    """In a room, the pressure of a sine of this level."""
    return 10 ** ((dbspl - FULL_SCALE_DBSPL) / 20)


def ramp() -> Sound:
    """A sound whose samples are their own index: 65536 to a sample in the words that are read."""
    return Sound(full_scale(120) * np.linspace(-1, 1, 65536, endpoint=False), RATE_HZ)


def indices(words: NDArray[np.int32]) -> NDArray[np.int64]:
    """Which sample of the ramp lies in the middle of each buffer; the first of them is 0."""
    middle = words.reshape(-1, BUFFER).astype(float).mean(axis=1) / 65536
    return np.rint(middle - middle[0]).astype(np.int64)


def sine(hz: float, dbspl: float, seconds: float, rate_hz: int = 48000) -> Sound:
    """A sine of this level."""
    t = np.arange(round(seconds * rate_hz)) / rate_hz
    return Sound(full_scale(dbspl) * np.sin(2 * np.pi * hz * t), rate_hz)
