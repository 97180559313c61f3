"""What the embedded server is told: settings for a small PC, who may log in, and nothing else."""

from __future__ import annotations

import os
import socket
import sys
from collections.abc import Mapping
from pathlib import Path

LOOPBACK = "127.0.0.1"
CONFIGURATION_FILE = "stockproof.conf"

# For a small PC shared with other programs. Errors of a statement go to the program that sent
# it, not to the log: refusals are daily business and must not fill the disk with people's data.
SMALL_PC: Mapping[str, str] = {
    "shared_buffers": "128MB",
    "max_connections": "60",
    "jit": "off",
    # A new company grows from nothing within minutes: plans made on empty tables must go soon.
    "autovacuum_naptime": "10s",
    "password_encryption": "scram-sha-256",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_wal_size": "512MB",
    "log_min_messages": "log",
    "log_min_error_statement": "panic",
    "log_checkpoints": "off",
    "lc_messages": "C",
}
LOGIN_RULES = "".join(
    f"{where} scram-sha-256\n"
    for where in (("local all all" if sys.platform != "win32" else ""), "host all all 127.0.0.1/32")
    if where
)


def configuration(settings: Mapping[str, str], port: int, socket_dir: Path | None) -> str:
    """The text of :data:`CONFIGURATION_FILE`; where it listens is not open to choice."""
    values = {
        **settings,
        "listen_addresses": LOOPBACK,
        "port": str(port),
        "unix_socket_directories": os.fspath(socket_dir or ""),
        "unix_socket_permissions": "0700",
    }
    lines = (f"{name} = '{_quoted(value)}'\n" for name, value in values.items())
    return "# Written at every start.\n" + "".join(lines)


def is_free(port: int) -> bool:
    """Whether nobody listens on this port of the loopback address."""
    with socket.socket() as probe:
        if sys.platform != "win32":  # there the option means "take it over", here "was just used"
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except (OSError, OverflowError):
            return False
    return True


def _quoted(value: str) -> str:
    return value.replace("\\", "/").replace("'", "''")


def server_environment() -> dict[str, str]:
    """The environment of the server's programs.

    Nobody's PGPORT, PGDATA or language may steer the server; a bundle's libraries neither.
    """
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PG", "LC_"))}
    if getattr(sys, "frozen", False):
        kept.pop("LD_LIBRARY_PATH", None)
    return {**kept, "LC_ALL": "C"}
