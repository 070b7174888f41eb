"""What Python users do: ADBC, pandas, Polars and pyarrow alone, against one server."""

import datetime
import decimal
import pathlib
import re
import threading
import time

import adbc_driver_flightsql.dbapi as flight_sql
import adbc_driver_manager
import duckdb
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.flight as flight
import pytest

CLIENTS = pathlib.Path(__file__).resolve().parents[1] / "resources" / "clients"


def query(cursor, sql, parameters=None):
    cursor.execute(sql, parameters)
    return cursor.fetch_arrow_table()


# Statements


def test_statements_take_effect_once_read_or_not(cursor):
    cursor.execute("CREATE TABLE once_t (a INTEGER, b VARCHAR)")
    cursor.execute("INSERT INTO once_t VALUES (1, 'x'), (2, NULL)")
    assert cursor.rowcount == 2
    # the same statement again is one more execution, although the driver keeps its handle
    cursor.execute("INSERT INTO once_t VALUES (1, 'x'), (2, NULL)")
    assert query(cursor, "SELECT COUNT(*) AS n FROM once_t").to_pydict() == {"n": [4]}
    cursor.execute("DROP TABLE once_t")
    with pytest.raises(adbc_driver_manager.ProgrammingError, match="UNKNOWN_TABLE.*once_t"):
        cursor.execute("SELECT * FROM once_t")


def test_executemany_sums_counts(cursor):
    cursor.execute("CREATE TABLE many_t (a BIGINT, b VARCHAR)")
    cursor.executemany("INSERT INTO many_t VALUES (?, ?)", [(i, f"v{i}") for i in range(5)])
    assert cursor.rowcount == 5
    assert query(cursor, "SELECT SUM(a) AS s, COUNT(b) AS n FROM many_t").to_pylist() == [{"s": 10, "n": 5}]


def snapshots(cursor, table):
    return query(cursor, f"SELECT COUNT(*) AS n FROM {table}$snapshots").to_pylist()[0]["n"]


def test_executemany_of_an_insert_is_one_commit(cursor):
    cursor.execute("CREATE TABLE batch_t (a BIGINT NOT NULL, b VARCHAR, c DATE)")
    rows = [(i, None if i % 7 == 0 else f"v{i}", datetime.date(2024, 1, 1)) for i in range(20_000)]
    cursor.executemany("INSERT INTO batch_t VALUES (?, ?, ?)", rows)
    assert cursor.rowcount == 20_000
    assert snapshots(cursor, "batch_t") == 1
    assert [tuple(row.values()) for row in query(cursor, "SELECT * FROM batch_t ORDER BY a").to_pylist()] == rows
    cursor.executemany("INSERT INTO batch_t (b, a) VALUES (UPPER(?), ? + 1)", [("x", -2), ("y", -3)])
    cursor.executemany("INSERT INTO batch_t SELECT a - ?, b, c FROM batch_t WHERE a = ?", [(9, -1), (8, -2)])
    assert snapshots(cursor, "batch_t") == 3
    assert query(cursor, "SELECT a, b FROM batch_t WHERE a < 0 ORDER BY a").to_pylist() == [
        {"a": -10, "b": "X"},
        {"a": -10, "b": "Y"},
        {"a": -2, "b": "Y"},
        {"a": -1, "b": "X"},
    ]
    with pytest.raises(Exception, match="NOT_NULL_VIOLATION"):
        cursor.executemany("INSERT INTO batch_t (a) VALUES (?)", [(1,), (None,)])
    assert snapshots(cursor, "batch_t") == 3


def test_executemany_of_an_update_does_one_after_the_other(cursor):
    cursor.execute("CREATE TABLE steps_t AS SELECT 1 AS a")
    cursor.executemany("UPDATE steps_t SET a = a * ? + ?", [(2, 1), (10, 0)])
    assert cursor.rowcount == 2
    assert query(cursor, "SELECT a FROM steps_t").to_pydict() == {"a": [30]}
    assert snapshots(cursor, "steps_t") == 3


