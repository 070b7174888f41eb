"""Training datasets: many servers and sudden death, an independent reckoning of splits, order and hashes, and what
other programs can do to a lake. SLUICE_KILLS says how often a creation is killed (default 20)."""

import concurrent.futures
import datetime
import decimal
import hashlib
import json
import os
import pathlib
import random
import sqlite3
import struct
import threading
import time

import adbc_driver_flightsql.dbapi as flight_sql
import adbc_driver_manager
import pyarrow as pa
import pytest
from training_history import query

LEASE = "-Dsluice.training.lease-seconds=1"
ATTEMPTS = int(os.environ.get("SLUICE_KILLS", "20"))


def run(server, sql):
    return query(server, sql).to_pylist()


# -------- several servers


@pytest.fixture
def two_servers(start, tmp_path):
    return [start(tmp_path / "lake", java_options=LEASE), start(tmp_path / "lake", java_options=LEASE)]


def pins(server, *tables):
    """Tags of training datasets on the tables."""
    names = " UNION ALL ".join(f"SELECT '{t}' AS t, name FROM {t}$refs" for t in tables)
    return {(r["t"], r["name"]) for r in run(server, names) if r["name"].startswith("sluice-pin-")}


def needed_pins(server):
    rows = run(server, "SELECT table_name, tag FROM system.training_dataset_inputs WHERE tag IS NOT NULL")
    return {(row["table_name"], row["tag"]) for row in rows}


def test_versions_made_at_once(two_servers):
    """Two servers, eight threads: every version has its own number, and the rows of the statement that made it."""
    first, second = two_servers
    run(first, "CREATE TABLE t (id BIGINT NOT NULL, x DOUBLE, PRIMARY KEY (id) NOT ENFORCED)")
    run(first, "INSERT INTO t SELECT id, id * 0.1 FROM (VALUES " + ", ".join(f"({i})" for i in range(100)) + ") AS v(id)")

    def create(worker):
        made = []
        for i in range(2):
            count = worker * 10 + i + 1
            # every other worker also writes to the input, so that snapshots and tags differ
            server = two_servers[worker % 2]
            if worker < 2:
                run(server, f"INSERT INTO t VALUES ({1000 * (worker + 1) + i}, 0.5)")
            sql = f"CREATE TRAINING DATASET d SPLIT BY RANDOM SEED 1 (train 0.5, test 0.5) AS SELECT id, x FROM t WHERE id < {count}"
            ((row),) = run(server, sql)
            assert row["created"]
            made.append((row["version"], count, row["hash"]))
        return made

    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        made = [version for versions in pool.map(create, range(8)) for version in versions]
    assert sorted(version for version, _, _ in made) == list(range(1, 17))
    for version, count, digest in made:
        for server in two_servers:
            ids = query(server, f"SELECT id FROM d FOR VERSION AS OF {version}").column(0).to_pylist()
            assert sorted(ids) == list(range(count)), version
        verified = run(first, f"VERIFY TRAINING DATASET d VERSION {version}")
        assert all(line["equal"] for line in verified) and verified[-1]["expected"] == digest
    assert pins(first, "t") == needed_pins(first)
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        drops = [f"DROP TRAINING DATASET d VERSION {version}" for version, _, _ in made]
        list(pool.map(lambda i: run(two_servers[i % 2], drops[i]), range(len(drops))))
    assert pins(second, "t") == set()


def test_one_number_is_made_once(two_servers):
    run(two_servers[0], "CREATE TABLE t AS SELECT 1 AS id, 0.5e0 AS x")

    def create(worker, version):
        try:
            sql = f"CREATE TRAINING DATASET d VERSION {version} KEY (id) AS SELECT id, x FROM t"
            return run(two_servers[worker % 2], sql)[0]["created"]
        except pa.ArrowException as refused:
            assert "COMMIT_CONFLICT" in str(refused), refused
            return None

    with concurrent.futures.ThreadPoolExecutor(6) as pool:
        for version in range(1, 6):
            answers = list(pool.map(lambda worker: create(worker, version), range(6)))
            assert answers.count(True) == 1, answers
            assert create(0, version) is False


