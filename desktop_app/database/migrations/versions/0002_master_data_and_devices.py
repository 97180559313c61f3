"""Master data a shop really has; devices, label designs and the durable print queue.

A shelf life gets its unit: what was kept in hours stays in hours.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "change_log",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column(
            "at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.Column("actor", sa.Text(), server_default=sa.text("session_user"), nullable=False),
        sa.Column(
            "workstation",
            sa.Text(),
            server_default=sa.text("coalesce(current_setting('stockproof.workstation', true), '')"),
            nullable=False,
        ),
        sa.Column(
            "source",
            sa.Text(),
            server_default=sa.text("coalesce(current_setting('stockproof.source', true), '')"),
            nullable=False,
        ),
        sa.Column("record", sa.Text(), nullable=False),
        sa.Column("record_id", sa.BigInteger(), nullable=False),
        sa.Column("part", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("field", sa.Text(), nullable=False),
        sa.Column("old", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("new", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("needs_role", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_change_log")),
    )
    op.create_index(
        "ix_change_log_record", "change_log", ["record", "record_id", "id"], unique=False
    )
    op.create_table(
        "custom_field",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("editor", sa.Text(), nullable=False),
        sa.Column(
            "choices", postgresql.ARRAY(sa.Text()), server_default=sa.text("'{}'"), nullable=False
        ),
        sa.Column("decimals", sa.BigInteger(), server_default=sa.text("2"), nullable=False),
        sa.Column("formula", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column(
            "scopes", postgresql.ARRAY(sa.Text()), server_default=sa.text("'{}'"), nullable=False
        ),
        sa.Column(
            "required_in",
            postgresql.ARRAY(sa.Text()),
            server_default=sa.text("'{}'"),
            nullable=False,
        ),
        sa.Column(
            "categories",
            postgresql.ARRAY(sa.Text()),
            server_default=sa.text("'{}'"),
            nullable=False,
        ),
        sa.Column("position", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("in_list", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("in_print", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("is_active", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("version", sa.BigInteger(), server_default=sa.text("1"), nullable=False),
        sa.CheckConstraint(
            "editor in ('text', 'number', 'date', 'choice', 'yes_no', 'formula')",
            name=op.f("ck_custom_field_editor_known"),
        ),
        sa.CheckConstraint(
            "name ~ '^[a-z][a-z0-9_]{0,39}$'", name=op.f("ck_custom_field_name_form")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_custom_field")),
        sa.UniqueConstraint("name", name=op.f("uq_custom_field_name")),
    )
    op.create_table(
        "device",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column(
            "workstation",
            sa.Text(),
            server_default=sa.text("coalesce(current_setting('stockproof.workstation', true), '')"),
            nullable=False,
        ),
        sa.Column("identity", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column(
            "settings",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'{}'"),
            nullable=False,
        ),
        sa.Column("is_active", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("version", sa.BigInteger(), server_default=sa.text("1"), nullable=False),
        sa.CheckConstraint(
            "kind in ('scanner', 'scale', 'printer', 'camera')", name=op.f("ck_device_kind_known")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_device")),
        sa.UniqueConstraint("workstation", "name", name=op.f("uq_device_workstation_name")),
    )
    op.create_table(
        "import_mapping",
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("headings", sa.Text(), nullable=False),
        sa.Column("mapping", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("used_by", sa.Text(), server_default=sa.text("session_user"), nullable=False),
        sa.Column(
            "used_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.PrimaryKeyConstraint("kind", "headings", name=op.f("pk_import_mapping")),
    )
    op.create_table(
        "import_draft",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("file_name", sa.Text(), nullable=False),
        sa.Column("sha256", sa.LargeBinary(), nullable=False),
        sa.Column("mapping", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("created_by", sa.Text(), server_default=sa.text("session_user"), nullable=False),
        sa.Column(
            "at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_draft")),
    )
    op.create_table(
        "import_stage",
        sa.Column("draft_id", sa.BigInteger(), nullable=False),
        sa.Column("row_no", sa.BigInteger(), nullable=False),
        sa.Column("values", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column(
            "problems",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'[]'"),
            nullable=False,
        ),
        sa.Column("action", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("record_id", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "action in ('', 'new', 'changed', 'same', 'refused')",
            name=op.f("ck_import_stage_action_known"),
        ),
        sa.PrimaryKeyConstraint("draft_id", "row_no", name=op.f("pk_import_stage")),
        prefixes=["UNLOGGED"],
    )
    op.create_table(
        "import_run",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("uuid", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("file_name", sa.Text(), nullable=False),
        sa.Column("sha256", sa.LargeBinary(), nullable=False),
        sa.Column("mapping", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("counts", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("state", sa.Text(), server_default=sa.text("'done'"), nullable=False),
        sa.Column("imported_by", sa.Text(), server_default=sa.text("session_user"), nullable=False),
        sa.Column(
            "at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.CheckConstraint("state in ('done', 'undone')", name=op.f("ck_import_run_state_known")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_run")),
        sa.UniqueConstraint("uuid", name=op.f("uq_import_run_uuid")),
    )
    op.create_table(
        "item_family",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column(
            "code_pattern", sa.Text(), server_default=sa.text("'{family}-{values}'"), nullable=False
        ),
        sa.Column(
            "name_pattern", sa.Text(), server_default=sa.text("'{values}{family}'"), nullable=False
        ),
        sa.Column("remark", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("version", sa.BigInteger(), server_default=sa.text("1"), nullable=False),
        sa.CheckConstraint(
            "code <> '' and code = btrim(code)", name=op.f("ck_item_family_code_clean")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_item_family")),
        sa.UniqueConstraint("code", name=op.f("uq_item_family_code")),
    )
    op.create_table(
        "label_design",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("design", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("is_default", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("is_active", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("version", sa.BigInteger(), server_default=sa.text("1"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_label_design")),
        sa.UniqueConstraint("kind", "name", name=op.f("uq_label_design_kind_name")),
    )
    op.create_table(
        "parameter_waiver",
        sa.Column("record", sa.Text(), nullable=False),
        sa.Column("record_id", sa.BigInteger(), nullable=False),
        sa.Column("parameter", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("accepted_by", sa.Text(), server_default=sa.text("session_user"), nullable=False),
        sa.Column(
            "at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.PrimaryKeyConstraint(
            "record", "record_id", "parameter", name=op.f("pk_parameter_waiver")
        ),
    )
    op.create_table(
        "price_level",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("position", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_price_level")),
    )
    op.create_table(
        "tax_rate",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("rate", sa.Numeric(precision=18, scale=6), nullable=False),
        sa.CheckConstraint("rate >= 0 and rate < 100", name=op.f("ck_tax_rate_rate_range")),
        sa.PrimaryKeyConstraint("code", "valid_from", name=op.f("pk_tax_rate")),
    )
    op.create_table(
        "import_row",
        sa.Column("run_id", sa.BigInteger(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("record", sa.Text(), nullable=False),
        sa.Column("record_id", sa.BigInteger(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("before", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.ForeignKeyConstraint(["run_id"], ["import_run.id"], name=op.f("fk_import_row_run_id")),
        sa.PrimaryKeyConstraint("run_id", "seq", name=op.f("pk_import_row")),
    )
    op.create_table(
        "item_axis",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("family_id", sa.BigInteger(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column(
            "options", postgresql.ARRAY(sa.Text()), server_default=sa.text("'{}'"), nullable=False
        ),
        sa.Column(
            "codes", postgresql.ARRAY(sa.Text()), server_default=sa.text("'{}'"), nullable=False
        ),
        sa.Column("is_finish", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.ForeignKeyConstraint(
            ["family_id"],
            ["item_family.id"],
            name=op.f("fk_item_axis_family_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_item_axis")),
        sa.UniqueConstraint("family_id", "name", name=op.f("uq_item_axis_family_id_name")),
    )
    op.create_table(
        "customer_freeze",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("party_id", sa.BigInteger(), nullable=False),
        sa.Column("document_id", sa.BigInteger(), nullable=True),
        sa.Column("frozen", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("actor", sa.Text(), server_default=sa.text("session_user"), nullable=False),
        sa.Column(
            "workstation",
            sa.Text(),
            server_default=sa.text("coalesce(current_setting('stockproof.workstation', true), '')"),
            nullable=False,
        ),
        sa.Column(
            "at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.ForeignKeyConstraint(
            ["document_id"], ["document.id"], name=op.f("fk_customer_freeze_document_id")
        ),
        sa.ForeignKeyConstraint(
            ["party_id"], ["party.id"], name=op.f("fk_customer_freeze_party_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_customer_freeze")),
        sa.UniqueConstraint("document_id", name=op.f("uq_customer_freeze_document_id")),
    )
    op.create_index(
        op.f("ix_customer_freeze_party_id"), "customer_freeze", ["party_id"], unique=False
    )
    op.create_table(
        "party_address",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("party_id", sa.BigInteger(), nullable=False),
        sa.Column("position", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("purpose", sa.Text(), server_default=sa.text("'delivery'"), nullable=False),
        sa.Column("receiver", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("phone", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["party_id"], ["party.id"], name=op.f("fk_party_address_party_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_party_address")),
    )
    op.create_index(op.f("ix_party_address_party_id"), "party_address", ["party_id"], unique=False)
    op.create_table(
        "party_contact",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("party_id", sa.BigInteger(), nullable=False),
        sa.Column("position", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("phone", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("email", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("remark", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.ForeignKeyConstraint(["party_id"], ["party.id"], name=op.f("fk_party_contact_party_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_party_contact")),
    )
    op.create_index(op.f("ix_party_contact_party_id"), "party_contact", ["party_id"], unique=False)
    op.create_table(
        "scale_check",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("device_id", sa.BigInteger(), nullable=False),
        sa.Column("test_weight_g", sa.Numeric(precision=18, scale=6), nullable=False),
        sa.Column("shown_g", sa.Numeric(precision=18, scale=6), nullable=False),
        sa.Column("tolerance_g", sa.Numeric(precision=18, scale=6), nullable=False),
        sa.Column("passed", sa.Boolean(), nullable=False),
        sa.Column("checked_by", sa.Text(), server_default=sa.text("session_user"), nullable=False),
        sa.Column(
            "workstation",
            sa.Text(),
            server_default=sa.text("coalesce(current_setting('stockproof.workstation', true), '')"),
            nullable=False,
        ),
        sa.Column(
            "at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.ForeignKeyConstraint(
            ["device_id"], ["device.id"], name=op.f("fk_scale_check_device_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scale_check")),
    )
    op.create_index(op.f("ix_scale_check_device_id"), "scale_check", ["device_id"], unique=False)
    op.create_table(
        "print_job",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("uuid", sa.Text(), nullable=False),
        sa.Column("device_id", sa.BigInteger(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("design", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("document_id", sa.BigInteger(), nullable=True),
        sa.Column("copy_of_id", sa.BigInteger(), nullable=True),
        sa.Column("reason", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column(
            "requested_by", sa.Text(), server_default=sa.text("session_user"), nullable=False
        ),
        sa.Column(
            "workstation",
            sa.Text(),
            server_default=sa.text("coalesce(current_setting('stockproof.workstation', true), '')"),
            nullable=False,
        ),
        sa.Column(
            "at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.CheckConstraint(
            "copy_of_id is null or reason <> ''", name=op.f("ck_print_job_reprint_has_reason")
        ),
        sa.ForeignKeyConstraint(
            ["copy_of_id"], ["print_job.id"], name=op.f("fk_print_job_copy_of_id")
        ),
        sa.ForeignKeyConstraint(["device_id"], ["device.id"], name=op.f("fk_print_job_device_id")),
        sa.ForeignKeyConstraint(
            ["document_id"], ["document.id"], name=op.f("fk_print_job_document_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_print_job")),
        sa.UniqueConstraint("uuid", name=op.f("uq_print_job_uuid")),
    )
    op.create_index(op.f("ix_print_job_device_id"), "print_job", ["device_id"], unique=False)
    op.create_table(
        "item_bin",
        sa.Column("item_id", sa.BigInteger(), nullable=False),
        sa.Column("warehouse_id", sa.BigInteger(), nullable=False),
        sa.Column("location_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], name=op.f("fk_item_bin_item_id")),
        sa.ForeignKeyConstraint(
            ["location_id"], ["location.id"], name=op.f("fk_item_bin_location_id")
        ),
        sa.ForeignKeyConstraint(
            ["warehouse_id"], ["warehouse.id"], name=op.f("fk_item_bin_warehouse_id")
        ),
        sa.PrimaryKeyConstraint("item_id", "warehouse_id", name=op.f("pk_item_bin")),
    )
    op.create_index(op.f("ix_item_bin_location_id"), "item_bin", ["location_id"], unique=False)
    op.create_table(
        "item_level_price",
        sa.Column("item_id", sa.BigInteger(), nullable=False),
        sa.Column("level", sa.Text(), nullable=False),
        sa.Column("price", sa.Numeric(precision=18, scale=6), nullable=False),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], name=op.f("fk_item_level_price_item_id")),
        sa.ForeignKeyConstraint(
            ["level"], ["price_level.code"], name=op.f("fk_item_level_price_level")
        ),
        sa.PrimaryKeyConstraint("item_id", "level", name=op.f("pk_item_level_price")),
    )
    op.create_table(
        "item_picture",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("item_id", sa.BigInteger(), nullable=False),
        sa.Column("position", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("sha256", sa.LargeBinary(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("added_by", sa.Text(), server_default=sa.text("session_user"), nullable=False),
        sa.Column(
            "added_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], name=op.f("fk_item_picture_item_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_item_picture")),
    )
    op.create_index(op.f("ix_item_picture_item_id"), "item_picture", ["item_id"], unique=False)
    op.create_table(
        "item_unit",
        sa.Column("item_id", sa.BigInteger(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("factor_num", sa.BigInteger(), nullable=False),
        sa.Column("factor_den", sa.BigInteger(), server_default=sa.text("1"), nullable=False),
        sa.Column("for_purchase", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("for_sales", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.CheckConstraint(
            "unit <> '' and unit = btrim(unit)", name=op.f("ck_item_unit_unit_clean")
        ),
        sa.CheckConstraint(
            "factor_num > 0 and factor_den > 0", name=op.f("ck_item_unit_factor_positive")
        ),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], name=op.f("fk_item_unit_item_id")),
        sa.PrimaryKeyConstraint("item_id", "unit", name=op.f("pk_item_unit")),
    )
    op.create_table(
        "party_item",
        sa.Column("party_id", sa.BigInteger(), nullable=False),
        sa.Column("item_id", sa.BigInteger(), nullable=False),
        sa.Column("code", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("name", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("pack_size", sa.Numeric(precision=18, scale=6), nullable=True),
        sa.Column("min_order_qty", sa.Numeric(precision=18, scale=6), nullable=True),
        sa.Column("lead_time_days", sa.BigInteger(), nullable=True),
        sa.Column("is_preferred", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], name=op.f("fk_party_item_item_id")),
        sa.ForeignKeyConstraint(["party_id"], ["party.id"], name=op.f("fk_party_item_party_id")),
        sa.PrimaryKeyConstraint("party_id", "item_id", name=op.f("pk_party_item")),
    )
    op.create_index(op.f("ix_party_item_code"), "party_item", ["code"], unique=False)
    op.create_index(op.f("ix_party_item_item_id"), "party_item", ["item_id"], unique=False)
    op.create_table(
        "print_label",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("job_id", sa.BigInteger(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("fields", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("state", sa.Text(), server_default=sa.text("'queued'"), nullable=False),
        sa.Column("detail", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("changed_by", sa.Text(), server_default=sa.text("session_user"), nullable=False),
        sa.Column(
            "changed_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.CheckConstraint(
            "state in ('queued', 'sending', 'sent', 'confirmed', 'uncertain', 'failed', 'cancelled')",
            name=op.f("ck_print_label_state_known"),
        ),
        sa.ForeignKeyConstraint(["job_id"], ["print_job.id"], name=op.f("fk_print_label_job_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_print_label")),
        sa.UniqueConstraint("job_id", "seq", name=op.f("uq_print_label_job_id_seq")),
    )
    op.create_index(
        "ix_print_label_open",
        "print_label",
        ["job_id", "seq"],
        unique=False,
        postgresql_where=sa.text(
            "state in ('queued', 'sending', 'uncertain') or (state = 'sent' and detail = '')"
        ),
    )
    op.create_table(
        "print_event",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("label_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.Column("actor", sa.Text(), server_default=sa.text("session_user"), nullable=False),
        sa.Column(
            "workstation",
            sa.Text(),
            server_default=sa.text("coalesce(current_setting('stockproof.workstation', true), '')"),
            nullable=False,
        ),
        sa.Column("from_state", sa.Text(), nullable=False),
        sa.Column("to_state", sa.Text(), nullable=False),
        sa.Column("detail", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.ForeignKeyConstraint(
            ["label_id"], ["print_label.id"], name=op.f("fk_print_event_label_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_print_event")),
    )
    op.create_index(op.f("ix_print_event_label_id"), "print_event", ["label_id"], unique=False)
    op.add_column(
        "count_entry",
        sa.Column(
            "evidence",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'{}'"),
            nullable=False,
        ),
    )
    op.add_column("item", sa.Column("family_id", sa.BigInteger(), nullable=True))
    op.add_column(
        "item",
        sa.Column(
            "variant",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'{}'"),
            nullable=False,
        ),
    )
    op.add_column("item", sa.Column("blank_item_id", sa.BigInteger(), nullable=True))
    op.add_column(
        "item", sa.Column("category", sa.Text(), server_default=sa.text("''"), nullable=False)
    )
    op.drop_constraint("ck_item_shelf_life_positive", "item")
    op.alter_column("item", "shelf_life_hours", new_column_name="shelf_life")
    op.add_column(
        "item",
        sa.Column("shelf_life_unit", sa.Text(), server_default=sa.text("'hours'"), nullable=False),
    )
    op.add_column(
        "item", sa.Column("unit_weight_spread_g", sa.Numeric(precision=18, scale=6), nullable=True)
    )
    op.add_column(
        "item",
        sa.Column("weight_samples", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
    )
    op.add_column(
        "item", sa.Column("reorder_point", sa.Numeric(precision=18, scale=6), nullable=True)
    )
    op.add_column(
        "item", sa.Column("reorder_multiple", sa.Numeric(precision=18, scale=6), nullable=True)
    )
    op.add_column(
        "item", sa.Column("min_order_qty", sa.Numeric(precision=18, scale=6), nullable=True)
    )
    op.add_column("item", sa.Column("lead_time_days", sa.BigInteger(), nullable=True))
    op.add_column("item", sa.Column("pack_size", sa.Numeric(precision=18, scale=6), nullable=True))
    op.add_column(
        "item", sa.Column("tax_code", sa.Text(), server_default=sa.text("''"), nullable=False)
    )
    op.add_column(
        "item",
        sa.Column(
            "custom",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'{}'"),
            nullable=False,
        ),
    )
    op.add_column("item", sa.Column("merged_into_id", sa.BigInteger(), nullable=True))
    op.create_index(op.f("ix_item_blank_item_id"), "item", ["blank_item_id"], unique=False)
    op.create_index(op.f("ix_item_family_id"), "item", ["family_id"], unique=False)
    op.create_index(
        "uq_item_family_id_variant",
        "item",
        ["family_id", "variant"],
        unique=True,
        postgresql_where=sa.text("family_id is not null and merged_into_id is null"),
    )
    op.create_foreign_key(
        op.f("fk_item_merged_into_id"), "item", "item", ["merged_into_id"], ["id"]
    )
    op.create_foreign_key(op.f("fk_item_family_id"), "item", "item_family", ["family_id"], ["id"])
    op.create_foreign_key(op.f("fk_item_blank_item_id"), "item", "item", ["blank_item_id"], ["id"])
    op.add_column(
        "item_barcode", sa.Column("unit", sa.Text(), server_default=sa.text("''"), nullable=False)
    )
    op.add_column(
        "location", sa.Column("zone", sa.Text(), server_default=sa.text("''"), nullable=False)
    )
    op.add_column(
        "location", sa.Column("aisle", sa.Text(), server_default=sa.text("''"), nullable=False)
    )
    op.add_column(
        "location", sa.Column("rack", sa.Text(), server_default=sa.text("''"), nullable=False)
    )
    op.add_column(
        "location", sa.Column("level", sa.Text(), server_default=sa.text("''"), nullable=False)
    )
    op.add_column(
        "party",
        sa.Column("is_carrier", sa.Boolean(), server_default=sa.text("false"), nullable=False),
    )
    op.add_column(
        "party", sa.Column("bank", sa.Text(), server_default=sa.text("''"), nullable=False)
    )
    op.add_column(
        "party", sa.Column("payment_terms", sa.Text(), server_default=sa.text("''"), nullable=False)
    )
    op.add_column("party", sa.Column("payment_days", sa.BigInteger(), nullable=True))
    op.add_column(
        "party", sa.Column("credit_limit", sa.Numeric(precision=18, scale=2), nullable=True)
    )
    op.add_column(
        "party", sa.Column("price_level", sa.Text(), server_default=sa.text("''"), nullable=False)
    )
    op.add_column(
        "party", sa.Column("remark", sa.Text(), server_default=sa.text("''"), nullable=False)
    )
    op.add_column(
        "party",
        sa.Column(
            "custom",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'{}'"),
            nullable=False,
        ),
    )
    op.add_column("party", sa.Column("merged_into_id", sa.BigInteger(), nullable=True))
    op.create_foreign_key(
        op.f("fk_party_merged_into_id"), "party", "party", ["merged_into_id"], ["id"]
    )
    op.add_column(
        "warehouse", sa.Column("kind", sa.Text(), server_default=sa.text("'own'"), nullable=False)
    )
    op.add_column("warehouse", sa.Column("party_id", sa.BigInteger(), nullable=True))
    op.add_column(
        "warehouse",
        sa.Column("version", sa.BigInteger(), server_default=sa.text("1"), nullable=False),
    )
    op.create_foreign_key(op.f("fk_warehouse_party_id"), "warehouse", "party", ["party_id"], ["id"])
    for table, name, rule in _CHECKS:
        op.create_check_constraint(op.f(f"ck_{table}_{name}"), table, rule)


_CHECKS = (
    ("item", "shelf_life_positive", "shelf_life > 0"),
    ("item", "shelf_life_unit_known", "shelf_life_unit in ('hours', 'days', 'months')"),
    ("item", "pack_size_positive", "pack_size > 0"),
    ("item", "reorder_multiple_positive", "reorder_multiple > 0"),
    ("item", "reorder_point_not_negative", "reorder_point >= 0"),
    ("item", "min_order_qty_not_negative", "min_order_qty >= 0"),
    ("item", "lead_time_not_negative", "lead_time_days >= 0"),
    ("item", "unit_weight_spread_not_negative", "unit_weight_spread_g >= 0"),
    ("item", "blank_is_another_item", "blank_item_id <> id"),
    ("item", "merged_into_another", "merged_into_id <> id"),
    ("party", "payment_days_not_negative", "payment_days >= 0"),
    ("party", "credit_limit_not_negative", "credit_limit >= 0"),
    ("party", "merged_into_another", "merged_into_id <> id"),
    ("warehouse", "kind_known", "kind in ('own', 'subcontractor', 'transit', 'hold', 'defective')"),
)


def downgrade() -> None:
    raise RuntimeError("Restore the backup made before the upgrade instead.")
