"""Permissions and job roles, declared once.

Each permission becomes a PostgreSQL group role ``sp_p_<code with _>``, each job role
``sp_r_<code>``; a person's login is a member of job roles. The database therefore
refuses what a screen would have hidden (DESIGN section 3).
"""

from __future__ import annotations

from dataclasses import dataclass

from desktop_app.core.i18n import N_
from desktop_app.core.registry import Registry


@dataclass(frozen=True)
class Permission:
    """One right. ``code`` is area.verb and permanent."""

    code: str
    title: str

    @property
    def role(self) -> str:
        """Name of the PostgreSQL group role that stands for this permission."""
        return "sp_p_" + self.code.replace(".", "_")


@dataclass(frozen=True)
class JobRole:
    """A bundle of permissions as a shop hands them out."""

    code: str
    title: str
    permissions: tuple[str, ...]

    @property
    def role(self) -> str:
        """Name of the PostgreSQL group role of this job."""
        return "sp_r_" + self.code


PERMISSIONS = Registry(
    (
        Permission("stock.read", N_("See stock quantities")),
        Permission("stock.receive", N_("Receive and put away goods")),
        Permission("stock.ship", N_("Pick, verify and ship goods")),
        Permission("stock.transfer", N_("Move and transfer goods")),
        Permission("stock.adjust", N_("Adjust stock with a reason")),
        Permission("purchase.write", N_("Write purchase orders")),
        Permission("purchase.approve", N_("Approve purchase orders")),
        Permission("purchase.price", N_("See purchase prices")),
        Permission("sales.write", N_("Write sales orders and returns")),
        Permission("sales.deposit", N_("Take deposits, lock and release stock")),
        Permission("sales.price", N_("See sales prices")),
        Permission("production.write", N_("Release and report work orders")),
        Permission("outsourcing.write", N_("Send to and receive from subcontractors")),
        Permission("quality.decide", N_("Decide on frozen goods")),
        Permission("count.plan", N_("Plan counts and post differences")),
        Permission("count.enter", N_("Enter counted quantities")),
        Permission("cost.read", N_("See costs and values")),
        Permission("master.write", N_("Edit items, parties, places")),
        Permission("document.reverse", N_("Reverse posted documents")),
        Permission("ledger.seal", N_("Seal days and verify the ledger")),
        Permission("label.print", N_("Print labels")),
        Permission("device.manage", N_("Set up devices and design labels")),
        Permission("user.manage", N_("Manage users and settings")),
    ),
    key=lambda permission: permission.code,
)

_STOCK = ("stock.read", "stock.receive", "stock.ship", "stock.transfer")

JOB_ROLES = Registry(
    (
        JobRole("owner", N_("Owner"), tuple(permission.code for permission in PERMISSIONS)),
        JobRole(
            "finance",
            N_("Finance"),
            (
                "stock.read",
                "purchase.price",
                "sales.price",
                "cost.read",
                "count.plan",
                "document.reverse",
                "ledger.seal",
            ),
        ),
        JobRole(
            "storekeeper",
            N_("Storekeeper"),
            (*_STOCK, "production.write", "label.print", "device.manage"),
        ),
        JobRole(
            "buyer",
            N_("Buyer"),
            (
                "stock.read",
                "purchase.write",
                "purchase.approve",
                "purchase.price",
                "master.write",
                "label.print",
            ),
        ),
        JobRole(
            "sales",
            N_("Sales"),
            (
                "stock.read",
                "sales.write",
                "sales.deposit",
                "sales.price",
                "master.write",
                "label.print",
            ),
        ),
        JobRole(
            "quality",
            N_("Quality lead"),
            ("stock.read", "quality.decide", "document.reverse", "label.print"),
        ),
        JobRole(
            "planner",
            N_("Production and outsourcing planner"),
            ("stock.read", "production.write", "outsourcing.write", "master.write", "label.print"),
        ),
        JobRole("counter", N_("Counter (blind)"), ("count.enter",)),
    ),
    key=lambda job: job.code,
)