def test_a_schema_is_made_once(two_servers):
    def create(worker, name):
        try:
            run(two_servers[worker % 2], f"CREATE SCHEMA {name}")
            return True
        except pa.ArrowException as refused:
            assert "ALREADY_EXISTS" in str(refused), refused
            return False

    with concurrent.futures.ThreadPoolExecutor(6) as pool:
        for i in range(10):
            answers = list(pool.map(lambda worker: create(worker, f"s{i}"), range(6)))
            assert answers.count(True) == 1, answers


def test_killed_creation(start, tmp_path):
    """kill -9 at a random moment of a creation leaves a whole version or none, and no tag once the lease has ended."""
    seed = random.randrange(2**32)
    print(f"seed {seed}")
    rng = random.Random(seed)
    folder = tmp_path / "lake"
    judge = start(folder, java_options=LEASE)
    rows = 60_000
    labels = pa.table({"id": range(rows), "k": [i % 500 for i in range(rows)], "ts": [i % 1000 for i in range(rows)]})
    features = pa.table({"k": [i % 500 for i in range(rows)], "at": [i % 999 for i in range(rows)], "v": [i * 0.1 for i in range(rows)]})
    with flight_sql.connect(judge.uri, autocommit=True) as connection, connection.cursor() as cursor:
        cursor.adbc_ingest("labels", labels, mode="create")
        cursor.adbc_ingest("features", features, mode="create")
        cursor.execute("CREATE TABLE small AS SELECT 1 AS id")
    statement = (
        "CREATE TRAINING DATASET d KEY (id) SPLIT BY RANDOM SEED 3 (train 0.7, test 0.3) FIT ON train (standardize(v))"
        " AS SELECT l.id, l.ts, f.v, f.at FROM labels l LEFT ASOF JOIN features f MATCH_CONDITION (f.at <= l.ts) ON f.k = l.k"
    )

    def create(server, answers):
        try:
            answers.append(run(server, statement))
        except Exception as failure:
            answers.append(failure)

    def victim():
        return start(folder, java_options=LEASE)

    server = victim()
    began = time.monotonic()
    create(server, answers := [])
    duration = time.monotonic() - began
    assert answers[0][0]["created"], answers
    server.kill()
    known = {1}
    moments = []
    for attempt in range(ATTEMPTS):
        # another snapshot, so that the version needs tags of its own
        run(judge, f"INSERT INTO labels (id, k, ts) VALUES ({rows + attempt}, 1, 1)")
        server = victim()
        worker = threading.Thread(target=create, args=(server, answers := []))
        worker.start()
        moment = rng.random() * duration
        time.sleep(moment)
        server.kill()
        worker.join()
        lease_ends = time.monotonic() + 1.2
        complete = {r["version"] for r in run(judge, "SELECT version FROM system.training_datasets WHERE state = 'complete' AND dataset = 'd'")}
        moments.append((round(moment, 2), len(complete - known)))
        assert complete >= known and len(complete - known) <= 1
        if not isinstance(answers[0], Exception):
            assert complete - known == {answers[0][0]["version"]}
        for version in complete - known:
            assert all(line["equal"] for line in run(judge, f"VERIFY TRAINING DATASET d VERSION {version}"))
            assert query(judge, f"SELECT id FROM d FOR VERSION AS OF {version}").num_rows == rows + attempt + 1
        known = complete
        time.sleep(max(0, lease_ends - time.monotonic()))
        # whoever creates a version next cleans up
        run(judge, f"CREATE TRAINING DATASET other KEY (id) AS SELECT id + {attempt} AS id FROM small")
        assert run(judge, "SELECT * FROM system.training_datasets WHERE state <> 'complete'") == [], moment
        assert pins(judge, "labels", "features", "small") == needed_pins(judge), moment
    print("killed after s, versions left:", moments)
    for version in known:
        run(judge, f"DROP TRAINING DATASET d VERSION {version}")
    assert pins(judge, "labels", "features") == set()
    run(judge, "DROP TABLE labels")


