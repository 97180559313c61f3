"""Whatever a file is called: what is in it comes out exactly as a person sees it."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from desktop_app.exchange.importing.cells import EMPTY, RawRow, column_index, column_letters
from desktop_app.exchange.importing.sources import open_source
from tests.unit.importing.making import make_csv, make_xls, make_xlsx, rows_xml

DATA = Path(__file__).parents[2] / "data" / "importing"


def read(path: Path, **options: str) -> list[RawRow]:
    with open_source(path, **options) as source:
        return list(source.rows(source.sheets[0].name))


def texts(path: Path, **options: str) -> list[list[str]]:
    return [[cell.text for cell in row.cells] for row in read(path, **options)]


def test_columns_are_called_as_in_excel() -> None:
    assert [column_letters(n) for n in (0, 25, 26, 701, 702)] == ["A", "Z", "AA", "ZZ", "AAA"]
    assert all(column_index(column_letters(n)) == n for n in range(2000))


class TestXlsx:
    def value(self, tmp_path: Path, stored: str, number_format: str) -> tuple[object, str]:
        row = f'<row r="1"><c r="A1" s="1"><v>{stored}</v></c></row>'
        found = read(make_xlsx(tmp_path / "a.xlsx", row, formats=[number_format]))
        return found[0].cells[0].value, found[0].cells[0].text

    @pytest.mark.parametrize(
        ("stored", "number_format", "value", "text"),
        [
            ("0.30000000000000004", "General", Decimal("0.3"), "0.3"),
            ("77.13000000000001", "General", Decimal("77.13"), "77.13"),
            ("4.431666666666667", "General", Decimal("4.43166666666667"), "4.43166666666667"),
            ("6901234567892", "General", Decimal(6901234567892), "6901234567892"),
            ("1E-3", "General", Decimal("0.001"), "0.001"),
            ("123", "000000", Decimal(123), "000123"),
            ("7", '"-"000', Decimal(7), "-007"),
            ("12", '"SKU"0000', "SKU0012", "SKU0012"),
            ("12", '0"个"', "12个", "12个"),
            ("1.25", '0.00"kg"', "1.25kg", "1.25kg"),
            ("1234.5", "#,##0.00", Decimal("1234.5"), "1234.50"),
            ("5", '#,##0.00"元"', Decimal(5), "5.00"),
            ("12.3", "[$¥-804]#,##0.00", Decimal("12.3"), "12.30"),
            ("0.13", "0%", Decimal("0.13"), "13%"),
            ("45678", "yyyy/m/d", date(2025, 1, 21), "2025-01-21"),
            ("45678", 'yyyy"年"m"月"d"日"', date(2025, 1, 21), "2025-01-21"),
            ("40153.4375", "m/d/yy h:mm", datetime(2009, 12, 6, 10, 30), "2009-12-06 10:30:00"),
            ("1", "yyyy-mm-dd", date(1900, 1, 1), "1900-01-01"),
            ("61", "yyyy-mm-dd", date(1900, 3, 1), "1900-03-01"),
            ("0.25", "h:mm", "06:00:00", "06:00:00"),
            ("1.5", "[h]:mm", "36:00:00", "36:00:00"),
            ("5", "[Red]0", Decimal(5), "5"),
        ],
    )
    def test_a_number_is_what_its_format_shows(
        self, tmp_path: Path, stored: str, number_format: str, value: object, text: str
    ) -> None:
        assert self.value(tmp_path, stored, number_format) == (value, text)

    def test_days_of_an_old_macintosh_file_count_from_1904(self, tmp_path: Path) -> None:
        row = '<row r="1"><c r="A1" s="1"><v>0</v></c><c r="B1" s="1"><v>44216</v></c></row>'
        path = make_xlsx(tmp_path / "a.xlsx", row, formats=["yyyy-mm-dd"], epoch_1904=True)
        assert [c.value for c in read(path)[0].cells] == [date(1904, 1, 1), date(2025, 1, 21)]

    def test_the_day_that_never_was_is_a_problem(self, tmp_path: Path) -> None:
        row = '<row r="1"><c r="A1" s="1"><v>60</v></c></row>'
        cell = read(make_xlsx(tmp_path / "a.xlsx", row, formats=["yyyy-mm-dd"]))[0].cells[0]
        assert cell.value is None
        assert "A1" in str(cell.problem)

    def test_texts_of_every_kind(self, tmp_path: Path) -> None:
        row = (
            '<row r="2"><c r="B2" t="s"><v>0</v></c><c r="C2" t="s"><v>1</v></c>'
            '<c r="D2" t="str"><f>A1</f><v>ab</v></c><c r="F2" t="b"><v>1</v></c>'
            '<c r="G2" t="d"><v>2026-01-05</v></c><c r="H2" t="s"><v>2</v></c></row>'
        )
        shared = [
            "<t>00123</t>",
            "<r><t>镀</t></r><r><t>镍</t></r><rPh><t>nie</t></rPh>",
            "<t>a_x000D_\nb</t>",
        ]
        rows = read(make_xlsx(tmp_path / "a.xlsx", row, shared=shared))
        assert rows[0].row_no == 2
        assert [c.value for c in rows[0].cells] == [
            None, "00123", "镀镍", "ab", None, True, date(2026, 1, 5), "a\nb",
        ]  # fmt: skip

    def test_a_formula_without_a_result_or_with_an_error_names_its_cell(
        self, tmp_path: Path
    ) -> None:
        row = (
            '<row r="3"><c r="A3"><f>B1*2</f></c><c r="B3" t="e"><f>X</f><v>#REF!</v></c>'
            '<c r="C3"><f>1+1</f><v>2</v></c><c r="D3" t="s"><v>99</v></c></row>'
        )
        cells = read(make_xlsx(tmp_path / "a.xlsx", row))[0].cells
        assert "A3" in str(cells[0].problem)
        assert "B3" in str(cells[1].problem) and "#REF!" in str(cells[1].problem)
        assert (cells[2].value, cells[2].problem) == (Decimal(2), None)
        assert "D3" in str(cells[3].problem)

    def test_rows_and_cells_without_references_are_counted(self, tmp_path: Path) -> None:
        rows = "<row><c><v>1</v></c><c/><c><v>3</v></c></row><row/><row><c><v>4</v></c></row>"
        found = read(make_xlsx(tmp_path / "a.xlsx", rows))
        assert [(r.row_no, [c.text for c in r.cells]) for r in found] == [
            (1, ["1", "", "3"]),
            (3, ["4"]),
        ]

    def test_another_name_space_prefix(self, tmp_path: Path) -> None:
        main = "http://purl.oclc.org/ooxml/spreadsheetml/main"
        sheet = (
            f'<x:worksheet xmlns:x="{main}"><x:sheetData><x:row r="1"><x:c r="A1"><x:v>7</x:v>'
            "</x:c></x:row></x:sheetData></x:worksheet>"
        )
        assert texts(make_xlsx(tmp_path / "a.xlsx", "", sheet=sheet)) == [["7"]]

    def test_merged_cells(self, tmp_path: Path) -> None:
        after = '<mergeCells count="1"><mergeCell ref="B1:D1"/></mergeCells>'
        with open_source(make_xlsx(tmp_path / "a.xlsx", rows_xml([["a"]]), after=after)) as source:
            assert [tuple(merge) for merge in source.merged("商品")] == [(1, 1, 1, 3)]

    def test_agrees_with_openpyxl_on_a_book_it_wrote(self, tmp_path: Path) -> None:
        import openpyxl

        book = openpyxl.Workbook()
        sheet = book.active
        wanted = [
            ["货号", 1, 2.5, True, datetime(2026, 1, 5, 8, 30), "00123", None, "末"],
            ["", None, "x y", False, date(2026, 1, 5), 1e-7, 123456789012, "-"],
        ]
        for row in wanted:
            sheet.append(row)
        book.save(tmp_path / "b.xlsx")
        found = [[c.value for c in row.cells] for row in read(tmp_path / "b.xlsx")]
        assert found[0] == ["货号", 1, Decimal("2.5"), True, wanted[0][4], "00123", None, "末"]
        assert found[1] == [
            None, None, "x y", False, date(2026, 1, 5), Decimal("1E-7"), 123456789012, "-",
        ]  # fmt: skip

    def test_macros_are_told_and_not_run(self, tmp_path: Path) -> None:
        path = make_xlsx(
            tmp_path / "a.xlsm", rows_xml([["a"]]), extra={"xl/vbaProject.bin": b"Sub Auto_Open"}
        )
        with open_source(path) as source:
            assert source.kind == "xlsm"
            assert "not run" in str(source.notes[0])


class TestXls:
    def test_numbers_days_texts_and_errors(self, tmp_path: Path) -> None:
        path = make_xls(
            tmp_path / "a.xls",
            [
                (0, 0, "货号"),
                (1, 0, (123.0, 1)),
                (1, 1, 0.1 + 0.2),
                (1, 2, (45678.0, 2)),
                (1, 3, True),
                (1, 4, "#REF!"),
                (2, 1, 2001.0),
            ],
            ["000000", "yyyy-mm-dd"],
        )
        rows = read(path)
        assert [cell.text for cell in rows[0].cells] == ["货号"]
        assert rows[1].cells[0].text == "000123"
        assert [cell.value for cell in rows[1].cells[1:4]] == [
            Decimal("0.3"),
            date(2025, 1, 21),
            True,
        ]
        assert "E2" in str(rows[1].cells[4].problem)
        assert [c.text for c in rows[2].cells] == ["", "2001"]

    def test_the_jsherp_template_is_the_same_in_both_formats(self) -> None:
        old, new = texts(DATA / "goods_template.xls"), texts(DATA / "goods_template.xlsx")
        assert old == new
        assert old[2][:3] == ["可乐test", "250ml", "kele"]


class TestText:
    TABLE = "货号,名称,数量\n00123,镀镍铰链,5\nA-1,“哑光”,1.50\n"

    @pytest.mark.parametrize(
        "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "gb18030", "gbk"]
    )
    @pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
    def test_every_encoding_and_delimiter(
        self, tmp_path: Path, encoding: str, delimiter: str
    ) -> None:
        path = make_csv(tmp_path / "a.csv", self.TABLE.replace(",", delimiter), encoding)
        assert texts(path) == [
            ["货号", "名称", "数量"],
            ["00123", "镀镍铰链", "5"],
            ["A-1", "“哑光”", "1.50"],
        ]

    def test_western_letters_are_told_to_be_a_guess(self, tmp_path: Path) -> None:
        path = make_csv(tmp_path / "a.csv", "pays,n\nCôte d'Ivoire,1\ncafé crème,2\n", "cp1252")
        with open_source(path) as source:
            assert [r.cells[0].text for r in source.rows("a")][1] == "Côte d'Ivoire"
            assert "not certain" in str(source.notes[0])

    def test_the_person_can_overrule(self, tmp_path: Path) -> None:
        path = make_csv(tmp_path / "a.csv", "a;b\né;1\n", "cp1252")
        assert texts(path, encoding="cp1252", delimiter=",") == [["a;b"], ["é;1"]]

    def test_quotes_line_breaks_and_doubled_quotes(self, tmp_path: Path) -> None:
        path = make_csv(
            tmp_path / "a.csv", 'a,b\r\n"x, y","two\r\nlines"\r\n"say ""hi""",5" nail\r\n'
        )
        assert texts(path) == [["a", "b"], ["x, y", "two\r\nlines"], ['say "hi"', '5" nail']]

    def test_an_open_quote_spoils_only_its_own_line(self, tmp_path: Path) -> None:
        lines = ["a,b,c", '1,"open,3', *(f"{n},x,y" for n in range(2, 900)), '900,"ok, ok",z']
        rows = read(make_csv(tmp_path / "a.csv", "\n".join(lines) + "\n"))
        assert len(rows) == 901
        assert all(cell.problem is not None for cell in rows[1].cells)
        assert "2" in str(rows[1].cells[0].problem)
        assert not any(cell.problem for row in rows[2:] for cell in row.cells)
        assert rows[-1].cells[1].text == "ok, ok"

    def test_a_quote_closed_by_chance_lines_below_is_noticed(self, tmp_path: Path) -> None:
        text = 'a,b,c\n1,"5 inch,3\n2,x,y\n3,"",z\n4,x,y\n'
        rows = read(make_csv(tmp_path / "a.csv", text))
        assert [row.row_no for row in rows] == [1, 2, 3, 4, 5]
        assert rows[1].cells[1].problem is not None
        assert [cell.text for cell in rows[2].cells] == ["2", "x", "y"]

    def test_a_heading_of_two_lines_under_short_lines(self, tmp_path: Path) -> None:
        path = make_csv(tmp_path / "a.csv", 'list\nday,5\n"name\n(needed)",qty,lot\nA,1,x\n')
        rows = read(path)
        assert [cell.text for cell in rows[2].cells] == ["name\n(needed)", "qty", "lot"]
        assert not any(cell.problem for row in rows for cell in row.cells)

    def test_codes_kept_from_excel_by_a_formula(self, tmp_path: Path) -> None:
        path = make_csv(tmp_path / "a.csv", 'code,n\n"=""00123""",1\n="6901234567892",2\n')
        assert [row[0] for row in texts(path)] == ["code", "00123", "6901234567892"]

    def test_excels_own_hint_for_the_delimiter(self, tmp_path: Path) -> None:
        path = make_csv(tmp_path / "a.csv", "sep=;\na;b,c\n1;2,5\n")
        assert texts(path) == [["a", "b,c"], ["1", "2,5"]]

    def test_a_zero_byte_spoils_its_cell(self, tmp_path: Path) -> None:
        path = tmp_path / "a.csv"
        path.write_bytes(b"code,qty\n" + b"A1,5\n" * 100 + b"A\x00,5\n")
        rows = read(path)
        assert rows[-1].cells[0].problem is not None
        assert rows[-1].cells[1].text == "5"

    def test_blank_lines_count_but_are_not_given_out(self, tmp_path: Path) -> None:
        path = make_csv(tmp_path / "a.csv", "a,b\n\n,,\n  ,\n1,2\n")
        assert [row.row_no for row in read(path)] == [1, 5]


