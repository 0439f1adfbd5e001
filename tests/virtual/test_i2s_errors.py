"""The I2S receiver ends as on the chip, and says what it cannot do."""

import pytest
from mpremote.transport import TransportExecError

from tests.virtual.listening import told
from vigie.virtual.board import VirtualBoard
from vigie.virtual.world import World


def test_deinit_ends_it_and_it_can_be_made_again(world: World, bare: VirtualBoard) -> None:
    code = """
first = listen()
words(first, 1024)
first.deinit()
first.deinit()
try:
    first.readinto(bytearray(4))
except OSError as e:
    print(e.errno)
for rate in (8000, 16000):
    begin = time.ticks_ms()
    i = listen(rate=rate)
    print(i is first, len(words(i, 1600)), time.ticks_diff(time.ticks_ms(), begin))
"""
    assert told(world, bare, code) == ["-258", "True 1600 224", "True 1600 112"]


def test_a_reset_ends_it(world: World, bare: VirtualBoard) -> None:
    told(world, bare, "i = listen()")

    async def reset() -> None:
        bare.machine_reset()
        await bare.console.said("help", within_s=5, since=len(bare.console.lines))

    world.run(reset())
    code = "i = listen()\nnever_block(i)\nprint(i.readinto(bytearray(1024)))"
    assert told(world, bare, code) == ["0"]


def make(id: int = 0, **changed: object) -> str:
    usual: dict[str, object] = {"sck": 18, "ws": 19, "sd": 23, "mode": "I2S.RX", "bits": 32,
                                "format": "I2S.MONO", "rate": 16000, "ibuf": 4096}  # fmt: skip
    arguments = ", ".join(f"{name}={value}" for name, value in {**usual, **changed}.items())
    return f"I2S({id}, {arguments})"


@pytest.mark.parametrize(
    ("code", "error"),
    [
        (make(mode="I2S.TX"), "NotImplementedError"),
        (make(rate=11025), "NotImplementedError"),
        (make(ibuf=200000), "NotImplementedError"),
        (make() + "; " + make(id=1), "NotImplementedError"),
        (make() + ".irq(print)", "NotImplementedError"),
        (make() + ".write(b'')", "NotImplementedError"),
        (make() + ".init()", "NotImplementedError"),
        ("I2S.shift(buf=bytearray(4), bits=32, shift=1)", "NotImplementedError"),
        (make() + ".loudness", "AttributeError"),
        (make(id=2), "ValueError: invalid id"),
        (make(mode=7), "ValueError: invalid mode"),
        (make(bits=24), "ValueError: invalid bits"),
        (make(format=2), "ValueError: invalid format"),
        (make(sck=34), "OSError: -258"),
        (make() + ".readinto(bytearray(5))", "OSError: .*22|EINVAL"),
        ("I2S(0)", "TypeError"),
    ],
)
def test_what_it_cannot_it_says(world: World, bare: VirtualBoard, code: str, error: str) -> None:
    with pytest.raises(TransportExecError, match=error):
        told(world, bare, code)