@pytest.mark.parametrize(
    "sql,parameters,expected",
    [
        ("SELECT ?", (5,), [(5,)]),
        ("SELECT ?", ("five",), [("five",)]),
        ("SELECT ?", (None,), [(None,)]),
        ("SELECT UPPER(?)", ("abc",), [("ABC",)]),
        ("VALUES (?, ?)", (1, "x"), [(1, "x")]),
        ("SELECT 2.5e0 + ?", (1,), [(3.5,)]),
        ("SELECT ?", (datetime.date(2024, 2, 29),), [(datetime.date(2024, 2, 29),)]),
        ("SELECT ?", (decimal.Decimal("1.50"),), [(decimal.Decimal("1.50"),)]),
        ("SELECT ?", (b"\x00\xff",), [(b"\x00\xff",)]),
        ("SELECT ?", (True,), [(True,)]),
        ("SELECT x FROM (VALUES (1), (2), (3)) AS t(x) WHERE x > ? ORDER BY x", (1,), [(2,), (3,)]),
        ("SELECT x FROM (VALUES (1), (2)) AS t(x) WHERE x > ?", (1.5,), [(2,)]),
        (
            "SELECT ts FROM (VALUES (TIMESTAMP '2024-01-01 12:00:00')) AS t(ts) WHERE ts > ? - INTERVAL '1' DAY",
            (datetime.datetime(2024, 1, 2),),
            [(datetime.datetime(2024, 1, 1, 12),)],
        ),
        ("SELECT d FROM (VALUES (DATE '2024-01-01')) AS t(d) WHERE d = ?", ("2024-01-01",), [(datetime.date(2024, 1, 1),)]),
        ("SELECT x FROM (VALUES (1), (2), (3)) AS t(x) ORDER BY x LIMIT ?", (2,), [(1,), (2,)]),
        ("SELECT x FROM (VALUES (1), (2), (3)) AS t(x) ORDER BY x LIMIT ? OFFSET ?", (1, 1), [(2,)]),
        ("SELECT x FROM (VALUES (1), (2), (3)) AS t(x) ORDER BY x OFFSET ?", ("2",), [(3,)]),
        ("SELECT x FROM (VALUES (1), (2), (3)) AS t(x) LIMIT ?", (0,), []),
        ("SELECT x FROM (VALUES (1), (2)) AS t(x) ORDER BY x FETCH FIRST ? ROWS ONLY", (1,), [(1,)]),
        ("EXPLAIN SELECT x FROM (VALUES (1)) AS t(x) LIMIT ?", (1,), [("Limit ?1",), ("  Values 1 rows",)]),
        ("SELECT ? + ?", (1, 2), [(3,)]),
        ("SELECT ? + ?", (1.5, 2), [(3.5,)]),
        ("SELECT ? + ?", (None, 2), [(None,)]),
        ("SELECT ? / ?", (7, 2), [(3,)]),
        ("SELECT x * ? + ? FROM (VALUES (3)) AS t(x)", (10, 1), [(31,)]),
        ("SELECT ABS(? - ?) * (? + x) FROM (VALUES (3)) AS t(x)", (1, 3, 4), [(14,)]),
        ("SELECT CASE WHEN ? > 1 THEN ? ELSE 0 END + ?", (2, 5, 6), [(11,)]),
        ("SELECT -?", (7,), [(-7,)]),
        ("SELECT ABS(?)", (-1.5,), [(1.5,)]),
        ("SELECT COALESCE(?, ?)", (None, 3), [(3,)]),
        ("SELECT ? IN (?, ?)", (2, 1, 2), [(True,)]),
        ("SELECT ? NOT IN (?, 7)", ("2", 1), [(True,)]),
        ("SELECT SUBSTR(?, ?)", ("abc", 2), [("bc",)]),
        ("SELECT ? - ?", (datetime.date(2024, 1, 2), datetime.date(2024, 1, 1)), [(datetime.timedelta(1),)]),
        (
            "SELECT TIMESTAMP '2024-01-01 00:00:00' + ?",
            (datetime.timedelta(hours=1),),
            [(datetime.datetime(2024, 1, 1, 1),)],
        ),
        (
            "SELECT DATE_TRUNC('month', ?)",
            (datetime.datetime(2024, 1, 31, 1),),
            [(datetime.datetime(2024, 1, 1),)],
        ),
        ("SELECT CONCAT(?, 'b', 1, ?), 'a' || ?", (None, None, None), [("b1", None)]),
    ],
)
def test_parameters(cursor, sql, parameters, expected):
    cursor.execute(sql, parameters)
    assert [tuple(row) for row in cursor.fetchall()] == expected


@pytest.mark.parametrize("rows,message", [(-1, "not -1"), (None, "not NULL"), ("x", "'x'"), (1.5, "1.5")])
def test_a_limit_is_a_number_of_rows(cursor, rows, message):
    for clause in ["LIMIT", "OFFSET"]:
        with pytest.raises(adbc_driver_manager.ProgrammingError, match=f"INVALID_PARAMETER: parameter 1: .*{message}"):
            cursor.execute(f"SELECT x FROM (VALUES (1)) AS t(x) ORDER BY x {clause} ?", (rows,))
            cursor.fetchall()


def test_what_cannot_be_prepared_is_told_with_parameters_too(cursor):
    # a driver that hears UNIMPLEMENTED takes it for "no prepared statements here" and drops the message
    with pytest.raises(adbc_driver_manager.ProgrammingError, match="UNSUPPORTED.*window"):
        cursor.execute("SELECT SUM(x) OVER (ORDER BY x) FROM (VALUES (1)) AS t(x) WHERE x < ?", (1,))


def test_several_rows_of_parameters_give_the_rows_of_each(connection):
    with connection.cursor() as cursor:
        cursor.adbc_statement.set_sql_query("SELECT ? AS x, 1 AS one")
        cursor.adbc_statement.prepare()
        cursor.adbc_statement.bind(pa.record_batch({"x": [1, 2, 3]}))
        stream, _ = cursor.adbc_statement.execute_query()
        table = pa.RecordBatchReader._import_from_c(stream.address).read_all()
    assert table.column("x").to_pylist() == [1, 2, 3]