# -------- another reckoning: hashlib and docs/content-hash.md

EPOCH = datetime.datetime(1970, 1, 1)


def varied(value):
    return struct.pack("<I", len(value)) + value


def micros(value):
    return (value.replace(tzinfo=None) - EPOCH) // datetime.timedelta(microseconds=1)


# column: SQL type, its form in sluice-h1
FORMS = {
    "id": ("BIGINT", lambda x: struct.pack("<q", x)),
    "sub": ("VARCHAR", lambda x: varied(x.encode())),
    "small": ("SMALLINT", lambda x: struct.pack("<h", x)),
    "flag": ("BOOLEAN", lambda x: bytes([x])),
    "r": ("REAL", lambda x: struct.pack("<f", x) if x == x else struct.pack("<I", 0x7FC00000)),
    "d": ("DOUBLE", lambda x: struct.pack("<d", x) if x == x else struct.pack("<Q", 0x7FF8000000000000)),
    "n": ("DECIMAL(12, 3)", lambda x: int(x.scaleb(3)).to_bytes(16, "little", signed=True)),
    "day": ("DATE", lambda x: struct.pack("<i", (x - EPOCH.date()).days)),
    "at": ("TIMESTAMP(6)", lambda x: struct.pack("<q", micros(x))),
    "zoned": ("TIMESTAMP(6) WITH TIME ZONE", lambda x: struct.pack("<q", micros(x))),
    "raw": ("VARBINARY", varied),
}
INTEGERS = {"id", "small"}


def cell(column, value):
    return b"\x00" if value is None else b"\x01" + FORMS[column][1](value)


def wide(column, value):
    if value is not None and column in INTEGERS:
        return b"\x01" + struct.pack("<q", value)
    return cell(column, value)


def digest(seed, row, columns):
    data = struct.pack("<q", seed) + b"".join(wide(c, row[c]) for c in columns)
    return int.from_bytes(hashlib.sha256(data).digest()[:8], "big")


def content_hash(rows, split_type="VARCHAR"):
    header = b"".join(varied(n.encode()) + varied(t.encode()) for n, (t, _) in FORMS.items())
    header += varied(b"split") + varied(split_type.encode())
    total = 0
    for row in rows:
        data = b"".join(cell(c, row[c]) for c in FORMS) + b"\x01" + varied(row["split"].encode())
        total += int.from_bytes(hashlib.sha256(data).digest(), "big")
    return f"sluice-h1:{len(rows)}:{total % 2**256:064x}:{hashlib.sha256(header).hexdigest()}"


