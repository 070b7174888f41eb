"""What DuckDB writes into Iceberg tables is what Sluice reads, and the other way round.

The table in docs/iceberg.md is what this finds; SLUICE_ICEBERG_MATRIX=write writes it.
"""

import adbc_driver_flightsql.dbapi as flight_sql
import pytest
from conftest import check_guide
from duckdb_iceberg import DuckDB
from pyiceberg.catalog import load_catalog
from seaweed import WAREHOUSE, SeaweedFS
from sluice_server import Server
from test_iceberg_histories import catalog

COLUMNS = "id BIGINT, s VARCHAR, ts TIMESTAMP, tz TIMESTAMPTZ, day DATE, d DECIMAL(9, 2), i INTEGER, f FLOAT"
ROWS = """SELECT i AS id, CASE WHEN i % 5 = 0 THEN NULL ELSE 's' || (i % 4) END AS s,
  TIMESTAMP '1969-12-29 22:30:00.000007' + i * INTERVAL 7 HOUR AS ts,
  TIMESTAMPTZ '1969-12-29 22:30:00.000007+00' + i * INTERVAL 7 HOUR AS tz,
  DATE '1969-12-20' + CAST(i * 9 AS INTEGER) AS day, CASE WHEN i % 7 = 3 THEN NULL ELSE (i - 4) * 1.25 END AS d,
  CAST(i - 4 AS INTEGER) AS i, CAST((i - 4) / 4 AS FLOAT) AS f FROM range({}, {}) AS r(i)"""
CHANGES = (
    "DELETE FROM {t} WHERE id IN (3, 7)",
    "UPDATE {t} SET s = 'new' WHERE id = 6",
    """MERGE INTO {t} USING (SELECT unnest([8, 100])::BIGINT AS n) AS u ON id = n
      WHEN MATCHED THEN UPDATE SET s = 'merged' WHEN NOT MATCHED THEN INSERT (id, s) VALUES (n, 'inserted')""",
)


def insert(first, end):
    return "INSERT INTO {t} " + ROWS.format(first, end)


