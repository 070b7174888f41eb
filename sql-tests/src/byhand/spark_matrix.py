"""What Spark writes is what Sluice reads, and the other way round; run by hand, as Spark is too large for every test run.

It needs Java 17 as `java`, the packages of sql-tests/requirements.txt and pyspark==4.1.4 in one venv, and Maven Central,
from where Spark loads Iceberg (or SPARK_JARS, a list of its jars with commas between):

    python3 -m venv /tmp/spark
    /tmp/spark/bin/pip install -r sql-tests/requirements.txt pyspark==4.1.4
    /tmp/spark/bin/python sql-tests/src/byhand/spark_matrix.py --write

Both work on tables of SeaweedFS's REST catalog, with credentials that it vends. With --write the table in docs/iceberg.md
becomes what was found; words after the options choose cases by parts of their names.
"""

import argparse
import datetime
import os
import pathlib
import sys
import tempfile
import time
import traceback

HOME = pathlib.Path(__file__).resolve().parents[3]
sys.path[:0] = [str(HOME / "sql-tests" / "src" / "test" / "python"), str(HOME / "docs" / "examples")]
# Spark's rows are local times
os.environ["TZ"] = "UTC"
time.tzset()

import adbc_driver_flightsql.dbapi as flight_sql  # noqa: E402
import pyarrow as pa  # noqa: E402
import pyspark  # noqa: E402
from pyspark.sql import SparkSession  # noqa: E402
from pyspark.sql.types import ArrayType, MapType, StructType, TimestampType  # noqa: E402
from seaweed import WAREHOUSE, SeaweedFS  # noqa: E402
from sluice_server import Server  # noqa: E402

ICEBERG = "1.12.0"
JARS = f"org.apache.iceberg:iceberg-spark-runtime-4.1_2.13:{ICEBERG},org.apache.iceberg:iceberg-aws-bundle:{ICEBERG}"
GUIDE = HOME / "docs" / "iceberg.md"
BEGIN = "<!-- what Spark writes: begin -->\n"
END = "<!-- what Spark writes: end -->\n"
UTC = datetime.timezone.utc

# x is first as the catalog takes no partition of the first column: Spark numbers it 0
COLUMNS = """x DOUBLE, id BIGINT, s STRING, ts TIMESTAMP_NTZ, tz TIMESTAMP, day DATE, d DECIMAL(9, 2), big DECIMAL(38, 10), i INT,
  f FLOAT, flag BOOLEAN, b BINARY, list ARRAY<BIGINT>, m MAP<STRING, INT>,
  r STRUCT<p: INT, q: STRING, deep: STRUCT<z: DATE>>, rs ARRAY<STRUCT<p: INT, q: STRING>>"""

# NULLs in every column, times before 1970, both signs; few values, so that conditions meet rows
VALUES = {
    "id": "id",
    "s": "IF(id % 5 = 0, NULL, concat('s', id % 4, IF(id % 3 = 0, ' and more than the bounds of a column keep, ü€', '')))",
    "ts": "IF(id % 7 = 6, NULL, TIMESTAMP_NTZ '1969-12-30 22:30:00.000007' + make_dt_interval(0, id * 7))",
    "tz": "IF(id % 7 = 5, NULL, TIMESTAMP '1969-12-30 22:30:00.000007Z' + make_dt_interval(0, id * 7))",
    "day": "IF(id % 7 = 4, NULL, date_add(DATE '1969-12-20', CAST(id * 9 AS INT)))",
    "d": "IF(id % 7 = 3, NULL, CAST((id - 4) * 1.25 AS DECIMAL(9, 2)))",
    "big": "IF(id % 7 = 2, NULL, CAST('-1234567890123456789012345678.0000000001' AS DECIMAL(38, 10)) + id)",
    "i": "IF(id % 7 = 1, NULL, CAST(id - 4 AS INT))",
    "f": "IF(id % 6 = 0, NULL, CAST((id - 4) / 4 AS FLOAT))",
    "x": "CASE WHEN id % 6 = 1 THEN NULL WHEN id % 8 = 5 THEN double('NaN') ELSE (id - 4) / 3 END",
    "flag": "IF(id % 6 = 2, NULL, id % 2 = 0)",
    "b": "IF(id % 6 = 3, NULL, CAST(concat('b', id % 4) AS BINARY))",
    "list": "CASE WHEN id % 6 = 4 THEN NULL WHEN id % 6 = 5 THEN array() ELSE array(id, NULL, -id) END",
    "m": "IF(id % 6 = 5, NULL, map(concat('k', id % 4), CAST(id AS INT), 'none', NULL))",
    "r": "IF(id % 4 = 0, NULL, named_struct('p', CAST(id AS INT), 'q', IF(id % 3 = 0, NULL, 'q'), 'deep',"
    " IF(id % 4 = 1, NULL, named_struct('z', date_add(DATE '1969-12-20', CAST(id AS INT))))))",
    "rs": "IF(id % 4 = 1, NULL, array(named_struct('p', CAST(id AS INT), 'q', concat('s', id)), NULL))",
}