def test_the_schema_is_known_before_rows(connection):
    with connection.cursor() as cursor:
        schema = cursor.adbc_execute_schema("SELECT 1 AS a, 'x' AS b, DATE '2024-01-01' AS c")
    assert schema.names == ["a", "b", "c"]
    assert schema.types == [pa.int32(), pa.string(), pa.date32()]


def test_partitions_can_be_read_by_others(server, connection):
    with connection.cursor() as cursor:
        partitions, schema = cursor.adbc_execute_partitions("SELECT 7 AS n")
    with flight_sql.connect(server.uri, autocommit=True) as other, other.cursor() as cursor:
        cursor.adbc_read_partition(partitions[0])
        assert cursor.fetch_arrow_table().to_pydict() == {"n": [7]}


def test_errors_carry_code_and_place(cursor):
    with pytest.raises(adbc_driver_manager.ProgrammingError, match=r"UNKNOWN_COLUMN.*line 1, column 8"):
        cursor.execute("SELECT missing FROM (VALUES (1)) AS t(x)")
    with pytest.raises(Exception, match="INVALID_PARAMETER|parameter"):
        cursor.execute("SELECT ?, ?", (1,))


def test_no_transactions_is_said_once(server):
    with pytest.warns(Warning, match="autocommit"):
        flight_sql.connect(server.uri).close()


# pandas, Polars, pyarrow


def test_pandas_there_and_back(connection, cursor):
    days = ["1969-12-31", "2024-03-31 02:30", "2100-01-01"]
    frame = pd.DataFrame(
        {
            "n": np.arange(5, dtype="int64"),
            "x": [0.5, np.nan, -1.0, np.inf, 2.0],
            "s": ["a", None, "c", "", "\u00e4"],
            "t": pd.Series(pd.to_datetime(["2024-01-01 00:00:00.123456", None, *days], format="mixed")),
            "z": pd.Series(pd.to_datetime(["2024-01-01 00:00", None, *days], format="mixed", utc=True)),
            "c": pd.Categorical(["u", "v", "u", None, "v"]),
            "b": [True, False, True, False, True],
        }
    )
    assert cursor.adbc_ingest("pandas_t", frame, mode="create") == 5
    cursor.execute("SELECT * FROM pandas_t ORDER BY n")
    back = cursor.fetch_df()
    assert list(back.columns) == list(frame.columns)
    for name in ["n", "x", "t", "z", "b"]:
        pd.testing.assert_series_equal(back[name], frame[name], check_dtype=name not in ("t", "z"))
    assert [None if pd.isna(v) else v for v in back["s"]] == ["a", None, "c", "", "\u00e4"]
    assert [None if pd.isna(v) else v for v in back["c"]] == ["u", "v", "u", None, "v"]
    same = pd.read_sql("SELECT n, s FROM pandas_t ORDER BY n", connection)
    assert same["n"].tolist() == list(range(5))


def test_polars_there_and_back(connection, cursor):
    frame = pl.DataFrame(
        {
            "i": [1, 2, None],
            "s": ["x", None, "z"],
            "d": [datetime.date(2024, 1, 1), None, datetime.date(1960, 1, 1)],
            "l": [[1, 2], None, []],
            "u": pl.Series([1, 2, 3], dtype=pl.UInt32),
            "e": pl.Series(["a", "b", "a"], dtype=pl.Categorical),
        }
    )
    assert cursor.adbc_ingest("polars_t", frame.to_arrow(), mode="create") == 3
    back = pl.read_database("SELECT i, s, d, u, e FROM polars_t ORDER BY u", connection)
    assert back.get_column("i").to_list() == [1, 2, None]
    assert back.get_column("s").to_list() == ["x", None, "z"]
    assert back.get_column("d").to_list() == [datetime.date(2024, 1, 1), None, datetime.date(1960, 1, 1)]
    assert back.get_column("e").to_list() == ["a", "b", "a"]


def test_duckdb_tables_come_in(cursor):
    table = duckdb.sql(
        "SELECT i AS id, i::UTINYINT AS small, 'v' || i AS s, i::DECIMAL(10, 2) AS d, "
        "TIMESTAMP '2024-01-01' + to_seconds(i) AS t, [i, i + 1] AS l, {'a': i} AS r, MAP {'k': i} AS m "
        "FROM range(10) AS t(i)"
    ).to_arrow_table()
    assert cursor.adbc_ingest("duckdb_t", table, mode="create") == 10
    back = query(cursor, "SELECT * FROM duckdb_t ORDER BY id")
    for name in table.column_names:
        assert back.column(name).to_pylist() == table.column(name).to_pylist(), name


