"""What kind of phone it is."""

from dataclasses import dataclass

from bumble import hci
from bumble.device import ConnectionParametersPreferences

from vigie.radio.link_parameters import LinkParameters


@dataclass(frozen=True)
class PhoneProfile:
    """How a phone connects, scans and pairs without asking its applications."""

    mtu: int = 247
    """What it asks for after connecting."""
    connection_interval_ms: float = 30.0
    supervision_timeout_ms: float = 720.0
    scan_interval_ms: float = 60.0
    scan_window_ms: float = 60.0
    """How much of the scan interval it listens; phones listen less in the background."""
    auto_pair: bool = True
    """Pair when a peripheral refuses something for want of security, then try again."""

    def __post_init__(self) -> None:
        if not self._parameters.valid:
            raise ValueError(f"no Bluetooth link has these parameters: {self}")

    @property
    def _parameters(self) -> LinkParameters:
        return LinkParameters(
            int(self.connection_interval_ms / 1.25), 0, int(self.supervision_timeout_ms / 10)
        )

    @property
    def connection_preferences(self) -> dict[hci.Phy, ConnectionParametersPreferences]:
        """The same for bumble."""
        preferences = ConnectionParametersPreferences(
            connection_interval_min=self.connection_interval_ms,
            connection_interval_max=self.connection_interval_ms,
            max_latency=0,
            supervision_timeout=int(self.supervision_timeout_ms),
        )
        return {hci.Phy.LE_1M: preferences}
