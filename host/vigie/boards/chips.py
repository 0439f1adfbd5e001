"""What each chip can do with which pin, and how it is flashed.

From Espressif's data sheets (tables of GPIOs and of strapping pins), the chip headers of ESP-IDF
(numbers of I2S peripherals) and esptool's documentation (chip ids, download modes).
"""

from dataclasses import dataclass, field


def pins_of(text: str) -> frozenset[int]:
    """The pins of a text like "0-3,8"; ranges include both ends."""
    pins: set[int] = set()
    for part in filter(None, text.split(",")):
        first, _, last = part.partition("-")
        pins.update(range(int(first), int(last or first) + 1))
    return frozenset(pins)


@dataclass(frozen=True, slots=True)
class Chip:
    """One kind of chip.

    gpio: every pin it has.
    inputs_only: they cannot drive anything and have no pull resistor inside.
    adc1: they measure voltages, with the converter that the radio leaves alone.
    adc2: they measure only while no radio is on, or wrongly.
    wake: an edge or level at them can wake the chip from deep sleep.
    straps: they are read at every reset and decide how the chip starts.
    flash: wired to the flash chip inside the module.
    psram: wired to PSRAM, by its kind.
    usb: the chip's own USB port.
    console: the serial console's transmitter and receiver, UART0.
    special: not for use, and what they are.
    i2s: how many I2S peripherals there are.
    architecture: of its machine code, in mpy-cross's words.
    image_offset: where in flash an image begins.
    image_id: the chip's number in the header of an image.
    esptool: its name there.
    """

    gpio: frozenset[int]
    adc1: frozenset[int]
    wake: frozenset[int]
    straps: frozenset[int]
    flash: frozenset[int]
    console: tuple[int, int]
    i2s: int
    architecture: str
    image_offset: int
    image_id: int
    esptool: str
    inputs_only: frozenset[int] = frozenset()
    adc2: frozenset[int] = frozenset()
    usb: frozenset[int] = frozenset()
    psram: dict[str, frozenset[int]] = field(default_factory=dict[str, frozenset[int]])
    special: dict[int, str] = field(default_factory=dict[int, str])


CHIPS = {
    "esp32": Chip(
        gpio=pins_of("0-19,21-23,25-27,32-39"),
        inputs_only=pins_of("34-39"),
        adc1=pins_of("32-39"),
        adc2=pins_of("0,2,4,12-15,25-27"),
        wake=pins_of("0,2,4,12-15,25-27,32-39"),
        straps=pins_of("0,2,5,12,15"),
        flash=pins_of("6-11"),
        psram={"quad": pins_of("16,17")},
        console=(1, 3),
        i2s=2,
        architecture="xtensawin",
        image_offset=0x1000,
        image_id=0,
        esptool="ESP32",
    ),
    "esp32s3": Chip(
        gpio=pins_of("0-21,26-48"),
        adc1=pins_of("1-10"),
        adc2=pins_of("11-20"),
        wake=pins_of("0-21"),
        straps=pins_of("0,3,45,46"),
        flash=pins_of("26-32"),
        psram={"quad": pins_of(""), "octal": pins_of("33-37")},
        usb=pins_of("19,20"),
        console=(43, 44),
        i2s=2,
        architecture="xtensawin",
        image_offset=0,
        image_id=9,
        esptool="ESP32-S3",
    ),
    "esp32c3": Chip(
        gpio=pins_of("0-21"),
        adc1=pins_of("0-4"),
        adc2=pins_of("5"),
        wake=pins_of("0-5"),
        straps=pins_of("2,8,9"),
        flash=pins_of("12-17"),
        usb=pins_of("18,19"),
        special={11: "the flash chip's supply"},
        console=(21, 20),
        i2s=1,
        architecture="rv32imc",
        image_offset=0,
        image_id=5,
        esptool="ESP32-C3",
    ),
    "esp32c6": Chip(
        gpio=pins_of("0-30"),
        adc1=pins_of("0-6"),
        wake=pins_of("0-7"),
        straps=pins_of("4,5,8,9,15"),
        flash=pins_of("24-30"),
        usb=pins_of("12,13"),
        special={10: "not brought out of every package", 11: "not brought out of every package"},
        console=(16, 17),
        i2s=1,
        architecture="rv32imc",
        image_offset=0,
        image_id=13,
        esptool="ESP32-C6",
    ),
}