class Cases:
    def __init__(self, folder, weed, uri):
        self.weed = weed
        self.lake = catalog(folder / "lake")
        self.connection = flight_sql.connect(uri, autocommit=True)
        self.cursor = self.connection.cursor()
        tokens = f"{weed.catalog.url}/v1/oauth/tokens"
        self.cursor.execute(
            f"""CREATE CATALOG w WITH ('type' = 'rest', 'uri' = '{weed.catalog.url}', 'warehouse' = 's3://{WAREHOUSE}',
            'credential' = '${{env:LAKE_admin}}', 'oauth2-server-uri' = '{tokens}')"""
        )
        self.cursor.execute("CREATE SCHEMA w.duck")
        self.duckdb = DuckDB(folder)
        key, secret = weed.USERS["admin"]
        self.duckdb.execute(
            f"CREATE SECRET c (TYPE iceberg, CLIENT_ID '{key}', CLIENT_SECRET '{secret}', OAUTH2_SERVER_URI '{tokens}')"
        )
        self.duckdb.execute(
            f"ATTACH 's3://{WAREHOUSE}' AS w (TYPE iceberg, ENDPOINT '{weed.catalog.url}', SECRET c, READ_ONLY false)"
        )
        self.lines = []
        self.number = 0

    def query(self, sql):
        self.cursor.execute(sql)
        return self.cursor.fetch_arrow_table()

    def same(self, name, what, theirs=None):
        """Both read the same rows."""
        theirs = self.duckdb.query(f"SELECT * FROM {theirs or name}")
        ours = self.query(f"SELECT * FROM {name}")
        assert ours.column_names == theirs.column_names, what
        texts = [sorted(map(repr, table.to_pylist())) for table in (ours.cast(theirs.schema), theirs)]
        assert texts[0] == texts[1], what
        return len(ours)

    def made(self):
        self.number += 1
        return f"w.duck.m{self.number}"

    def write(self, *steps, columns=COLUMNS, version=2, clauses=""):
        name = self.made()
        # in table buckets, data/ takes no Puffin
        path = f"s3://{WAREHOUSE}/{name.removeprefix('w.').replace('.', '/')}/_data"
        self.duckdb.execute(
            f"CREATE TABLE {name} ({columns}) {clauses} WITH ('format-version' = '{version}', 'write.data.path' = '{path}')"
        )
        for step in steps:
            self.duckdb.execute(step.replace("{t}", name))
        return name

    def both(self, what, *steps, columns=COLUMNS, version=2, clauses="", last="id IN (1, 104)"):
        """DuckDB makes the table and takes the steps; then Sluice adds the same rows and changes some, and DuckDB again."""
        name = self.write(*steps, columns=columns, version=version, clauses=clauses)
        rows = self.same(name, what)
        assert rows > 0, what
        self.cursor.execute(f"INSERT INTO {name} SELECT * FROM {name}")
        self.cursor.execute(f"DELETE FROM {name} WHERE id = 2")
        self.cursor.execute(f"UPDATE {name} SET id = id + 100 WHERE id = 4")
        assert self.same(name, what) == 2 * rows - 2
        self.duckdb.execute(f"DELETE FROM {name} WHERE {last}")
        self.cursor.execute(f"OPTIMIZE {name}")
        assert self.same(name, what) < 2 * rows - 2
        self.lines.append(f"| {what} | the same rows | the same rows |\n")

    def wrong_partition(self):
        """DuckDB puts deletes from files of an earlier partitioning under the last one, where by the format they delete nothing.

        It names their data file under a field id that is not the format's. PyIceberg has the rows, too.
        """
        steps = insert(0, 9), "ALTER TABLE {t} SET PARTITIONED BY (bucket(3, id))", "DELETE FROM {t} WHERE id IN (2, 6)"
        name = self.write(*steps, clauses="PARTITIONED BY (s)")
        judge = load_catalog("judge", **self.weed.properties()).load_table(name.removeprefix("w."))
        theirs = sorted(judge.scan().to_arrow().column("id").to_pylist())
        assert sorted(self.query(f"SELECT id FROM {name}").column(0).to_pylist()) == theirs == list(range(9))
        assert self.duckdb.query(f"SELECT id FROM {name}").num_rows == 7
        name = self.write(*steps, clauses="PARTITIONED BY (s)", version=3)
        with pytest.raises(flight_sql.Error, match="artition"):
            self.query(f"SELECT id FROM {name}")
        what = "rows deleted from files of an earlier partitioning"
        self.lines.append(f"| {what}, version 2 | they are there, as in PyIceberg: see below | not written |\n")
        self.lines.append(f"| {what}, version 3 | refused: see below | not written |\n")

    def close(self):
        self.cursor.close()
        self.connection.close()
        self.duckdb.stop()


@pytest.fixture(scope="module")
def cases(tmp_path_factory):
    folder = tmp_path_factory.mktemp("duckdb")
    weed = SeaweedFS(folder / "weed")
    try:
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("LAKE_admin", weed.credential("admin"))
            with Server(folder / "lake") as running:
                opened = Cases(folder, weed, running.uri)
                yield opened
                opened.close()
    finally:
        weed.stop()


