"""Files of one workstation: atomic, private, and never the reason for a crash."""

from __future__ import annotations

import json
import logging
import os
from decimal import Decimal
from pathlib import Path

import pytest
from psycopg.conninfo import conninfo_to_dict

from desktop_app.core import clock, json_file, paths, settings as declared
from desktop_app.core.errors import UserError
from desktop_app.core.json_file import save_object
from desktop_app.core.logging import get_logger, start_log, stop_log
from desktop_app.core.settings import SETTINGS, Settings
from desktop_app.database import profiles
from desktop_app.database.profiles import ConnectionProfile

LAN = ConnectionProfile("office", host="db.shop", user="li", root_certificate="/etc/shop.crt")
OWN = ConnectionProfile("this PC", embedded=True)

SHARE = declared.Setting(
    "share", Decimal, Decimal(0), "a share", minimum=Decimal(0), maximum=Decimal(100)
)


def test_defaults_hold_without_a_file(tmp_path: Path) -> None:
    settings = Settings.load(tmp_path / "settings.json")
    assert settings.problems == ()
    for setting in SETTINGS:
        assert setting.accepts(settings.get(setting)), setting.key


def test_chosen_values_come_back_and_unknown_ones_stay(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "settings.json"
    save_object(path, {"from_a_newer_version": [1]})
    settings = Settings.load(path)
    settings.set(declared.THEME, "dark")
    settings.set(SHARE, Decimal("2.5"))
    settings.save()
    again = Settings.load(path)
    assert again.get(declared.THEME) == "dark"
    assert again.get(SHARE) == Decimal("2.5")
    assert json.loads(path.read_text(encoding="utf-8"))["from_a_newer_version"] == [1]
    again.reset(declared.THEME)
    assert again.get(declared.THEME) == "auto"


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        (declared.ZOOM, 20),
        (declared.ZOOM, 900),
        (declared.ZOOM, True),
        (declared.ZOOM, "100"),
        (declared.SOUND, 1),
        (declared.LANGUAGE, "tlh"),
        (SHARE, Decimal("NaN")),
        (SHARE, Decimal("-1")),
    ],
)
def test_impossible_values_are_refused(
    tmp_path: Path, setting: declared.Setting, value: declared.Value
) -> None:
    settings = Settings.load(tmp_path / "settings.json")
    with pytest.raises(UserError, match="not allowed"):
        settings.set(setting, value)
    assert settings.get(setting) == setting.default_value()


@pytest.mark.parametrize("content", [b"", b"{", b"[1]", b"\xff\xfe\x00", b"null", b"[" * 99999])
def test_corrupt_settings_are_moved_aside(
    tmp_path: Path, content: bytes, fixed_clock: clock.FixedClock
) -> None:
    path = tmp_path / "settings.json"
    path.write_bytes(content)
    settings = Settings.load(path)
    aside = tmp_path / "settings.json.broken-20260105-093000"
    assert [str(problem) for problem in settings.problems] == [
        f"The file settings.json could not be read and was moved aside as {aside}."
    ]
    assert aside.read_bytes() == content
    settings.set(declared.ZOOM, 110)
    settings.save()
    assert Settings.load(path).get(declared.ZOOM) == 110


def test_a_second_corruption_does_not_overwrite_the_first(
    tmp_path: Path, fixed_clock: clock.FixedClock
) -> None:
    for text in ("{1", "{2"):
        (tmp_path / "settings.json").write_text(text, encoding="utf-8")
        Settings.load(tmp_path / "settings.json")
    kept = sorted(path.read_text(encoding="utf-8") for path in tmp_path.glob("*.broken-*"))
    assert kept == ["{1", "{2"]


