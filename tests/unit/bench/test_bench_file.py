"""Benches of hardware as data, and what keeps a test from running on one."""

from dataclasses import replace
from pathlib import Path

import pytest

from vigie.bench import bench_file, needs
from vigie.bench.bench_file import BenchSpec, MeterSpec, MicrophoneSpec, PhoneSpec, RigSpec
from vigie.bench.board_rig import PlayerPins
from vigie.boards import spec
from vigie.errors import VigieError
from vigie.paths import ROOT

BASE = 'board = "virtual"\nport = "/dev/ttyUSB0"\n'


def load(tmp_path: Path, text: str) -> BenchSpec:
    file = tmp_path / "bench.toml"
    file.write_text(text)
    return bench_file.load(file)


def test_a_bench_names_its_board_its_rig_and_its_phone(tmp_path: Path) -> None:
    rts = '[rig]\nkind = "rts"\nport = "id:A50285BI"\nsiren = "cts"\n'
    phone = '[phone]\nkind = "adapter"\nadapter = "hci1"\n'
    assert load(tmp_path, BASE + rts + phone) == BenchSpec(
        "/dev/ttyUSB0",
        "virtual",
        RigSpec("rts", "id:A50285BI", {"siren": "cts"}),
        PhoneSpec("adapter", "hci1"),
    )
    board = '[rig]\nkind = "board"\nport = "/dev/ttyACM0"\nkey = 15\nindicator = 16\n'
    pins = PlayerPins(15, None, 16)
    assert load(tmp_path, BASE + board).rig == RigSpec("board", "/dev/ttyACM0", pins=pins)
    assert load(tmp_path, BASE) == BenchSpec("/dev/ttyUSB0")


@pytest.mark.parametrize("file", sorted((ROOT / "benches").glob("*.toml")), ids=lambda f: f.stem)
def test_the_benches_of_the_project_can_be_read(file: Path) -> None:
    assert bench_file.load(file).rig.abilities


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ('board = "virtual"\n', "no 'port'"),
        (BASE + "speed = 3\n", ":3: unknown key 'speed'"),
        (BASE + '[rig]\nkind = "robot"\n', ":4: kind is 'robot'"),
        (BASE + '[rig]\nkind = "rts"\n', "no 'port'"),
        (BASE + '[rig]\nkind = "rts"\nport = "p"\nsiren = "dtr"\n', ":6: siren is 'dtr'"),
        (
            BASE + '[rig]\nkind = "rts"\nport = "p"\nsiren = "cts"\nindicator = "cts"\n',
            ":7: both outputs are on one input",
        ),
        (BASE + '[rig]\nkind = "board"\nport = "p"\nkey = 99\n', ":6: key is no number of a pin"),
        (BASE + '[phone]\nkind = "hci"\naddress = "nowhere"\n', "needs a TCP address"),
        (BASE + 'person = "yes"\n', ":3: 'person' is a text"),
        (BASE + '[microphone]\ndevice = "UMIK"\n', "no 'full_scale_dbspl'"),
        (
            BASE + '[microphone]\ndevice = "UMIK"\nfull_scale_dbspl = 26\n',
            ":5: full_scale_dbspl is not between 80 and 180",
        ),
        (BASE + '[meter]\ncommand = "READ?"\n', "no 'port'"),
        (BASE + '[meter]\nport = "p"\nbaud = 0\n', ":5: baud is not between"),
    ],
)
def test_what_is_wrong_in_a_bench_is_told_with_its_line(
    tmp_path: Path, text: str, complaint: str
) -> None:
    with pytest.raises(VigieError, match=complaint):
        load(tmp_path, text)


def test_a_bench_names_its_instruments(tmp_path: Path) -> None:
    text = 'person = true\nloudspeaker = "HDMI"\n'
    text += '[microphone]\ndevice = "UMIK"\nfull_scale_dbspl = 118\n'
    text += '[meter]\nport = "/dev/ttyUSB2"\ncommand = ""\nbaud = 115200\nscale_ma = 1\n'
    bench = load(tmp_path, BASE + text)
    assert bench.person
    assert bench.loudspeaker == "HDMI"
    assert bench.microphone == MicrophoneSpec("UMIK", 118.0)
    assert bench.meter == MeterSpec("/dev/ttyUSB2", "", 115200, 1.0)
    words = {"port": "", "board": "", "rig": "hand", "phone": ""}
    assert bench_file.from_words(tmp_path / "bench.toml", **words) == replace(
        bench, rig=RigSpec("hand")
    )


