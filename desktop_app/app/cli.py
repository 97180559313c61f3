"""The command line. Without a command the program's window opens.

    python -m desktop_app                 the program
    python -m desktop_app verify          day seals and ledger; names every changed row
    python -m desktop_app check-ledger    balances against the ledger
    python -m desktop_app migrate         bring the database to this program's version
    python -m desktop_app set-up          an office server's database becomes a company
    python -m desktop_app reset-owner     the owner's own password was forgotten
    python -m desktop_app backup FILE     write a backup
    python -m desktop_app restore FILE    restore into a new database and check it
    python -m desktop_app demo --out DIR  the demo company's day, headless
    python -m desktop_app screenshots --out DIR

Exit status 0 only on success. An administrator's command works on this PC's own company;
``--server`` names an office server's.
"""

from __future__ import annotations

import argparse
import getpass
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from desktop_app.core import i18n, paths
from desktop_app.core.errors import AppError, UserError
from desktop_app.core.i18n import N_, tr

PASSWORD_VARIABLE = "STOCKPROOF_PASSWORD"  # noqa: S105 - the name of a variable
LOGIN_VARIABLE = "STOCKPROOF_LOGIN_PASSWORD"  # noqa: S105 - the name of a variable


def main(arguments: Sequence[str] | None = None) -> int:
    """Carry out the command line; returns the exit status."""
    options = _parser().parse_args(arguments)
    _choose_language(options.language)
    try:
        return int(options.run(options))
    except AppError as error:
        print(str(error), file=sys.stderr)
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="stockproof", description="Stockproof: stock whose numbers explain themselves."
    )
    parser.set_defaults(run=_window, language="", measure_start=False)
    parser.add_argument("--language", choices=("en", "zh_CN"), default="", help="of all output")
    parser.add_argument("--profile", default="", help="saved connection to open")
    parser.add_argument(
        "--measure-start",
        action="store_true",
        help="print the seconds from start to usable window, then leave",
    )
    commands = parser.add_subparsers(title="commands", metavar="COMMAND")
    for name, run, text in (
        ("verify", _verify, "check day seals and ledger; names every changed row"),
        ("check-ledger", _check_ledger, "compare balances with the ledger"),
        ("migrate", _migrate, "bring the database to this program's version"),
    ):
        _with_server(commands.add_parser(name, help=text)).set_defaults(run=run)
    command = _with_server(
        commands.add_parser("set-up", help="make an office server's database a company")
    )
    command.add_argument("--company", required=True, metavar="NAME", help="name of the company")
    command.add_argument("--login", required=True, help="of the first person, who may do all")
    command.set_defaults(run=_set_up)
    commands.add_parser(
        "reset-owner", help="the owner of this PC's company comes in without a password again"
    ).set_defaults(run=_reset_owner)
    for name, run, text in (
        ("backup", _backup, "write a backup to FILE"),
        ("restore", _restore, "restore FILE into a new database and check it"),
    ):
        command = _with_server(commands.add_parser(name, help=text))
        command.add_argument("file", type=Path, metavar="FILE")
        command.set_defaults(run=run)
        if name == "restore":
            command.add_argument("--database", default="", help="name of the new database")
            command.add_argument(
                "--in-place",
                action="store_true",
                help="then open it as this PC's company; the present one is kept under another name",
            )
    for name, run, text in (
        ("demo", _demo, "the demo company's day, headless, into DIR"),
        ("screenshots", _screenshots, "every screen as a picture, into DIR"),
    ):
        command = commands.add_parser(name, help=text)
        command.add_argument("--out", type=Path, required=True, metavar="DIR")
        command.set_defaults(run=run)
    return parser


def _with_server(parser: argparse.ArgumentParser) -> argparse.ArgumentParser:
    parser.add_argument(
        "--server",
        default="",
        metavar="CONNINFO",
        help="libpq connection string of an office server's administrator; the password is asked"
        f" for or taken from {PASSWORD_VARIABLE}. Default: this PC's own company",
    )
    return parser


def _choose_language(wanted: str) -> None:
    from desktop_app.core.settings import LANGUAGE, Settings

    choice = wanted or str(Settings.load(paths.config_dir() / "settings.json").get(LANGUAGE))
    if choice == "auto":
        spoken = os.environ.get("LC_ALL") or os.environ.get("LANG") or ""
        choice = "zh_CN" if spoken.startswith("zh") else "en"
    i18n.use_language(choice, paths.resources_dir() / "translations")


def _window(options: argparse.Namespace) -> int:
    from desktop_app.app.bootstrap import run

    return run(profile=options.profile, measure=options.measure_start, language=options.language)


