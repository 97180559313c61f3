"""Blind counting, one door: plan, enter, compare, explain, approve."""

from __future__ import annotations

from desktop_app.services.counting_entry import (
    CountEntry as CountEntry,
    FoundGoods as FoundGoods,
    enter as enter,
    report_found as report_found,
    tasks as tasks,
)
from desktop_app.services.counting_plan import (
    DrawProof as DrawProof,
    PlanCount as PlanCount,
    plan as plan,
    plan_and_start as plan_and_start,
    start as start,
    verify_draw as verify_draw,
)
from desktop_app.services.counting_review import (
    ApproveCount as ApproveCount,
    CompareCount as CompareCount,
    approve as approve,
    cause_hints as cause_hints,
    compare as compare,
    set_cause as set_cause,
    tolerances as tolerances,
)
from desktop_app.services.print_snapshots import blind_sheet as blind_sheet
