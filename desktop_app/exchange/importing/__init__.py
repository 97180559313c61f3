"""Reading the Excel or CSV file a shop already keeps: pure, streamed, never guessing silently.

The way of a file, each step a module (only these names are used from outside):

``sources``   ``open_source(path, *, encoding="", delimiter="") -> Source``; raises UnreadableFile.
              ``with open_source(path) as source:``
              ``source.sheets: tuple[SheetInfo(name, row_hint, hidden), ...]``
              ``source.notes: tuple[Message, ...]`` what the person should know (macros not run,
              encoding uncertain); ``source.kind``: xlsx, xlsm, xls, text, html;
              ``source.rows(sheet_name) -> Iterator[RawRow(row_no, cells)]`` may be called often;
              ``source.progress``: 0 to 1 of the rows last asked for;
              ``source.merged(sheet_name) -> tuple[Merge, ...]``.
              Work of seconds: never on the GUI thread.
``cells``     ``Cell(value, text, problem)``, ``RawRow``, ``SheetInfo``, ``Merge``, ``Source``,
              ``UnreadableFile``; ``Cell.text`` is what the person sees in the file.
``headings``  ``preview(source, sheet, count=50) -> list[RawRow]`` for the screen;
              ``find_heading(source, sheet, fields=()) -> Heading`` guesses;
              ``heading_at(source, sheet, first_row, last_row=None) -> Heading`` when the person
              points at it. ``Heading(first_row, last_row, columns, notes)``,
              ``HeadingColumn(index, name, title, group)``: ``name`` is unique.
``fields``    ``ImportField(name, title, kind, aliases, required, choices, units, repeated...)``.
``mapping``   ``propose_mapping(heading, fields, remembered=None) -> ColumnMapping``;
              ``ColumnMapping(columns: tuple[ColumnMatch, ...], missing, notes)`` with
              ``.changed(heading, fields, column, field | None)``, ``.to_json(heading)``;
              ``with_date_order(mapping, column, order)``;
              ``heading_key(heading) -> str`` for remembering what a heading meant;
              below ``SURE`` a match is only likely and the person should look.
``dates``     ``ORDERS``: "dmy", "mdy", "ymd" with their titles. ``read_table`` looks at the
              whole column by itself when a day can be read in two ways.
``convert``   ``convert_cell(cell, field, column) -> (value, Message | None)``.
``table``     ``read_table(source, sheet, heading, mapping, fields, *, cancelled) ->
              Iterator[ReadRow(row_no, values, problems, skipped)]``;
              ``values`` maps ``ImportField.name`` to its value (a repeated field to a dict of
              them by key); empty cells are absent; ``problems`` are
              ``CellProblem(field, column, message, text)``; ``skipped`` says why the row is no
              data (a total): show it, do not import it. Raises ImportCancelled between rows.

Values by kind: text, code, barcode, reference -> str; choice -> the key of ``choices``; quantity,
price, money, percent (13 means 13 %) -> Decimal; integer -> int; date -> date; timestamp ->
datetime without zone, as the file says it; yes_no -> bool.
"""
