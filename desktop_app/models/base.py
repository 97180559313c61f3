"""The declarative base: naming convention and column types shared by all tables."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any

from sqlalchemy import (
    BigInteger,
    Date,
    DateTime,
    Identity,
    MetaData,
    Numeric,
    SmallInteger,
    Text,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import DeclarativeBase, mapped_column

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}

Id = Annotated[int, mapped_column(BigInteger, Identity(always=True), primary_key=True)]
BigInt = Annotated[int, mapped_column(BigInteger)]
Small = Annotated[int, mapped_column(SmallInteger)]
Quantity = Annotated[Decimal, mapped_column(Numeric(18, 6))]
"""A quantity in the item's base unit (or grams where the name ends in ``_g``)."""
Price = Annotated[Decimal, mapped_column(Numeric(18, 6))]
Money = Annotated[Decimal, mapped_column(Numeric(18, 2))]
Stamp = Annotated[datetime, mapped_column(DateTime(timezone=True), server_default=text("now()"))]
Login = Annotated[str, mapped_column(Text, server_default=text("session_user"))]


class Base(DeclarativeBase):
    """All tables of the program."""

    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map = {
        str: Text,
        datetime: DateTime(timezone=True),
        date: Date,
        Decimal: Numeric(18, 6),
        int: BigInteger,
        dict[str, Any]: JSONB,
        list[str]: ARRAY(Text),
    }