def test_plain_flight_in_one_round_trip(server, cursor):
    client = flight.connect(server.uri)
    assert client.do_get(flight.Ticket(b"SELECT 1 + 1 AS two")).read_all().to_pydict() == {"two": [2]}
    client.do_get(flight.Ticket(b"CREATE TABLE plain_t (a INTEGER)")).read_all()
    answer = client.do_get(flight.Ticket(b"INSERT INTO plain_t VALUES (1), (2)")).read_all()
    assert answer.to_pydict() == {"rows_affected": [2]}
    info = client.get_flight_info(flight.FlightDescriptor.for_path("main", "plain_t"))
    rows = client.do_get(info.endpoints[0].ticket).read_all()
    assert rows.schema.equals(info.schema) and sorted(rows.column("a").to_pylist()) == [1, 2]
    info = client.get_flight_info(flight.FlightDescriptor.for_command(b"SELECT 'x' AS x"))
    assert client.do_get(info.endpoints[0].ticket).read_all().to_pydict() == {"x": ["x"]}
    with pytest.raises(pa.ArrowException, match="UNKNOWN_TABLE"):
        client.get_flight_info(flight.FlightDescriptor.for_path("nowhere"))
    names = {action.type for action in client.list_actions()}
    assert {"CreatePreparedStatement", "CancelFlightInfo", "SetSessionOptions"} <= names


def test_the_announced_schema_is_the_schema(server, cursor):
    client = flight.connect(server.uri)
    cursor.execute(
        "CREATE TABLE announced (a BIGINT NOT NULL, b VARCHAR, c DECIMAL(5, 1) NOT NULL, d TIMESTAMP WITH TIME ZONE)"
    )
    for sql in [
        "SELECT * FROM announced",
        "SELECT a + 1 AS x FROM announced",
        "SELECT COUNT(*) AS n, MAX(c) AS m FROM announced",
        "SELECT l.a, r.b FROM announced l LEFT JOIN announced r ON l.a = r.a",
        "SELECT NULL AS nothing, 1 AS one, INTERVAL '1' MONTH AS m, INTERVAL '1' DAY AS d",
        "SHOW TABLES",
        "EXPLAIN SELECT 1",
    ]:
        info = client.get_flight_info(flight.FlightDescriptor.for_command(sql.encode()))
        read = client.do_get(info.endpoints[0].ticket).read_all().schema
        assert read.equals(info.schema, check_metadata=True), sql
        assert all(field.nullable for field in read), sql


@pytest.fixture(scope="module")
def same_files(server, tmp_path_factory):
    """The tables of clients/data.sql, in DuckDB and as the same Parquet files in Sluice."""
    folder = tmp_path_factory.mktemp("files")
    judge = duckdb.connect()
    judge.execute((CLIENTS / "data.sql").read_text())
    with flight_sql.connect(server.uri, autocommit=True) as connection, connection.cursor() as cursor:
        for table in ["client_people", "client_teams"]:
            file = folder / f"{table}.parquet"
            judge.execute(f"COPY {table} TO '{file}' (FORMAT parquet)")
            cursor.execute(f"CALL register_parquet('main.{table}', '{file}')")
    return judge


def queries():
    text = re.sub(r"(?m)^--.*$", "", (CLIENTS / "queries.sql").read_text())
    return [part.strip() for part in re.split(r";\s*\n", text + "\n") if part.strip()]


def normal(rows):
    def cell(value):
        if isinstance(value, (int, float, decimal.Decimal)) and not isinstance(value, bool):
            return str(decimal.Decimal(value).normalize())
        return str(value)

    return sorted(tuple(map(cell, row)) for row in rows)


@pytest.mark.parametrize("sql", queries(), ids=lambda sql: sql.split("\n")[0][:60])
def test_adbc_flight_and_duckdb_give_the_same_rows(server, cursor, same_files, sql):
    expected = normal(same_files.execute(sql).fetchall())
    cursor.execute(sql)
    assert normal(cursor.fetchall()) == expected
    table = flight.connect(server.uri).do_get(flight.Ticket(sql.encode())).read_all()
    assert normal(zip(*(column.to_pylist() for column in table.columns))) == expected


# Ingest


