"""The I2S microphones that can be on a board, from their data sheets."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class MicrophoneModel:
    """What the chip reads from one kind of microphone.

    bits: of a sample, at the top of the 32-bit word.
    late: bits by which its samples come out too high on this chip, so that the top one is lost.
    settle_ms, settle_samples: after its clock begins it sends anything but sound for so long, and
        then for so many samples.
    rates_hz: the lowest and the highest sample rate that it works at.
    full_scale_dbspl: level of a sine that fills its range.
    offset: constant part of its samples, of full scale.
    """

    bits: int
    late: int
    settle_ms: int
    settle_samples: int
    rates_hz: tuple[int, int]
    full_scale_dbspl: int
    offset: float


MODELS = {
    # 2**18 clock cycles, 64 a sample, until it speaks; 24 bits; -26 dBFS at 94 dB SPL.
    "inmp441": MicrophoneModel(24, 0, 0, 4096, (7812, 50000), 120, 0.0),
    # 4.5 ms and 256 frames of soft start; two windows of clock, of which 16 kHz is the low one.
    "ics43434": MicrophoneModel(24, 0, 5, 256, (6250, 51600), 120, 0.0),
    # 18 bits, one bit too high on the ESP32, a constant offset; sleeps below a clock of 1 MHz.
    "sph0645": MicrophoneModel(18, 1, 10, 0, (16000, 48000), 120, 0.02),
}
