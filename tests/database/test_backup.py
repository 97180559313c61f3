"""A backup that cannot be restored is no backup: every test restores or refuses."""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from desktop_app.core.errors import EnvironmentFault, UserError
from desktop_app.database.backup import backup, restore
from desktop_app.database.cluster import EmbeddedCluster
from desktop_app.services import installation
from tests.database_server import RunningServer, TestDatabase


@pytest.fixture
def shop(server: RunningServer) -> Iterator[str]:
    """A small database owned by a role that is not the superuser."""
    name = f"b_{uuid.uuid4().hex[:12]}"
    server.execute(f'CREATE DATABASE "{name}"')
    with psycopg.connect(server.superuser_dsn(name)) as connection:
        connection.execute(
            "CREATE TABLE goods (code text PRIMARY KEY, qty numeric(18,6) CHECK (qty >= 0));"
            "INSERT INTO goods VALUES ('螺丝 M4', 236.5), ('B', 0);"
            "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS"
            " $$ BEGIN RAISE EXCEPTION 'append only'; END $$;"
            "CREATE TRIGGER goods_append_only BEFORE INSERT OR DELETE ON goods"
            " FOR EACH ROW EXECUTE FUNCTION refuse()"
        )
    yield name
    server.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
    server.execute(f'DROP DATABASE IF EXISTS "{name}_back" WITH (FORCE)')


def test_everything_comes_back(server: RunningServer, shop: str, tmp_path: Path) -> None:
    file = tmp_path / "today" / "shop.backup"
    made = backup(server.superuser_dsn(shop), file)
    assert made.rows == {"public.goods": 2}
    assert made.size == file.stat().st_size > 0
    prepared: list[str] = []
    restored = restore(server.superuser_dsn(), file, f"{shop}_back", prepare=prepared.append)
    assert restored.rows == made.rows
    assert len(prepared) == 1
    assert f"dbname={shop}_back" in prepared[0]
    with psycopg.connect(server.superuser_dsn(f"{shop}_back")) as connection:
        row = connection.execute("SELECT qty FROM goods WHERE code = '螺丝 M4'").fetchone()
        assert row is not None
        assert str(row[0]) == "236.500000"
        with pytest.raises(psycopg.errors.RaiseException, match="append only"):
            connection.execute("DELETE FROM goods")


def test_the_installed_program_comes_back_on_another_pc(
    database: TestDatabase, run_folder: Path, tmp_path: Path
) -> None:
    """A server that never heard of our roles: the hook makes them, then everything fits."""
    file = tmp_path / "shop.backup"
    made = backup(database.dsn("postgres"), file)
    assert made.rows["public.transition"] > 10
    other = EmbeddedCluster(run_folder / f"other-pc-{os.getpid()}", settings={"fsync": "off"})
    other.attach()
    try:
        with pytest.raises(EnvironmentFault, match=r"role .* does not exist"):
            restore(other.superuser_dsn(), file, "too_early")

        restored = restore(other.superuser_dsn(), file, "shop", prepare=installation.create_roles)
        assert restored.rows == made.rows
        with psycopg.connect(other.superuser_dsn("shop")) as connection:
            assert installation.is_installed(connection)
            row = connection.execute(
                "SELECT tableowner FROM pg_tables WHERE tablename = 'stock_move'"
            ).fetchone()
        assert row == ("sp_owner",)
    finally:
        other.destroy()


def test_an_existing_database_is_never_touched(
    server: RunningServer, shop: str, tmp_path: Path
) -> None:
    file = tmp_path / "shop.backup"
    backup(server.superuser_dsn(shop), file)
    with pytest.raises(UserError, match="choose another name"):
        restore(server.superuser_dsn(), file, shop)
    with psycopg.connect(server.superuser_dsn(shop)) as connection:
        assert connection.execute("SELECT count(*) FROM goods").fetchone() == (2,)


def test_a_damaged_file_leaves_no_half_database(
    server: RunningServer, shop: str, tmp_path: Path
) -> None:
    file = tmp_path / "shop.backup"
    backup(server.superuser_dsn(shop), file)
    content = file.read_bytes()
    file.write_bytes(content[: len(content) * 2 // 3])
    with pytest.raises(EnvironmentFault, match="not restored"):
        restore(server.superuser_dsn(), file, f"{shop}_back")
    with pytest.raises(psycopg.OperationalError, match="does not exist"):
        psycopg.connect(server.superuser_dsn(f"{shop}_back"))


def test_a_failing_preparation_leaves_no_half_database(
    server: RunningServer, shop: str, tmp_path: Path
) -> None:
    file = tmp_path / "shop.backup"
    backup(server.superuser_dsn(shop), file)

    def refuse(dsn: str) -> None:
        raise UserError("roles could not be made")

    with pytest.raises(UserError, match="roles"):
        restore(server.superuser_dsn(), file, f"{shop}_back", prepare=refuse)
    with pytest.raises(psycopg.OperationalError, match="does not exist"):
        psycopg.connect(server.superuser_dsn(f"{shop}_back"))


def test_foreign_files_are_refused(server: RunningServer, tmp_path: Path) -> None:
    picture = tmp_path / "photo.png"
    picture.write_bytes(b"\x89PNG\r\n")
    with pytest.raises(UserError, match="not a backup"):
        restore(server.superuser_dsn(), picture, "never_made")
    with pytest.raises(UserError, match="cannot be read"):
        restore(server.superuser_dsn(), tmp_path / "missing.backup", "never_made")


def test_unreachable_server_and_unwritable_folder(
    server: RunningServer, shop: str, tmp_path: Path
) -> None:
    wrong = server.dsn(shop, "postgres", "wrong")
    with pytest.raises(EnvironmentFault, match="password authentication failed"):
        backup(wrong, tmp_path / "shop.backup")
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    with pytest.raises(EnvironmentFault, match="not made"):
        backup(server.superuser_dsn(shop), tmp_path / "file" / "shop.backup")


def test_backup_of_the_office_server(tls_server: RunningServer, tmp_path: Path) -> None:
    """Newer programs read the older server, over TLS verified to its certificate."""
    tls_server.execute("CREATE DATABASE over_tls")
    try:
        made = backup(tls_server.superuser_dsn("over_tls"), tmp_path / "lan.backup")
        assert made.rows == {}
    finally:
        tls_server.execute("DROP DATABASE over_tls WITH (FORCE)")
