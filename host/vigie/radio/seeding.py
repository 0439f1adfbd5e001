"""All randomness inside bumble from one seed: addresses, nonces, passkeys, keys."""

import random
from collections.abc import Generator
from contextlib import contextmanager
from types import ModuleType
from typing import Any

import bumble.controller
import bumble.crypto
import bumble.device
import bumble.hci
import bumble.pairing
from bumble.crypto.cryptography import EccKey
from cryptography.hazmat.primitives.asymmetric import ec

_USERS_OF_SECRETS: tuple[ModuleType, ...] = (
    bumble.crypto,
    bumble.hci,
    bumble.pairing,
    bumble.device,
    bumble.controller,
)

_P256_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551


class _SeededSecrets:
    """The part of the module `secrets` that bumble uses; anything else is an AttributeError."""

    def __init__(self, rng: random.Random):
        self._rng = rng

    def token_bytes(self, nbytes: int = 32) -> bytes:
        return self._rng.randbytes(nbytes)

    def randbelow(self, exclusive_upper_bound: int) -> int:
        return self._rng.randrange(exclusive_upper_bound)


@contextmanager
def seeded(seed: int) -> Generator[None]:
    """Inside the block, the same seed gives the same bytes on the air.

    For virtual radios only: keys made from a seed protect nothing.
    """
    rng = random.Random(seed)

    def generate(cls: type[EccKey]) -> EccKey:
        # The stock method draws from OpenSSL, which cannot be seeded.
        return cls(ec.derive_private_key(rng.randrange(1, _P256_ORDER), ec.SECP256R1()))

    secrets = _SeededSecrets(rng)
    replaced: list[tuple[Any, str, Any]] = [
        *((module, "secrets", secrets) for module in _USERS_OF_SECRETS),
        (bumble.controller, "random", rng),
        (EccKey, "generate", classmethod(generate)),
    ]
    originals: list[tuple[Any, str, Any]] = [
        (owner, name, vars(owner)[name]) for owner, name, _ in replaced
    ]
    for owner, name, value in replaced:
        setattr(owner, name, value)
    try:
        yield
    finally:
        for owner, name, value in originals:
            setattr(owner, name, value)
