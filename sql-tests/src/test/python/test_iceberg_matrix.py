"""What PyIceberg writes is what Sluice reads, and the other way round.

The table in docs/iceberg.md is what this finds; SLUICE_ICEBERG_MATRIX=write writes it.
"""

import datetime
import decimal

import adbc_driver_flightsql.dbapi as flight_sql
import pyarrow as pa
import pytest
from conftest import check_guide
from pyiceberg.expressions import EqualTo
from pyiceberg.schema import Schema
from pyiceberg.transforms import (
    BucketTransform,
    DayTransform,
    HourTransform,
    IdentityTransform,
    MonthTransform,
    TruncateTransform,
    YearTransform,
)
from pyiceberg.types import (
    DateType,
    DecimalType,
    DoubleType,
    FloatType,
    IntegerType,
    LongType,
    NestedField,
    StringType,
    TimestampType,
    TimestamptzType,
)
from sluice_server import Server
from test_iceberg_histories import FIELDS, catalog

SCHEMA = Schema(
    NestedField(1, "id", LongType(), required=False),
    NestedField(2, "s", StringType(), required=False),
    NestedField(3, "ts", TimestampType(), required=False),
    NestedField(4, "tz", TimestamptzType(), required=False),
    NestedField(5, "day", DateType(), required=False),
    NestedField(6, "d", DecimalType(9, 2), required=False),
    NestedField(7, "i", IntegerType(), required=False),
    NestedField(8, "f", FloatType(), required=False),
)


def row(i):
    at = datetime.datetime(2026, 1 + i % 12, 1 + i % 28, i % 24, 5, 0, 7)
    return {
        "id": i,
        "s": None if i % 5 == 0 else f"s{i % 4}",
        "ts": at,
        "tz": at.replace(tzinfo=datetime.timezone.utc),
        "day": at.date(),
        "d": decimal.Decimal(i * 25).scaleb(-2),
        "i": i,
        "f": i / 4,
    }


def append(table, first, end):
    schema = table.schema().as_arrow()
    rows = [{name: value for name, value in row(i).items() if name in schema.names} for i in range(first, end)]
    table.append(pa.Table.from_pylist(rows, schema))


class Cases:
    def __init__(self, folder, uri):
        self.catalog = catalog(folder)
        self.connection = flight_sql.connect(uri, autocommit=True)
        self.cursor = self.connection.cursor()
        self.lines = []
        self.number = 0

    def query(self, sql):
        self.cursor.execute(sql)
        return self.cursor.fetch_arrow_table()

    def same(self, name, what):
        """Both read the same rows."""
        theirs = self.catalog.load_table(f"main.{name}").scan().to_arrow()
        ours = self.query(f"SELECT * FROM {name}")
        assert ours.column_names == theirs.column_names, what
        texts = [sorted(map(repr, table.cast(theirs.schema).to_pylist())) for table in (ours, theirs)]
        assert texts[0] == texts[1], what
        return len(ours)

    def both(self, what, write, schema=SCHEMA, version=2):
        """PyIceberg makes the table and writes; then Sluice adds the same rows, and changes some."""
        self.number += 1
        name = f"m{self.number}"
        table = self.catalog.create_table(f"main.{name}", schema, properties={"format-version": str(version)})
        write(table)
        rows = self.same(name, what)
        assert rows > 0, what
        self.cursor.execute(f"INSERT INTO {name} SELECT * FROM {name}")
        assert self.same(name, what) == 2 * rows
        if "id" in table.schema().column_names:
            self.cursor.execute(f"DELETE FROM {name} WHERE id = 3")
            self.cursor.execute(f"UPDATE {name} SET id = id + 100 WHERE id = 4")
            self.cursor.execute(f"OPTIMIZE {name}")
            self.same(name, what)
        self.lines.append(f"| {what} | the same rows | the same rows |\n")

    def close(self):
        self.cursor.close()
        self.connection.close()


@pytest.fixture(scope="module")
def cases(tmp_path_factory):
    folder = tmp_path_factory.mktemp("matrix")
    with Server(folder) as running:
        opened = Cases(folder, running.uri)
        yield opened
        opened.close()


def evolve(table):
    append(table, 0, 9)
    with table.update_schema() as update:
        update.rename_column("s", "text")
        update.delete_column("day")
        update.add_column("more", StringType())
        update.move_first("d")
    append(table, 9, 18)


