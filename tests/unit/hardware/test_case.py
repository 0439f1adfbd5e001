"""The case: solids that can be printed, small enough, with room for every part."""

from itertools import combinations, product
from pathlib import Path

import numpy as np
import pytest

from vigie.errors import VigieError
from vigie.hardware import case, stl

CASE = case.load()
BODIES = {body.name: body for body in CASE.bodies}
SOLIDS = {piece: stl.read_binary(file)[1] for piece, file in case.STL.items()}
TOUCH_MM = 0.01
"""Two things that touch may overlap by what rounding makes of it."""


def cube(size: float = 1.0) -> stl.Triangles:
    """From the origin, turned outward."""
    corners = np.array(list(product((0.0, size), repeat=3)))
    faces = [(0, 1, 3, 2), (4, 6, 7, 5), (0, 4, 5, 1), (2, 3, 7, 6), (0, 2, 6, 4), (1, 5, 7, 3)]
    return np.array(
        [[corners[i] for i in (f[0], *pair)] for f in faces for pair in (f[1:3], f[2:])]
    )


def box(*at: float, size: float = 0.5) -> tuple[np.ndarray, np.ndarray]:
    return np.array(at), np.array(at) + size


@pytest.mark.parametrize("piece", SOLIDS)
def test_a_piece_is_watertight(piece: str) -> None:
    assert stl.open_edges(SOLIDS[piece]) == 0
    assert stl.volume_mm3(SOLIDS[piece]) > 0


def test_the_closed_case_is_no_larger_than_promised() -> None:
    least, most = stl.bounds(np.concatenate(list(SOLIDS.values())))
    assert (most - least <= np.array(case.LIMIT_MM)).all()


@pytest.mark.parametrize("body", BODIES)
@pytest.mark.parametrize("piece", SOLIDS)
def test_a_part_has_room(body: str, piece: str) -> None:
    part = BODIES[body]
    assert not stl.meets_box(SOLIDS[piece], part.least + TOUCH_MM, part.most - TOUCH_MM)


@pytest.mark.parametrize("pair", list(combinations(BODIES, 2)), ids="-".join)
def test_no_two_parts_share_room(pair: tuple[str, str]) -> None:
    assert not BODIES[pair[0]].overlaps(BODIES[pair[1]])


@pytest.mark.parametrize("body", BODIES)
def test_a_part_is_inside(body: str) -> None:
    wide, deep = CASE.parameters["width"], CASE.parameters["depth"]
    rim = CASE.parameters["height"] - CASE.parameters["lid"]
    part = BODIES[body]
    assert (part.least >= 0).all()
    assert (part.most <= np.array([wide, deep, rim])).all()


def test_it_takes_six_grams_of_plastic() -> None:
    volume_cm3 = sum(stl.volume_mm3(solid) for solid in SOLIDS.values()) / 1000
    assert round(volume_cm3 * 1.27) == 6  # PETG, g/cm3


def test_the_cell_has_a_tenth_of_its_thickness_to_swell() -> None:
    assert BODIES["cell"].size[2] >= 1.1 * 4.5


def test_the_cap_presses_the_switch_before_it_stops() -> None:
    pressed = CASE.parameters["key_stop"] - CASE.parameters["key_free_travel"]
    assert pressed >= 0.65  # KSC222J: 0.35 mm, 0.3 more at the worst


def test_a_pressed_cap_comes_to_rest_on_the_switchs_board_and_not_on_the_switch() -> None:
    down = SOLIDS["cap"] - np.array([0, 0, CASE.parameters["key_stop"]])
    board, key = BODIES["key_board"], BODIES["key"]
    assert down[:, :, 2].min() == pytest.approx(board.most[2], abs=0.01)
    body_of_switch = key.most - np.array([0, 0, 0.71])  # its plunger gives way by that much
    assert not stl.meets_box(down, key.least + TOUCH_MM, body_of_switch)


def test_cap_and_lid_do_not_touch_while_the_key_is_pressed() -> None:
    inside = SOLIDS["cap"].reshape(-1, 3)
    for depth in (0.02, 0.5, 1.0):
        corners = np.unique(inside - np.array([0, 0, depth]), axis=0)
        assert not any(stl.holds(SOLIDS["lid"], corner) for corner in corners[::7])


@pytest.mark.parametrize(("inner", "outer"), [("lid", "tray"), ("tray", "lid")])
def test_the_lid_goes_onto_the_tray(inner: str, outer: str) -> None:
    lift = np.array([0, 0, 0.02 if inner == "lid" else -0.02])  # they touch at the rim
    corners = SOLIDS[inner] + lift
    middles = (corners + np.roll(corners, 1, axis=1)) / 2
    points = np.unique(np.concatenate([corners, middles]).reshape(-1, 3).round(4), axis=0)
    assert not any(stl.holds(SOLIDS[outer], point) for point in points)