def test_one_wrong_value_costs_only_itself(tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    save_object(path, {"zoom": "huge", "sound": "x", "theme": "dark"})
    settings = Settings.load(path)
    assert len(settings.problems) == 2
    assert "huge" in str(settings.problems[0])
    assert settings.get(declared.ZOOM) == 100
    assert settings.get(declared.THEME) == "dark"


def test_failed_write_keeps_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "settings.json"
    save_object(path, {"zoom": 120})

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        save_object(path, {"zoom": 90})
    assert json.loads(path.read_text(encoding="utf-8")) == {"zoom": 120}
    assert list(tmp_path.iterdir()) == [path]


def test_profiles_come_back_without_passwords(tmp_path: Path) -> None:
    profiles.save_profiles(tmp_path, [LAN, OWN])
    loaded = profiles.load_profiles(tmp_path)
    assert loaded.profiles == (LAN, OWN)
    assert loaded.named("office") == LAN
    assert loaded.named("other") is None
    assert "password" not in (tmp_path / profiles.FILE_NAME).read_text(encoding="utf-8")


def test_corrupt_profiles_are_moved_aside(tmp_path: Path) -> None:
    (tmp_path / profiles.FILE_NAME).write_text("{broken", encoding="utf-8")
    loaded = profiles.load_profiles(tmp_path)
    assert loaded.profiles == ()
    assert "moved aside" in str(loaded.problems[0])


@pytest.mark.parametrize(
    "entry", [1, {"name": 5}, {"name": ""}, {}, {"name": "x", "host": "db", "tls": "maybe"}]
)
def test_one_bad_profile_costs_only_itself(tmp_path: Path, entry: object) -> None:
    profiles.save_profiles(tmp_path, [LAN])
    stored = json.loads((tmp_path / profiles.FILE_NAME).read_text(encoding="utf-8"))
    save_object(tmp_path / profiles.FILE_NAME, {"profiles": [entry, *stored["profiles"]]})
    loaded = profiles.load_profiles(tmp_path)
    assert loaded.profiles == (LAN,)
    assert len(loaded.problems) == 1


def test_connections_are_protected() -> None:
    options = conninfo_to_dict(LAN.conninfo("it's ours"))
    assert options["sslmode"] == "verify-full"
    assert options["require_auth"] == "scram-sha-256"
    assert options["sslrootcert"] == "/etc/shop.crt"
    assert options["password"] == "it's ours"
    assert options["user"] == "li"
    assert conninfo_to_dict(LAN.conninfo("x", user="wang"))["user"] == "wang"


def test_a_pair_of_servers_means_the_writable_one() -> None:
    pair = ConnectionProfile("pair", host="a,b", port="5432,5433")
    assert conninfo_to_dict(pair.conninfo("x"))["target_session_attrs"] == "read-write"


@pytest.mark.parametrize(
    "bad",
    [
        ConnectionProfile(" ", host="db"),
        ConnectionProfile("x"),
        ConnectionProfile("x", host="db", port="http"),
        ConnectionProfile("x", host="db", port="70000"),
        ConnectionProfile("x", host="db", tls="disable"),
        ConnectionProfile("x", host="127.0.0.1,db", tls="disable"),
    ],
)
def test_profiles_that_cannot_work_or_are_unsafe(tmp_path: Path, bad: ConnectionProfile) -> None:
    with pytest.raises(UserError):
        profiles.save_profiles(tmp_path, [bad])
    assert not (tmp_path / profiles.FILE_NAME).exists()


@pytest.mark.parametrize("refusals", [3, 1000])
def test_windows_waits_for_a_virus_scanner(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, refusals: int
) -> None:
    tried: list[int] = []
    real = json_file.os.replace

    def replace(draft: Path, path: Path) -> None:
        tried.append(1)
        if len(tried) <= refusals:
            raise PermissionError(13, "The process cannot access the file")
        real(draft, path)

    (tmp_path / "a.json").write_text("{}", encoding="utf-8")
    monkeypatch.setattr(json_file.sys, "platform", "win32")
    monkeypatch.setattr(json_file.time, "sleep", lambda seconds: None)
    monkeypatch.setattr(json_file.os, "replace", replace)
    if refusals == 3:
        json_file.save_object(tmp_path / "a.json", {"n": 1})
        assert json_file.load_object(tmp_path / "a.json") == ({"n": 1}, None)
    else:
        with pytest.raises(PermissionError):
            json_file.save_object(tmp_path / "a.json", {"n": 1})
    assert [f.name for f in tmp_path.iterdir()] == ["a.json"]


def test_two_profiles_of_one_name(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="already a connection"):
        profiles.save_profiles(tmp_path, [LAN, LAN])


def test_only_made_up_passwords_are_kept(tmp_path: Path) -> None:
    profiles.keep_password(tmp_path, OWN, "owner", "s3cret")
    assert profiles.kept_password(tmp_path, OWN, "owner") == "s3cret"
    assert profiles.kept_password(tmp_path, OWN, "li") is None
    file = tmp_path / profiles.PASSWORDS_NAME
    assert os.name == "nt" or file.stat().st_mode & 0o777 == 0o600
    with pytest.raises(ValueError, match="of people"):
        profiles.keep_password(tmp_path, LAN, "li", "hers")


def test_one_variable_moves_everything(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(paths.HOME_VARIABLE, str(tmp_path))
    for folder in (paths.config_dir(), paths.data_dir(), paths.log_dir(), paths.cluster_dir()):
        assert folder.is_relative_to(tmp_path)
    assert paths.config_dir().is_dir()
    assert (paths.resources_dir() / "translations").is_dir()


def test_the_log_tells_topics_and_hides_passwords(tmp_path: Path) -> None:
    path = start_log(tmp_path)
    start_log(tmp_path)
    get_logger("cluster").info("host=db password='s3 cret' port=1")
    get_logger("hardware.scale").debug("not wanted at this level")
    stop_log()
    lines = path.read_text(encoding="utf-8").splitlines()
    assert len(lines) == 1
    assert "stockproof.cluster" in lines[0]
    assert "s3" not in lines[0]
    assert "password=*** port=1" in lines[0]
    logging.getLogger("stockproof").setLevel(logging.NOTSET)