def ingest_types():
    utc = datetime.timezone.utc
    return [
        ("int8", pa.array([1, None], pa.int8()), "TINYINT", None),
        ("int16", pa.array([1, None], pa.int16()), "SMALLINT", None),
        ("int32", pa.array([1, None], pa.int32()), "INTEGER", None),
        ("int64", pa.array([2**63 - 1, None], pa.int64()), "BIGINT", None),
        ("uint8", pa.array([255, None], pa.uint8()), "SMALLINT", None),
        ("uint16", pa.array([65535, None], pa.uint16()), "INTEGER", None),
        ("uint32", pa.array([2**32 - 1, None], pa.uint32()), "BIGINT", None),
        ("uint64", pa.array([2**64 - 1, None], pa.uint64()), "DECIMAL", [decimal.Decimal(2**64 - 1), None]),
        ("half", pa.array([np.float16(1.5), None], pa.float16()), "REAL", [1.5, None]),
        ("single", pa.array([1.25, None], pa.float32()), "REAL", None),
        ("double", pa.array([0.1, None], pa.float64()), "DOUBLE", None),
        ("flag", pa.array([True, None]), "BOOLEAN", None),
        ("text", pa.array(["\u00e4", None]), "VARCHAR", None),
        ("large", pa.array(["\u00e4", None], pa.large_string()), "VARCHAR", None),
        ("view", pa.array(["longer than twelve bytes", None], pa.string_view()), "VARCHAR", None),
        ("dict", pa.array(["a", None]).dictionary_encode(), "VARCHAR", None),
        ("dict_number", pa.array([7, None]).dictionary_encode(), "BIGINT", None),
        ("nothing", pa.nulls(2), "VARCHAR", None),
        ("binary", pa.array([b"\x00", None]), "VARBINARY", None),
        ("large_binary", pa.array([b"\x00", None], pa.large_binary()), "VARBINARY", None),
        ("binary_view", pa.array([b"\x00", None], pa.binary_view()), "VARBINARY", None),
        ("fixed", pa.array([b"abc", None], pa.binary(3)), "VARBINARY", None),
        ("date32", pa.array([datetime.date(1900, 1, 1), None]), "DATE", None),
        ("date64", pa.array([datetime.date(1900, 1, 1), None], pa.date64()), "DATE", None),
        ("time_s", pa.array([datetime.time(1, 2, 3), None], pa.time32("s")), "TIME", None),
        ("time_ms", pa.array([datetime.time(1, 2, 3, 4000), None], pa.time32("ms")), "TIME", None),
        ("time_us", pa.array([datetime.time(1, 2, 3, 4), None], pa.time64("us")), "TIME", None),
        ("time_ns", pa.array([1000, None], pa.int64()).cast(pa.time64("ns")), "TIME", [datetime.time(0, 0, 0, 1), None]),
        ("ts_s", pa.array([datetime.datetime(1900, 1, 1), None], pa.timestamp("s")), "TIMESTAMP", None),
        ("ts_ms", pa.array([datetime.datetime(1900, 1, 1, 0, 0, 0, 1000), None], pa.timestamp("ms")), "TIMESTAMP", None),
        ("ts_us", pa.array([datetime.datetime(2024, 1, 1, 0, 0, 0, 1), None], pa.timestamp("us")), "TIMESTAMP", None),
        ("ts_ns", pa.array([1_000, None], pa.timestamp("ns")), "TIMESTAMP", [datetime.datetime(1970, 1, 1, 0, 0, 0, 1), None]),
        (
            "tz",
            pa.array([datetime.datetime(2024, 7, 1, tzinfo=utc), None], pa.timestamp("us", "America/New_York")),
            "TIMESTAMP WITH TIME ZONE",
            [datetime.datetime(2024, 7, 1, tzinfo=utc), None],
        ),
        (
            "tz_s",
            pa.array([0, None], pa.timestamp("s", "UTC")),
            "TIMESTAMP WITH TIME ZONE",
            [datetime.datetime(1970, 1, 1, tzinfo=utc), None],
        ),
        (
            "tz_ms",
            pa.array([-1, None], pa.timestamp("ms", "+02:00")),
            "TIMESTAMP WITH TIME ZONE",
            [datetime.datetime(1969, 12, 31, 23, 59, 59, 999000, tzinfo=utc), None],
        ),
        (
            "tz_ns",
            pa.array([1_000, None], pa.timestamp("ns", "Asia/Tokyo")),
            "TIMESTAMP WITH TIME ZONE",
            [datetime.datetime(1970, 1, 1, 0, 0, 0, 1, tzinfo=utc), None],
        ),
        ("duration_s", pa.array([1, None], pa.duration("s")), "INTERVAL DAY TO SECOND", [datetime.timedelta(seconds=1), None]),
        ("duration_ms", pa.array([-1, None], pa.duration("ms")), "INTERVAL DAY TO SECOND", [datetime.timedelta(milliseconds=-1), None]),
        ("duration_ns", pa.array([1_000, None], pa.duration("ns")), "INTERVAL DAY TO SECOND", [datetime.timedelta(microseconds=1), None]),
        (
            "dict_large",
            pa.array(["a", None], pa.dictionary(pa.int16(), pa.large_string())),
            "VARCHAR",
            ["a", None],
        ),
        (
            "dict_ordered",
            pa.DictionaryArray.from_arrays(pa.array([1, None], pa.int8()), ["lo", "hi"], ordered=True),
            "VARCHAR",
            ["hi", None],
        ),
        (
            "dict_unsigned",
            pa.DictionaryArray.from_arrays(pa.array([1, None], pa.uint32()), pa.array([3, 2**32 - 1], pa.uint32())),
            "BIGINT",
            [2**32 - 1, None],
        ),
        ("duration", pa.array([datetime.timedelta(1, 2, 3), None], pa.duration("us")), "INTERVAL DAY TO SECOND", None),
        ("dec128", pa.array([decimal.Decimal("-1.23"), None], pa.decimal128(38, 2)), "DECIMAL", None),
        ("dec256", pa.array([decimal.Decimal("-1.23"), None], pa.decimal256(60, 2)), "DECIMAL", None),
        ("list", pa.array([[1, None], None]), "ARRAY", None),
        ("large_list", pa.array([[1, None], None], pa.large_list(pa.int32())), "ARRAY", None),
        ("fixed_list", pa.array([[1, 2], None], pa.list_(pa.int32(), 2)), "ARRAY", None),
        ("struct", pa.array([{"a": 1, "b": "x"}, None]), "ROW", None),
        ("map", pa.array([[("k", 1)], None], pa.map_(pa.string(), pa.int32())), "MAP", None),
        ("nested", pa.array([[{"a": ["x", None]}], None]), "ARRAY", None),
    ]


