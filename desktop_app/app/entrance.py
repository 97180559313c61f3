"""Who works in which company: asked before the window opens, and when the next person comes."""

from __future__ import annotations

from functools import partial

from PySide6.QtWidgets import QDialog, QWidget

from desktop_app.app import company
from desktop_app.app.company import OpenCompany
from desktop_app.core import paths
from desktop_app.core.errors import PermissionDenied
from desktop_app.core.i18n import N_, tr
from desktop_app.core.settings import PROFILE, WORKSTATION, Settings
from desktop_app.database.cluster import EmbeddedCluster
from desktop_app.database.profiles import ConnectionProfile, load_profiles
from desktop_app.runtime.operations import NoDatabase, Operations
from desktop_app.views.settings.login_dialog import LoginDialog, Offer

_OWNER = N_(
    "The owner comes in without a password, until they set one of their own under Users; then "
    "the program asks at every start who is working."
)


def enter(settings: Settings, profile_name: str) -> OpenCompany | None:
    """The company to work in, or None when the person left the questions."""
    wanted = profile_name or str(settings.get(PROFILE))
    profile = load_profiles(paths.config_dir()).named(wanted) if wanted else None
    if profile is not None and not profile.embedded:
        return _into_server(profile, str(settings.get(WORKSTATION)))
    cluster = company.embedded_cluster()
    if company.exists(cluster):
        return _into_embedded(cluster, str(settings.get(WORKSTATION)))
    chosen = _ask_set_up(cluster)
    if chosen is None:
        cluster.detach()
        return None
    if isinstance(chosen, ConnectionProfile):
        cluster.detach()
        settings.set(PROFILE, chosen.name)
        settings.save()
        return _into_server(chosen, str(settings.get(WORKSTATION)))
    return company.open_embedded(cluster, str(settings.get(WORKSTATION)))


def next_person(
    opened: OpenCompany, workstation: str, parent: QWidget | None = None
) -> OpenCompany | None:
    """The same company for whoever logs in now; None when nobody did and all stays."""
    offer = Offer(opened.profile.name)
    if opened.cluster is not None:
        offer = _offer(opened.cluster, tr(_OWNER) if company.owner_is_open(opened.cluster) else "")

    def log_in(login: str, password: str) -> OpenCompany:
        return opened.opened_by(login, password, workstation)

    return _answer(LoginDialog(offer, log_in, parent))


def _into_server(profile: ConnectionProfile, workstation: str) -> OpenCompany | None:
    def log_in(login: str, password: str) -> OpenCompany:
        return company.open_server(profile, login, password, workstation)

    return _answer(LoginDialog(Offer(profile.name, login=profile.user), log_in))


def _into_embedded(cluster: EmbeddedCluster, workstation: str) -> OpenCompany | None:
    log_in = partial(company.open_embedded, cluster, workstation, company.EMBEDDED)
    try:
        return log_in()
    except PermissionDenied:  # the owner has a password of their own by now
        opened = _answer(LoginDialog(_offer(cluster), log_in))
    if opened is None:
        cluster.detach()
    return opened


def _offer(cluster: EmbeddedCluster, remark: str = "") -> Offer:
    people = tuple((login.login, login.name) for login in company.people(cluster))
    return Offer(tr("This PC"), people, remark=remark)


def _answer(dialog: LoginDialog) -> OpenCompany | None:
    accepted = dialog.exec() == QDialog.DialogCode.Accepted
    opened: OpenCompany | None = dialog.opened if accepted else None
    dialog.deleteLater()
    return opened


def _ask_set_up(cluster: EmbeddedCluster) -> ConnectionProfile | bool | None:
    """A company was made here (True), or the server that has one; None: neither."""
    from desktop_app.app.demo.company import fill_demo
    from desktop_app.views.settings.setup_wizard import Progress, SetupWizard

    def install(name: str, demo: bool, progress: Progress) -> None:
        company.set_up(cluster, name, progress)
        opened = company.open_embedded(cluster, tr("Set-up"))
        try:
            if demo:
                fill_demo(opened.database, progress)
            else:
                opened.database.run(company.first_warehouse)
        finally:
            opened.database.close()
        progress(tr("Ready"), 100)

    operations = Operations(NoDatabase())
    wizard = SetupWizard(operations, install, folder=paths.config_dir())
    accepted = wizard.exec() == QDialog.DialogCode.Accepted
    operations.shutdown()
    return (wizard.server or True) if accepted else None
