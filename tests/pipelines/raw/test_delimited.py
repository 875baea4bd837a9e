"""Delimited text is taken apart the same way, whether a block at once or row by row."""

import csv
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.raw import lines
from pipelines.raw.blocks import UnreadableError
from pipelines.raw.delimited import LONGEST_RECORD_LINES, Dialect, blocks

TWO = Dialect(("a", "b"), ";", 1)


def taken_apart(text, dialect=TWO):
    """Rows by place, rejected rows by place with the reason, line and text of each."""
    data = text if isinstance(text, bytes) else text.encode()
    rows, rejected, originals = {}, {}, {}
    for block in blocks(io.BytesIO(data), dialect):
        for i, row in enumerate(block.cells.to_pylist()):
            rows[int(block.row_numbers[i])] = tuple(row.values())
            originals[int(block.row_numbers[i])] = tuple(block.original(i))
        for row in block.rejected:
            rejected[row.row_number] = row.reason
            originals[row.row_number] = (row.line_no, row.original)
    return rows, rejected, originals


def test_rows_have_their_place_and_line():
    rows, rejected, originals = taken_apart("a;b\n1;2\n\n3\r\n4;5;6\n7;8")
    assert rows == {1: ("1", "2"), 4: ("7", "8")}
    assert rejected == {
        2: "The row has 1 cell where the header has 2.",
        3: "The row has 3 cells where the header has 2.",
    }
    assert originals == {1: (2, "1;2"), 2: (4, "3"), 3: (5, "4;5;6"), 4: (6, "7;8")}


@pytest.mark.parametrize(
    ("line", "cells"),
    [
        ('"x;1";"2"', ("x;1", "2")),
        ('"a""b";c', ('a"b', "c")),
        ('3" pipe;c', ('3" pipe', "c")),
        ('x"y;z', ('x"y', "z")),
        ('"";', ("", "")),
        ('"b"x;c', ("bx", "c")),
    ],
)
@pytest.mark.parametrize("alone", [True, False])
def test_quotes(line, cells, alone):
    # A carriage return within a line has the whole block read row by row.
    text = f"a;b\n{line}\n" + ("" if alone else "\r;\n")
    assert taken_apart(text)[0][1] == cells


def test_a_cell_may_span_lines_within_quotes():
    rows, rejected, originals = taken_apart('a;b\n"x\ny";1\n2;3\n')
    assert (rows, rejected) == ({1: ("x\ny", "1"), 2: ("2", "3")}, {})
    assert originals == {1: (2, '"x\ny";1'), 2: (4, "2;3")}


@pytest.mark.parametrize("line", ['"open;1', '1;"', 'x"y;"z', '"a"";1'])
def test_an_open_quote_costs_its_own_line_only(line):
    rows, rejected, _ = taken_apart(f"a;b\n0;0\n{line}\n1;2\n3;4\n")
    assert rejected == {2: "A quote is opened and not closed."}
    assert rows == {1: ("0", "0"), 3: ("1", "2"), 4: ("3", "4")}


def test_a_quote_is_looked_for_so_many_lines_and_no_further():
    long = "\n".join(["1;2"] * LONGEST_RECORD_LINES)
    rows, rejected, _ = taken_apart(f'a;b\n"open;1\n{long}\n3;"4\n')
    assert (len(rows), list(rejected)) == (LONGEST_RECORD_LINES, [1, LONGEST_RECORD_LINES + 2])


def test_a_carriage_return_within_a_line_ends_no_line():
    rows, rejected, originals = taken_apart("a;b\nx\ry;1\n2;3\r\n")
    assert (rows, rejected) == ({1: ("x y", "1"), 2: ("2", "3")}, {})
    assert originals[1] == (2, "x\ry;1")


def test_a_file_of_carriage_returns_alone():
    rows, rejected, _ = taken_apart("a;b\r1;2\r3;4\r", Dialect(("a", "b"), ";", 1, line_end="\r"))
    assert (list(rows.values()), rejected) == ([("1", "2"), ("3", "4")], {})


def test_a_line_that_is_not_of_the_encoding():
    rows, rejected, originals = taken_apart(b"a;b\n\xe4;1\n2;3\n")
    assert rejected == {1: "Byte 0xe4 at place 1 of the line is not utf-8."}
    assert (rows, originals[1]) == ({2: ("2", "3")}, (2, "\\xe4;1"))


def test_a_file_of_another_encoding():
    cp1252 = Dialect(("a", "b"), ";", 1, encoding="cp1252")
    assert taken_apart("a;b\nä;€\n".encode("cp1252"), cp1252)[0] == {1: ("ä", "€")}
    assert taken_apart(b"a;b\n\x81;1\n", cp1252)[1] == {1: "Byte 0x81 at place 1 of the line is not cp1252."}


@pytest.mark.parametrize("size", [1, 2, 3, 5, 7, 1000])
def test_blocks_may_end_anywhere(monkeypatch, size):
    text = 'a;b\n1;2\n\n"x\ny\nz";3\n4\n"open;5\n6;7\n8;ä'
    whole = taken_apart(text)
    monkeypatch.setattr(lines, "BLOCK_BYTES", size)
    assert taken_apart(text) == whole


def test_what_has_no_line_end_for_long_is_no_text(monkeypatch):
    monkeypatch.setattr(lines, "BLOCK_BYTES", 4)
    monkeypatch.setattr(lines, "LONGEST_LINE_BYTES", 8)
    with pytest.raises(UnreadableError, match="From line 2 there is no line end"):
        taken_apart("a;b\n" + "x" * 99)


CELLS = st.text(st.sampled_from('ab;"\n ä'), max_size=4)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(CELLS, CELLS).filter(any), max_size=6))
def test_what_a_writer_of_csv_wrote_is_read_back(rows):
    sink = io.StringIO()
    csv.writer(sink, delimiter=";", lineterminator="\n").writerows([("a", "b"), *rows])
    found, rejected, _ = taken_apart(sink.getvalue())
    assert (list(found.values()), rejected) == (rows, {})