# of which each is SQL of both
CONDITIONS = (
    "id IN (2, 5, 11)",
    "ts < CAST('1970-01-02 12:00:00' AS {timestamp})",
    "s = 's1'",
    "day = DATE '1970-01-07'",
    "id > 8",
    "s IS NULL",
    "d <= 0",
    "s LIKE 's2%'",
    "i <> 3",
    "day > DATE '1970-02-01' OR day IS NULL",
    "flag",
    "f > 0",
    "tz >= CAST('1970-01-02 12:00:00+00:00' AS {timestamptz})",
    "big IS NOT NULL AND id < 4",
)
SPARK = {"timestamp": "TIMESTAMP_NTZ", "timestamptz": "TIMESTAMP"}
SLUICE = {"timestamp": "TIMESTAMP", "timestamptz": "TIMESTAMP WITH TIME ZONE"}


def fill(first, end, columns=tuple(VALUES), table="{t}"):
    listed = ", ".join(f"{VALUES[name]} AS {name}" for name in columns)
    return f"INSERT INTO {table} ({', '.join(columns)}) SELECT {listed} FROM range({first}, {end}, 1, 1)"


def of_spark(value, kind):
    """As Arrow's to_pylist has it."""
    match kind:
        case _ if value is None:
            return None
        case StructType():
            return {field.name: of_spark(value[at], field.dataType) for at, field in enumerate(kind.fields)}
        case ArrayType():
            return [of_spark(each, kind.elementType) for each in value]
        case MapType():
            return sorted((of_spark(k, kind.keyType), of_spark(v, kind.valueType)) for k, v in value.items())
        case TimestampType():
            return value.replace(tzinfo=UTC)
    return bytes(value) if isinstance(value, bytearray) else value


def of_arrow(value, kind):
    match value:
        case dict():
            return {field.name: of_arrow(value[field.name], field.type) for field in kind}
        case list() if pa.types.is_map(kind):
            return sorted((of_arrow(k, kind.key_type), of_arrow(v, kind.item_type)) for k, v in value)
        case list():
            return [of_arrow(each, kind.value_type) for each in value]
        case datetime.datetime() if value.tzinfo:
            return value.astimezone(UTC)
    return value


