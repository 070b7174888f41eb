"""ASOF joins on random data against their definition, written as a plain loop, and against DuckDB."""

import datetime
import itertools
import random

import adbc_driver_flightsql.dbapi as flight_sql
import duckdb
import pyarrow as pa
import pytest

START = datetime.datetime(2024, 1, 1)
COMPARE = {
    "<=": lambda r, l: r <= l,
    "<": lambda r, l: r < l,
    ">=": lambda r, l: r >= l,
    ">": lambda r, l: r > l,
}
SCHEMA = pa.schema(
    [("id", pa.int64()), ("k1", pa.int64()), ("k2", pa.string()), ("ts", pa.timestamp("us")), ("n", pa.int64())]
)


def maybe(choose, value, nulls):
    return None if choose.random() < nulls else value


def rows(choose, count, spread, nulls, unique):
    """Rows of (id, k1, k2, ts, n); with `unique`, no two have the same keys and time."""
    seen, out = set(), []
    while len(out) < count:
        row = (
            len(out),
            maybe(choose, choose.randrange(4), nulls),
            maybe(choose, choose.choice("abc"), nulls),
            maybe(choose, START + datetime.timedelta(minutes=choose.randrange(spread)), nulls),
            choose.randrange(10),
        )
        if unique and row[1:4] in seen:
            continue
        seen.add(row[1:4])
        out.append(row)
    return out


def table(data):
    return pa.Table.from_pylist([dict(zip(SCHEMA.names, row)) for row in data], schema=SCHEMA)


def definition(left, right, keys, operator, passes):
    """Per left row: filter, then take the closest; of equals the one that comes last in the table."""
    backward = operator in ("<=", "<")
    for l in left:
        best = None
        for position, r in enumerate(right):
            if any(l[k] is None or r[k] is None or l[k] != r[k] for k in keys):
                continue
            if l[3] is None or r[3] is None or not COMPARE[operator](r[3], l[3]) or not passes(l, r):
                continue
            distance = r[3] if backward else START - (r[3] - START)
            if best is None or (distance, position) > best[0]:
                best = ((distance, position), r)
        yield l[0], None if best is None else best[1][0]


CONDITIONS = {
    "plain": ("", "", lambda l, r: True),
    "tolerance": (
        " AND r.ts > l.ts - INTERVAL '30' MINUTE",
        "",
        lambda l, r: r[3] > l[3] - datetime.timedelta(minutes=30),
    ),
    "right predicate": ("", " AND r.n <> 3", lambda l, r: r[4] != 3),
    "left predicate": ("", " AND l.n > 2", lambda l, r: l[4] > 2),
    "both sides": (" AND r.n <= l.n", "", lambda l, r: r[4] <= l[4]),
}


@pytest.mark.parametrize("seed", range(8))
def test_definition(server, seed):
    choose = random.Random(seed)
    print("seed", seed)
    sizes = choose.choice([(60, 200), (200, 60), (0, 50), (50, 0), (1, 1)])
    left = rows(choose, sizes[0], 300, 0.1, False)
    right = rows(choose, sizes[1], 100, 0.1, False)
    with flight_sql.connect(server.uri, autocommit=True) as connection, connection.cursor() as cursor:
        for name, data in ((f"asof_l{seed}", left), (f"asof_r{seed}", right)):
            columns = "id BIGINT, k1 BIGINT, k2 VARCHAR, ts TIMESTAMP, n BIGINT"
            cursor.execute(f"CREATE OR REPLACE TABLE {name} ({columns})")
            for start in range(0, len(data), 70):
                cursor.adbc_ingest(name, table(data[start : start + 70]), mode="append")
        cases = itertools.product(COMPARE, ((), (1,), (1, 2)), CONDITIONS, ("LEFT", "INNER"))
        for operator, keys, condition, kind in cases:
            if condition == "tolerance" and operator in (">", ">="):
                continue
            match, on, passes = CONDITIONS[condition]
            equalities = "".join(f" AND l.{SCHEMA.names[k]} = r.{SCHEMA.names[k]}" for k in keys)
            predicate = (equalities + on).removeprefix(" AND ")
            sql = (
                f"SELECT l.id, r.id FROM asof_l{seed} l {kind} ASOF JOIN asof_r{seed} r"
                f" MATCH_CONDITION (r.ts {operator} l.ts{match}) {'ON ' + predicate if predicate else ''}"
                " ORDER BY l.id"
            )
            cursor.execute(sql)
            expected = list(definition(left, right, keys, operator, passes))
            if kind == "INNER":
                expected = [row for row in expected if row[1] is not None]
            assert cursor.fetchall() == expected, sql


@pytest.mark.parametrize("seed", range(100, 104))
def test_duckdb_without_ties(server, seed):
    choose = random.Random(seed)
    print("seed", seed)
    left = rows(choose, 500, 2000, 0.05, False)
    right = rows(choose, 2000, 2000, 0.05, True)
    judge = duckdb.connect()
    judge.register("l", table(left))
    judge.register("r", table(right))
    with flight_sql.connect(server.uri, autocommit=True) as connection, connection.cursor() as cursor:
        cursor.adbc_ingest(f"dl{seed}", table(left), mode="replace")
        cursor.adbc_ingest(f"dr{seed}", table(right), mode="replace")
        for operator, mirrored in (("<=", ">="), ("<", ">"), (">=", "<="), (">", "<")):
            cursor.execute(
                f"SELECT l.id, r.id FROM dl{seed} l LEFT ASOF JOIN dr{seed} r MATCH_CONDITION (r.ts {operator} l.ts)"
                " ON l.k1 = r.k1 AND l.k2 = r.k2 ORDER BY l.id"
            )
            theirs = judge.execute(
                "SELECT l.id, r.id FROM l ASOF LEFT JOIN r"
                f" ON l.k1 = r.k1 AND l.k2 = r.k2 AND l.ts {mirrored} r.ts ORDER BY l.id"
            ).fetchall()
            assert cursor.fetchall() == theirs
