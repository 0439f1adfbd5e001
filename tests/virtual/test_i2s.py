"""The I2S receiver is the chip's: its buffers, its silences, its ways to lose sound."""

import numpy as np
import pytest

from tests.virtual.conftest import Load
from tests.virtual.listening import BUFFER, LISTEN, RATE_HZ, heard, indices, ramp, told
from vigie.boards.console_log import Line
from vigie.virtual.board import VirtualBoard
from vigie.virtual.world import World


@pytest.mark.parametrize(
    ("ibuf", "kept"), [(512, 256), (4096, 256), (6144, 512), (16384, 1792), (20000, 2048)]
)
def test_ibuf_is_cut_into_buffers_of_2048_bytes_of_which_one_is_being_filled(
    world: World, bare: VirtualBoard, ibuf: int, kept: int
) -> None:
    code = (
        f"i = listen(ibuf={ibuf})\nnever_block(i)\ntime.sleep_ms(500)\nprint(len(words(i, 4096)))"
    )
    assert told(world, bare, code) == [str(kept)]


@pytest.mark.parametrize(
    ("bits", "format", "size"),
    [(16, "MONO", 2), (16, "STEREO", 4), (32, "MONO", 4), (32, "STEREO", 8)],
)
def test_a_frame_takes_8_bytes_of_the_buffers_whatever_is_asked_for(
    world: World, bare: VirtualBoard, bits: int, format: str, size: int
) -> None:
    code = f"""
i = listen(bits={bits}, format=I2S.{format}, ibuf=8192)
never_block(i)
time.sleep_ms(500)
print(i.readinto(bytearray(16384)))
"""
    assert told(world, bare, code) == [str(3 * BUFFER * size)]


def test_a_read_takes_what_there_is_in_whole_buffers(world: World, bare: VirtualBoard) -> None:
    code = """
i = listen()
never_block(i)
for ms in (40, 10, 1, 40):
    time.sleep_ms(ms)
    print(len(words(i, 1024)))
"""
    assert told(world, bare, code) == ["512", "256", "0", "512"]


def test_at_first_it_claims_to_have_something(world: World, bare: VirtualBoard) -> None:
    code = """
i = listen()
begin = time.ticks_us()
p = never_block(i)
print(len(p.poll(0)), i.readinto(bytearray(1024)), len(p.poll(0)))
p.poll(-1)
print(time.ticks_diff(time.ticks_us(), begin) // 1000, i.readinto(bytearray(1024)))
"""
    assert told(world, bare, code) == ["1 0 0", "16 1024"]


def test_a_read_that_ends_with_a_buffer_says_nothing_of_the_next(
    world: World, bare: VirtualBoard
) -> None:
    code = """
i = listen()
p = never_block(i)
time.sleep_ms(17)
print(len(words(i, 256)), len(p.poll(0)), len(words(i, 256)), len(p.poll(0)))
"""
    assert told(world, bare, code) == ["256 1 0 0"]


def test_a_part_of_a_buffer_can_be_read_and_then_the_rest(
    world: World, bare: VirtualBoard
) -> None:
    bare.room.play(ramp(), world.loop.time())
    whole = heard(world, bare, """
i = settled()
never_block(i)
while len(words(i, 1024)): pass
time.sleep_ms(40)
parts = [words(i, n) for n in (100, 200, 1000)]
for p in parts: show(p)
""")  # fmt: skip
    assert len(whole) == 2 * BUFFER
    assert list(indices(whole)) == [0, BUFFER]


def test_whoever_comes_late_finds_the_newest_and_hears_of_no_loss(
    world: World, bare: VirtualBoard
) -> None:
    bare.room.play(ramp(), world.loop.time())
    words = heard(world, bare, """
i = settled()
never_block(i)
while len(words(i, 1024)): pass
time.sleep_ms(17)
show(words(i, 256))
time.sleep_ms(16 * 10)
show(words(i, 4096))
""")  # fmt: skip
    # Ten more were filled, seven are kept: three are gone, the oldest.
    assert list(indices(words)) == [0, *(BUFFER * n for n in range(4, 11))]


