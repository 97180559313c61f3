"""Stock for the screens: beside a line, and of one item by place and lot."""

from __future__ import annotations

from desktop_app.queries.stock import LineStock, PlaceStock, item_stock, line_stock

__all__ = ["LineStock", "PlaceStock", "item_stock", "line_stock"]
