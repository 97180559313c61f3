"""The office server of the tests really is what it claims."""

from __future__ import annotations

import sys

import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from tests.database_server import RunningServer


def test_the_office_server_speaks_tls_only(tls_server: RunningServer) -> None:
    with psycopg.connect(tls_server.superuser_dsn()) as connection:
        row = connection.execute(
            "SELECT ssl, current_setting('server_version_num')::int / 10000"
            " FROM pg_stat_ssl WHERE pid = pg_backend_pid()"
        ).fetchone()
    assert row == (True, 15)
    plain = make_conninfo(tls_server.superuser_dsn(), sslmode="disable")
    with pytest.raises(psycopg.OperationalError, match="no encryption"):
        psycopg.connect(plain)


def test_the_shared_server_is_the_one_that_ships(server: RunningServer) -> None:
    with psycopg.connect(server.superuser_dsn()) as connection:
        version = connection.execute("SHOW server_version_num").fetchone()
        checksums = connection.execute("SHOW data_checksums").fetchone()
    assert version is not None
    assert int(version[0]) // 10000 == (16 if sys.platform == "win32" else 18)
    assert checksums == ("on",)
