# What is used of soxr, which has no type stubs of its own.
import numpy as np
from numpy.typing import NDArray

def resample(
    x: NDArray[np.float64], in_rate: float, out_rate: float, quality: str = ...
) -> NDArray[np.float64]: ...