@pytest.mark.parametrize(
    ("changes", "ability"),
    [
        ({"person": True}, "person"),
        ({"rig": RigSpec("hand")}, "person"),
        ({"microphone": MicrophoneSpec("UMIK", 118.0)}, "listen"),
        ({"loudspeaker": "HDMI"}, "loudspeaker"),
        ({"meter": MeterSpec("p")}, "current"),
    ],
)
def test_instruments_and_people_are_abilities_of_hardware_alone(
    changes: dict[str, object], ability: str
) -> None:
    virtual = spec.load("virtual")
    bare = BenchSpec("p")
    assert ability not in needs.of_virtual(virtual)
    assert ability not in needs.of_hardware(bare, virtual, patient=True)
    assert "hardware" in needs.of_hardware(bare, virtual, patient=True)
    assert ability in needs.of_hardware(replace(bare, **changes), virtual, patient=True)


def test_words_go_before_what_the_file_says(tmp_path: Path) -> None:
    file = tmp_path / "bench.toml"
    file.write_text(BASE + '[rig]\nkind = "hand"\n')
    words = {"port": "socket://lab:5000", "board": "", "rig": "", "phone": "none"}
    bench = bench_file.from_words(file, **words)
    assert bench == BenchSpec(words["port"], "virtual", RigSpec("hand"), PhoneSpec("none"))


def test_without_hardware_there_is_no_bench() -> None:
    assert bench_file.from_words(None, port="", board="virtual", rig="", phone="") is None
    with pytest.raises(VigieError, match="--port"):
        bench_file.from_words(None, port="", board="", rig="hand", phone="")


@pytest.mark.parametrize("word", ["robot", "rts", "board:", "hand:/dev/ttyUSB0", ""])
def test_what_is_no_rig_is_refused(word: str) -> None:
    with pytest.raises(VigieError):
        bench_file.parse_rig(word)


@pytest.mark.parametrize("word", ["pigeon", "hci", "hci:6402", "hci:host:port"])
def test_what_is_no_phone_is_refused(word: str) -> None:
    with pytest.raises(VigieError):
        bench_file.parse_phone(word)


def why(rig: str, needed: set[str], asks: set[str], *, patient: bool = False) -> str:
    bench = BenchSpec("p", rig=bench_file.parse_rig(rig))
    able = needs.of_hardware(
        bench, replace(spec.load("virtual"), microphone=None), patient=patient
    )
    return needs.missing(able, needed, asks)


def test_a_test_runs_if_the_bench_can_do_what_it_needs() -> None:
    assert not why("board:p", {"bounce", "siren", "timing"}, {"board", "rig"})
    assert not why("rts:p", {"timing"}, {"board", "rig", "phone"})
    assert not why("none", set(), {"board", "phone"})
    assert not why("hand", {"hours"}, {"board", "rig"}, patient=True)


def test_a_test_that_cannot_run_says_what_is_missing() -> None:
    assert "bounce (play edges" in why("rts:p", {"bounce"}, {"rig"})
    assert "siren (sense" in why("rts:p", {"siren"}, {"rig"})
    assert "press (close" in why("none", set(), {"rig"})
    assert "power (take" in why("board:p", set(), {"cold_board"})
    assert "hours (wait" in why("board:p", {"hours"}, {"rig"})
    assert "microphone (record" in why("board:p", {"microphone"}, {"rig"})


def test_the_keys_own_contact_is_closed_by_a_hand_alone() -> None:
    real = replace(spec.load("virtual"), name="devkit_esp32")

    def able(rig: str, board: spec.BoardSpec) -> bool:
        bench = BenchSpec("p", rig=bench_file.parse_rig(rig))
        return "key contact" in needs.of_hardware(bench, board, patient=False)

    assert able("hand", real)
    assert not able("board:p", real)
    assert not able("rts:p", real)
    assert able("board:p", spec.load("virtual"))


def test_an_ability_that_nothing_has_is_a_mistake() -> None:
    assert "no ability levitation" in needs.unknown({"levitation", "press"})
    assert not needs.unknown({"press"})