class Cases:
    def __init__(self, spark, sluice, chosen):
        self.spark = spark
        self.connection = flight_sql.connect(sluice, autocommit=True)
        self.cursor = self.connection.cursor()
        self.chosen = chosen
        self.lines = []
        self.failed = []
        self.number = 0

    def by_spark(self, sql):
        frame = self.spark.sql(sql)
        kind = frame.schema
        return kind.fieldNames(), [of_spark(row, kind) for row in frame.collect()]

    def by_sluice(self, sql):
        self.cursor.execute(sql)
        table = self.cursor.fetch_arrow_table()
        return table.column_names, [
            {name: of_arrow(value, table.schema.field(name).type) for name, value in row.items()}
            for row in table.to_pylist()
        ]

    def agree(self, spark_sql, sluice_sql):
        self.equal(self.by_spark(spark_sql), self.by_sluice(sluice_sql), sluice_sql)

    def equal(self, theirs, ours, sql):
        assert ours[0] == theirs[0], f"{sql}: columns {ours[0]} and {theirs[0]}"
        texts = [sorted(map(repr, rows)) for rows in (ours[1], theirs[1])]
        if texts[0] != texts[1]:
            lacks = [row for row in texts[1] if row not in texts[0]][:3]
            extra = [row for row in texts[0] if row not in texts[1]][:3]
            raise AssertionError(f"{sql}: {len(texts[0])} and {len(texts[1])} rows\nlacks {lacks}\nhas instead {extra}")

    def same(self, name, thorough=False):
        """The same rows now, and if thorough below conditions and in earlier snapshots."""
        columns = self.spark.table(name).columns
        usable = [each for each in CONDITIONS if all(word not in each.split() or word in columns for word in VALUES)]
        usable = usable[self.number % 3 :: 3] if thorough else []
        asked = "".join(f", {each.format(**SPARK)} AS `? {each}`" for each in usable)
        _, found = self.by_spark(f"SELECT *{asked} FROM {name}")
        theirs = [{column: row[column] for column in columns} for row in found]
        self.equal((columns, theirs), self.by_sluice(f"SELECT * FROM {name}"), f"SELECT * FROM {name}")
        for each in usable:
            expected = [plain for plain, row in zip(theirs, found) if row[f"? {each}"]]
            sql = f"SELECT * FROM {name} WHERE {each.format(**SLUICE)}"
            self.equal((columns, expected), self.by_sluice(sql), sql)
        ids = [row["id"] for row in theirs]
        _, extremes = self.by_sluice(f"SELECT count(*) AS n, min(id) AS a, max(id) AS b FROM {name}")
        assert not ids or list(extremes[0].values()) == [len(ids), min(ids), max(ids)], extremes
        if thorough:
            _, snapshots = self.by_spark(f"SELECT snapshot_id FROM {name}.snapshots ORDER BY committed_at DESC LIMIT 4")
            for snapshot in (row["snapshot_id"] for row in snapshots[1:]):
                self.agree(
                    f"SELECT * FROM {name} VERSION AS OF {snapshot}", f"SELECT * FROM {name} FOR VERSION AS OF {snapshot}"
                )
        return len(theirs)

    def both(self, what, *steps, version=2, columns=COLUMNS, clauses="", by_sluice=True, properties=()):
        """Spark makes the table and takes the steps; then Sluice adds rows and changes some, and Spark again."""
        if self.chosen and not any(part in what for part in self.chosen):
            return
        self.number += 1
        name = f"w.spark.m{self.number}"
        listed = {
            "format-version": version,
            # in table buckets, data/ takes no Puffin
            "write.data.path": f"s3://{WAREHOUSE}/spark/m{self.number}/_data",
            **{f"write.{each}.mode": "merge-on-read" for each in ("delete", "update", "merge")},
            **dict(properties),
        }
        options = ", ".join(f"'{key}' = '{value}'" for key, value in listed.items())
        found = ["the same rows", "the same rows" if by_sluice else "not written"]
        print(f"{datetime.datetime.now():%H:%M:%S} {name}: {what}", flush=True)
        try:
            self.spark.sql(f"CREATE TABLE {name} ({columns}) USING iceberg {clauses} TBLPROPERTIES ({options})")
            for step in steps:
                step(self, name) if callable(step) else self.spark.sql(step.replace("{t}", name))
            count = self.same(name, thorough=True)
            assert count > 0, "no rows"
        except Exception as failure:
            found = [self.told(what, failure), "not written"]
        if found[0] == "the same rows" and by_sluice:
            try:
                self.cursor.execute(f"INSERT INTO {name} SELECT * FROM {name}")
                self.cursor.execute(f"DELETE FROM {name} WHERE id = 11")
                self.cursor.execute(f"UPDATE {name} SET id = id + 100 WHERE id = 4")
                assert self.same(name) > count
                self.spark.sql(f"DELETE FROM {name} WHERE id IN (2, 104)")
                self.same(name)
                self.cursor.execute(f"OPTIMIZE {name}")
                self.same(name)
            except Exception as failure:
                found[1] = self.told(what, failure)
        self.lines.append(f"| {what} | {found[0]} | {found[1]} |\n")

    def refused(self, what, *steps, message, **more):
        """Sluice says by name what it does not read."""
        def told(cases, name):
            try:
                self.by_sluice(f"SELECT * FROM {name}")
            except flight_sql.Error as failure:
                assert message in str(failure), str(failure)
                raise Refused from None
            raise AssertionError("it is not refused")

        self.both(what, *steps, told, by_sluice=False, **more)

    def told(self, what, failure):
        if isinstance(failure, Refused):
            return "refused by name"
        self.failed.append(what)
        traceback.print_exception(failure, limit=4)
        return "NOT THE SAME: " + str(failure).splitlines()[0][:100].replace("|", "/")

    def close(self):
        self.cursor.close()
        self.connection.close()


