"""Why a server could not be reached at all, in a sentence that says what to look at.

libpq tells it in English text only; a connection that never came about has no SQLSTATE.
"""

from __future__ import annotations

from desktop_app.core.errors import EnvironmentFault, ServerUnreachable
from desktop_app.core.i18n import N_
from desktop_app.database.profiles import ConnectionProfile

_UNKNOWN = N_("No server answers at {host}, port {port}. Ask whoever looks after it.")

_SENTENCES = (
    (
        "failed to resolve",
        N_("Nobody in this network is called {host}. Look at the spelling, or give its address."),
    ),
    (
        "Connection refused",
        N_("{host} is there, but no database server listens at port {port}. Is it started?"),
    ),
    (
        "timeout",
        N_("{host} does not answer. Is it switched on, and does its firewall let port {port} in?"),
    ),
    ("root certificate file", N_("The certificate file cannot be read: {file}")),
    (
        "certificate verify failed",
        N_("The server's certificate is not the one trusted here. Choose its certificate file."),
    ),
    (
        "does not match host name",
        N_("The certificate belongs to another name than {host}. Write the name that is in it."),
    ),
    (
        "does not support SSL",
        N_("The server does not encrypt. Switch TLS on there; without it nothing is sent."),
    ),
    (
        "invalid response to SSL",
        N_("Something else than a PostgreSQL server answers at {host}, port {port}."),
    ),
)


def why_no_answer(error: ServerUnreachable, profile: ConnectionProfile) -> EnvironmentFault:
    """``error`` again, with what libpq said about it as advice."""
    said = str(error.__cause__ or "")
    text = next((sentence for mark, sentence in _SENTENCES if mark in said), _UNKNOWN)
    return EnvironmentFault(
        text, host=profile.host, port=profile.port, file=profile.root_certificate
    )
