"""What goes onto a device: the firmware's files and the board's configuration."""

from dataclasses import asdict
from pathlib import Path

from vigie.boards.mpy import compiled
from vigie.boards.spec import BoardSpec
from vigie.paths import FIRMWARE

CONFIG = "board_config.py"
STARTERS = ("boot.py", "main.py")
"""The chip starts them by these names, so they stay sources."""
NATIVE = "_viper.py"
"""Files that become machine code end so."""


def sources() -> dict[str, Path]:
    """The device files that firmware/manifest.py lists, by their name on the device."""
    files: dict[str, Path] = {}

    def package(name: str) -> None:
        for path in sorted((FIRMWARE / name).rglob("*.py")):
            files[path.relative_to(FIRMWARE).as_posix()] = path

    def module(name: str) -> None:
        files[name] = FIRMWARE / name

    manifest = FIRMWARE / "manifest.py"
    exec(compile(manifest.read_text(), manifest, "exec"), {"package": package, "module": module})
    return files


def render_config(spec: BoardSpec) -> str:
    """board_config.py of a device: constants, readable and editable there."""
    lines = [
        f'"""Configuration of the board {spec.name}, rendered from its TOML file."""',
        "",
        f"NAME = {spec.name!r}",
        f"STARTUP_PINS = {spec.startup.levels}",
        f"KEY_PIN = {spec.key.pin}",
        f"KEY_ACTIVE_LOW = {spec.key.active_low}",
        f"KEY_PULL = {spec.key.pull!r}",
        f"SIREN_PIN = {spec.siren.pin}",
        f"SIREN_RESONANCE_HZ = {spec.siren.resonance_hz}",
        f"INDICATOR_PIN = {spec.indicator.pin}",
        f"INDICATOR_ACTIVE_LOW = {spec.indicator.active_low}",
        f"BATTERY_PIN = {spec.battery.pin}",
        f"BATTERY_DIVIDER = {spec.battery.divider}",
        f"MICROPHONE = {spec.microphone.settings if spec.microphone else None}",
        f"TIMING = {asdict(spec.timing)}",
        "",
    ]
    return "\n".join(lines)


def device_files(
    spec: BoardSpec, architecture: str = "", *, compile_files: bool = True
) -> dict[str, bytes]:
    """All files of a device by name.

    Args:
        spec: the board.
        architecture: of the chip's machine code, such as "xtensawin"; without it the device gets
            no machine code and uses the slow twin of what it would be.
        compile_files: bytecode instead of sources, which costs the chip less time and heap. The
            configuration stays editable.
    """
    files = {name: path for name, path in sources().items() if name not in STARTERS}
    native = {name: path for name, path in files.items() if name.endswith(NATIVE)}
    plain = {name: path for name, path in files.items() if name not in native}
    contents: dict[str, bytes] = {}
    if compile_files:
        for part, march in ((plain, ""), (native, architecture)):
            if part is plain or march:
                folder = compiled(part, march)
                for name in part:
                    mpy = str(Path(name).with_suffix(".mpy"))
                    contents[mpy] = (folder / mpy).read_bytes()
    else:
        files = files if architecture else plain
        contents = {name: path.read_bytes() for name, path in files.items()}
    contents[CONFIG] = render_config(spec).encode()
    for name in STARTERS:
        contents[name] = (FIRMWARE / name).read_bytes()
    return contents