class Refused(Exception):
    pass


def sluice(sql):
    """A step that Sluice takes."""
    return lambda cases, name: cases.cursor.execute(sql.replace("{t}", name))


DELETE = "DELETE FROM {t} WHERE id % 4 = 1"
UPDATE = "UPDATE {t} SET s = 'new', d = d + 1 WHERE id % 4 = 2"
MERGE = """MERGE INTO {t} AS t USING (SELECT id, CAST(id AS INT) AS i FROM range(15, 25, 1, 1)) AS n ON t.id = n.id
  WHEN MATCHED AND n.id % 2 = 0 THEN DELETE WHEN MATCHED THEN UPDATE SET s = 'merged'
  WHEN NOT MATCHED THEN INSERT (id, i, s) VALUES (n.id, n.i, 'inserted')"""
NARROW = ("id", "s", "ts", "tz", "day", "d", "i", "flag")
AGAIN = "DELETE FROM {t} WHERE id % 4 = 3 AND id > 5"


def call(procedure, more=""):
    return f"CALL w.system.{procedure}(table => '{{t}}'{', ' + more if more else ''})"


def forget(cases, name):
    cases.spark.sql(
        f"CALL w.system.expire_snapshots(table => '{name}', older_than => TIMESTAMP '2100-01-01 00:00:00', retain_last => 1)"
    )


def overwrite_partitions(cases, name):
    cases.spark.conf.set("spark.sql.sources.partitionOverwriteMode", "dynamic")
    columns = ", ".join(f"{VALUES[each]} AS {each}" for each in VALUES)
    cases.spark.sql(f"INSERT OVERWRITE {name} SELECT {columns} FROM range(40, 43, 1, 1)")
    cases.spark.conf.set("spark.sql.sources.partitionOverwriteMode", "static")


def branch(cases, name):
    cases.spark.sql(f"ALTER TABLE {name} CREATE BRANCH other")
    cases.spark.sql(f"ALTER TABLE {name} CREATE TAG kept")
    cases.spark.sql(fill(30, 36, table=f"{name}.branch_other"))
    cases.spark.sql(f"DELETE FROM {name}.branch_other WHERE id < 4")
    cases.spark.sql(f"DELETE FROM {name} WHERE id = 6")
    for ref in ("other", "kept"):
        cases.agree(f"SELECT * FROM {name} VERSION AS OF '{ref}'", f"SELECT * FROM {name} FOR VERSION AS OF '{ref}'")