@pytest.fixture(scope="module")
def typed(server):
    """A table of every type in FORMS, keyed by (id, sub)."""
    seed = random.randrange(2**32)
    print(f"seed {seed}")
    rng = random.Random(seed)

    def some(value):
        return None if rng.random() < 0.1 else value

    rows = 3000
    moment = [EPOCH + datetime.timedelta(microseconds=rng.randrange(-(10**15), 2 * 10**15)) for _ in range(rows)]
    exact = decimal.Decimal("0.001")
    table = pa.table(
        {
            "id": pa.array([rng.randrange(-(2**40), 2**40) if i % 2 else i for i in range(rows)], pa.int64()),
            "sub": pa.array([f"s{i}\u00df" for i in range(rows)]),
            "small": pa.array([some(rng.randrange(-30, 30)) for _ in range(rows)], pa.int16()),
            "flag": pa.array([some(rng.random() < 0.5) for _ in range(rows)]),
            "r": pa.array([some(rng.choice([rng.gauss(0, 1), float("nan"), -0.0])) for _ in range(rows)], pa.float32()),
            "d": pa.array([some(rng.choice([rng.gauss(0, 1), float("nan"), -0.0])) for _ in range(rows)], pa.float64()),
            "n": pa.array([some(decimal.Decimal(rng.randrange(-(10**11), 10**11)) * exact) for _ in range(rows)], pa.decimal128(12, 3)),
            "day": pa.array([some(m.date()) for m in moment]),
            "at": pa.array(moment, pa.timestamp("us")),
            "zoned": pa.array([some(m) for m in moment], pa.timestamp("us", "UTC")),
            "raw": pa.array([some(bytes(rng.randrange(256) for _ in range(rng.randrange(9)))) for _ in range(rows)], pa.binary()),
        }
    )
    with flight_sql.connect(server.uri, autocommit=True) as connection, connection.cursor() as cursor:
        cursor.adbc_ingest("typed_t", table, mode="create")
    return table.to_pylist()


def cut(pairs, unit):
    """The split whose interval holds the unit."""
    total = decimal.Decimal(0)
    for name, fraction in pairs:
        total += decimal.Decimal(fraction)
        if unit < total:
            return name
    return None


def by_hash(columns, seed, pairs):
    def split(row):
        hashed = columns if all(row[c] is not None for c in columns) else ["id", "sub"]
        return cut(pairs, decimal.Decimal((digest(seed, row, hashed) >> 11) * 2.0**-53))

    return split


def by_time(row):
    return "old" if row["at"] < datetime.datetime(1999, 1, 1) else "new"


SPLITS = [
    ("SPLIT BY RANDOM SEED 42 (train 0.8, test 0.2)", 42, by_hash(["id", "sub"], 42, [("train", "0.8"), ("test", "0.2")])),
    ("SPLIT BY RANDOM SEED -7 (a 0.1, b 0.25)", -7, by_hash(["id", "sub"], -7, [("a", "0.1"), ("b", "0.25")])),
    ("SPLIT BY HASH (small) SEED 9 (train 0.5, test 0.5)", 9, by_hash(["small"], 9, [("train", "0.5"), ("test", "0.5")])),
    ("SPLIT BY HASH (flag, day) SEED 1 (train 0.3, test 0.7)", 1, by_hash(["flag", "day"], 1, [("train", "0.3"), ("test", "0.7")])),
    ("SPLIT BY TIME (at) (old UNTIL TIMESTAMP '1999-01-01 00:00:00', new)", 0, by_time),
    ("", 0, lambda row: "all"),
]


@pytest.mark.parametrize("clause,seed,split", SPLITS, ids=[clause[:40] for clause, _, _ in SPLITS])
def test_splits_order_and_hashes_by_hashlib(server, typed, clause, seed, split):
    name = f"typed_{SPLITS.index((clause, seed, split))}"
    sql = f"CREATE TRAINING DATASET {name} KEY (id, sub) {clause} AS SELECT * FROM typed_t"
    ((created),) = run(server, sql)
    expected = [{**row, "split": split(row)} for row in typed]
    out = sum(row["split"] is None for row in expected)
    assert sum(count for _, count in created["left_out"]) == out
    expected = [row for row in expected if row["split"]]
    expected.sort(key=lambda row: (digest(seed, row, ["id", "sub"]), row["id"], row["sub"].encode()))
    for copy in ("kept", "dropped"):
        rows = run(server, f"SELECT * FROM {name}")
        assert [(r["id"], r["sub"], r["split"]) for r in rows] == [(r["id"], r["sub"], r["split"]) for r in expected], copy
        assert content_hash(rows) == created["hash"] == content_hash(expected)
        for line in run(server, f"VERIFY TRAINING DATASET {name}")[:-1]:
            assert line["expected"] == content_hash([r for r in rows if r["split"] == line["split"]])
        run(server, f"ALTER TRAINING DATASET {name} VERSION 1 DROP COPY")