@pytest.mark.parametrize("name,values,sql_type,expected", ingest_types(), ids=lambda v: v if isinstance(v, str) else "")
def test_every_arrow_type_comes_in(connection, cursor, name, values, sql_type, expected):
    table = f"type_{name}"
    assert cursor.adbc_ingest(table, pa.table({"v": values}), mode="create") == 2
    field = connection.adbc_get_table_schema(table).field("v")
    assert field.metadata[b"ARROW:FLIGHT:SQL:TYPE_NAME"].decode() == sql_type
    back = query(cursor, f"SELECT v FROM {table}")
    rows = sorted(back.column("v").to_pylist(), key=lambda value: value is None)
    assert rows == (expected or values.to_pylist())


FRAMES = {
    "text": (["a", None, "\u00e4" * 20], "VARCHAR"),
    "flag": ([True, None, False], "BOOLEAN"),
    "u8": ([0, None, 255], "SMALLINT"),
    "u16": ([0, None, 65535], "INTEGER"),
    "u32": ([0, None, 2**32 - 1], "BIGINT"),
    "u64": ([0, None, 2**64 - 1], "DECIMAL"),
    "i8": ([-128, None, 127], "TINYINT"),
    "f32": ([0.5, None, -1.25], "REAL"),
    "day": ([datetime.date(1900, 1, 1), None, datetime.date(2100, 1, 1)], "DATE"),
    "clock": ([datetime.time(1, 2, 3), None, datetime.time(23, 59, 59)], "TIME"),
    "moment": ([datetime.datetime(2024, 1, 1, 0, 0, 0, 1), None, datetime.datetime(1900, 1, 1)], "TIMESTAMP"),
    "span": ([datetime.timedelta(1, 2, 3), None, datetime.timedelta(-1)], "INTERVAL DAY TO SECOND"),
    "category": (["x", None, "y"], "VARCHAR"),
    "nothing": ([None, None, None], "VARCHAR"),
}


def frame_of_polars():
    types = {"text": pl.String, "flag": pl.Boolean, "u8": pl.UInt8, "u16": pl.UInt16, "u32": pl.UInt32, "u64": pl.UInt64}
    # the driver refuses the columns of type Null that Polars exports
    types |= {"i8": pl.Int8, "f32": pl.Float32, "day": pl.Date, "clock": pl.Time, "moment": pl.Datetime("ns")}
    types |= {"category": pl.Enum(["y", "x"])}
    frame = pl.DataFrame({name: pl.Series(FRAMES[name][0], dtype=types[name]) for name in types})
    return frame.with_columns(span=pl.Series(FRAMES["span"][0], dtype=pl.Duration("us")))


def frame_of_pandas():
    types = {"text": "string", "flag": "boolean", "u8": "UInt8", "u16": "UInt16", "u32": "UInt32", "u64": "UInt64"}
    types |= {"i8": "Int8", "f32": "Float32", "day": "object", "clock": "object", "moment": "datetime64[us]"}
    types |= {"span": "timedelta64[us]", "category": "category", "nothing": "object"}
    return pd.DataFrame({name: pd.Series(values, dtype=types[name]) for name, (values, _) in FRAMES.items()})


def frame_of_duckdb():
    types = {"text": "VARCHAR", "flag": "BOOLEAN", "u8": "UTINYINT", "u16": "USMALLINT", "u32": "UINTEGER", "u64": "UBIGINT"}
    types |= {"i8": "TINYINT", "f32": "FLOAT", "day": "DATE", "clock": "TIME", "moment": "TIMESTAMP"}
    types |= {"category": "ENUM('x', 'y')", "nothing": "VARCHAR"}
    columns = [name for name in FRAMES if name in types]
    rows = zip(*(FRAMES[name][0] for name in columns))
    casts = ", ".join(f"CAST(? AS {types[name]}) AS {name}" for name in columns)
    sql = " UNION ALL ".join([f"SELECT {casts}"] * 3)
    return duckdb.connect().execute(sql, [value for row in rows for value in row]).to_arrow_table()


@pytest.mark.parametrize("maker", [frame_of_polars, frame_of_pandas, frame_of_duckdb])
def test_every_type_of_each_library_comes_in(connection, cursor, maker):
    frame = maker()
    cursor.adbc_ingest("library_t", frame, mode="replace")
    schema = connection.adbc_get_table_schema("library_t")
    back = query(cursor, "SELECT * FROM library_t")
    assert back.num_rows == 3
    for name in back.column_names:
        values, sql_type = FRAMES[name]
        assert schema.field(name).metadata[b"ARROW:FLIGHT:SQL:TYPE_NAME"].decode() == sql_type, name
        assert back[name].to_pylist() == values, name


