"""Triangle meshes: reading and writing STL, whether a mesh is a solid, and what it meets."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Triangles = NDArray[np.float64]
"""Shape (n, 3, 3): triangle, corner, axis; millimetres."""

_RECORD = np.dtype([("normal", "<f4", 3), ("corners", "<f4", (3, 3)), ("attribute", "<u2")])
_HEAD = 80


def read_text(text: str) -> Triangles:
    """The triangles of an STL in its text form."""
    corners = [
        line.split()[1:] for line in text.splitlines() if line.lstrip().startswith("vertex")
    ]
    return np.array(corners, dtype=np.float64).reshape(-1, 3, 3)


def as_binary(triangles: Triangles, mark: str) -> bytes:
    """STL in its binary form. The same solid makes the same bytes, whatever the order.

    Args:
        triangles: the mesh.
        mark: goes into the head, which nobody reads otherwise.
    """
    rounded = np.round(triangles, 4).astype(np.float32)
    # Each triangle begins with its least corner, which keeps the sense of rotation.
    first = [min(range(3), key=lambda n, t=t: tuple(t[n])) for t in rounded.tolist()]
    turned = np.array([np.roll(t, -n, axis=0) for t, n in zip(rounded, first, strict=True)])
    order = np.lexsort(turned.reshape(len(turned), 9).T[::-1])
    records = np.zeros(len(turned), _RECORD)
    records["corners"] = turned[order]
    head = mark.encode("ascii").ljust(_HEAD, b"\0") + np.uint32(len(turned)).tobytes()
    return head + records.tobytes()


def read_binary(path: Path) -> tuple[str, Triangles]:
    """The mark and the triangles of a file that `as_binary` made."""
    data = path.read_bytes()
    mark = data[:_HEAD].rstrip(b"\0").decode("ascii")
    records = np.frombuffer(data, _RECORD, offset=_HEAD + 4)
    return mark, records["corners"].astype(np.float64)


def bounds(triangles: Triangles) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The least and the greatest corner of the box around it."""
    points = triangles.reshape(-1, 3)
    return points.min(axis=0), points.max(axis=0)


def open_edges(triangles: Triangles) -> int:
    """How many edges are not met by exactly one other triangle, running the other way.

    0: the mesh is watertight and all of it is turned outward or all inward.
    """
    points, index = np.unique(triangles.reshape(-1, 3), axis=0, return_inverse=True)
    corners = index.reshape(-1, 3)
    edges = np.concatenate([corners[:, [0, 1]], corners[:, [1, 2]], corners[:, [2, 0]]])
    forth = edges[:, 0] * len(points) + edges[:, 1]
    back = edges[:, 1] * len(points) + edges[:, 0]
    names, counts = np.unique(forth, return_counts=True)
    once = names[counts == 1]
    return int(len(forth) - len(once) + np.setdiff1d(once, back).size)


def volume_mm3(triangles: Triangles) -> float:
    """The volume; less than 0 if the mesh is turned inside out."""
    a, b, c = triangles[:, 0], triangles[:, 1], triangles[:, 2]
    return float(np.einsum("ij,ij->i", a, np.cross(b, c)).sum() / 6)


def meets_box(triangles: Triangles, least: NDArray[np.float64], most: NDArray[np.float64]) -> bool:
    """Whether the solid and a box have any point in common."""
    return bool(_touches(triangles, least, most).any()) or holds(triangles, (least + most) / 2)


def holds(triangles: Triangles, point: NDArray[np.float64]) -> bool:
    """Whether a point is inside the solid: the solid angle of its mesh seen from there is full."""
    a, b, c = (triangles[:, n] - point for n in range(3))
    la, lb, lc = (np.linalg.norm(v, axis=1) for v in (a, b, c))
    det = np.einsum("ij,ij->i", a, np.cross(b, c))
    dots = [np.einsum("ij,ij->i", u, v) for u, v in ((a, b), (b, c), (c, a))]
    angles = 2 * np.arctan2(det, la * lb * lc + dots[0] * lc + dots[1] * la + dots[2] * lb)
    return abs(float(angles.sum())) > 2 * np.pi


def _touches(
    triangles: Triangles, least: NDArray[np.float64], most: NDArray[np.float64]
) -> NDArray[np.bool_]:
    """Which triangles have a point in the box: no axis parts them (separating axis theorem)."""
    half = (most - least) / 2
    corners = triangles - (least + most) / 2
    sides = np.roll(corners, -1, axis=1) - corners
    axes = [np.broadcast_to(unit, sides[:, 0].shape) for unit in np.eye(3)]
    axes.append(np.cross(sides[:, 0], sides[:, 1]))
    axes += [np.cross(unit, sides[:, n]) for unit in np.eye(3) for n in range(3)]
    apart = np.zeros(len(triangles), dtype=bool)
    for axis in axes:
        along = np.einsum("ijk,ik->ij", corners, axis)
        reach = np.abs(axis) @ half
        apart |= (along.min(axis=1) > reach) | (along.max(axis=1) < -reach)
    return ~apart
