"""Lists, structs and maps: what others write is read, what is written others read, and what goes in comes out."""

import datetime
import decimal
import random

import adbc_driver_manager
import duckdb
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

SEED = random.SystemRandom().randrange(1 << 32)


def query(cursor, sql):
    cursor.execute(sql)
    return cursor.fetch_arrow_table()


def leaf(rng):
    return rng.choice(
        [
            (pa.int32(), lambda r: r.randrange(-100, 100)),
            (pa.int64(), lambda r: r.randrange(1 << 40)),
            (pa.float64(), lambda r: r.random()),
            (pa.bool_(), lambda r: r.random() < 0.5),
            (pa.string(), lambda r: f"word {r.randrange(9)}"),
            (pa.string(), lambda r: "x" * r.randrange(30) + str(r.random())),
            (pa.decimal128(20, 3), lambda r: decimal.Decimal(r.randrange(1 << 30)).scaleb(-3)),
            (pa.timestamp("us"), lambda r: datetime.datetime(1999, 1, 1) + datetime.timedelta(microseconds=r.randrange(1 << 50))),
            (pa.date32(), lambda r: datetime.date(1950, 1, 1) + datetime.timedelta(days=r.randrange(1 << 14))),
            (pa.binary(), lambda r: r.randbytes(r.randrange(5))),
        ]
    )


def shape(rng, depth):
    """A random type and how to draw its values; None for NULL."""
    kind = rng.choice(["leaf", "list", "struct", "map", "list"]) if depth else "leaf"
    if kind == "leaf":
        kind_of, draw = leaf(rng)
        return kind_of, lambda r: None if r.random() < 0.2 else draw(r)
    if kind == "list":
        element, draw = shape(rng, depth - 1)
        return pa.list_(element), lambda r: None if r.random() < 0.15 else [draw(r) for _ in range(r.choice([0, 0, 1, 2, 3, 9]))]
    if kind == "struct":
        parts = [shape(rng, depth - 1) for _ in range(rng.randrange(1, 4))]
        fields = pa.struct([(f"f{i}", part[0]) for i, part in enumerate(parts)])
        return fields, lambda r: None if r.random() < 0.15 else {f"f{i}": part[1](r) for i, part in enumerate(parts)}
    value, draw = shape(rng, depth - 1)
    return pa.map_(pa.string(), value), lambda r: None if r.random() < 0.15 else [
        (f"k{i}", draw(r)) for i in range(r.choice([0, 1, 3]))
    ]


def nested(rng, depth):
    while True:
        found = shape(rng, depth)
        if pa.types.is_nested(found[0]):
            return found


def random_table(rng, rows, columns=4):
    data = {"id": pa.array(range(rows))}
    for i in range(columns):
        kind, draw = nested(rng, 3)
        data[f"c{i}"] = pa.array([draw(rng) for _ in range(rows)], kind)
    return pa.table(data)


def same(back, table):
    assert back.num_rows == table.num_rows
    for name in table.column_names:
        left, right = back.column(name).to_pylist(), table.column(name).to_pylist()
        for row, (a, b) in enumerate(zip(left, right)):
            assert a == b, f"seed {SEED} column {name} {table.schema.field(name).type} row {row}"


@pytest.mark.parametrize("case", range(6))
def test_files_of_pyarrow(cursor, tmp_path, case):
    rng = random.Random(SEED + case)
    table = random_table(rng, 1500)
    path = tmp_path / "t.parquet"
    pq.write_table(
        table,
        path,
        row_group_size=rng.choice([400, 3000]),
        data_page_version=rng.choice(["1.0", "2.0"]),
        data_page_size=rng.choice([500, 20_000, 1 << 20]),
        use_dictionary=rng.random() < 0.5,
        use_compliant_nested_type=rng.random() < 0.5,
        compression=rng.choice(["zstd", "snappy", "none"]),
        write_page_index=rng.random() < 0.5,
    )
    cursor.execute(f"CALL register_parquet('main.arrow_{case}', '{path}')")
    same(query(cursor, f"SELECT * FROM arrow_{case} ORDER BY id"), table)
    few = query(cursor, f"SELECT * FROM arrow_{case} WHERE id % 97 = 5 ORDER BY id")
    same(few, table.filter(pa.array([i % 97 == 5 for i in range(1500)])))