def test_nan_and_null_stay_distinct(cursor):
    table = pa.table({"n": [1, 2, 3], "x": pa.array([float("nan"), None, 1.0])})
    cursor.adbc_ingest("nan_t", table, mode="replace")
    rows = query(cursor, "SELECT x IS NULL AS missing, x = CAST('NaN' AS DOUBLE) AS nan FROM nan_t ORDER BY n").to_pylist()
    assert [tuple(row.values()) for row in rows] == [(False, True), (True, None), (False, False)]


def test_nanoseconds_are_kept_only_where_asked(server):
    stamps = pa.table({"at": pa.array([1_000, 1_001], pa.timestamp("ns"))})
    with flight_sql.connect(server.uri, autocommit=True) as connection, connection.cursor() as cursor:
        with pytest.raises(Exception, match=r"column 'at', row 1.*timestamp_precision=9"):
            cursor.adbc_ingest("nanos", stamps, mode="create")
        connection.adbc_connection.set_options(**{"adbc.flight.sql.session.option.timestamp_precision": "9"})
        assert cursor.adbc_ingest("nanos", stamps, mode="create") == 2
        assert connection.adbc_get_table_schema("nanos").field("at").type == pa.timestamp("ns")


def test_decimals_of_32_bits_are_refused_by_name(cursor):
    with pytest.raises(Exception, match="128-bit"):
        cursor.adbc_ingest("small_decimals", pa.table({"d": pa.array([decimal.Decimal("1.2")], pa.decimal32(5, 1))}), mode="create")


def test_four_modes(cursor):
    one = pa.table({"n": [1]})
    with pytest.raises(Exception, match="UNKNOWN_TABLE"):
        cursor.adbc_ingest("modes", one, mode="append")
    cursor.adbc_ingest("modes", one, mode="create")
    with pytest.raises(Exception, match="ALREADY_EXISTS"):
        cursor.adbc_ingest("modes", one, mode="create")
    cursor.adbc_ingest("modes", one, mode="append")
    cursor.adbc_ingest("MODES", one, mode="create_append")
    assert query(cursor, "SELECT COUNT(*) AS n FROM modes").to_pydict() == {"n": [3]}
    cursor.adbc_ingest("modes", pa.table({"s": ["x"]}), mode="replace")
    assert query(cursor, "SELECT * FROM modes").to_pydict() == {"s": ["x"]}


def test_append_is_by_name(cursor):
    cursor.execute("CREATE TABLE by_name (a INTEGER NOT NULL, b VARCHAR, c DOUBLE)")
    cursor.adbc_ingest("by_name", pa.table({"c": [1.5], "a": pa.array([7], pa.int64())}), mode="append")
    assert query(cursor, "SELECT * FROM by_name").to_pylist() == [{"a": 7, "b": None, "c": 1.5}]
    for table, message in [
        (pa.table({"a": [1], "z": [1]}), "UNKNOWN_COLUMN.*'z'"),
        (pa.table({"a": [2**40]}), r"column 'a', row 0.*1099511627776 cannot be held by INTEGER"),
        (pa.table({"a": pa.array([None], pa.int32())}), r"column 'a', row 0.*NOT NULL"),
        (pa.table({"b": ["x"]}), "'a' is NOT NULL"),
        (pa.table({"a": ["x"]}), "Utf8.*INTEGER"),
    ]:
        with pytest.raises(Exception, match=message):
            cursor.adbc_ingest("by_name", table, mode="append")
    assert query(cursor, "SELECT COUNT(*) AS n FROM by_name").to_pydict() == {"n": [1]}


def test_a_broken_upload_leaves_nothing(cursor):
    def batches():
        yield pa.record_batch({"n": list(range(1000))})
        raise RuntimeError("the client gives up")

    reader = pa.RecordBatchReader.from_batches(pa.schema({"n": pa.int64()}), batches())
    with pytest.raises(Exception):
        cursor.adbc_ingest("broken", reader, mode="create")
    with pytest.raises(Exception, match="UNKNOWN_TABLE"):
        cursor.execute("SELECT * FROM broken")


# Metadata and sessions


def test_objects_of_the_server(connection, cursor):
    cursor.execute("CREATE SCHEMA things")
    cursor.execute("CREATE TABLE things.a_table (id BIGINT NOT NULL, name VARCHAR)")
    cursor.execute("CREATE VIEW things.a_view AS SELECT id FROM things.a_table")
    objects = connection.adbc_get_objects(depth="all", db_schema_filter="things").read_all().to_pylist()
    assert [catalog["catalog_name"] for catalog in objects] == ["lake", "online"]
    tables = objects[0]["catalog_db_schemas"][0]["db_schema_tables"]
    assert [(t["table_name"], t["table_type"]) for t in tables] == [("a_table", "TABLE"), ("a_view", "VIEW")]
    columns = tables[0]["table_columns"]
    assert [(c["column_name"], c["xdbc_type_name"]) for c in columns] == [("id", "BIGINT"), ("name", "VARCHAR")]
    assert sorted(connection.adbc_get_table_types()) == ["LOCAL TEMPORARY", "SYSTEM TABLE", "TABLE", "VIEW"]
    described = connection.adbc_get_table_schema("a_table$refs", db_schema_filter="things")
    assert described.names[:3] == ["name", "type", "snapshot_id"]
    schema = connection.adbc_get_table_schema("a_table", db_schema_filter="things")
    assert schema.field("id").type == pa.int64() and not schema.field("id").nullable
    info = connection.adbc_get_info()
    assert info["vendor_name"] == "Sluice"


