"""What each named constraint means to a clerk; a contract test finds a missing one."""

from __future__ import annotations

from desktop_app.core.i18n import N_

CONSTRAINTS: dict[str, str] = {
    "ck_stock_balance_on_hand_not_negative": N_(
        "There is not that much at this place; nothing was posted. Count the place or take it"
        " from another one."
    ),
    "ck_stock_balance_allocated_within_on_hand": N_(
        "These goods are being picked for another document; nothing was posted."
    ),
    "ck_stock_move_qty_positive": N_("The quantity must be above zero."),
    "ck_stock_move_places_differ": N_("Goods must move to another place."),
    "ck_item_tracking_known": N_("Tracking is none, lot or serial."),
    "ck_item_uom_decimals_range": N_("A unit has between 0 and 6 decimals."),
    "ck_item_abc_class_known": N_("The ABC class is A, B or C."),
    "ck_item_unit_weight_positive": N_("The unit weight must be above zero."),
    "ck_item_shelf_life_positive": N_("The shelf life must be above zero."),
    "ck_item_shelf_life_unit_known": N_("A shelf life is given in hours, days or months."),
    "ck_item_pack_size_positive": N_("A pack holds more than nothing."),
    "ck_item_reorder_multiple_positive": N_("The order multiple must be above zero."),
    "ck_item_reorder_point_not_negative": N_("The reorder point must not be negative."),
    "ck_item_min_order_qty_not_negative": N_("The smallest order must not be negative."),
    "ck_item_lead_time_not_negative": N_("The lead time must not be negative."),
    "ck_item_unit_weight_spread_not_negative": N_("The spread of a weight is not negative."),
    "ck_item_blank_is_another_item": N_("An item cannot be its own blank."),
    "ck_item_merged_into_another": N_("An item cannot be merged into itself."),
    "ck_item_family_code_clean": N_(
        "The family code must not be empty or begin or end with spaces."
    ),
    "ck_item_unit_factor_positive": N_("A unit stands for more than nothing."),
    "ck_item_unit_unit_clean": N_("A unit needs a name."),
    "ck_tax_rate_rate_range": N_("A tax rate is at least 0 % and below 100 %."),
    "ck_party_payment_days_not_negative": N_("Days until payment must not be negative."),
    "ck_party_credit_limit_not_negative": N_("The credit limit must not be negative."),
    "ck_party_merged_into_another": N_("A partner cannot be merged into itself."),
    "ck_warehouse_kind_known": N_("This kind of warehouse is unknown."),
    "ck_custom_field_editor_known": N_("This kind of field is unknown."),
    "ck_custom_field_name_form": N_(
        "The field's short name has small letters, digits and _ and begins with a letter."
    ),
    "ck_import_run_state_known": N_("This state of an import is unknown."),
    "ck_import_stage_action_known": N_("This state of an import is unknown."),
    "ck_device_kind_known": N_("This kind of device is unknown."),
    "ck_print_job_reprint_has_reason": N_("Printing again needs a reason."),
    "ck_print_label_state_known": N_("This state of a label is unknown."),
    "ck_item_code_clean": N_("The item code must not be empty or begin or end with spaces."),
    "ck_item_barcode_factor_positive": N_("A barcode stands for more than zero pieces."),
    "ck_location_kind_known": N_("This kind of place is unknown."),
    "ck_location_warehouse_of_places": N_("Bins and docks belong to a warehouse, others do not."),
    "ck_document_line_qty_not_negative": N_("The quantity must not be negative."),
    "ck_purchase_line_price_net_tax_gross": N_("Net and tax must add up to gross on every line."),
    "ck_sales_line_price_net_tax_gross": N_("Net and tax must add up to gross on every line."),
    "ck_reservation_qty_positive": N_("The quantity must be above zero."),
    "ck_reservation_qty_open_within": N_("More cannot be released than is still locked."),
    "ck_allocation_qty_not_negative": N_(
        "More cannot be picked at this place than was set aside there for this document."
    ),
    "ck_sales_order_deposit_not_negative": N_("The deposit must not be negative."),
    "ck_count_entry_round_known": N_("There is a first count and one recount."),
    "ck_count_entry_qty_not_negative": N_("A counted quantity must not be negative."),
    "ck_count_found_qty_positive": N_("The quantity must be above zero."),
    "ck_bom_output_qty_positive": N_("The quantity must be above zero."),
    "ck_bom_line_qty_per_positive": N_("The quantity must be above zero."),
    "ck_bom_line_loss_rate_range": N_("The loss rate is at least 0 % and below 100 %."),
    "ck_bom_line_loss_basis_known": N_("The loss basis is of issue or on top."),
    "uq_item_code": N_("An item with this code exists already."),
    "uq_party_code": N_("A partner with this code exists already."),
    "uq_warehouse_code": N_("A warehouse with this code exists already."),
    "uq_warehouse_exit_code": N_("Another warehouse has this exit code."),
    "uq_location_code": N_("A place with this code exists already."),
    "uq_lot_item_id_code": N_("This item has a lot of that number already."),
    "uq_box_code": N_("A box with this code exists already."),
    "uq_document_number": N_("A document with this number exists already."),
    "uq_document_line_document_id_line_no": N_("Two lines have the same number."),
    "uq_document_kind_prefix": N_("Two document types have the same prefix."),
    "uq_count_entry_line_id_round": N_("This line was counted already; ask for a recount."),
    "uq_bom_item_id_version": N_("This item has a BOM of that version already."),
    "uq_bom_line_bom_id_line_no": N_("Two lines have the same number."),
    "uq_act_uuid": N_("This was recorded already; nothing was done twice."),
    "uq_item_family_code": N_("A family with this code exists already."),
    "uq_item_family_id_variant": N_("The family has this variant already; nothing was made twice."),
    "pk_tax_rate": N_("This tax code has a rate from that day already."),
    "pk_price_level": N_("A price level with this code exists already."),
    "uq_item_axis_family_id_name": N_("The family has an axis of this name already."),
    "uq_custom_field_name": N_("A field with this short name exists already."),
    "uq_import_run_uuid": N_("This file was imported already; nothing was done twice."),
    "uq_device_workstation_name": N_("This PC has a device of that name already."),
    "uq_label_design_kind_name": N_("A label design of this name exists already."),
    "uq_print_job_uuid": N_("These labels were asked for already; nothing is printed twice."),
    "uq_print_label_job_id_seq": N_("Two labels have the same number."),
    "uq_customer_freeze_document_id": N_("This order froze its customer before."),
    "pk_item_barcode": N_("This barcode belongs to another item already."),
}
