"""The embedded company of a PC: made once, never dropped, opened after a restore."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from desktop_app.app import cli, company
from desktop_app.core import paths
from desktop_app.core.errors import PermissionDenied
from desktop_app.database.backup import backup, restore
from desktop_app.database.cluster import EmbeddedCluster
from desktop_app.database.unit_of_work import Database
from desktop_app.services import access, installation


@pytest.fixture
def cluster(run_folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[EmbeddedCluster]:
    """A PC of its own that was never used before."""
    home = Path(tempfile.mkdtemp(prefix="pc-", dir=run_folder))
    home.chmod(0o755)  # mkdtemp's 0700 would shut out the account PostgreSQL runs under
    monkeypatch.setenv("STOCKPROOF_HOME", str(home))
    made = company.embedded_cluster()
    yield made
    made.destroy()


def test_a_company_is_made_opened_and_found_again(cluster: EmbeddedCluster) -> None:
    assert not company.exists(cluster)
    company.set_up(cluster, "金华五金")
    assert company.exists(cluster)
    opened = company.open_embedded(cluster, "PC-1")
    opened.database.run(company.first_warehouse)
    assert opened.database.read(company.company_name) == "金华五金"
    assert "user.manage" in opened.database.read(access.whoami).permissions
    opened.database.close()


def test_a_restored_company_opens_without_its_old_password_file(
    cluster: EmbeddedCluster, tmp_path: Path
) -> None:
    company.set_up(cluster, "金华五金")
    file = tmp_path / "shop.backup"
    backup(cluster.superuser_dsn(company.EMBEDDED.database), file)
    with psycopg.connect(cluster.superuser_dsn(), autocommit=True) as connection:
        connection.execute(f'DROP DATABASE "{company.EMBEDDED.database}"')
    (paths.config_dir() / "passwords.json").unlink()
    restore(
        cluster.superuser_dsn(), file, company.EMBEDDED.database, prepare=installation.create_roles
    )
    assert company.exists(cluster)
    opened = company.open_embedded(cluster, "PC-1")
    assert opened.database.read(company.company_name) == "金华五金"
    opened.database.close()


def test_a_half_made_company_is_begun_again(
    cluster: EmbeddedCluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("power cut")

    monkeypatch.setattr(installation, "create_owner", fail)
    with pytest.raises(RuntimeError):
        company.set_up(cluster, "金华五金")
    assert not company.exists(cluster)
    monkeypatch.undo()


def test_a_wrong_password_is_called_that(database) -> None:
    wrong = Database(database.dsn("storekeeper").replace("only-for-tests", "guess"))
    with pytest.raises(PermissionDenied, match="Login name or password is wrong"):
        wrong.read(access.whoami)


def test_an_administrators_commands_succeed_on_this_pc(
    cluster: EmbeddedCluster, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    company.set_up(cluster, "金华五金")
    file = str(tmp_path / "b.backup")
    for arguments in (
        ["migrate"],
        ["check-ledger"],
        ["verify"],
        ["backup", file],
        ["restore", file, "--database", "back"],
    ):
        assert cli.main(["--language", "en", *arguments]) == 0, capsys.readouterr()
    assert cli.main(["restore", file, "--database", "back"]) == 1
    assert "back" in capsys.readouterr().err


def test_a_backup_takes_the_place_of_the_company_and_nothing_is_lost(
    cluster: EmbeddedCluster, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    company.set_up(cluster, "昨天")
    file = str(tmp_path / "b.backup")
    assert cli.main(["--language", "en", "backup", file]) == 0
    with psycopg.connect(cluster.superuser_dsn(company.EMBEDDED.database)) as working:
        working.execute("UPDATE setting SET value = '\"今天\"' WHERE key = 'company.name'")
        working.commit()
        back = ["--language", "en", "restore", file, "--in-place", "--database"]
        assert cli.main([*back, "first"]) == 1
        assert "Close the program" in capsys.readouterr().err
    assert cli.main([*back, "second"]) == 0
    former = capsys.readouterr().out.split()[-1].rstrip(".")
    opened = company.open_embedded(cluster, "PC-1")
    assert opened.database.read(company.company_name) == "昨天"
    opened.database.close()
    with psycopg.connect(cluster.superuser_dsn(former)) as kept:
        row = kept.execute("SELECT value FROM setting WHERE key = 'company.name'").fetchone()
    assert row == ("今天",)
