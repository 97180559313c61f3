"""People who may log in: each is a PostgreSQL role, made by the guards of ``80_access.sql``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from desktop_app.core.errors import FieldProblem, InvalidInput
from desktop_app.core.i18n import N_, Message
from desktop_app.database.unit_of_work import UnitOfWork
from desktop_app.domain.permissions import PERMISSIONS

SHORTEST_PASSWORD = 6


@dataclass(frozen=True)
class LoginRow:
    """A person's login."""

    login: str
    display_name: str
    jobs: tuple[str, ...]
    active: bool


@dataclass(frozen=True)
class Person:
    """Who is logged in here and what they may do."""

    login: str
    display_name: str
    permissions: frozenset[str]


def whoami(uow: UnitOfWork) -> Person:
    """The login of this connection with its permissions, as the database sees them."""
    rows = uow.execute(
        "SELECT code, pg_has_role(session_user, role, 'MEMBER') FROM unnest(%s::text[], %s::text[])"
        " AS p(code, role)",
        ([p.code for p in PERMISSIONS], [p.role for p in PERMISSIONS]),
    ).fetchall()
    name = uow.execute(
        "SELECT session_user, coalesce((SELECT display_name FROM app_user WHERE login = session_user),"
        " session_user)"
    ).fetchone()
    assert name is not None
    return Person(name[0], name[1], frozenset(code for code, held in rows if held))


def list_logins(uow: UnitOfWork) -> list[LoginRow]:
    """Everybody, by name."""
    rows = uow.execute(
        "SELECT login, display_name, jobs, is_active FROM app_user ORDER BY is_active DESC, login"
    ).fetchall()
    return [LoginRow(login, name, tuple(jobs), active) for login, name, jobs, active in rows]


def create_login(
    uow: UnitOfWork, login: str, display_name: str, password: str, jobs: Sequence[str]
) -> None:
    """Create a login, or change name and jobs of an existing one.

    Raises InvalidInput (password too short, no job), PermissionDenied, RuleRefused (name).
    """
    problems = []
    if not login.strip():
        problems.append(FieldProblem("login", Message(N_("Give a login name."))))
    if not jobs:
        problems.append(FieldProblem("jobs", Message(N_("Choose at least one job."))))
    problems += _password_problems(password)
    if problems:
        raise InvalidInput(tuple(problems))
    _save(uow, login.strip(), display_name.strip() or login.strip(), password, jobs)


def set_password(uow: UnitOfWork, login: str, password: str) -> None:
    """Give a login a new password. Raises InvalidInput, PermissionDenied."""
    problems = _password_problems(password)
    if problems:
        raise InvalidInput(tuple(problems))
    row = uow.one(
        LoginRow,
        "SELECT login, display_name, jobs, is_active FROM app_user WHERE login = %s",
        (login,),
    )
    _save(uow, login, row.display_name, password, row.jobs)


def set_active(uow: UnitOfWork, login: str, active: bool) -> None:
    """Switch a login off or on; what the person recorded stays."""
    uow.execute("SELECT login_set_active(%s, %s)", (login, active))
    uow.touch("access")


def _save(uow: UnitOfWork, login: str, name: str, password: str, jobs: Sequence[str]) -> None:
    # The verifier is made here, so that the password itself never reaches a server log.
    verifier = uow.connection.pgconn.encrypt_password(
        password.encode(), login.encode(), b"scram-sha-256"
    ).decode()
    uow.execute("SELECT login_save(%s, %s, %s, %s)", (login, name, verifier, list(jobs)))
    uow.touch("access")


def _password_problems(password: str) -> list[FieldProblem]:
    if len(password) >= SHORTEST_PASSWORD:
        return []
    text = Message(N_("A password has at least {n} characters."), {"n": SHORTEST_PASSWORD})
    return [FieldProblem("password", text)]