# -------- what clients see


def test_metadata_lists_a_dataset_as_a_table(connection, cursor):
    cursor.execute("CREATE SCHEMA lists")
    cursor.execute("CREATE TABLE lists.source AS SELECT 1 AS id, 2.5e0 AS x")
    cursor.execute("CREATE TRAINING DATASET lists.seen KEY (id) AS SELECT id, x FROM lists.source")
    cursor.fetchall()
    objects = connection.adbc_get_objects(depth="all", db_schema_filter="lists").read_all().to_pylist()
    tables = objects[0]["catalog_db_schemas"][0]["db_schema_tables"]
    assert [(t["table_name"], t["table_type"]) for t in tables] == [("seen", "TABLE"), ("source", "TABLE")]
    columns = [(c["column_name"], c["xdbc_type_name"]) for c in tables[0]["table_columns"]]
    assert columns == [("id", "INTEGER"), ("x", "DOUBLE"), ("split", "VARCHAR")]
    schema = connection.adbc_get_table_schema("seen", db_schema_filter="lists")
    assert schema.names == ["id", "x", "split"]
    cursor.execute("SELECT table_name, table_type FROM information_schema.tables WHERE table_schema = 'lists' ORDER BY 1")
    assert [tuple(row) for row in cursor.fetchall()] == [("seen", "BASE TABLE"), ("source", "BASE TABLE")]


