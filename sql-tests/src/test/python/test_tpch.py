"""TPC-H at scale factor 1: the 22 queries over the same Parquet files in Sluice and in DuckDB."""

import datetime
import decimal
import math
import pathlib
import shutil
import subprocess
import sys

import adbc_driver_flightsql.dbapi as flight_sql
import duckdb
import pytest

TABLES = ("customer", "lineitem", "nation", "orders", "part", "partsupp", "region", "supplier")
QUERIES = sorted((pathlib.Path(__file__).parents[1] / "resources" / "tpch").glob("q*.sql"))


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    folder = tmp_path_factory.mktemp("tpch")
    generator = pathlib.Path(sys.executable).with_name("tpchgen-cli")
    subprocess.run(
        [generator, "parquet", "-s", "1", f"--output-dir={folder}"],
        check=True,
        capture_output=True,
    )
    yield folder
    shutil.rmtree(folder)


@pytest.fixture(scope="module")
def sluice(files, server):
    with flight_sql.connect(server.uri, autocommit=True) as connection, connection.cursor() as cursor:
        cursor.execute("CREATE SCHEMA tpch")
        for table in TABLES:
            cursor.execute(f"CALL register_parquet('tpch.{table}', '{files / table}.parquet')")
        cursor.execute("USE tpch")
        yield cursor


@pytest.fixture(scope="module")
def judge(files):
    connection = duckdb.connect()
    for table in TABLES:
        connection.execute(f"CREATE VIEW {table} AS SELECT * FROM '{files / table}.parquet'")
    yield connection
    connection.close()


def same(ours, theirs):
    if isinstance(ours, (float, decimal.Decimal)) and isinstance(theirs, (float, decimal.Decimal)):
        return math.isclose(float(ours), float(theirs), rel_tol=1e-9, abs_tol=1e-9)
    if isinstance(theirs, datetime.datetime) and isinstance(ours, datetime.date):
        return ours == theirs.date()
    return ours == theirs


@pytest.mark.parametrize("path", QUERIES, ids=lambda path: path.stem)
def test_query(path, sluice, judge):
    sql = path.read_text()
    sluice.execute(sql)
    ours = sluice.fetchall()
    theirs = judge.execute(sql).fetchall()
    assert len(ours) == len(theirs)
    for row, (left, right) in enumerate(zip(ours, theirs)):
        assert len(left) == len(right)
        for column, (a, b) in enumerate(zip(left, right)):
            assert same(a, b), f"row {row}, column {column}: {a!r} instead of {b!r}"


def test_all_queries_are_there():
    assert len(QUERIES) == 22