def test_the_hooks_are_in_their_slots_and_hold() -> None:
    lifted = SOLIDS["lid"] + np.array([0, 0, 0.5])
    corners = np.unique(lifted.reshape(-1, 3), axis=0)
    front = corners[corners[:, 1] < 1.2]
    assert any(stl.holds(SOLIDS["tray"], corner) for corner in front)


def test_the_microphone_hears_through_its_hole() -> None:
    hole = BODIES["microphone"].least[:2] + np.array(
        [CASE.parameters["microphone_port_x"], CASE.parameters["microphone_port_y"]]
    )
    top = CASE.parameters["height"]
    ray = np.array([*hole - 0.3, top - 2]), np.array([*hole + 0.3, top + 1])
    assert not stl.meets_box(SOLIDS["lid"], *ray)


def test_the_sounder_is_heard_through_the_lid() -> None:
    sounder = BODIES["sounder"]
    middle = (sounder.least + sounder.most)[:2] / 2
    top = CASE.parameters["height"]
    ray = np.array([*middle - 0.3, top - 2]), np.array([*middle + 0.3, top + 1])
    assert not stl.meets_box(SOLIDS["lid"], *ray)


def test_a_cord_of_two_millimetres_passes_behind_the_post() -> None:
    deep = CASE.parameters["depth"]
    for x, y in ((4.0, deep - 1), (4.0, deep - 4), (4.0, deep - 5.9), (0, deep - 5.9)):
        least = np.array([x, y, 8.0])
        assert not stl.meets_box(SOLIDS["tray"], least, least + np.array([1.9, 1.0, 1.9]))
    assert stl.holds(SOLIDS["tray"], np.array([2.5, deep - 2.5, 9.0]))  # the post is there


def test_a_cube_is_a_solid() -> None:
    assert stl.open_edges(cube()) == 0
    assert stl.volume_mm3(cube(2)) == pytest.approx(8)
    assert stl.bounds(cube(2))[1].tolist() == [2, 2, 2]


def test_a_missing_or_turned_triangle_is_noticed() -> None:
    whole = cube()
    assert stl.open_edges(whole[1:]) == 3
    turned = whole.copy()
    turned[0] = turned[0][::-1]
    assert stl.open_edges(turned) > 0
    assert stl.volume_mm3(whole[:, ::-1]) == pytest.approx(-1)


@pytest.mark.parametrize(
    ("at", "meets"),
    [
        ((0.25, 0.25, 0.25), True),  # inside, without a triangle in it
        ((0.8, 0.8, 0.8), True),  # across a corner
        ((-0.4, 0.2, 0.2), True),  # across a face
        ((-0.6, 0.2, 0.2), False),
        ((1.01, 1.01, 1.01), False),
    ],
)
def test_a_box_meets_a_cube(at: tuple[float, float, float], meets: bool) -> None:
    assert stl.meets_box(cube(), *box(*at)) is meets


def test_the_same_solid_is_the_same_file_whatever_the_order(tmp_path: Path) -> None:
    solid = cube(3)
    shuffled = np.roll(np.random.default_rng(1).permutation(solid), 1, axis=1)
    assert stl.as_binary(solid, "m") == stl.as_binary(shuffled, "m")
    file = tmp_path / "cube.stl"
    file.write_bytes(stl.as_binary(solid, "m"))
    mark, again = stl.read_binary(file)
    assert mark == "m"
    assert stl.volume_mm3(again) == pytest.approx(27)


def test_text_is_read_as_written() -> None:
    text = "solid s\nfacet normal 0 0 1\nouter loop\nvertex 0 0 0\nvertex 1 0 0\nvertex 0 1e1 0\n"
    assert stl.read_text(text).tolist() == [[[0, 0, 0], [1, 0, 0], [0, 10, 0]]]


def test_the_model_gets_every_dimension() -> None:
    definitions = case.as_openscad(CASE)
    for body in CASE.bodies:
        assert f"{body.name}_at = [" in definitions
    for name in CASE.parameters:
        assert f"\n{name} = " in definitions


@pytest.mark.parametrize(
    ("old", "new", "error"),
    [
        ("wall = 1.2", "walls = 1.2", "unknown key 'walls'"),
        ("size = { x = 30.0", "size = { x = -30.0", "a size is not more than 0"),
        ("at = { x = 2.4", "at = { u = 2.4", "unknown key 'u'"),
    ],
)
def test_what_is_wrong_in_the_dimensions_is_named(
    tmp_path: Path, old: str, new: str, error: str
) -> None:
    text = case.FILE.read_text(encoding="utf-8")
    assert old in text
    file = tmp_path / "parts.toml"
    file.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(VigieError, match=error):
        case.load(file)