def test_files_of_duckdb(cursor, tmp_path):
    path = tmp_path / "t.parquet"
    duckdb.sql(
        f"""
        COPY (SELECT i AS id, CASE WHEN i % 7 = 0 THEN NULL ELSE [CASE WHEN x % 3 = 0 THEN NULL ELSE 'v' || x % 50 END
            FOR x IN range(i % 5)] END AS l,
          {{'a': i % 10, 'b': [{{'c': i, 'd': MAP {{i: 'm' || i}}}}]}} AS s,
          CASE WHEN i % 4 = 0 THEN MAP {{}} ELSE MAP {{'k' || i % 3: [i, NULL]}} END AS m
        FROM range(50000) t(i)) TO '{path}' (FORMAT parquet)
        """
    )
    cursor.execute(f"CALL register_parquet('main.duck_nested', '{path}')")
    same(query(cursor, "SELECT * FROM duck_nested ORDER BY id"), duckdb.sql(f"FROM '{path}' ORDER BY id").to_arrow_table())


@pytest.mark.parametrize("case", range(3))
def test_what_goes_in_comes_out_and_others_read_it(cursor, case):
    rng = random.Random(SEED + 100 + case)
    table = random_table(rng, 800)
    name = f"in_and_out_{case}"
    assert cursor.adbc_ingest(name, table, mode="create") == 800
    same(query(cursor, f"SELECT * FROM {name} ORDER BY id"), table)
    cursor.execute(f"CREATE TABLE {name}_copy AS SELECT * FROM {name}")
    cursor.execute(f"INSERT INTO {name}_copy SELECT * FROM {name} WHERE id < 10")
    assert query(cursor, f"SELECT COUNT(*) AS n FROM {name}_copy").to_pylist() == [{"n": 810}]
    cursor.execute(f"DELETE FROM {name}_copy WHERE id < 10")
    same(query(cursor, f"SELECT * FROM {name}_copy ORDER BY id"), table.slice(10))

    files = query(cursor, f"SELECT DISTINCT _file AS f FROM {name}").column("f").to_pylist()
    files = [file.removeprefix("file://") for file in files]
    by_arrow = pa.concat_tables(pq.read_table(file) for file in files).sort_by("id")
    same(by_arrow, table)
    by_duckdb = duckdb.sql(f"FROM read_parquet({files}) ORDER BY id").to_arrow_table()
    same(by_duckdb, table)
    ids = [leaf_id(field) for field in flat_fields(pq.read_schema(files[0]))]
    assert len(ids) == len(set(ids)) and all(ids), ids


def leaf_id(field):
    return (field.metadata or {}).get(b"PARQUET:field_id")


def flat_fields(schema):
    """All fields that Iceberg gives an id, at any depth."""
    for field in schema:
        yield field
        if pa.types.is_map(field.type):
            yield from flat_fields([field.type.key_field, field.type.item_field])
        elif pa.types.is_nested(field.type):
            yield from flat_fields([field.type.field(i) for i in range(field.type.num_fields)])


def test_every_way_of_sending_lists(cursor):
    values = [[1, None], None, [], [3]]
    arrow = {
        "lists": pa.array(values, pa.list_(pa.int32())),
        "large": pa.array(values, pa.large_list(pa.int32())),
        "views": pa.array(values, pa.list_view(pa.int32())),
        "fixed": pa.array([[1, 2], None, [None, 4], [5, 6]], pa.list_(pa.int32(), 2)),
        "structs": pa.array([{"a": 1, "b": ["x"]}, None, {"a": None, "b": None}, {"a": 2, "b": []}]),
        "maps": pa.array([[("a", 1)], None, [], [("b", None), ("c", 2)]], pa.map_(pa.string(), pa.int16())),
    }
    for name, array in arrow.items():
        table = pa.table({"id": pa.array(range(4)), "v": array})
        try:
            cursor.adbc_ingest(f"sent_{name}", table, mode="create")
        except adbc_driver_manager.Error as refused:
            assert name == "views" and "v" in str(refused), (name, refused)
            continue
        same(query(cursor, f"SELECT * FROM sent_{name} ORDER BY id"), table)
    frame = pd.DataFrame({"id": range(3), "l": [[1.5, 2.5], [], None], "s": [{"a": "x"}, {"a": None}, None]})
    cursor.adbc_ingest("sent_pandas", pa.Table.from_pandas(frame), mode="create")
    same(query(cursor, "SELECT * FROM sent_pandas ORDER BY id"), pa.Table.from_pandas(frame))
    polars = pl.DataFrame({"id": [0, 1], "l": [["a", None], None], "s": [{"p": 1, "q": [1, 2]}, {"p": None, "q": []}]})
    cursor.adbc_ingest("sent_polars", polars.to_arrow(), mode="create")
    same(query(cursor, "SELECT * FROM sent_polars ORDER BY id"), polars.to_arrow())


