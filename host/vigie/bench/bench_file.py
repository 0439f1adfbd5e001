"""A bench as data: which board is on which port, what presses it, what its phone is.

Read from benches/*.toml, or from the words of a command line.
"""

from dataclasses import dataclass, field, replace
from pathlib import Path

from vigie.bench.board_rig import USUAL_PINS, PlayerPins
from vigie.bench.rts_rig import INPUTS, OUTPUTS
from vigie.errors import VigieError
from vigie.reading.toml_table import Table, load_toml, suggestion

KINDS = ("none", "rts", "board", "hand")
WITH_PORT = ("rts", "board")
PHONES = ("none", "adapter", "hci")
MAX_BYTES = 64 * 1024
_SEE = "benches/README.md explains it."
_PIN_MOST = 60
_FULL_SCALE_DBSPL = (80, 180)


@dataclass(frozen=True, slots=True)
class RigSpec:
    """What presses the key; KINDS says which there are.

    senses: of kind rts, which input senses which output: {"siren": "cts"}.
    pins: of kind board, those of the second board.
    """

    kind: str = "none"
    port: str = ""
    senses: dict[str, str] = field(default_factory=dict[str, str])
    pins: PlayerPins = USUAL_PINS

    @property
    def abilities(self) -> frozenset[str]:
        """What it can do; `vigie.bench.protocol.ABILITIES` says what the words mean."""
        match self.kind:
            case "rts":
                return frozenset({"press", "timing", *self.senses})
            case "board":
                named = [name for name in OUTPUTS if getattr(self.pins, name) is not None]
                return frozenset({"press", "timing", "bounce", *named})
            case "hand":
                return frozenset({"press"})
            case _:
                return frozenset()


@dataclass(frozen=True, slots=True)
class PhoneSpec:
    """What the phone's radio is.

    kind: "adapter" (of this computer), "hci" (a controller at a TCP port), "none".
    where: the adapter, such as "hci0", or HOST:PORT; nothing for the usual adapter.
    """

    kind: str = "adapter"
    where: str = ""


@dataclass(frozen=True, slots=True)
class MicrophoneSpec:
    """A calibrated microphone of this computer.

    device: its name, or a part of it, as `python -m sounddevice` lists it.
    full_scale_dbspl: level of a sine that fills its range: its calibration.
    """

    device: str
    full_scale_dbspl: float


@dataclass(frozen=True, slots=True)
class MeterSpec:
    """A meter in the board's supply line, on a serial port.

    command: what asks it for the current; nothing for a meter that says a line by itself.
    scale_ma: milliamperes that a value of 1 means, if the meter says no unit.
    """

    port: str
    command: str = "MEAS:CURR:DC?"
    baud: int = 9600
    scale_ma: float = 1000.0


@dataclass(frozen=True, slots=True)
class BenchSpec:
    """One bench of hardware.

    loudspeaker: of this computer, by its name; nothing if there is none.
    person: somebody is there who can be asked.
    """

    port: str
    board: str = "virtual"
    rig: RigSpec = field(default_factory=RigSpec)
    phone: PhoneSpec = field(default_factory=PhoneSpec)
    microphone: MicrophoneSpec | None = None
    meter: MeterSpec | None = None
    person: bool = False
    loudspeaker: str = ""


def from_words(
    file: Path | None, *, port: str, board: str, rig: str, phone: str
) -> BenchSpec | None:
    """The bench that a command line names; words go before what the file says.

    None if it names no hardware. Raises VigieError.
    """
    bench = load(file) if file else BenchSpec(port) if port else None
    if bench is None:
        if rig or phone:
            raise VigieError("A rig or a phone of hardware needs a board.", "Add --port PORT.")
        return None
    return replace(
        bench,
        port=port or bench.port,
        board=board or bench.board,
        rig=parse_rig(rig) if rig else bench.rig,
        phone=parse_phone(phone) if phone else bench.phone,
    )


def parse_rig(text: str) -> RigSpec:
    """KIND or KIND:PORT. Raises VigieError."""
    kind, _, port = text.partition(":")
    if kind not in KINDS:
        raise VigieError(f"There is no rig {kind!r}.", f"There are: {', '.join(KINDS)}.")
    if (kind in WITH_PORT) != bool(port):
        wants = "needs its port" if kind in WITH_PORT else "has no port"
        raise VigieError(f"The rig {kind} {wants}.", f"For example: --rig {_example(kind)}.")
    return RigSpec(kind, port)


