"""The owner looks for a sealed day, prints its sheet and finds the seal on it."""

from __future__ import annotations

from datetime import UTC, timedelta
from pathlib import Path
from typing import Any

import zxingcpp
from PIL import Image

from desktop_app.core import clock
from desktop_app.views import lists
from desktop_app.views.trace import day_sheet
from tests import factories
from tests.golden.test_paper import pictures
from tests.views.station_world import context_on, opened


def test_a_sealed_day_is_opened_from_its_list_and_printed(
    qtbot: Any, database: Any, tmp_path: Path
) -> None:
    shop = database.run(factories.make_shop)
    item = database.run(factories.make_item)
    database.run(factories.stock_up, shop, item, 5)
    yesterday = (clock.now().astimezone(UTC) - timedelta(days=1)).date()
    digest = database.run(
        lambda uow: uow.scalar("SELECT encode(seal_day(%s), 'hex')", (yesterday,))
    )
    context = context_on(database.as_user("storekeeper"), tmp_path)
    page = opened(qtbot, lists.create, context, list="list:day_seal")
    assert page.table.rows.values(0)["seal"] == digest
    page.open_row(0)
    name, params = context.open_page.calls[-1]
    assert name == "day_sheet"
    sheet = opened(qtbot, day_sheet.create, context, **params)
    assert yesterday.isoformat() in sheet.title()
    (picture,) = pictures(sheet._pdf, 200)
    assert isinstance(picture, Image.Image)
    codes = {found.text for found in zxingcpp.read_barcodes(picture)}
    assert f"S.{yesterday:%Y%m%d}.{digest}" in codes