def lineage(cases, name):
    """Ids of rows are the same in both, after deletes, updates and copies."""
    what = f"SELECT id, _row_id, _last_updated_sequence_number FROM {name}"
    cases.agree(what, what)
    cases.spark.sql(f"ALTER TABLE {name} SET TBLPROPERTIES ('write.update.mode' = 'copy-on-write')")
    cases.spark.sql(f"UPDATE {name} SET i = 0 WHERE id = 8")
    cases.agree(what, what)
    cases.cursor.execute(f"UPDATE {name} SET i = 1 WHERE id = 12")
    cases.cursor.execute(f"OPTIMIZE {name}")
    cases.agree(what, what)
    cases.spark.sql(f"CALL w.system.rewrite_data_files(table => '{name}', options => map('rewrite-all', 'true'))")
    cases.agree(what, what)


def run(cases):
    for version in (1, 2, 3):
        modes = {f"write.{each}.mode": "copy-on-write" for each in ("delete", "update", "merge")} if version == 1 else {}
        cases.both(f"format version {version}", fill(0, 20), fill(20, 24), version=version, properties=modes)
    cases.both(
        "files compressed by snappy, gzip, zstd, lz4 and not at all",
        *(step for at, codec in enumerate(("snappy", "gzip", "zstd", "lz4", "uncompressed")) for step in (
            f"ALTER TABLE {{t}} SET TBLPROPERTIES ('write.parquet.compression-codec' = '{codec}')", fill(5 * at, 5 * at + 5))),
        properties={"write.parquet.page-row-limit": 3},
    )
    cases.both(
        "files without dictionaries, with Bloom filters",
        fill(0, 20),
        properties={"write.parquet.dict-size-bytes": 1, "write.parquet.bloom-filter-enabled.column.s": "true"},
    )
    cases.both("no bounds of columns", fill(0, 20), DELETE, properties={"write.metadata.metrics.default": "none"})
    for granularity in ("file", "partition"):
        cases.both(
            f"`DELETE`, `UPDATE`, `MERGE` on read, version 2, position deletes of a {granularity}",
            fill(0, 20), fill(20, 30), DELETE, UPDATE, MERGE, AGAIN,
            properties={"write.delete.granularity": granularity},
        )
    cases.both(
        "`DELETE`, `UPDATE`, `MERGE` by copying",
        fill(0, 20), DELETE, UPDATE, MERGE, AGAIN,
        properties={f"write.{each}.mode": "copy-on-write" for each in ("delete", "update", "merge")},
    )
    cases.both(
        "`DELETE`, `UPDATE`, `MERGE` on read, version 3, deletion vectors",
        fill(0, 20), fill(20, 30), DELETE, UPDATE, MERGE, AGAIN, version=3,
    )
    cases.both(
        "a table of version 2 with position deletes that becomes version 3",
        fill(0, 20), DELETE, "ALTER TABLE {t} SET TBLPROPERTIES ('format-version' = '3')", UPDATE, AGAIN, fill(20, 24), MERGE,
    )
    cases.both("ids of rows (`_row_id`)", fill(0, 20), DELETE, UPDATE, MERGE, lineage, version=3)
    for at, transforms in enumerate((
        ("s", "day", "d", "flag"),
        ("id", "i", "ts", "tz", "b"),
        ("bucket(4, id)", "bucket(2, s)"),
        ("bucket(2, ts)", "bucket(2, tz)", "bucket(2, day)", "bucket(2, d)", "bucket(2, i)", "bucket(2, b)"),
        ("truncate(1, s)", "truncate(5, id)", "truncate(50, d)", "truncate(1, b)"),
        ("years(ts)", "years(tz)", "years(day)"),
        ("months(ts)", "months(tz)", "months(day)"),
        ("days(ts)", "days(tz)", "days(day)"),
        ("hours(ts)", "hours(tz)"),
    )):
        listed = ", ".join(transforms)
        cases.both(
            f"partitions by {listed if '(' in listed else 'identity of ' + listed}",
            fill(0, 12), DELETE, UPDATE, fill(8, 16), version=2 + at % 2, clauses=f"PARTITIONED BY ({listed})",
        )
    for version in (2, 3):
        cases.both(
            f"partitions that change, version {version}",
            fill(0, 9), DELETE,
            "ALTER TABLE {t} ADD PARTITION FIELD bucket(3, id)", fill(5, 14), UPDATE,
            "ALTER TABLE {t} REPLACE PARTITION FIELD s WITH truncate(2, s) AS cut", fill(10, 20), AGAIN,
            "ALTER TABLE {t} DROP PARTITION FIELD bucket(3, id)", "ALTER TABLE {t} ADD PARTITION FIELD months(tz)",
            fill(20, 26), MERGE,
            version=version, clauses="PARTITIONED BY (s)",
        )
        cases.both(
            f"columns added, dropped, renamed, moved, version {version}",
            fill(0, 9), DELETE,
            "ALTER TABLE {t} RENAME COLUMN s TO text", "ALTER TABLE {t} DROP COLUMN b",
            "ALTER TABLE {t} ADD COLUMN more STRING AFTER id", "ALTER TABLE {t} ALTER COLUMN d FIRST",
            "ALTER TABLE {t} ADD COLUMN b INT",
            "INSERT INTO {t} (id, text, more, b) VALUES (10, 'ten', 'm', 1), (11, NULL, NULL, 2), (12, 'x', 'y', NULL)",
            "UPDATE {t} SET more = 'u' WHERE id IN (2, 10)", "DELETE FROM {t} WHERE id = 12 OR text = 's3'",
            "ALTER TABLE {t} RENAME COLUMN more TO s", version=version,
        )
        cases.both(
            f"int to long, float to double, wider decimals, version {version}",
            fill(0, 9), DELETE,
            "ALTER TABLE {t} ALTER COLUMN i TYPE BIGINT", "ALTER TABLE {t} ALTER COLUMN f TYPE DOUBLE",
            "ALTER TABLE {t} ALTER COLUMN d TYPE DECIMAL(20, 2)", "ALTER TABLE {t} ALTER COLUMN r.p TYPE BIGINT",
            "ALTER TABLE {t} ALTER COLUMN m.value TYPE BIGINT",
            fill(9, 20), "UPDATE {t} SET i = 5000000000, d = 123456789012345678.25 WHERE id IN (2, 10)", AGAIN,
            version=version, clauses="PARTITIONED BY (truncate(2, i))",
        )
        cases.both(
            f"fields of structs, in lists too, added, renamed, moved, dropped, version {version}",
            fill(0, 9), DELETE,
            "ALTER TABLE {t} ADD COLUMN r.new STRING", "ALTER TABLE {t} RENAME COLUMN r.q TO quick",
            "ALTER TABLE {t} ADD COLUMN r.deep.y INT",
            "ALTER TABLE {t} DROP COLUMN rs.element.q", "ALTER TABLE {t} ADD COLUMN rs.element.more ARRAY<INT>",
            "ALTER TABLE {t} ALTER COLUMN r.new FIRST",
            """INSERT INTO {t} (id, r, rs) VALUES (20, named_struct('new', 'n', 'p', 1, 'quick', 'q', 'deep',
                named_struct('z', DATE '2026-01-01', 'y', 5)), array(named_struct('p', 1, 'more', array(1, NULL))))""",
            "UPDATE {t} SET r.new = 'u' WHERE id IN (2, 3)",
            "ALTER TABLE {t} DROP COLUMN r.p", version=version,
        )
    cases.both(
        "a partition's column renamed, its type widened",
        fill(0, 9, NARROW), "ALTER TABLE {t} RENAME COLUMN i TO n", "ALTER TABLE {t} ALTER COLUMN n TYPE BIGINT",
        "INSERT INTO {t} (id, n) VALUES (30, 5000000000), (31, 2)", DELETE, clauses="PARTITIONED BY (i)",
    )
    cases.both("`INSERT OVERWRITE` of partitions", fill(0, 20), overwrite_partitions, clauses="PARTITIONED BY (s)")
    cases.both("`WRITE ORDERED BY`", "ALTER TABLE {t} WRITE ORDERED BY s DESC NULLS LAST, bucket(3, id)", fill(0, 20), DELETE)
    properties = {"write.object-storage.enabled": "true"}
    cases.both(
        "paths by hash (`write.object-storage.enabled`)",
        fill(0, 20), DELETE, properties=properties, clauses="PARTITIONED BY (s)",
    )
    cases.both("branches and tags", fill(0, 20), branch)
    for version in (2, 3):
        everything = "options => map('rewrite-all', 'true')"
        changed = (fill(0, 20), fill(10, 30), DELETE, UPDATE, AGAIN)
        cases.both(
            f"compaction (`rewrite_data_files`), version {version}",
            *changed, call("rewrite_data_files", everything), MERGE, version=version,
        )
        cases.both(
            f"compaction in order and in z-order, partitioned, version {version}",
            *changed, call("rewrite_data_files", f"strategy => 'sort', sort_order => 'd DESC, id', {everything}"), MERGE,
            call("rewrite_data_files", f"strategy => 'sort', sort_order => 'zorder(id, i)', {everything}"),
            AGAIN, version=version, clauses="PARTITIONED BY (truncate(2, s))",
        )
        cases.both(
            f"compaction of delete files and manifests, version {version}",
            *changed, call("rewrite_position_delete_files", everything),
            call("rewrite_manifests"), MERGE, version=version, clauses="PARTITIONED BY (bucket(2, id))",
        )
        cases.both(f"old snapshots expired, version {version}", *changed, MERGE, forget, fill(30, 33), version=version)
    cases.both("rolled back to a snapshot", fill(0, 20), roll_back, fill(30, 33))
    for kind in ("avro", "orc"):
        properties = {"write.format.default": kind}
        cases.refused(f"data files of {kind}", fill(0, 5), message=kind.upper(), properties=properties)
    cases.refused(
        "columns of type variant", "INSERT INTO {t} SELECT 1, parse_json('{\"a\": 1}')",
        message="variant", version=3, columns="id BIGINT, v VARIANT",
    )
    made_by_sluice(cases)