def parse_phone(text: str) -> PhoneSpec:
    """KIND or KIND:WHERE. Raises VigieError."""
    kind, _, where = text.partition(":")
    if kind not in PHONES:
        raise VigieError(f"There is no phone {kind!r}.", f"There are: {', '.join(PHONES)}.")
    if kind == "hci":
        host, _, port = where.rpartition(":")
        if not host or not port.isdecimal():
            raise VigieError("The phone hci needs a TCP address.",
                             "For example: --phone hci:127.0.0.1:6402.")  # fmt: skip
    return PhoneSpec(kind, where)


def load(path: Path) -> BenchSpec:
    """A bench from its file. Raises VigieError, which names the line."""
    file = load_toml(path, MAX_BYTES, "bench file", _SEE)
    file.allow("board", "port", "person", "rig", "phone", "microphone", "meter", "loudspeaker")
    return BenchSpec(
        file.text("port", _SEE),
        file.text("board", _SEE),
        _rig(file.table("rig", _SEE)) if "rig" in file else RigSpec(),
        _phone(file.table("phone", _SEE)) if "phone" in file else PhoneSpec(),
        _microphone(file.table("microphone", _SEE)) if "microphone" in file else None,
        _meter(file.table("meter", _SEE)) if "meter" in file else None,
        "person" in file and file.flag("person", _SEE),
        file.text("loudspeaker", _SEE) if "loudspeaker" in file else "",
    )


def _rig(table: Table) -> RigSpec:
    table.allow("kind", "port", "key", *OUTPUTS)
    kind = _one_of(table, "kind", KINDS)
    port = table.text("port", _SEE) if kind in WITH_PORT else ""
    if kind == "rts":
        senses = {name: _one_of(table, name, INPUTS) for name in OUTPUTS if name in table}
        if len(set(senses.values())) < len(senses):
            raise table.error("both outputs are on one input", _SEE, OUTPUTS[-1])
        return RigSpec(kind, port, senses)
    if kind == "board":
        siren, indicator = (_pin(table, name) if name in table else None for name in OUTPUTS)
        return RigSpec(kind, port, pins=PlayerPins(_pin(table, "key"), siren, indicator))
    return RigSpec(kind)


def _phone(table: Table) -> PhoneSpec:
    table.allow("kind", "adapter", "address")
    kind = _one_of(table, "kind", PHONES)
    if kind == "hci":
        return parse_phone(f"hci:{table.text('address', _SEE)}")
    return PhoneSpec(kind, table.text("adapter", _SEE) if "adapter" in table else "")


def _microphone(table: Table) -> MicrophoneSpec:
    table.allow("device", "full_scale_dbspl")
    full_scale = _number(table, "full_scale_dbspl", *_FULL_SCALE_DBSPL)
    return MicrophoneSpec(table.text("device", _SEE), full_scale)


def _meter(table: Table) -> MeterSpec:
    table.allow("port", "command", "baud", "scale_ma")
    usual = MeterSpec(table.text("port", _SEE))
    return MeterSpec(
        usual.port,
        table.text("command", _SEE) if "command" in table else usual.command,
        round(_number(table, "baud", 300, 4_000_000)) if "baud" in table else usual.baud,
        _number(table, "scale_ma", 1e-6, 1e6) if "scale_ma" in table else usual.scale_ma,
    )


def _number(table: Table, key: str, least: float, most: float) -> float:
    value = table.number(key, _SEE)
    if not least <= value <= most:
        raise table.error(f"{key} is not between {least:g} and {most:g}", _SEE, key)
    return value


def _one_of(table: Table, key: str, known: tuple[str, ...]) -> str:
    value = table.text(key, _SEE)
    if value not in known:
        raise table.error(f"{key} is {value[:20]!r}", suggestion(value, known), key)
    return value


def _pin(table: Table, key: str) -> int:
    pin = table.integer(key, _SEE)
    if not 0 <= pin <= _PIN_MOST:
        raise table.error(f"{key} is no number of a pin", _SEE, key)
    return pin


def _example(kind: str) -> str:
    return f"{kind}:/dev/ttyUSB1" if kind in WITH_PORT else kind