def _administrator(options: argparse.Namespace) -> tuple[str, object]:
    """(connection string, what to close) of the chosen database's administrator."""
    from psycopg.conninfo import conninfo_to_dict, make_conninfo

    from desktop_app.app import company

    if options.server:
        known = conninfo_to_dict(options.server)
        password = known.get("password") or os.environ.get(PASSWORD_VARIABLE)
        if password is None:
            password = getpass.getpass(tr("Password of {user}: ", user=known.get("user", "")))
        return make_conninfo(options.server, password=password), None
    cluster = company.embedded_cluster()
    return cluster.superuser_dsn(company.EMBEDDED.database), cluster


def _close(cluster: object) -> None:
    if cluster is not None:
        cluster.detach()  # type: ignore[attr-defined]


def _set_up(options: argparse.Namespace) -> int:
    from desktop_app.app import company
    from desktop_app.services.access import SHORTEST_PASSWORD

    if not options.server:
        raise UserError(N_("Name the server with --server; on this PC the program itself asks."))
    dsn, _ = _administrator(options)
    password = os.environ.get(LOGIN_VARIABLE) or getpass.getpass(
        tr("New password of {user}: ", user=options.login)
    )
    if len(password) < SHORTEST_PASSWORD:
        raise UserError(N_("A password has at least {n} characters."), n=SHORTEST_PASSWORD)
    company.set_up_server(dsn, options.company, options.login, password)
    print(
        tr("{company} is ready; {login} can log in.", company=options.company, login=options.login)
    )
    return 0


def _reset_owner(_options: argparse.Namespace) -> int:
    from desktop_app.app import company

    cluster = company.embedded_cluster()
    try:
        if not company.exists(cluster):
            raise UserError(N_("There is no company on this PC yet."))
        company.take_owners_password_away(cluster)
    finally:
        cluster.detach()
    print(tr("The owner comes in without a password again."))
    return 0


def _verify(options: argparse.Namespace) -> int:
    from desktop_app.database.unit_of_work import Database
    from desktop_app.services import sealing

    dsn, cluster = _administrator(options)
    try:
        database = Database(dsn)
        sealed = database.run(sealing.seal_days)
        report = database.read(sealing.verify)
        database.close()
        for finding in report.findings:
            print(finding.message)
        for difference in report.differences:
            print(difference.message)
        print(
            tr(
                "{days} days checked, {new} sealed now: {result}",
                days=report.days,
                new=len(sealed),
                result=tr("clean") if report.is_clean else tr("NOT CLEAN"),
            )
        )
        return 0 if report.is_clean else 1
    finally:
        _close(cluster)


def _check_ledger(options: argparse.Namespace) -> int:
    from desktop_app.database.unit_of_work import Database
    from desktop_app.services import sealing

    dsn, cluster = _administrator(options)
    try:
        database = Database(dsn)
        differences = database.read(sealing.check_ledger)
        database.close()
        for difference in differences:
            print(difference.message)
        print(
            tr("Balances and ledger agree.")
            if not differences
            else tr("{n} balances differ from the ledger.", n=len(differences))
        )
        return 1 if differences else 0
    finally:
        _close(cluster)


def _migrate(options: argparse.Namespace) -> int:
    from desktop_app.services import installation

    dsn, cluster = _administrator(options)
    try:
        installation.install(dsn)
        print(tr("The database is at this program's version."))
        return 0
    finally:
        _close(cluster)


def _backup(options: argparse.Namespace) -> int:
    from desktop_app.database.backup import backup

    dsn, cluster = _administrator(options)
    try:
        report = backup(dsn, options.file)
        print(
            tr(
                "Backup written: {file}, {size} bytes, {rows} rows.",
                file=report.file,
                size=report.size,
                rows=sum(report.rows.values()),
            )
        )
        return 0
    finally:
        _close(cluster)


def _restore(options: argparse.Namespace) -> int:
    from desktop_app.app import company
    from desktop_app.core import clock
    from desktop_app.database.backup import restore
    from desktop_app.database.cluster import EmbeddedCluster
    from desktop_app.services import installation

    if options.in_place and options.server:
        raise UserError(N_("--in-place is for this PC; on a server name it in the connection."))

    dsn, cluster = _administrator(options)
    name = options.database or f"stockproof_{clock.now():%Y%m%d_%H%M%S}"
    try:
        report = restore(dsn, options.file, name, prepare=installation.create_roles)
        print(
            tr(
                "Restored into database {name}: {rows} rows, checked against the backup.",
                name=name,
                rows=sum(report.rows.values()),
            )
        )
        if options.in_place and isinstance(cluster, EmbeddedCluster):
            former = company.put_in_place(cluster, name)
            print(tr("It is this PC's company now; the former one is kept as {name}.", name=former))
        return 0
    finally:
        _close(cluster)


def _demo(options: argparse.Namespace) -> int:
    from desktop_app.app.demo.day import run_demo

    return run_demo(options.out, options.language or "zh_CN")


def _screenshots(options: argparse.Namespace) -> int:
    from desktop_app.app.demo.pictures import take_screenshots

    return take_screenshots(options.out)
