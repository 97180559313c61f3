"""The use cases the window itself calls, as values so that tests can give fakes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

ServiceCall = Callable[..., Any]
"""A function whose first parameter is the unit of work; handed to ``Operations``."""


@dataclass(frozen=True)
class ShellServices:
    """``resolve(uow, code)`` gives a scan target, ``search(uow, text, limit)`` hits with
    kind, id, title and subtitle, ``overview(uow)`` the tasks of the home page.
    """

    resolve: ServiceCall
    search: ServiceCall
    overview: ServiceCall


@dataclass(frozen=True)
class AccessServices:
    """What the users page needs of ``services.access``."""

    list_logins: ServiceCall
    create_login: ServiceCall
    set_password: ServiceCall
    set_active: ServiceCall


def shell_services() -> ShellServices:
    """The real ones; imported here so that a test of the window needs none of them."""
    from desktop_app.queries import home
    from desktop_app.services import scanning

    return ShellServices(scanning.resolve, scanning.search, home.overview)


def access_services() -> AccessServices:
    """The real ones."""
    from desktop_app.services import access

    return AccessServices(
        access.list_logins, access.create_login, access.set_password, access.set_active
    )