def test_what_a_statement_did_stays_though_nobody_reads_its_rows(server, connection):
    """A cursor that is closed unread does not take back what its statement has done; an update call may run it, too."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE unread (id BIGINT NOT NULL, PRIMARY KEY (id) NOT ENFORCED)")
        cursor.execute("INSERT INTO unread VALUES (1), (2)")
        cursor.execute("INSERT INTO unread VALUES (3)")
        cursor.execute("CREATE TRAINING DATASET unread_set AS SELECT * FROM unread")
    with connection.cursor() as cursor:
        cursor.execute("OPTIMIZE unread")
    with connection.cursor() as cursor:
        cursor.adbc_statement.set_sql_query("CREATE TRAINING DATASET unread_set VERSION 2 AS SELECT id + 1 AS id FROM unread")
        cursor.adbc_statement.execute_update()
    assert [row["version"] for row in run(server, "SHOW TRAINING DATASETS") if row["name"] == "unread_set"] == [1, 2]
    assert run(server, "SELECT COUNT(*) AS n FROM unread$files") == [{"n": 1}]


def test_plain_adbc_reads_a_version(cursor):
    cursor.execute("CREATE TABLE plain_source AS SELECT * FROM (VALUES (1, 'a'), (2, 'b'), (3, NULL)) AS v(id, s)")
    cursor.execute("CREATE TRAINING DATASET plain_set KEY (id) SPLIT BY RANDOM SEED 1 (train 0.5, test 0.5) AS SELECT id, s FROM plain_source")
    ((name, version, created, rows, left_out, digest_, warnings),) = cursor.fetchall()
    assert (name, version, created, warnings) == ("main.plain_set", 1, True, [])
    cursor.execute("SELECT COUNT(*) FROM plain_set FOR VERSION AS OF 1 WHERE split = ?", ("train",))
    assert cursor.fetchone()[0] == dict(rows)["train"]
    with pytest.raises(adbc_driver_manager.Error, match="UNKNOWN_VERSION.*no version 9; there is 1"):
        cursor.execute("SELECT * FROM plain_set FOR VERSION AS OF 9")


# -------- what others do to the lake


def metadata_file(folder, table):
    with sqlite3.connect(folder / "catalog.db") as catalog:
        ((location,),) = catalog.execute("SELECT metadata_location FROM iceberg_tables WHERE table_name = ?", (table,)).fetchall()
    return pathlib.Path(location.removeprefix("file://").removeprefix("file:"))


@pytest.fixture
def stopped_lake(start, tmp_path):
    """A lake with a dataset without a copy; its server has stopped."""
    folder = tmp_path / "lake"
    server = start(folder)
    run(server, "CREATE TABLE t AS SELECT 1 AS id, 0.5e0 AS x")
    run(server, "CREATE TRAINING DATASET d KEY (id) AS SELECT id, x FROM t")
    run(server, "CREATE TRAINING DATASET with_copy KEY (id) AS SELECT id, x * 2 AS x FROM t")
    run(server, "ALTER TRAINING DATASET d VERSION 1 DROP COPY")
    run(server, "INSERT INTO t VALUES (2, 0.25)")
    server.stop()
    return folder


def test_a_pin_that_another_program_let_expire(start, stopped_lake):
    path = metadata_file(stopped_lake, "t")
    metadata = json.loads(path.read_text())
    pinned = next(ref["snapshot-id"] for name, ref in metadata["refs"].items() if name.startswith("sluice-pin-"))
    metadata["refs"] = {name: ref for name, ref in metadata["refs"].items() if not name.startswith("sluice-pin-")}
    metadata["snapshots"] = [s for s in metadata["snapshots"] if s["snapshot-id"] != pinned]
    metadata["snapshot-log"] = [s for s in metadata["snapshot-log"] if s["snapshot-id"] != pinned]
    path.write_text(json.dumps(metadata))
    server = start(stopped_lake)
    for sql in ("SELECT * FROM d", "VERIFY TRAINING DATASET d", "VERIFY TRAINING DATASET with_copy"):
        with pytest.raises(pa.ArrowException, match=f"UNKNOWN_VERSION.*reads snapshot {pinned} of table .*t.*expired"):
            run(server, sql)
    assert run(server, "SELECT id, x FROM with_copy") == [{"id": 1, "x": 1.0}]


def test_tags_that_no_version_needs_are_swept(start, stopped_lake):
    """A server killed in the middle of a DROP leaves a tag; the next dataset over that table removes it, and no other."""
    path = metadata_file(stopped_lake, "t")
    metadata = json.loads(path.read_text())
    current = metadata["current-snapshot-id"]
    forever = {"snapshot-id": current, "type": "tag", "max-ref-age-ms": 2**63 - 1}
    metadata["refs"] |= {f"sluice-pin-{current}": forever, f"sluice-pin-{current}-other": forever, "mine": forever}
    path.write_text(json.dumps(metadata))
    server = start(stopped_lake)
    others = {("t", f"sluice-pin-{current}-other")}
    assert pins(server, "t") - needed_pins(server) - others == {("t", f"sluice-pin-{current}")}
    run(server, "INSERT INTO t VALUES (3, 0.75)")
    run(server, "CREATE TRAINING DATASET another KEY (id) AS SELECT id, x FROM t")
    assert pins(server, "t") == needed_pins(server) | others
    assert "mine" in {row["name"] for row in run(server, "SELECT name FROM t$refs")}
    assert all(line["equal"] for line in run(server, "VERIFY TRAINING DATASET d"))


def test_a_table_that_another_program_dropped(start, stopped_lake):
    with sqlite3.connect(stopped_lake / "catalog.db") as catalog:
        catalog.execute("DELETE FROM iceberg_tables WHERE table_name = 't'")
    server = start(stopped_lake)
    with pytest.raises(pa.ArrowException, match="UNKNOWN_VERSION.*table was dropped"):
        run(server, "SELECT * FROM d")
    run(server, "CREATE TABLE t AS SELECT 1 AS id, 0.5e0 AS x")
    for sql in ("SELECT * FROM d", "VERIFY TRAINING DATASET d"):
        with pytest.raises(pa.ArrowException, match="UNKNOWN_VERSION.*dropped, and the one of that name now is another"):
            run(server, sql)
    assert run(server, "SELECT id, x FROM with_copy") == [{"id": 1, "x": 1.0}]


def test_ingest_with_replace_leaves_what_was_pinned(cursor):
    cursor.adbc_ingest("replaced_t", pa.table({"id": [1, 2], "x": [0.5, 0.25]}), mode="create")
    cursor.execute("CREATE TRAINING DATASET replaced_set KEY (id) AS SELECT id, x FROM replaced_t")
    cursor.fetchall()
    cursor.adbc_ingest("replaced_t", pa.table({"id": ["other"], "y": [1]}), mode="replace")
    cursor.execute("ALTER TRAINING DATASET replaced_set VERSION 1 DROP COPY")
    cursor.execute("VERIFY TRAINING DATASET replaced_set")
    assert all(row[-1] for row in cursor.fetchall())
    cursor.execute("SELECT id, x FROM replaced_set ORDER BY id")
    assert [tuple(row) for row in cursor.fetchall()] == [(1, 0.5), (2, 0.25)]
    with pytest.raises(adbc_driver_manager.Error, match="PINNED.*replaced_t is kept by .*replaced_set version 1"):
        cursor.execute("DROP TABLE replaced_t")


# -------- versions that another engine has made


def edit_record(folder, table, change):
    """Changes the record of a version, which its table's properties hold."""
    path = metadata_file(folder, table)
    metadata = json.loads(path.read_text())
    record = json.loads(metadata["properties"]["sluice.training.record"])
    change(record)
    metadata["properties"]["sluice.training.record"] = json.dumps(record)
    path.write_text(json.dumps(metadata))