def promote(table):
    append(table, 0, 9)
    with table.update_schema() as update:
        update.update_column("i", field_type=LongType())
        update.update_column("f", field_type=DoubleType())
        update.update_column("d", field_type=DecimalType(20, 2))
    append(table, 9, 18)


def partitioned(column, transform):
    def write(table):
        with table.update_spec() as update:
            update.add_field(column, transform, "p")
        append(table, 0, 18)

    return write


def repartition(table):
    append(table, 0, 9)
    with table.update_spec() as update:
        update.add_field("id", BucketTransform(3), "p")
    append(table, 9, 18)
    with table.update_spec() as update:
        update.remove_field("p")
        update.add_field("ts", MonthTransform(), "m")
    append(table, 3, 12)


def delete(table):
    append(table, 0, 9)
    table.delete(EqualTo("s", "s1"))
    append(table, 9, 12)


def upsert(table):
    append(table, 0, 9)
    schema = table.schema().as_arrow()
    table.upsert(pa.Table.from_pylist([row(8) | {"s": "new"}, row(20)], schema), join_cols=["id"])


def nested(table):
    rows = [{"id": 1, "list": [1, None], "r": {"p": 1, "q": "x"}}, {"id": 2, "list": [], "r": None}]
    schema = table.schema().as_arrow()
    table.append(pa.Table.from_pylist([{name: None for name in schema.names} | each for each in rows], schema))


def test_matrix(cases, tmp_path):
    import pyarrow.parquet as parquet

    def add_files(table):
        path = tmp_path / "added.parquet"
        parquet.write_table(pa.Table.from_pylist([row(i) for i in range(9)], table.schema().as_arrow()).replace_schema_metadata(), path)
        plain = parquet.read_table(path)
        plain = plain.cast(pa.schema([field.remove_metadata() for field in plain.schema]))
        parquet.write_table(plain, path)
        table.add_files([str(path)])

    for version in (1, 2):
        cases.both(f"format version {version}", lambda table: append(table, 0, 9), version=version)
    cases.both("every type that both have, lists and structs", nested, schema=Schema(*FIELDS))
    cases.both("files without field ids, by a name mapping (`add_files`)", add_files)
    cases.both("`delete`, by copying", delete)
    cases.both("`upsert`", upsert)
    for column, transform in (
        ("s", IdentityTransform()),
        ("id", BucketTransform(4)),
        ("s", TruncateTransform(1)),
        ("ts", YearTransform()),
        ("tz", MonthTransform()),
        ("day", DayTransform()),
        ("ts", HourTransform()),
    ):
        cases.both(f"partitions by {str(transform).split('[')[0]}", partitioned(column, transform))
    cases.both("partitions that change", repartition)
    cases.both("columns added, dropped, renamed, moved", evolve)
    cases.both("int to long, float to double, wider decimals", promote)

    table = (
        "| what | written by PyIceberg, read by Sluice | written and changed by Sluice, read by PyIceberg |\n"
        "| --- | --- | --- |\n" + "".join(cases.lines)
    )
    check_guide("iceberg.md", "what PyIceberg writes", table)


def test_what_need_not_be_read_is_shown(cases):
    """EXPLAIN ANALYZE of answers from metadata, and of pages that are skipped."""
    table = cases.catalog.create_table("main.shown", SCHEMA, properties={"write.parquet.page-row-limit": "500"})
    append(table, 0, 5000)
    append(table, 5000, 5010)

    def plan(sql):
        return "\n".join(cases.query("EXPLAIN ANALYZE " + sql).column(0).to_pylist())

    whole = "SELECT COUNT(*), COUNT(s), MIN(id), MAX(ts) FROM shown"
    assert "files answered from metadata: 2" in plan(whole)
    expected = [(5010, 4008, 0, max(row(i)["ts"] for i in range(5010)))]
    assert [tuple(each.values()) for each in cases.query(whole).to_pylist()] == expected
    part = "SELECT SUM(i) FROM shown WHERE id BETWEEN 1200 AND 1210"
    assert cases.query(part).column(0)[0].as_py() == sum(range(1200, 1211))
    assert "files skipped: 1" in plan(part)
    assert "MIN(s)" not in plan("SELECT MIN(s) FROM shown") or "from metadata" not in plan("SELECT MIN(s) FROM shown")
    table.delete(EqualTo("id", 7))
    assert cases.query("SELECT COUNT(*) FROM shown").column(0)[0].as_py() == 5009