def roll_back(cases, name):
    first = cases.spark.sql(f"SELECT snapshot_id FROM {name}.snapshots ORDER BY committed_at").collect()[0][0]
    cases.spark.sql(f"DELETE FROM {name} WHERE id > 5")
    cases.spark.sql(f"CALL w.system.rollback_to_snapshot('{name}', {first})")


def made_by_sluice(cases):
    """Tables that Sluice makes, changed by both in turn."""
    for version in (2, 3):
        what = f"a table that Sluice makes, version {version}"
        if cases.chosen and not any(part in what for part in cases.chosen):
            continue
        name = f"w.spark.s{version}"
        print(f"{datetime.datetime.now():%H:%M:%S} {name}: {what}", flush=True)
        try:
            cases.cursor.execute(
                f"""CREATE TABLE {name} WITH ("format-version" = {version},
                "write.data.path" = 's3://{WAREHOUSE}/spark/s{version}/_data') AS
                SELECT v.id, v.s, TIMESTAMP '1969-12-31 12:00:00' + v.id * INTERVAL '5' HOUR AS ts,
                  DATE '1970-01-01' AS day, v.id / 4.0 AS d, CAST(v.id AS INTEGER) AS i, v.id > 2 AS flag,
                  ARRAY[v.id, NULL] AS list, CAST(v.id AS DOUBLE) AS x
                FROM (VALUES (1, 'a'), (2, NULL), (3, 'c'), (4, 'd'), (5, 'a'), (6, 'b')) AS v(id, s)"""
            )
            cases.same(name, thorough=True)
            for each in ("delete", "update", "merge"):
                cases.spark.sql(f"ALTER TABLE {name} SET TBLPROPERTIES ('write.{each}.mode' = 'merge-on-read')")
            cases.spark.sql(f"DELETE FROM {name} WHERE id = 2")
            cases.spark.sql(f"UPDATE {name} SET s = 'spark' WHERE id = 3")
            cases.same(name)
            cases.spark.sql(f"ALTER TABLE {name} ADD PARTITION FIELD truncate(1, s)")
            cases.spark.sql(f"ALTER TABLE {name} ADD COLUMN more STRING")
            cases.cursor.execute(f"INSERT INTO {name} SELECT * FROM {name}")
            cases.cursor.execute(f"UPDATE {name} SET more = 'sluice' WHERE id IN (1, 3)")
            cases.same(name)
            cases.spark.sql(f"DELETE FROM {name} WHERE id = 1")
            cases.same(name)
            found = "the same rows"
        except Exception as failure:
            found = cases.told(what, failure)
        cases.lines.append(f"| {what} | {found} | {found} |\n")