def made_by_another(record):
    record["engineVersion"] = "0.0.1"


def made_otherwise(record):
    made_by_another(record)
    for place in [record, *record["splits"]]:
        place["hash"] = place["hash"].replace(place["hash"].split(":")[2], "0" * 64)


def test_a_version_of_another_engine_with_the_same_rows_is_read(start, stopped_lake):
    edit_record(stopped_lake, "main.d@1", made_by_another)
    server = start(stopped_lake)
    assert run(server, "SELECT id, x FROM d") == [{"id": 1, "x": 0.5}]
    assert run(server, "SELECT engine_version FROM system.training_datasets WHERE dataset = 'd'") == [{"engine_version": "0.0.1"}]


def test_a_version_that_this_engine_makes_otherwise_is_refused(start, stopped_lake):
    edit_record(stopped_lake, "main.d@1", made_otherwise)
    edit_record(stopped_lake, "main.with_copy@1", made_otherwise)
    server = start(stopped_lake)
    refused = "UNSUPPORTED.*version 1 of .*d was made by Sluice 0.0.1 and has no copy; Sluice .* computes other rows, which VERIFY"
    for sql in ("SELECT * FROM d", "SELECT COUNT(*) FROM d", "SELECT * FROM d$transformed FOR VERSION AS OF 1", "SELECT 1 FROM t JOIN d USING (id)"):
        with pytest.raises(pa.ArrowException, match=refused):
            run(server, sql)
    with flight_sql.connect(server.uri, autocommit=True) as connection, connection.cursor() as cursor:
        with pytest.raises(adbc_driver_manager.Error, match=refused):
            cursor.execute("SELECT * FROM d WHERE split = 'all'")
            cursor.fetchall()
    lines = run(server, "VERIFY TRAINING DATASET d")
    assert [line["equal"] for line in lines] == [False, False]
    assert all(line["expected"].split(":")[2] == "0" * 64 != line["actual"].split(":")[2] for line in lines)
    # a copy is what was made; it only stops being provable
    assert run(server, "SELECT id, x FROM with_copy") == [{"id": 1, "x": 1.0}]
    assert [line["equal"] for line in run(server, "VERIFY TRAINING DATASET with_copy")] == [False, False]
