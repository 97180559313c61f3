"""What master data still lacks (N17): each rule is data, its findings are one list and one task."""

from __future__ import annotations

from dataclasses import dataclass

from desktop_app.core.i18n import N_
from desktop_app.domain.document_type import Editor
from desktop_app.queries.listing import Column, ListSpec, person_name


@dataclass(frozen=True)
class ParameterRule:
    """A parameter that a record needs. ``rows`` selects (record id, code, name, since).

    ``record`` is what the change log and the waivers call it; the page of that name opens
    at ``field``. ``why`` says when it is needed.
    """

    parameter: str
    title: str
    why: str
    record: str
    field: str
    rows: str


_LIVE = "i.is_active AND i.merged_into_id IS NULL"
_ITEM = "SELECT i.id, i.code, i.name FROM item i WHERE " + _LIVE
RULES: tuple[ParameterRule, ...] = (
    ParameterRule(
        "unit_weight",
        N_("Unit weight"),
        N_("Part of outsourcing, or counted by weight: goods cannot be weighed back."),
        "item",
        "unit_weight_g",
        _ITEM + " AND i.unit_weight_g IS NULL AND (i.id IN (SELECT l.item_id FROM document_line l"
        " JOIN document d ON d.id = l.document_id"
        " WHERE d.kind IN ('outsourcing_order', 'outsourcing_receipt'))"
        " OR i.id IN (SELECT u.item_id FROM item_unit u"
        " WHERE lower(u.unit) IN ('kg', 'g', '千克', '公斤', '克')))",
    ),
    ParameterRule(
        "shelf_life",
        N_("Shelf life"),
        N_("Tracked by lot, and some of its lots expire: the next use-by date is a guess."),
        "item",
        "shelf_life",
        _ITEM + " AND i.tracking = 'lot' AND i.shelf_life IS NULL AND i.id IN"
        " (SELECT o.item_id FROM lot o WHERE o.expires_at IS NOT NULL)",
    ),
    ParameterRule(
        "usual_bin",
        N_("Usual bin"),
        N_("In stock without a usual bin: put-away has nothing to propose."),
        "item",
        "default_location_id",
        _ITEM + " AND i.default_location_id IS NULL AND i.id IN (SELECT b.item_id FROM"
        " stock_balance b WHERE b.on_hand > 0)"
        " AND NOT EXISTS (SELECT 1 FROM item_bin n WHERE n.item_id = i.id)",
    ),
    ParameterRule(
        "lead_time",
        N_("Lead time"),
        N_("Bought from a supplier, or with a reorder point: when it comes is unknown."),
        "item",
        "lead_time_days",
        _ITEM + " AND i.lead_time_days IS NULL AND (i.reorder_point IS NOT NULL OR i.id IN"
        " (SELECT p.item_id FROM party_item p JOIN party s ON s.id = p.party_id"
        " WHERE s.is_supplier AND p.lead_time_days IS NULL))"
        " AND NOT EXISTS (SELECT 1 FROM party_item p WHERE p.item_id = i.id"
        " AND p.lead_time_days IS NOT NULL)",
    ),
    ParameterRule(
        "loss_rate",
        N_("Loss rate"),
        N_("A component without a loss rate: the material for an order comes out too small."),
        "bom",
        "lines",
        "SELECT b.id, i.code || ' ' || b.version, i.name FROM bom b JOIN item i ON i.id = b.item_id"
        " WHERE b.is_active AND i.is_active AND EXISTS (SELECT 1 FROM bom_line l"
        " WHERE l.bom_id = b.id AND l.loss_rate = 0)",
    ),
)

_FOUND = " UNION ALL ".join(
    f"SELECT f.id * 16 + {number} AS key, '{rule.record}' AS record, f.id AS record_id,"
    f" '{rule.parameter}' AS parameter, f.code, f.name FROM ({rule.rows}) f(id, code, name)"
    for number, rule in enumerate(RULES)
)
_OPEN = (
    "NOT EXISTS (SELECT 1 FROM parameter_waiver w WHERE w.record = m.record"
    " AND w.record_id = m.record_id AND w.parameter = m.parameter)"
)
_MADE = (
    "(SELECT {column} FROM change_log c WHERE c.record = m.record AND c.record_id = m.record_id"
    " AND c.part = '' AND c.field = '' ORDER BY c.id LIMIT 1)"
)
_TITLES = {rule.parameter: rule.title for rule in RULES}

MISSING = ListSpec(
    id="list:missing_parameters",
    title=N_("Missing parameters"),
    columns=(
        Column("parameter", N_("Missing"), "m.parameter", Editor.CHOICE, width=14, labels=_TITLES),
        Column("code", N_("Code"), "m.code", width=18, never_null=True),
        Column("name", N_("Name"), "m.name", width=30),
        Column(
            "why",
            N_("Why it is needed"),
            "m.parameter",
            Editor.CHOICE,
            width=54,
            labels={rule.parameter: rule.why for rule in RULES},
        ),
        Column("responsible", N_("Made by"), _MADE.format(column=person_name("c.actor")), width=14),
        Column("since", N_("Since"), _MADE.format(column="c.at"), Editor.TIMESTAMP, width=16),
    ),
    source=f"({_FOUND}) m",
    key="m.key",
    opens="missing_parameter",
    search=("m.code", "m.name"),
    topics=("item", "bom", "stock", "waiver"),
    sort="code",
    where=_OPEN,
    permission="stock.read",
)
WAIVED = ListSpec(
    id="list:waived_parameters",
    title=N_("Accepted as not needed"),
    columns=(
        Column(
            "parameter", N_("Parameter"), "m.parameter", Editor.CHOICE, width=14, labels=_TITLES
        ),
        Column("code", N_("Code"), "m.code", width=18, never_null=True),
        Column("name", N_("Name"), "m.name", width=30),
        Column("reason", N_("Reason"), "w.reason", width=40),
        Column("accepted_by", N_("Who"), person_name("w.accepted_by"), width=14),
        Column("at", N_("When"), "w.at", Editor.TIMESTAMP, width=16),
    ),
    source=f"({_FOUND}) m JOIN parameter_waiver w ON w.record = m.record"
    " AND w.record_id = m.record_id AND w.parameter = m.parameter",
    key="m.key",
    opens="missing_parameter",
    search=("m.code", "m.name", "w.reason"),
    topics=("waiver",),
    sort="code",
    permission="stock.read",
)


def rule_of(key: int) -> tuple[ParameterRule, int]:
    """The rule and the record id behind a row's key."""
    return RULES[key % 16], key // 16
