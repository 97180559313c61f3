"""What the database's own refusals (SQLSTATE SPnnn, ``models/sql``) say to a clerk.

Here are those that are one sentence with the facts of the refusal; what needs more than that is
built in ``errors``. docs/architecture.md lists every code with the rule behind it.
"""

from __future__ import annotations

from desktop_app.core import errors as failures
from desktop_app.core.i18n import N_

SENTENCES: dict[str, tuple[type[failures.AppError], str]] = {
    "SP120": (
        failures.PermissionDenied,
        N_("{number}: a photo is added by whoever did the step, or may do it."),
    ),
    "SP121": (
        failures.RuleRefused,
        N_("{number}: a photo is a JPEG or PNG picture of at most 4 MB."),
    ),
    "SP101": (
        failures.RuleRefused,
        N_("{number}: {customer} would owe more than the credit limit. Say why it is allowed."),
    ),
    "SP102": (failures.RuleRefused, N_("{customer}: somebody did that already. Look again.")),
    "SP103": (failures.EvidenceMissing, N_("{customer}: please give a reason.")),
    "SP105": (
        failures.RuleRefused,
        N_("{place} cannot be closed: {items} items still lie there, or the ledger needs it."),
    ),
    "SP106": (
        failures.RuleRefused,
        N_("{place} has been used: what kind of place it is stays as it is. Make a new one."),
    ),
    "SP107": (
        failures.RuleRefused,
        N_("{warehouse} has been used: its kind stays as it is. Make a new warehouse."),
    ),
    "SP108": (
        failures.RuleRefused,
        N_("{warehouse}: say which subcontractor it stands for."),
    ),
    "SP109": (
        failures.RuleRefused,
        N_("{customer} is frozen or released as a step of its own, with a reason."),
    ),
    "SP002": (
        failures.StaleDocument,
        N_(
            "{number} was changed by {by} meanwhile. What you typed is kept: reload or apply it again."
        ),
    ),
    "SP006": (failures.EvidenceMissing, N_("{number}: please give a reason.")),
    "SP007": (
        failures.TransitionRefused,
        N_("{number} line {line_no} {item}: only {done} of {qty} done, so it is not finished."),
    ),
    "SP009": (failures.RuleRefused, N_("Line {line_no}: there is no such item.")),
    "SP008": (failures.NotFound, N_("This document does not exist.")),
    "SP130": (
        failures.RuleRefused,
        N_("Label {seq} cannot go from {from} to {to}; somebody else may have answered already."),
    ),
    "SP131": (
        failures.RuleRefused,
        N_("Label {seq} is printed by the PC its printer hangs on; this one only asks for it."),
    ),
    "SP013": (failures.RuleRefused, N_("This step moves goods, but no goods were moved.")),
    "SP014": (
        failures.InsufficientStock,
        N_("These goods were not set aside for this document; nothing was posted."),
    ),
    "SP018": (
        failures.UserError,
        N_(
            "A place is missing on this document: {place}. Choose a bin on the line or"
            " give the warehouse that dock."
        ),
    ),
    "SP015": (failures.RuleRefused, N_("Stock is locked or released only through a recorded act.")),
    "SP016": (
        failures.RuleRefused,
        N_("The goods are being picked already; cancel the picking first."),
    ),
    "SP020": (failures.RuleRefused, N_("History is never changed or deleted; reverse it instead.")),
    "SP021": (failures.RuleRefused, N_("{number} can no longer be edited; reverse it instead.")),
    "SP022": (failures.RuleRefused, N_("A document without an act and a number cannot be kept.")),
    "SP023": (
        failures.EvidenceMissing,
        N_("{number}: {scanned} is not the exit code of this warehouse. Nothing left the house."),
    ),
    "SP030": (failures.RuleRefused, N_("A day can be sealed only when it is over.")),
    "SP031": (failures.RuleRefused, N_("This day is sealed already.")),
    "SP050": (failures.RuleRefused, N_("{login} cannot be used as a login name here.")),
    "SP060": (
        failures.RuleRefused,
        N_(
            "{number} line {line_no} {item}: the weight does not fit the count. Receive it"
            " frozen; the quality lead decides."
        ),
    ),
    "SP061": (
        failures.RuleRefused,
        N_(
            "{number} line {line_no} {item}: more would be taken than lies there for this document."
        ),
    ),
    "SP062": (
        failures.RuleRefused,
        N_("{number} line {line_no} {item}: {shown} of it are still on the way or in production."),
    ),
    "SP063": (
        failures.EvidenceMissing,
        N_(
            "{number} line {line_no} {item}: {done} would be issued, {qty} are planned. Give a reason."
        ),
    ),
    "SP064": (
        failures.RuleRefused,
        N_("{number} line {line_no} {item}: the goods moved are not those that were weighed."),
    ),
    "SP080": (
        failures.RuleRefused,
        N_("{number} was made from an order; receive it so that the order is told."),
    ),
    "SP081": (
        failures.RuleRefused,
        N_(
            "Line {line_no} {item}: {received} would be received, {ordered} were ordered. Taking"
            " more needs a reason."
        ),
    ),
    "SP082": (
        failures.RuleRefused,
        N_("Line {line_no} {item}: {put_away} would be put away, but only {received} came."),
    ),
    "SP070": (
        failures.UserError,
        N_("The deposit {deposit} is not an amount above zero with at most two decimals."),
    ),
    "SP071": (
        failures.UserError,
        N_("The end date {until} of the lock is missing or over already."),
    ),
    "SP072": (
        failures.RuleRefused,
        N_("{item}: {scanned} scanned at the dock, {picked} picked. Nothing was verified."),
    ),
    "SP073": (
        failures.RuleRefused,
        N_(
            "Line {line_no} {item}: {qty} returned, but only {open} of that shipment are still"
            " with the customer."
        ),
    ),
    "SP074": (
        failures.RuleRefused,
        N_(
            "{number} line {line_no} {item}: {qty} of it would stay behind at the dock. A parcel"
            " leaves as it was verified."
        ),
    ),
    "SP075": (
        failures.EvidenceMissing,
        N_("{code} is not a waybill number: scan the carrier's label."),
    ),
    "SP091": (
        failures.RuleRefused,
        N_("The barcode {barcode} stands for “{unit}”, but the item has no such unit."),
    ),
    "SP092": (
        failures.RuleRefused,
        N_("The unit {unit} cannot go: the barcode {barcode} stands for it."),
    ),
    "SP093": (
        failures.RuleRefused,
        N_("{place} is no bin of {warehouse}; choose one of its bins."),
    ),
    "SP094": (
        failures.RuleRefused,
        N_("{item}: {qty} lie there. How it is tracked can be changed when none is left."),
    ),
    "SP095": (
        failures.RuleRefused,
        N_("{item}: merging must bring in exactly what it takes out."),
    ),
    "SP096": (
        failures.RuleRefused,
        N_("{code} was merged into another record and stays so."),
    ),
    "SP040": (
        failures.PermissionDenied,
        N_("In a blind count, whoever can see stock must not count. Use a counter's login."),
    ),
    "SP041": (failures.PermissionDenied, N_("The recount must be done by another person.")),
    "SP042": (failures.RuleRefused, N_("Counts are entered while the count is open.")),
    "SP043": (
        failures.PermissionDenied,
        N_("Whoever counted must not approve the differences."),
    ),
    "SP044": (
        failures.RuleRefused,
        N_("This item is counted with at most {decimals} decimals."),
    ),
    "SP045": (
        failures.RuleRefused,
        N_("{number}: the time on the sheet must lie between the start of this count and now."),
    ),
    "SP046": (
        failures.RuleRefused,
        N_("Line {line_no} {item}: choose a cause for the difference before approving it."),
    ),
    "SP047": (
        failures.RuleRefused,
        N_("Line {line_no} {item}: only one person has seen this difference. Have it recounted."),
    ),
    "SP048": (
        failures.RuleRefused,
        N_(
            "Line {line_no} {item}: only the difference between the count and the book at its"
            " second may be posted. Compare again."
        ),
    ),
}