def test_nested_columns_travel_through_joins(cursor):
    rows = 500
    table = pa.table(
        {
            "k": pa.array(range(rows)),
            "g": pa.array([i % 7 for i in range(rows)]),
            "l": pa.array([None if i % 5 == 0 else [f"v{i}", None][: i % 3] for i in range(rows)], pa.list_(pa.string())),
            "s": pa.array([None if i % 6 == 0 else {"a": i, "m": [("x", i)]} for i in range(rows)],
                          pa.struct([("a", pa.int64()), ("m", pa.map_(pa.string(), pa.int64()))])),
        }
    )
    cursor.adbc_ingest("travels", table, mode="create")
    for sql in [
        "SELECT b.k, b.g, b.l, b.s FROM travels a JOIN travels b ON a.k = b.k ORDER BY b.k",
        "SELECT b.k, b.g, b.l, b.s FROM travels a LEFT JOIN travels b USING (k) ORDER BY b.k DESC",
        "SELECT b.k, b.g, b.l, b.s FROM travels a LEFT ASOF JOIN travels b MATCH_CONDITION (b.k <= a.k) ON a.g = b.g ORDER BY b.k",
        "SELECT * FROM (SELECT * FROM travels WHERE k < 250 UNION ALL SELECT * FROM travels WHERE k >= 250) ORDER BY k",
        "SELECT k, ANY_VALUE(g) AS g, ANY_VALUE(l) AS l, MAX_BY(s, k) AS s FROM travels GROUP BY k ORDER BY k",
        "SELECT * FROM (SELECT * FROM travels ORDER BY g, k LIMIT 10000) ORDER BY k",
    ]:
        back = query(cursor, sql)
        same(back.sort_by("k"), table)
    groups = query(cursor, "SELECT l, COUNT(*) AS n FROM travels GROUP BY l")
    counted = {}
    for value in table.column("l").to_pylist():
        counted[str(value)] = counted.get(str(value), 0) + 1
    assert {str(row["l"]): row["n"] for row in groups.to_pylist()} == counted


@pytest.mark.parametrize(
    "sql,message",
    [
        ("SELECT l FROM refusals ORDER BY l", "cannot order by"),
        ("SELECT MIN(l) FROM refusals", "needs an order"),
        ("SELECT MAX_BY(k, s) FROM refusals", "needs an order"),
        ("SELECT k FROM refusals WHERE l < ARRAY[1]", "ARRAY"),
        ("SELECT * FROM refusals, UNNEST(l) AS x(u)", "not supported"),
        ("SELECT s.nope FROM refusals", "s.nope"),
        ("UPDATE refusals SET s.a = 1", "s.a"),
        ("CREATE TABLE keyed (s ROW(a INTEGER), PRIMARY KEY (s) NOT ENFORCED)", "neither floating nor nested"),
        ("SELECT MAP['a', 1, 'a', 2]", "twice"),
        ("SELECT CAST(s AS ROW(z BIGINT)) FROM refusals", "no conversion"),
        ("SELECT k.x FROM refusals", "k"),
    ],
)
def test_what_is_not_built_is_named(cursor, sql, message):
    cursor.execute("CREATE TABLE IF NOT EXISTS refusals (k INTEGER, l INTEGER ARRAY, s ROW(a INTEGER))")
    with pytest.raises(adbc_driver_manager.Error) as refused:
        query(cursor, sql)
    assert message in str(refused.value), refused.value