def spark_session(weed, folder):
    catalog = {
        **{key: value for key, value in weed.properties().items() if key != "type"},
        "type": "rest",
        "io-impl": "org.apache.iceberg.aws.s3.S3FileIO",
        "client.region": "us-east-1",
        "cache-enabled": "false",
    }
    builder = SparkSession.builder.appName("matrix").master("local[1]").config("spark.driver.memory", "2g")
    builder = builder.config("spark.sql.catalog.w", "org.apache.iceberg.spark.SparkCatalog")
    for key, value in catalog.items():
        builder = builder.config(f"spark.sql.catalog.w.{key}", value)
    for key, value in {
        "spark.sql.extensions": "org.apache.iceberg.spark.extensions.IcebergSparkSessionExtensions",
        "spark.sql.session.timeZone": "UTC",
        "spark.sql.shuffle.partitions": "2",
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.sql.warehouse.dir": f"{folder}/warehouse",
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
        **({"spark.jars": os.environ["SPARK_JARS"]} if "SPARK_JARS" in os.environ else {"spark.jars.packages": JARS}),
    }.items():
        builder = builder.config(key, value)
    session = builder.getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    return session


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--write", action="store_true", help="write the table in docs/iceberg.md")
    options.add_argument("cases", nargs="*", help="parts of the names of cases")
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        weed = SeaweedFS(pathlib.Path(folder) / "weed")
        try:
            os.environ["LAKE_admin"] = weed.credential("admin")
            with Server(pathlib.Path(folder) / "lake", java_options="-Xmx2g") as running:
                cases = Cases(spark_session(weed, folder), running.uri, chosen.cases)
                listed = {
                    "type": "rest",
                    "uri": weed.catalog.url,
                    "warehouse": f"s3://{WAREHOUSE}",
                    "credential": "${env:LAKE_admin}",
                    "oauth2-server-uri": f"{weed.catalog.url}/v1/oauth/tokens",
                }
                properties = ", ".join(f"'{key}' = '{value}'" for key, value in listed.items())
                cases.cursor.execute(f"CREATE CATALOG w WITH ({properties})")
                cases.spark.sql("CREATE NAMESPACE w.spark")
                run(cases)
                cases.close()
                cases.spark.stop()
        finally:
            weed.stop()
    head = (
        f"Spark {pyspark.__version__} with Iceberg {ICEBERG}, by hand, {datetime.date.today()}:\n\n"
        "| what | written by Spark, read by Sluice | written and changed by both, read by both |\n| --- | --- | --- |\n"
    )
    guide = GUIDE.read_text()
    begin, end = guide.index(BEGIN) + len(BEGIN), guide.index(END)
    lines = {line.split(" | ")[0]: line for line in cases.lines}
    if chosen.cases:  # the others stay
        old = [line for line in guide[begin:end].splitlines(keepends=True) if line.startswith("| ")][2:]
        lines = {line.split(" | ")[0]: line for line in old} | lines
    table = head + "".join(lines.values())
    if chosen.write:
        GUIDE.write_text(guide[:begin] + table + guide[end:])
    print(table)
    if cases.failed:
        sys.exit(f"{len(cases.failed)} cases failed: {cases.failed}")


if __name__ == "__main__":
    main()