class TestHtml:
    PAGE = (
        '<html xmlns:x="urn:schemas-microsoft-com:office:excel"><head>'
        '<meta charset="{0}"><style>td{{mso-number-format:"\\@"}}</style></head><body><table>'
        "<tr><td colspan=3>库存表</td></tr><tr><th>货号<th>名称<th>数量</tr>"
        "<tr><td rowspan=2>00123</td><td>铰链&nbsp;&amp;<br>螺丝</td><td> 5 </td></tr>"
        "<tr><td>b</td><td><table><tr><td>inner</td></tr></table>7</td></tr></table></body></html>"
    )

    @pytest.mark.parametrize("encoding", ["utf-8", "gbk", "utf-16"])
    def test_a_web_page_called_xls(self, tmp_path: Path, encoding: str) -> None:
        path = make_csv(tmp_path / "报表.xls", self.PAGE.format(encoding), encoding)
        with open_source(path) as source:
            assert source.kind == "html"
            sheet = source.sheets[0].name
            rows = [[cell.text for cell in row.cells] for row in source.rows(sheet)]
            assert "web page" in str(source.notes[0])
            assert (1, 1, 0, 2) in [tuple(merge) for merge in source.merged(sheet)]
        assert rows == [
            ["库存表"],
            ["货号", "名称", "数量"],
            ["00123", "铰链\xa0&\n螺丝", "5"],
            ["", "b", "7"],
        ]


def test_rows_can_be_read_twice_at_once(tmp_path: Path) -> None:
    path = make_xlsx(tmp_path / "a.xlsx", rows_xml([[n, n] for n in range(3000)]))
    with open_source(path) as source:
        first, second = source.rows("商品"), source.rows("商品")
        next(first)
        assert sum(1 for _ in second) == 3000
        assert sum(1 for _ in first) == 2999
        assert source.progress == 1.0


def test_right_of_the_last_cell_is_empty() -> None:
    assert RawRow(1, ()).cell(5) is EMPTY
