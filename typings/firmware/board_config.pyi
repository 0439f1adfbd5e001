# Rendered for each board by host/vigie/boards/firmware.py.
NAME: str
STARTUP_PINS: tuple[tuple[int, int], ...]
KEY_PIN: int
KEY_ACTIVE_LOW: bool
KEY_PULL: str
SIREN_PIN: int
SIREN_RESONANCE_HZ: int
INDICATOR_PIN: int
INDICATOR_ACTIVE_LOW: bool
BATTERY_PIN: int
BATTERY_DIVIDER: float
MICROPHONE: dict[str, int] | None
TIMING: dict[str, int]
