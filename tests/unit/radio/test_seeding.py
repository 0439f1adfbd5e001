import secrets

import bumble.controller
import bumble.hci
import pytest
from bumble.crypto.cryptography import EccKey
from bumble.hci import Address
from bumble.pairing import PairingDelegate

from vigie.radio.seeding import seeded
from vigie.virtual.clock import run


def everything_random() -> list[bytes]:
    return [
        bytes(Address.generate_static_address()),
        bytes(Address.generate_private_address(bytes(16))),
        EccKey.generate().x,
        run(PairingDelegate().generate_passkey()).to_bytes(4),
    ]


def test_the_same_seed_gives_the_same_bytes() -> None:
    with seeded(7):
        first = everything_random()
    with seeded(7):
        assert everything_random() == first


def test_another_seed_gives_others() -> None:
    with seeded(7):
        first = everything_random()
    with seeded(8):
        second = everything_random()
    assert all(a != b for a, b in zip(first, second, strict=True))


def test_real_randomness_comes_back() -> None:
    generate = vars(EccKey)["generate"]
    random = vars(bumble.controller)["random"]
    with pytest.raises(RuntimeError), seeded(7):
        raise RuntimeError
    assert vars(bumble.hci)["secrets"] is secrets
    assert vars(EccKey)["generate"] is generate
    assert vars(bumble.controller)["random"] is random


def test_seeds_nest() -> None:
    with seeded(1):
        with seeded(2):
            inner = everything_random()
        outer = everything_random()
    with seeded(1):
        assert everything_random() == outer
    with seeded(2):
        assert everything_random() == inner