def test_the_session_has_a_schema(server):
    with flight_sql.connect(server.uri, autocommit=True) as connection, connection.cursor() as cursor:
        cursor.execute("CREATE SCHEMA corner")
        cursor.execute("CREATE TABLE corner.only_here (a INTEGER)")
        assert connection.adbc_current_catalog == "lake"
        assert connection.adbc_current_db_schema == "main"
        connection.adbc_current_db_schema = "corner"
        assert connection.adbc_current_db_schema == "corner"
        assert query(cursor, "SELECT * FROM only_here").num_rows == 0
        with flight_sql.connect(server.uri, autocommit=True) as other, other.cursor() as stranger:
            with pytest.raises(Exception, match="UNKNOWN_TABLE"):
                stranger.execute("SELECT * FROM only_here")


def test_session_options(server):
    prefix = "adbc.flight.sql.session.option."
    with flight_sql.connect(server.uri, autocommit=True) as connection, connection.cursor() as cursor:
        defaults = {"catalog": "lake", "schema": "main", "timezone": "UTC", "timestamp_tz": "zoned"}
        defaults |= {"timestamp_precision": "6", "shard": "", "seed": "", "epoch": "0"}
        for name, value in defaults.items():
            assert connection.adbc_connection.get_option(prefix + name) == value, name
        instant = "SELECT CAST(TIMESTAMP '2024-07-01 12:00:00' AS TIMESTAMP WITH TIME ZONE) AS z"
        utc = datetime.timezone.utc
        assert query(cursor, instant)["z"].to_pylist() == [datetime.datetime(2024, 7, 1, 12, tzinfo=utc)]
        connection.adbc_connection.set_options(**{prefix + "timezone": "America/New_York"})
        assert query(cursor, instant)["z"].to_pylist() == [datetime.datetime(2024, 7, 1, 16, tzinfo=utc)]
        connection.adbc_connection.set_options(**{prefix + "timestamp_tz": "naive"})
        naive = query(cursor, instant)
        assert naive.schema.field("z").type == pa.timestamp("us")
        assert naive["z"].to_pylist() == [datetime.datetime(2024, 7, 1, 16)]
        cursor.execute("SET time_zone = 'UTC'")
        assert query(cursor, instant)["z"].to_pylist() == [datetime.datetime(2024, 7, 1, 12)]
        for name, value in [("timezone", "Mars/Base"), ("timestamp_tz", "x"), ("timestamp_precision", "3"), ("colour", "red"),
                            ("schema", "nowhere"), ("catalog", "nowhere"), ("shard", "4/4"), ("epoch", "x")]:
            with pytest.raises(adbc_driver_manager.Error):
                connection.adbc_connection.set_options(**{prefix + name: value})


def test_session_options_by_headers_of_the_first_call(server):
    headers = {"timezone": "Asia/Tokyo", "timestamp_tz": "naive", "shard": "1/2"}
    options = {"adbc.flight.sql.rpc.call_header." + name: value for name, value in headers.items()}
    with flight_sql.connect(server.uri, db_kwargs=options, autocommit=True) as connection, connection.cursor() as cursor:
        sql = "SELECT x, CAST(TIMESTAMP '2024-07-01 12:00:00' AS TIMESTAMP WITH TIME ZONE) AS z FROM (VALUES (1), (2)) AS t(x)"
        assert query(cursor, sql + " ORDER BY x").to_pylist() == [{"x": 2, "z": datetime.datetime(2024, 7, 1, 3)}]


def test_any_name_and_password_will_do_on_loopback(server):
    options = {"username": "anyone", "password": "anything"}
    with flight_sql.connect(server.uri, db_kwargs=options, autocommit=True) as connection, connection.cursor() as cursor:
        assert query(cursor, "SELECT 1 AS x").to_pydict() == {"x": [1]}


# Streams


def test_cancelling_ends_the_query(server, connection):
    with connection.cursor() as cursor:
        cursor.adbc_ingest("cancel_t", pa.table({"n": list(range(20_000))}), mode="replace")
        timer = threading.Timer(0.5, cursor.adbc_cancel)
        timer.start()
        started = time.time()
        with pytest.raises(Exception, match="(?i)cancel"):
            cursor.execute("SELECT COUNT(*) FROM cancel_t a, cancel_t b, cancel_t c WHERE a.n + b.n + c.n < 0")
            cursor.fetchall()
        assert time.time() - started < 10
    with connection.cursor() as cursor:
        assert query(cursor, "SELECT 1 AS x").to_pydict() == {"x": [1]}


def test_wide_rows_stay_below_the_clients_limit(cursor):
    wide = "x" * 100_000
    table = pa.table({"n": list(range(400)), "s": [wide] * 400})
    cursor.adbc_ingest("wide_t", table.to_reader(max_chunksize=50), mode="create")
    assert query(cursor, "SELECT * FROM wide_t").num_rows == 400