def test_a_blocking_read_stops_all_tasks(world: World, bare: VirtualBoard) -> None:
    code = """
ran = []
async def other():
    while True:
        ran.append(time.ticks_ms())
        await asyncio.sleep_ms(10)
async def main():
    i = listen()
    asyncio.create_task(other())
    await asyncio.sleep_ms(35)
    print(len(ran))
    begin = time.ticks_ms()
    print(len(words(i, 8000)), time.ticks_diff(time.ticks_ms(), begin) > 450)
    print(len(ran))
asyncio.run(main())
"""
    assert told(world, bare, code) == ["4", "8000 True", "4"]


def test_a_stream_stops_none(world: World, bare: VirtualBoard) -> None:
    code = """
ran = []
async def other():
    while True:
        ran.append(time.ticks_ms())
        await asyncio.sleep_ms(10)
async def main():
    reader = asyncio.StreamReader(listen())
    asyncio.create_task(other())
    buffer, n = memoryview(bytearray(4096)), 0
    while n < 32000:
        n += await reader.readinto(buffer)
    print(len(ran))
asyncio.run(main())
"""
    (ran,) = told(world, bare, code)
    assert 50 <= int(ran) <= 53


def test_a_blocking_read_delays_handlers_and_queues_eight_of_them(
    world: World, load: Load
) -> None:
    board = load(LISTEN + """
from machine import Pin
seen = []
Pin(32, Pin.IN).irq(lambda p: seen.append(time.ticks_ms()), 3)
i = listen()
print("go")
words(i, 8000)
end = time.ticks_ms()
print("handled", len(seen), all(t >= end for t in seen))
""")  # fmt: skip

    def drive(line: Line) -> None:
        if line.text == "go":
            for n in range(12):
                world.loop.call_later(0.1 + n / 100, board.gpio.drive, 32, 1 - n % 2)

    board.console.said_line.append(drive)

    async def play() -> str:
        board.power_on()
        return (await board.console.said("handled", within_s=5)).text

    assert world.run(play()) == "handled 8 True"


@pytest.mark.parametrize(("in_ram", "told_of"), [(False, [0, 6]), (True, [0, 1, 2, 3, 4, 5, 6])])
def test_of_the_buffers_that_fill_while_flash_is_written_only_the_last_is_told(
    world: World, load: Load, in_ram: bool, told_of: list[int]
) -> None:
    board = load(LISTEN + """
i = settled()
never_block(i)
while len(words(i, 1024)): pass
time.sleep_ms(17)
w = words(i, 256)
print("erase")
time.sleep_ms(6 * 16)
w.extend(words(i, 4096))
show(w)
print("done")
""")  # fmt: skip
    board.i2s.isr_in_ram = in_ram
    board.console.said_line.append(
        lambda line: board.i2s.mask(6 * 16000) if line.text == "erase" else None
    )

    async def play() -> str:
        board.room.play(ramp(), world.loop.time())
        board.power_on()
        await board.console.said("done", within_s=5)
        lines = [x.text for x in board.console.lines]
        return "".join(lines[lines.index("erase") + 1 : lines.index("done")])

    words = np.frombuffer(bytes.fromhex(world.run(play())), "<i4")
    assert list(indices(words)) == [BUFFER * n for n in told_of]


WRITES = """
i = settled()
never_block(i)
while len(words(i, 1024)): pass
begin = time.ticks_us()
with open("x", "wb") as f:
    f.write(bytes(2048))
while True:
    us = time.ticks_diff(time.ticks_us(), begin)
    if us > 100000: break
    time.sleep_ms(1)
print(us, len(words(i, 4096)))
"""


@pytest.mark.parametrize("in_ram", [False, True])
def test_a_flash_erase_costs_sound_unless_the_interrupt_lives_in_ram(
    world: World, bare: VirtualBoard, in_ram: bool
) -> None:
    bare.i2s.isr_in_ram = in_ram
    us, read = map(int, told(world, bare, WRITES)[0].split())
    missing = us * RATE_HZ / 1e6 - read
    if in_ram:
        assert missing < BUFFER
    else:
        assert BUFFER < missing < 4 * BUFFER