def test_matrix(cases):
    for version in (2, 3):
        cases.both(f"format version {version}", insert(0, 12), insert(12, 15), version=version)
    nested = """INSERT INTO {t} SELECT i, i % 2 = 0, i / 3, CAST('b' || i AS BLOB), CAST(printf('%032d', i) AS UUID),
      TIME '01:02:03.4', CAST('-1234567890123456789012345678.5' AS DECIMAL(38, 10)) + i,
      CASE WHEN i % 3 = 0 THEN NULL ELSE [i, NULL] END, CASE WHEN i = 5 THEN NULL ELSE {'p': i, 'q': 'x'} END,
      MAP {'a': i} FROM range(9) AS r(i)"""
    cases.both(
        "boolean, double, binary, uuid, time, wide decimals, lists, structs, maps", nested,
        columns="id BIGINT, flag BOOLEAN, x DOUBLE, b BLOB, u UUID, t TIME, big DECIMAL(38, 10), list BIGINT[], "
        "r STRUCT(p INTEGER, q VARCHAR), m MAP(VARCHAR, BIGINT)",
    )
    for version, what in ((2, "position deletes"), (3, "deletion vectors")):
        cases.both(f"`DELETE`, `UPDATE`, `MERGE`, {what}", insert(0, 12), *CHANGES, insert(12, 20), version=version)
    for clause in (
        "s", "bucket(4, id)", "truncate(1, s)", "year(ts)", "month(day)", "day(tz)", "hour(ts)",
    ):
        what = f"partitions by {clause.split('(')[0] if '(' in clause else 'identity'}"
        cases.both(what, insert(0, 12), *CHANGES[:2], clauses=f"PARTITIONED BY ({clause})", version=2 + cases.number % 2)
    cases.both(
        "partitions that change",
        insert(0, 9), CHANGES[0], "ALTER TABLE {t} SET PARTITIONED BY (bucket(3, id))",
        insert(9, 15), "DELETE FROM {t} WHERE id = 10", "ALTER TABLE {t} SET PARTITIONED BY (month(ts))",
        insert(15, 20), "DELETE FROM {t} WHERE id = 16",
        version=3, clauses="PARTITIONED BY (s)", last="id IN (17, 104)",
    )
    for version in (2, 3):
        cases.both(
            f"columns added, dropped, renamed; int to long; version {version}",
            insert(0, 9), CHANGES[0], "ALTER TABLE {t} ADD COLUMN more INTEGER", "ALTER TABLE {t} RENAME COLUMN s TO text",
            "ALTER TABLE {t} DROP COLUMN day", "ALTER TABLE {t} ALTER COLUMN i TYPE BIGINT",
            "ALTER TABLE {t} ADD COLUMN day VARCHAR",
            "INSERT INTO {t} (id, text, i, more, day) VALUES (77, 'x', 5000000000, 5, 'd'), (78, NULL, 1, NULL, NULL)",
            "UPDATE {t} SET more = 9 WHERE id IN (6, 77)", version=version,
        )
    cases.wrong_partition()

    table = (
        f"DuckDB {cases.duckdb.execute('SELECT 1')}:\n\n"
        "| what | written by DuckDB, read by Sluice | written and changed by both, read by both |\n"
        "| --- | --- | --- |\n" + "".join(cases.lines)
    )
    check_guide("iceberg.md", "what DuckDB writes", table)


@pytest.mark.parametrize("version", (2, 3))
def test_tables_that_sluice_makes(cases, version):
    """In a catalog, which both write, and in the embedded lake, of which DuckDB reads the files."""
    rows = """SELECT v.id, v.s, TIMESTAMP '1969-12-31 12:00:00.5' + v.id * INTERVAL '5' HOUR AS ts, v.id * 1.25 AS d,
      CAST(v.id AS DOUBLE) / 3 AS x, DATE '1970-01-01' AS day, ARRAY[v.id, NULL] AS list, v.id > 3 AS flag
      FROM (VALUES (1, 'a'), (2, NULL), (3, 'c'), (4, 'd'), (5, 'a'), (6, 'b')) AS v(id, s)"""
    remote, local = cases.made(), f"made{version}"
    for name in (remote, local):
        path = f"""WITH ("format-version" = {version}"""
        if name == remote:
            path += f""", "write.data.path" = 's3://{WAREHOUSE}/{name.removeprefix('w.').replace('.', '/')}/_data'"""
        cases.cursor.execute(f"CREATE TABLE {name} {path}) AS {rows}")
        cases.cursor.execute(f"DELETE FROM {name} WHERE id = 4")
        cases.cursor.execute(f"ALTER TABLE {name} ADD COLUMN more INTEGER")
        cases.cursor.execute(f"ALTER TABLE {name} RENAME COLUMN s TO text")
        cases.cursor.execute(f"INSERT INTO {name} SELECT id + 6, text, ts, d, x, day, list, flag, 70 FROM {name} WHERE id = 1")
        cases.cursor.execute(f"UPDATE {name} SET more = 1 WHERE id = 1")
    assert cases.same(remote, remote) == 6
    cases.duckdb.execute(f"DELETE FROM {remote} WHERE id = 1")
    cases.duckdb.execute(f"UPDATE {remote} SET more = 2 WHERE id = 2")
    assert cases.same(remote, remote) == 5
    file = cases.lake.load_table(f"main.{local}").metadata_location.removeprefix("file://")
    assert cases.same(local, local, f"iceberg_scan('{file}')") == 6
