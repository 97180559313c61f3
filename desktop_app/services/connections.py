"""The office servers this PC knows: kept, tried, forgotten. Passwords are never among them."""

from __future__ import annotations

from pathlib import Path

from desktop_app.core.errors import PermissionDenied, ServerUnreachable
from desktop_app.database.no_answer import why_no_answer
from desktop_app.database.profiles import (
    ConnectionProfile,
    LoadedProfiles,
    load_profiles,
    save_profiles,
)
from desktop_app.database.unit_of_work import Database, UnitOfWork

_STRANGER = "stockproof"
_NO_PASSWORD = "only asking whether you are there"  # noqa: S105 - it opens nothing


def load(folder: Path) -> LoadedProfiles:
    """The servers known here, and what could not be read."""
    return load_profiles(folder)


def keep(folder: Path, profile: ConnectionProfile, replaces: str = "") -> LoadedProfiles:
    """Keep ``profile`` instead of the one named ``replaces`` (empty: as one more).

    Raises InvalidInput naming the fields, OSError.
    """
    others = [known for known in load_profiles(folder).profiles if known.name != replaces]
    save_profiles(folder, [*others, profile])
    return load_profiles(folder)


def forget(folder: Path, name: str) -> LoadedProfiles:
    """Keep it no longer; the server and its data are not touched. Raises OSError."""
    save_profiles(folder, [known for known in load_profiles(folder).profiles if known.name != name])
    return load_profiles(folder)


def reach(profile: ConnectionProfile) -> None:
    """Nothing when a server answers there, encrypted as demanded; it need not know the login.

    Raises InvalidInput, EnvironmentFault saying what stands between.
    """
    info = profile.conninfo(_NO_PASSWORD, user=profile.user or _STRANGER)
    database = Database(info, workstation="")
    try:
        database.read(_nothing)
    except PermissionDenied:  # it has answered
        return
    except ServerUnreachable as error:
        raise why_no_answer(error, profile) from error
    finally:
        database.close()


def _nothing(_uow: UnitOfWork) -> None:
    """The connection itself is the question."""
