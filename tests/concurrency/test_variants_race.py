"""Two clerks press "make variants" of one family at the same moment."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

from desktop_app.domain.variants import combinations, proposed_code
from desktop_app.queries.families import family_grid
from desktop_app.services.families import MadeVariants, VariantDraft, make_variants, save_family


def _made(database: Any) -> tuple[int, list[VariantDraft]]:
    family = database.run(
        save_family,
        {
            "code": "JL",
            "name": "Hinge",
            "axes": [
                {"name": "finish", "options": "Nickel=NI, Chrome=CR, Matt=MT", "is_finish": True},
                {"name": "size", "options": "40, 60, 80"},
            ],
        },
    )
    grid = database.read(family_grid, family)
    return family, [
        VariantDraft(variant, proposed_code(grid.code_pattern, "JL", grid.axes, variant), "x")
        for variant in combinations(grid.axes)
    ]


def test_each_variant_is_made_once(database: Any) -> None:
    family, drafts = _made(database)
    start = Barrier(2)

    def press(login: str) -> MadeVariants:
        clerk = database.as_user(login)
        start.wait()
        return clerk.run(make_variants, family, drafts)

    with ThreadPoolExecutor(2) as pool:
        results = list(pool.map(press, ("buyer", "planner")))
    assert sorted(len(result.made) for result in results) == [0, 12]
    assert sorted(len(result.kept) for result in results) == [0, 12]
    assert len(database.read(family_grid, family).items) == 12
