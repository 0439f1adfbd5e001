from hypothesis import given
from hypothesis import strategies as st

from vigie.radio.path_loss import PathLoss

distances = st.floats(min_value=0, max_value=1e6)
strengths = st.floats(min_value=-200, max_value=50)


@given(distances, distances)
def test_farther_is_never_stronger(a: float, b: float) -> None:
    near, far = sorted((a, b))
    path = PathLoss()
    assert path.rssi_dbm(near) >= path.rssi_dbm(far)


@given(strengths, strengths)
def test_stronger_is_never_lost_more_often(a: float, b: float) -> None:
    weak, strong = sorted((a, b))
    path = PathLoss()
    assert 0 <= path.packet_loss(strong) <= path.packet_loss(weak) <= 1


def test_the_first_metre_costs_40_db() -> None:
    assert PathLoss(tx_power_dbm=4).rssi_dbm(1) == -36


def test_ten_times_the_distance_costs_ten_times_the_exponent() -> None:
    assert PathLoss(exponent=2).rssi_dbm(10) == -60


def test_half_of_the_packets_are_lost_at_the_sensitivity() -> None:
    assert PathLoss(sensitivity_dbm=-85).packet_loss(-85) == 0.5


def test_far_from_the_edge_loss_is_certain_or_none() -> None:
    path = PathLoss()
    assert path.packet_loss(-60) == 0
    assert path.packet_loss(-100) == 1
