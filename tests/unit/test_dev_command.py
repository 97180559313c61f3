"""The one command: what it needs is written down once, and it fails with a sentence."""

from __future__ import annotations

import importlib.util
import re
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[2]
PIN = re.compile(r"[A-Za-z0-9_.-]+==[0-9][0-9A-Za-z.]*( ; sys_platform == \"win32\")?")


@pytest.fixture
def dev(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """dev.py as a module, without its set-up; ``called`` has what it would have run."""
    spec = importlib.util.spec_from_file_location("dev", ROOT / "dev.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    module.called = []

    def child(*arguments: str, headless: bool = False) -> int:
        module.called.append((arguments, headless))
        return 0 if "ruff" not in arguments else 1

    monkeypatch.setattr(module, "prepare", lambda locks: None)
    monkeypatch.setattr(module, "child", child)
    return module


def run(dev: ModuleType, monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int:
    monkeypatch.setattr(sys, "argv", ["dev.py", *arguments])
    return int(dev.main())


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-dev.lock"])
def test_locks_pin_exactly_and_name_no_index(name: str) -> None:
    lines = (ROOT / name).read_text(encoding="utf-8").splitlines()
    pins = [line for line in lines if line and not line.startswith("#")]
    assert pins
    assert [line for line in pins if not PIN.fullmatch(line)] == []
    assert len({line.split("==")[0].lower() for line in pins}) == len(pins)


def test_ci_installs_every_library_the_set_up_asks_for(dev: ModuleType) -> None:
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    assert [p for p in dev.QT_LIBRARIES.values() if not re.search(rf"\b{p}\b", script)] == []


def test_without_a_screen_run_says_so_and_shows_the_demo(
    dev: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(dev, "has_display", lambda: False)
    assert run(dev, monkeypatch, "run") == 0
    assert "no screen" in capsys.readouterr().out
    [(arguments, headless)] = dev.called
    assert arguments[:4] == ("-m", "desktop_app", "demo", "--out")
    assert headless


def test_test_passes_arguments_on(dev: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    assert run(dev, monkeypatch, "test", "-k", "ledger", "--lf") == 0
    assert run(dev, monkeypatch, "test", "-n0") == 0
    assert [arguments for arguments, _ in dev.called] == [
        ("-m", "pytest", "-n", "2", "-k", "ledger", "--lf"),
        ("-m", "pytest", "-n0"),
    ]


def test_check_runs_everything_and_fails_when_one_part_does(
    dev: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(dev, monkeypatch, "check") == 1
    assert "failed: style, format" in capsys.readouterr().out
    assert any("mypy" in arguments for arguments, _ in dev.called)


def test_what_is_missing_is_a_sentence(
    dev: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def lacking(locks: object) -> None:
        dev.require_system_libraries()

    monkeypatch.setattr(dev, "prepare", lacking)
    monkeypatch.setattr(dev.ctypes.util, "find_library", lambda name: None)
    monkeypatch.setattr(dev, "may_install", lambda: False)
    monkeypatch.setattr(dev, "is_debian", lambda: True)
    monkeypatch.setattr(sys, "platform", "linux")
    assert run(dev, monkeypatch, "run") == 2
    said = capsys.readouterr().err
    assert "apt-get install -y libegl1 libgl1" in said
    assert "Traceback" not in said


def test_the_environment_is_known_by_its_folder_in_any_letters(
    dev: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The interpreter says its folder in UTF-8, whatever the code page of the system."""
    made = tmp_path / "账实通 测试" / ".venv"
    made.mkdir(parents=True)
    said = f"import sys; assert sys.flags.utf8_mode; print({str(made)!r})"
    asked: list[dict[str, object]] = []
    real = subprocess.run

    def run_instead(command: list[str], **options: object) -> object:
        asked.append(options)
        return real([sys.executable, "-c", said], **options)

    monkeypatch.setattr(dev, "VENV", made)
    monkeypatch.setattr(dev.subprocess, "run", run_instead)
    assert dev.works()
    assert asked[0]["encoding"] == "utf-8"


def test_an_environment_in_use_is_a_sentence(
    dev: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def refuse(folder: Path) -> None:
        raise PermissionError(13, "Permission denied", str(folder))

    monkeypatch.setattr(dev, "VENV", tmp_path)
    monkeypatch.setattr(dev.shutil, "rmtree", refuse)
    with pytest.raises(dev.SetupError, match="Close the program"):
        dev.make_venv()


def test_long_folders_are_named_on_windows_only(
    dev: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dev, "VENV", Path("x" * 200))
    assert dev.path_hint() == "" or dev.WINDOWS
    monkeypatch.setattr(dev, "WINDOWS", True)
    assert "shorter" in dev.path_hint()


@pytest.mark.parametrize("arguments", [[], ["fly"], ["demo"], ["check", "--fast"]])
def test_wrong_usage_is_refused(
    dev: ModuleType, monkeypatch: pytest.MonkeyPatch, arguments: list[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        run(dev, monkeypatch, *arguments)
    assert ended.value.code == 2
