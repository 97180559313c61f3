"""Which database servers this workstation knows: one profile each, without passwords.

The password of an embedded database is made by the program, so it is kept beside the profiles in
a file only its owner can read; a password for the office server is asked for and never written.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

from psycopg.conninfo import make_conninfo

from desktop_app.core.errors import FieldProblem, InvalidInput, UserError
from desktop_app.core.i18n import N_, Message
from desktop_app.core.json_file import load_object, save_object

FILE_NAME = "profiles.json"
PASSWORDS_NAME = "passwords.json"  # the name of a file, not a password
CONNECT_SECONDS = 5

# What the choice means to a person; the codes are libpq's sslmode.
TLS_MODES: dict[str, str] = {
    "verify-full": N_("Encrypted; the server's certificate and name are checked"),
    "verify-ca": N_("Encrypted; the server's certificate is checked"),
    "require": N_("Encrypted; the server is not checked"),
    "disable": N_("Not encrypted (only on this PC)"),
}
_LOCAL = ("127.0.0.1", "::1", "localhost")


@dataclass(frozen=True)
class ConnectionProfile:
    """How to reach one database.

    ``host`` and ``port`` may be comma-separated lists (a server and its standby: the writable one
    is taken). ``root_certificate`` is a file, or empty for the system's authorities.
    An ``embedded`` profile has its host and port from the running cluster.
    """

    name: str
    host: str = ""
    port: str = "5432"
    database: str = "stockproof"
    user: str = ""
    tls: str = "verify-full"
    root_certificate: str = ""
    embedded: bool = False

    def check(self) -> None:
        """Raises InvalidInput for a profile that cannot work or would send data unprotected."""
        problems = tuple(FieldProblem(name, text) for name, text in self._problems())
        if problems:
            raise InvalidInput(problems)

    def _problems(self) -> Iterator[tuple[str, Message]]:
        if not self.name.strip():
            yield "name", Message(N_("Give the connection a name."))
        if self.tls not in TLS_MODES:
            yield "tls", Message(N_("{mode} is not a way to encrypt."), {"mode": self.tls})
        if self.embedded:
            return
        if not self.host.strip():
            yield "host", Message(N_("Give the name or address of the server."))
        if not all(p.strip().isdigit() and 0 < int(p) < 65536 for p in self.port.split(",")):
            yield "port", Message(N_("{port} is not a port number."), {"port": self.port})
        if self.host.strip() and self.tls == "disable" and not self._is_local():
            text = N_("A server on the network needs an encrypted connection.")
            yield "tls", Message(text)

    def conninfo(self, password: str, *, user: str = "") -> str:
        """The libpq connection string; anything weaker than SCRAM is refused.

        Raises UserError like :meth:`check`. For an embedded profile use the cluster's address.
        """
        self.check()
        options: dict[str, Any] = {
            "host": self.host,
            "port": self.port,
            "dbname": self.database,
            "user": user or self.user,
            "password": password,
            "sslmode": self.tls,
            "require_auth": "scram-sha-256",
            "connect_timeout": CONNECT_SECONDS,
        }
        if self.tls.startswith("verify"):
            options["sslrootcert"] = self.root_certificate or "system"
        if "," in self.host:
            options["target_session_attrs"] = "read-write"
        return make_conninfo(**options)

    def _is_local(self) -> bool:
        return all(
            host.strip() in _LOCAL or host.strip().startswith("/") for host in self.host.split(",")
        )


@dataclass(frozen=True)
class LoadedProfiles:
    """The readable profiles, and what was wrong with the others."""

    profiles: tuple[ConnectionProfile, ...]
    problems: tuple[Message, ...] = ()

    def named(self, name: str) -> ConnectionProfile | None:
        """The profile of that name, or None."""
        return next((profile for profile in self.profiles if profile.name == name), None)


def load_profiles(config_dir: Path) -> LoadedProfiles:
    """Read the profiles; a broken file is moved aside and told of, never a crash."""
    stored, problem = load_object(config_dir / FILE_NAME)
    problems = [problem] if problem else []
    profiles = []
    entries = stored.get("profiles", [])
    for entry in entries if isinstance(entries, list) else []:
        profile = _from_json(entry)
        if profile is not None:
            profiles.append(profile)
        else:
            problems.append(
                Message(
                    N_("A saved connection could not be read and was left out: {entry}"),
                    {"entry": str(entry)[:80]},
                )
            )
    return LoadedProfiles(tuple(profiles), tuple(problems))


def save_profiles(config_dir: Path, profiles: Iterable[ConnectionProfile]) -> None:
    """Write all profiles as a whole. Raises UserError for a bad one or a doubled name, OSError."""
    kept = list(profiles)
    for profile in kept:
        profile.check()
    names = [profile.name for profile in kept]
    for name in names:
        if names.count(name) > 1:
            text = Message(N_("There is already a connection named {name}."), {"name": name})
            raise InvalidInput((FieldProblem("name", text),))
    save_object(config_dir / FILE_NAME, {"profiles": [asdict(profile) for profile in kept]})


def keep_password(config_dir: Path, profile: ConnectionProfile, login: str, password: str) -> None:
    """Remember a password the program made for an embedded database (file of mode 0600)."""
    if not profile.embedded:
        raise ValueError("only made-up passwords are kept, not those of people")
    path = config_dir / PASSWORDS_NAME
    stored, _ = load_object(path)
    save_object(path, {**stored, _password_key(profile, login): password})


def kept_password(config_dir: Path, profile: ConnectionProfile, login: str) -> str | None:
    """The remembered password, or None when there is none (then ask)."""
    stored, _ = load_object(config_dir / PASSWORDS_NAME)
    value = stored.get(_password_key(profile, login))
    return value if isinstance(value, str) else None


def _password_key(profile: ConnectionProfile, login: str) -> str:
    return f"{profile.name}/{profile.database}/{login}"


def _from_json(entry: Any) -> ConnectionProfile | None:
    if not isinstance(entry, dict):
        return None
    known = {field.name: field for field in fields(ConnectionProfile)}
    values = {name: value for name, value in entry.items() if name in known}
    for name, value in values.items():
        if not isinstance(value, bool if name == "embedded" else str):
            return None
    try:
        profile = ConnectionProfile(**values)
        profile.check()
    except (TypeError, UserError):
        return None
    return profile
