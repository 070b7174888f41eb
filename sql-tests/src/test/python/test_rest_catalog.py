"""Other people's lakes: an Iceberg REST catalog that vends credentials for S3, both real, seen through proxies."""

import concurrent.futures
import hashlib
import json
import pathlib
import re
import subprocess
import time

import adbc_driver_flightsql.dbapi as flight_sql
import pyarrow as pa
import pytest
from adbc_driver_flightsql import DatabaseOptions
from conftest import HOME
from pyarrow import fs
from pyiceberg.catalog import load_catalog
from pyiceberg.partitioning import PartitionField, PartitionSpec
from pyiceberg.schema import Schema
from pyiceberg.transforms import BucketTransform, DayTransform, IdentityTransform, TruncateTransform
from pyiceberg.types import LongType, NestedField, StringType, TimestampType
from seaweed import WAREHOUSE, SeaweedFS
from wire import Drop, LoseAnswer, ResetAfter, Status

BEARER = DatabaseOptions.AUTHORIZATION_HEADER.value


@pytest.fixture(scope="session")
def weed(tmp_path_factory):
    running = SeaweedFS(tmp_path_factory.mktemp("weed"))
    yield running
    running.stop()


@pytest.fixture(scope="session")
def environment(weed):
    """What the servers find in their environment."""
    patch = pytest.MonkeyPatch()
    for user in weed.USERS:
        patch.setenv(f"LAKE_{user}", weed.credential(user))
    # if anything were done with these, it would fail
    patch.setenv("AWS_ACCESS_KEY_ID", "AMBIENTKEY")
    patch.setenv("AWS_SECRET_ACCESS_KEY", "planted-ambient-secret-4714")
    yield
    patch.undo()


def catalog_sql(weed, name="w", **more):
    properties = {
        "type": "rest",
        "uri": weed.catalog.url,
        "warehouse": f"s3://{WAREHOUSE}",
        "credential": "${env:LAKE_admin}",
        "oauth2-server-uri": f"{weed.catalog.url}/v1/oauth/tokens",
        "rest.client.max-retries": "1",
        **more,
    }
    listed = ", ".join(f"'{key}' = '{value}'" for key, value in properties.items() if value is not None)
    return f"CREATE CATALOG {name} WITH ({listed})"


@pytest.fixture(scope="session")
def lake(weed, environment, tmp_path_factory):
    """A server with the catalog w, for tests that use schemas of their own."""
    from sluice_server import Server

    with Server(tmp_path_factory.mktemp("restlake")) as running:
        with flight_sql.connect(running.uri, autocommit=True) as connection, connection.cursor() as cursor:
            cursor.execute(catalog_sql(weed))
        yield running


@pytest.fixture
def cursor(lake, weed):
    weed.clear()
    with flight_sql.connect(lake.uri, autocommit=True) as connection, connection.cursor() as opened:
        yield opened
    weed.clear()


@pytest.fixture
def schema(cursor, request):
    name = re.sub(r"\W+", "_", request.node.name.removeprefix("test_"))[:40].strip("_").lower()
    cursor.execute(f"CREATE SCHEMA w.{name}")
    return name


@pytest.fixture
def judge(weed):
    return load_catalog("judge", **weed.properties())


def rows(cursor, sql):
    cursor.execute(sql)
    return cursor.fetchall()


def refused(cursor, sql):
    with pytest.raises(flight_sql.Error) as failure:
        cursor.execute(sql)
        cursor.fetchall()
    return str(failure.value)


def access_key(request):
    """Whose key an S3 request is signed with."""
    return request.headers["Authorization"].split("Credential=")[1].split("/")[0]


# Catalogs as things that are made and dropped


def test_catalogs_are_made_shown_and_dropped(cursor, weed):
    cursor.execute(catalog_sql(weed, "second"))
    assert rows(cursor, "SHOW CATALOGS") == [
        ("lake", "embedded", None),
        ("online", "online", None),
        ("second", "rest", weed.catalog.url),
        ("w", "rest", weed.catalog.url),
    ]
    assert "ALREADY_EXISTS: line 1, column 16" in refused(cursor, catalog_sql(weed, "SECOND"))
    cursor.execute(catalog_sql(weed, "IF NOT EXISTS second"))
    cursor.execute("DROP CATALOG second")
    cursor.execute("DROP CATALOG IF EXISTS second")
    assert "UNKNOWN_CATALOG" in refused(cursor, "DROP CATALOG second")
    assert "stays" in refused(cursor, "DROP CATALOG lake")
    assert "DROP CATALOG it" in refused(cursor, catalog_sql(weed).replace("CREATE", "CREATE OR REPLACE"))


@pytest.mark.parametrize(
    "change, message",
    [
        ({"credential": "KEY:plain-text-4715"}, "property credential is a secret and is given by reference"),
        ({"token": "plain-text-4715"}, "property token is a secret"),
        ({"s3.secret-access-key": "plain-text-4715"}, "property s3.secret-access-key is a secret"),
        ({"header.Authorization": "Bearer plain-text-4715"}, "property header.Authorization is a secret"),
        ({"uri": "http://me:plain-text-4715@127.0.0.1:1"}, "property uri holds more than an address"),
        ({"uri": None}, "property uri is missing"),
        ({"uri": "env:LAKE_admin"}, "begins with env:"),
        ({"type": "hive"}, "there is no type 'hive'"),
        ({"io-impl": "org.apache.iceberg.inmemory.InMemoryFileIO"}, "property io-impl is not one"),
        ({"s3.client-factory-impl": "x"}, "property s3.client-factory-impl is not one"),
        ({"rest.auth.type": "com.example.Auth"}, "property rest.auth.type is one of"),
        ({"user-mode": "guest"}, "property user-mode is one of shared, per-user and passthrough"),
        ({"user-mode": "per-user"}, "has the user's name in it"),
    ],
)
def test_properties_that_are_refused(cursor, weed, change, message):
    told = refused(cursor, catalog_sql(weed, "bad", **change))
    assert message in told
    assert "plain-text-4715" not in told
    assert "INVALID_ARGUMENT: line 1, column 16" in told
    assert "bad" not in {name for name, _, _ in rows(cursor, "SHOW CATALOGS")}


def test_catalogs_are_there_after_a_restart_and_need_not_answer(start, weed, environment, tmp_path):
    dead = {"uri": "http://127.0.0.1:9", "oauth2-server-uri": "http://127.0.0.1:9/token"}
    configured = [f"--set=catalogs.conf.{key}={value}" for key, value in {"type": "rest", "uri": weed.catalog.url}.items()]
    running = start(tmp_path / "lake", *configured)
    with flight_sql.connect(running.uri, autocommit=True) as connection, connection.cursor() as cursor:
        cursor.execute(catalog_sql(weed))
        cursor.execute(catalog_sql(weed, "dead", **dead))
        assert "DROP" not in refused(cursor, "DROP CATALOG conf")
        assert "catalogs.conf.* there" in refused(cursor, "DROP CATALOG conf")
    running.stop()
    kept = "".join(path.read_text() for path in (tmp_path / "lake" / "catalogs").glob("*.json"))
    assert "${env:LAKE_admin}" in kept and weed.credential("admin") not in kept
    again = start(tmp_path / "lake", *configured)
    with flight_sql.connect(again.uri, autocommit=True) as connection, connection.cursor() as cursor:
        assert [name for name, _, _ in rows(cursor, "SHOW CATALOGS")] == ["conf", "dead", "lake", "online", "w"]
        assert ("information_schema",) in rows(cursor, "SHOW SCHEMAS FROM w")
        listed = connection.adbc_get_objects(depth="db_schemas").read_all().to_pylist()
        schemas = {each["catalog_name"]: [s["db_schema_name"] for s in each["catalog_db_schemas"]] for each in listed}
        assert "main" in schemas["lake"] and "information_schema" in schemas["w"]
        told = refused(cursor, "SELECT * FROM dead.a.b")
        assert "CATALOG_ERROR" in told and "catalog dead" in told
        assert rows(cursor, "SELECT 1") == [(1,)]
        cursor.execute("CREATE TABLE t AS SELECT 1 AS k")
        cursor.execute("DROP TABLE t")


def test_statements_use_the_references_that_the_operator_lists(start, weed, environment, tmp_path):
    record = subprocess.run(
        [str(HOME / "sluice"), "password"], input="secret\n", capture_output=True, text=True, check=True
    ).stdout.strip()
    settings = tmp_path / "sluice.properties"
    settings.write_text(
        f"auth.users.ann={record}\nserver.catalog-references=env:LAKE_admin, file:/somewhere/else\n"
        f"catalogs.conf.type=rest\ncatalogs.conf.uri={weed.catalog.url}\ncatalogs.conf.credential=${{env:LAKE_bob}}\n"
    )
    running = start(tmp_path / "lake", "--config", str(settings))
    login = {"username": "ann", "password": "secret"}
    with flight_sql.connect(running.uri, login, autocommit=True) as connection, connection.cursor() as cursor:
        cursor.execute(catalog_sql(weed))
        told = refused(cursor, catalog_sql(weed, "other", credential="${env:LAKE_bob}"))
        assert "PERMISSION_DENIED" in told and "server.catalog-references" in told
        told = refused(cursor, catalog_sql(weed, "other", credential="${file:/etc/hostname}"))
        assert "PERMISSION_DENIED" in told
        told = refused(cursor, catalog_sql(weed, "other", **{"access-delegation": "none"}))
        assert "PERMISSION_DENIED" in told and "only the operator" in told
        assert [name for name, _, _ in rows(cursor, "SHOW CATALOGS")] == ["conf", "lake", "online", "w"]


# Names, tables and rows


def test_nested_schemas_and_pages(cursor, weed, schema):
    cursor.execute(catalog_sql(weed, "paged", **{"rest-page-size": "2"}))
    names = [f"{schema}.n{i}" for i in range(5)]
    for name in names:
        cursor.execute(f'CREATE SCHEMA w."{name}"')
    cursor.execute(f"CREATE SCHEMA w.{schema}.n0.deep")
    for i in range(5):
        cursor.execute(f"CREATE TABLE w.{schema}.n0.t{i} AS SELECT {i} AS i")
    listed = [name for (name,) in rows(cursor, "SHOW SCHEMAS FROM paged") if name.startswith(schema)]
    assert listed == sorted([schema, *names, f"{schema}.n0.deep"])
    assert [row[0] for row in rows(cursor, f"SHOW TABLES FROM paged.{schema}.n0")] == [f"t{i}" for i in range(5)]
    tables = [request.path for request in weed.catalog.requests if "pageToken" in request.path]
    assert len(tables) > 4
    assert rows(cursor, f'SELECT i FROM paged."{schema}.n0".t3') == [(3,)]
    assert rows(cursor, f"SELECT t4.i FROM paged.{schema}.N0.T4") == [(4,)]
    assert rows(cursor, f"SELECT count(*) FROM w.{schema}.n0.t3.snapshots") == [(1,)]
    cursor.execute(f"USE w.{schema}.n0")
    assert rows(cursor, "SELECT t1.i + t2.i FROM t1 CROSS JOIN t2") == [(3,)]
    cursor.execute("USE lake.main")
    assert f"schema {schema}.nn does not exist" in refused(cursor, f"CREATE TABLE w.{schema}.nn.t (i INTEGER)")
    cursor.execute("DROP CATALOG paged")


def test_views(cursor, weed, schema):
    cursor.execute(catalog_sql(weed, "v", **{"view-endpoints-supported": "true"}))
    cursor.execute(f"CREATE TABLE v.{schema}.t AS SELECT 3 AS k")
    cursor.execute(f"CREATE VIEW v.{schema}.twice AS SELECT k * 2 AS k2 FROM v.{schema}.t")
    assert rows(cursor, f"SELECT k2 FROM v.{schema}.twice") == [(6,)]
    assert ("twice", "view", None) in rows(cursor, f"SHOW TABLES FROM v.{schema}")
    cursor.execute(f"DROP VIEW v.{schema}.twice")
    cursor.execute("DROP CATALOG v")
    told = refused(cursor, f"CREATE VIEW w.{schema}.twice AS SELECT k * 2 AS k2 FROM w.{schema}.t")
    assert "UNSUPPORTED" in told


def test_joins_across_catalogs(cursor, schema):
    cursor.execute(f"CREATE TABLE w.{schema}.users AS SELECT * FROM (VALUES (1, 'ann'), (2, 'bob')) AS v(id, name)")
    cursor.execute("CREATE TABLE clicks AS SELECT * FROM (VALUES (2, 10), (2, 20), (3, 30)) AS v(id, n)")
    sql = f"SELECT u.name, sum(c.n) FROM w.{schema}.users u JOIN lake.main.clicks c ON c.id = u.id GROUP BY u.name"
    assert rows(cursor, sql) == [("bob", 30)]
    cursor.execute(f"INSERT INTO clicks SELECT id, 5 FROM w.{schema}.users")
    assert rows(cursor, sql + " ORDER BY 1") == [("ann", 5), ("bob", 35)]
    cursor.execute(f"MERGE INTO w.{schema}.users u USING clicks c ON u.id = c.id AND c.n = 30 WHEN NOT MATCHED AND c.n = 30 THEN INSERT (id, name) VALUES (c.id, 'cat')")
    cursor.execute(f"DELETE FROM w.{schema}.users WHERE id = 1")
    cursor.execute(f"UPDATE w.{schema}.users SET name = upper(name)")
    assert rows(cursor, f"SELECT * FROM w.{schema}.users ORDER BY id") == [(2, "BOB"), (3, "CAT")]
    cursor.execute("DROP TABLE clicks")


def test_what_sluice_writes_pyiceberg_reads(cursor, schema, judge):
    digits = ", ".join(f"({i})" for i in range(10))
    cursor.execute(
        f"""CREATE TABLE w.{schema}.t WITH ("format-version" = 2) AS
        SELECT i AS id, 'n' || CAST(i % 7 AS VARCHAR) AS name, i / 2.0 AS half, i % 3 = 0 AS third,
          TIMESTAMP '2026-01-01 00:00:00' + i * INTERVAL '1' HOUR AS ts, DATE '2026-01-01' AS day,
          CASE WHEN i % 5 = 0 THEN NULL ELSE CAST(i AS DOUBLE) END AS x
        FROM (SELECT (a.v * 10 + b.v) AS i FROM (VALUES {digits}) AS a(v)
          CROSS JOIN (VALUES {digits}) AS b(v)) AS n"""
    )
    cursor.execute(f"INSERT INTO w.{schema}.t SELECT id + 100, name, half, third, ts, day, x FROM w.{schema}.t")
    own = rows(cursor, f"SELECT * FROM w.{schema}.t ORDER BY id")
    arrow = judge.load_table((schema, "t")).scan().to_arrow().sort_by("id")
    assert len(own) == 200
    assert own == list(zip(*(column.to_pylist() for column in arrow.columns)))


@pytest.mark.parametrize(
    "transform", [IdentityTransform(), BucketTransform(4), TruncateTransform(1), DayTransform()], ids=str
)
def test_partitioned_tables(cursor, schema, judge, transform):
    source = 3 if isinstance(transform, DayTransform) else 2
    table = judge.create_table(
        (schema, "p"),
        Schema(
            NestedField(1, "id", LongType()), NestedField(2, "name", StringType()), NestedField(3, "ts", TimestampType())
        ),
        partition_spec=PartitionSpec(PartitionField(source, 1000, transform, "part")),
        properties={"format-version": "2"},
    )
    values = ", ".join(f"({i}, '{'abcde'[i % 5]}x', TIMESTAMP '2026-01-{1 + i % 3:02} 10:00:00')" for i in range(30))
    cursor.execute(f"INSERT INTO w.{schema}.p VALUES {values}")
    table.refresh()
    if isinstance(transform, IdentityTransform):
        table.append(pa.table({"id": [100], "name": ["zz"], "ts": pa.array([None], pa.timestamp("us"))}))
    else:
        # PyIceberg writes these with an extension that is not here
        cursor.execute(f"INSERT INTO w.{schema}.p VALUES (100, 'zz', NULL)")
    table.refresh()
    files = table.inspect.files().num_rows
    assert files > 2
    arrow = table.scan().to_arrow().sort_by("id")
    own = rows(cursor, f"SELECT * FROM w.{schema}.p ORDER BY id")
    assert own == list(zip(*(column.to_pylist() for column in arrow.columns)))
    assert len(own) == 31
    where = "ts < TIMESTAMP '2026-01-02 00:00:00'" if source == 3 else "name = 'ax'"
    expected = [row for row in own if row[2] and row[2].day == 1] if source == 3 else [row for row in own if row[1] == "ax"]
    assert rows(cursor, f"SELECT * FROM w.{schema}.p WHERE {where} ORDER BY id") == expected


def test_ingest_and_evolution(cursor, schema, judge):
    data = pa.table({"id": pa.array(range(1000), pa.int64()), "s": [f"v{i}" for i in range(1000)]})
    cursor.adbc_ingest("ing", data, mode="create", catalog_name="w", db_schema_name=schema)
    cursor.adbc_ingest("ing", data, mode="append", catalog_name="w", db_schema_name=schema)
    cursor.execute(f"ALTER TABLE w.{schema}.ing ADD COLUMN more INTEGER")
    cursor.execute(f"ALTER TABLE w.{schema}.ing RENAME COLUMN s TO text")
    cursor.execute(f"INSERT INTO w.{schema}.ing VALUES (5000, 'last', 1)")
    sql = f"SELECT count(*), count(more), max(id), min(text) FROM w.{schema}.ing"
    assert rows(cursor, sql) == [(2001, 1, 5000, "last")]
    assert judge.load_table((schema, "ing")).scan().count() == 2001
    cursor.execute(f"CREATE OR REPLACE TABLE w.{schema}.ing AS SELECT 7 AS k")
    assert rows(cursor, f"SELECT * FROM w.{schema}.ing") == [(7,)]
    assert rows(cursor, f"SELECT count(*) FROM w.{schema}.ing.snapshots") == [(4,)]
    cursor.execute(f"ALTER TABLE w.{schema}.ing RENAME TO w.{schema}.renamed")
    cursor.execute(f"DROP TABLE w.{schema}.renamed")
    assert judge.list_tables(schema) == []


def test_rows_of_remote_files_are_fetched_by_their_pages(cursor, weed, schema):
    """An ASOF join takes of its right side keys and times, and then few rows of the other columns."""
    n = 200_000
    features = pa.table(
        {
            "k": pa.array([i % 100 for i in range(n)], pa.int64()),
            "ts": pa.array([i * 1_000_000 for i in range(n)], pa.timestamp("us")),
            "wide": [hashlib.sha256(str(i).encode()).hexdigest() for i in range(n)],
            "list": [[i, i + 1] for i in range(n)],
        }
    )
    for catalog, name in (("w", schema), ("lake", "main")):
        pieces = features.to_reader(max_chunksize=20_000)
        cursor.adbc_ingest("f", pieces, mode="create", catalog_name=catalog, db_schema_name=name)
    cursor.execute("CREATE TABLE l AS SELECT * FROM (VALUES (5, TIMESTAMP '1970-01-02 00:00:00'), (6, TIMESTAMP '1970-01-02 00:01:00')) AS v(k, at)")
    sql = "SELECT l.k, f.ts, f.wide, f.list FROM l LEFT ASOF JOIN {} f MATCH_CONDITION (f.ts <= l.at) ON f.k = l.k ORDER BY l.k"
    expected = rows(cursor, sql.format("main.f"))
    weed.clear()
    assert rows(cursor, sql.format(f"w.{schema}.f")) == expected
    assert len(expected) == 2 and len(expected[0][2]) == 64
    file, size = rows(cursor, f"SELECT file_path, file_size_in_bytes FROM w.{schema}.f.files")[0]
    ranges = [r.headers.get("Range") for r in weed.s3.requests if r.method == "GET" and r.path.endswith(file.split("/")[-1])]
    bounds = [tuple(map(int, each.removeprefix("bytes=").split("-"))) for each in ranges]
    read = sum(last - first + 1 for first, last in bounds)
    assert all(last - first < 8 << 20 for first, last in bounds)
    assert read < size / 2, f"{read} of {size} bytes in {len(bounds)} reads"
    where = f"SELECT count(*), sum(k) FROM w.{schema}.f WHERE wide LIKE 'ab%' AND list[1] > 0"
    assert rows(cursor, where) == rows(cursor, where.replace(f"w.{schema}", "main"))
    cursor.execute("DROP TABLE l")
    cursor.execute("DROP TABLE main.f")


def test_maintenance_and_training_datasets(cursor, schema):
    for i in range(4):
        cursor.execute(f"INSERT INTO w.{schema}.o VALUES ({i}, TIMESTAMP '2026-01-01 0{i}:00:00')" if i else
                       f"CREATE TABLE w.{schema}.o AS SELECT 0 AS k, TIMESTAMP '2026-01-01 00:00:00' AS ts")
    assert rows(cursor, f"OPTIMIZE w.{schema}.o")[0][:2] == (4, 1)
    cursor.execute(
        f"CREATE TRAINING DATASET {schema} KEY (k) OBSERVED AT ts AS SELECT k, ts, k * 2 AS twice FROM w.{schema}.o"
    )
    cursor.execute(f"INSERT INTO w.{schema}.o VALUES (9, TIMESTAMP '2026-01-01 09:00:00')")
    assert "PINNED" in refused(cursor, f"DROP TABLE w.{schema}.o")
    verified = rows(cursor, f"VERIFY TRAINING DATASET {schema} VERSION 1")
    assert verified and all(row[-1] for row in verified)
    told = refused(cursor, f"CREATE TRAINING DATASET w.{schema}.d KEY (k) OBSERVED AT ts AS SELECT k, ts FROM w.{schema}.o")
    assert "cannot keep training datasets" in told and f"lake.{schema}.d" in told
    assert "cannot reach" in refused(cursor, f"CALL register_parquet('w.{schema}.r', '/tmp')")
    cursor.execute(f"DROP TRAINING DATASET {schema} VERSION 1")
    expired = rows(cursor, f"EXPIRE SNAPSHOTS w.{schema}.o OLDER THAN TIMESTAMP '2100-01-01 00:00:00'")
    assert expired[0][0] >= 4
    assert rows(cursor, f"SELECT count(*) FROM w.{schema}.o") == [(5,)]


# Credentials


def store(vended):
    config = vended["storage-credentials"][0]["config"]
    return fs.S3FileSystem(
        access_key=config["s3.access-key-id"],
        secret_key=config["s3.secret-access-key"],
        session_token=config["s3.session-token"],
        endpoint_override=config["s3.endpoint"],
        region="us-east-1",
    )


def test_the_credentials_of_one_table_open_no_other(cursor, weed, schema):
    for name in ("a", "b"):
        cursor.execute(f"CREATE TABLE w.{schema}.{name} AS SELECT 1 AS k")
    files = {name: rows(cursor, f"SELECT file_path FROM w.{schema}.{name}.files")[0][0] for name in ("a", "b")}
    own = store(weed.vended(schema, "a"))
    with own.open_input_file(files["a"].removeprefix("s3://")) as file:
        assert file.read(4) == b"PAR1"
    with pytest.raises(OSError, match="ACCESS_DENIED|403|AccessDenied"):
        own.open_input_file(files["b"].removeprefix("s3://"))
    # and what Sluice reads, it reads with the credentials of that table alone
    weed.clear()
    vended = {}

    def remember(request, body):
        for each in (json.loads(body).get("storage-credentials") or []) if "/tables/" in request.path else []:
            vended[each["config"]["s3.access-key-id"]] = request.path.split("?")[0].rsplit("/", 1)[1]
        return body

    weed.catalog.rewrite = remember
    cursor.execute(f"SELECT a.k + b.k FROM w.{schema}.a a CROSS JOIN w.{schema}.b b")
    assert cursor.fetchall() == [(2,)]
    data = [request for request in weed.s3.requests if f"/{schema}/" in request.path]
    assert {vended[access_key(request)] for request in data} == {"a", "b"}
    assert all(f"/{schema}/{vended[access_key(request)]}/" in request.path for request in data)
    assert "AMBIENTKEY" not in {access_key(request) for request in weed.s3.requests}


def test_no_credentials_are_made_up_where_none_are_vended(cursor, weed, schema):
    cursor.execute(f"CREATE TABLE w.{schema}.t AS SELECT 1 AS k")

    def without(request, body):
        if "/tables/" not in request.path:
            return body
        answer = json.loads(body)
        answer.pop("storage-credentials", None)
        answer["config"] = {k: v for k, v in answer["config"].items() if k in ("s3.endpoint", "client.region")}
        return json.dumps(answer).encode()

    weed.clear()
    weed.catalog.rewrite = without
    told = refused(cursor, f"SELECT * FROM w.{schema}.t")
    assert "PERMISSION_DENIED" in told and "vended no credentials" in told
    assert weed.s3.requests == []

    weed.catalog.rewrite = lambda request, body: (
        re.sub(rb'("prefix" *: *"[^"]*)"', rb'\1-other"', body) if "/tables/" in request.path else body
    )
    told = refused(cursor, f"SELECT * FROM w.{schema}.t")
    assert "PERMISSION_DENIED" in told and "outside of what the catalog vended" in told
    assert weed.s3.requests == []


def test_refused_keys_are_renewed_once(cursor, weed, schema):
    cursor.execute(f"CREATE TABLE w.{schema}.t AS SELECT 1 AS k")
    weed.clear()
    first = []

    def expired(request):
        first[:] = first or [access_key(request)]
        if access_key(request) == first[0]:
            body = b"<Error><Code>ExpiredToken</Code><Message>The provided token has expired.</Message></Error>"
            return Status(403, body, {"Content-Type": "application/xml"})

    weed.s3.fault = expired
    assert rows(cursor, f"SELECT * FROM w.{schema}.t") == [(1,)]
    assert len({access_key(request) for request in weed.s3.requests}) >= 2
    assert sum(request.status == 403 for request in weed.s3.requests) == 1
    # what is denied for another reason is denied at once
    weed.clear()
    denial = b"<Error><Code>AccessDenied</Code><Message>Access Denied.</Message></Error>"
    weed.s3.fault = lambda request: Status(403, denial, {"Content-Type": "application/xml"})
    told = refused(cursor, f"SELECT * FROM w.{schema}.t")
    assert "PERMISSION_DENIED" in told and "403" in told
    assert len(weed.s3.requests) <= 2


def test_credentials_expire_in_the_middle_of_a_scan(start, environment, tmp_path):
    weed = SeaweedFS(tmp_path / "weed", credential_life="4s")
    try:
        running = start(tmp_path / "lake")
        with flight_sql.connect(running.uri, autocommit=True) as connection, connection.cursor() as cursor:
            cursor.execute(catalog_sql(weed))
            cursor.execute("CREATE SCHEMA w.s")
            cursor.execute("CREATE TABLE w.s.t (id BIGINT, part BIGINT)")
            data = pa.table({"id": pa.array(range(400), pa.int64()), "part": pa.array([i // 20 for i in range(400)], pa.int64())})
            for part in range(20):
                cursor.adbc_ingest("t", data.slice(part * 20, 20), mode="append", catalog_name="w", db_schema_name="s")
            weed.clear()
            begun = time.monotonic()

            def slow(request):
                if "/data/" in request.path:
                    time.sleep(0.7)

            weed.s3.fault = slow
            assert rows(cursor, "SELECT count(*), sum(id) FROM w.s.t") == [(400, 79_800)]
            took = time.monotonic() - begun
            data = [request for request in weed.s3.requests if "/data/" in request.path]
            keys = [access_key(request) for request in data]
            loads = [r for r in weed.catalog.requests if r.method == "GET" and r.path.split("?")[0].endswith("/tables/t")]
            assert took > 4
            assert len(set(keys)) >= 2, "one key lives no longer than 4 seconds"
            # one that was signed in the last moment may be refused, and is made again
            assert sum(request.status == 403 for request in data) <= len(set(keys))
            # one renewal for all readers
            assert len(set(keys)) <= len(loads) <= 1 + took
    finally:
        weed.stop()


def test_an_endpoint_for_credentials_is_asked_first(start, environment, tmp_path):
    weed = SeaweedFS(tmp_path / "weed", credential_life="4s")
    try:
        running = start(tmp_path / "lake")
        with flight_sql.connect(running.uri, autocommit=True) as connection, connection.cursor() as cursor:
            cursor.execute(catalog_sql(weed))
            cursor.execute("CREATE SCHEMA w.s")
            cursor.execute("CREATE TABLE w.s.t AS SELECT 5 AS k")
            weed.clear()
            endpoint = f"v1/{WAREHOUSE}/namespaces/s/tables/t/credentials"

            def announce(request, body):
                if not request.path.split("?")[0].endswith("/tables/t"):
                    return body
                answer = json.loads(body)
                for each in answer["storage-credentials"]:
                    each["config"]["client.refresh-credentials-endpoint"] = endpoint
                return json.dumps(answer).encode()

            def answer(request):
                if request.path.endswith("/credentials"):
                    vended = weed.vended("s", "t")["storage-credentials"]
                    return Status(200, json.dumps({"storage-credentials": vended}).encode(), {"Content-Type": "application/json"})

            weed.catalog.rewrite, weed.catalog.fault = announce, answer
            delays = iter([4.5])
            weed.s3.fault = lambda request: time.sleep(next(delays, 0)) if request.path.endswith(".avro") else None
            assert rows(cursor, "SELECT * FROM w.s.t") == [(5,)]
            assert any(request.path.endswith("/credentials") for request in weed.catalog.requests)
            assert len({access_key(request) for request in weed.s3.requests}) >= 2
    finally:
        weed.stop()


# Users


def tokens_seen(weed):
    return {request.headers.get("Authorization") for request in weed.catalog.requests} - {None}


def test_two_users_credentials_never_meet(start, weed, environment, tmp_path):
    record = lambda kind, text: subprocess.run(  # noqa: E731
        [str(HOME / "sluice"), kind], input=text + "\n", capture_output=True, text=True, check=True
    ).stdout.strip()
    shown = {user: weed.token(user) for user in ("alice", "bob")}
    settings = tmp_path / "sluice.properties"
    lines = [f"auth.users.{user}={record('password', user)}" for user in ("alice", "bob")]
    lines += [f"auth.tokens.{user}={record('token', shown[user])}" for user in ("alice", "bob")]
    for name, mode in (("own", "per-user"), ("passed", "passthrough")):
        lines += [f"catalogs.{name}.{key}={value}" for key, value in {
            "type": "rest", "uri": weed.catalog.url, "warehouse": f"s3://{WAREHOUSE}", "user-mode": mode,
            "oauth2-server-uri": f"{weed.catalog.url}/v1/oauth/tokens",
        }.items()]
    lines.append("catalogs.own.credential=${env:LAKE_{user}}")
    settings.write_text("\n".join(lines))
    weed.clear()
    running = start(tmp_path / "lake", "--config", str(settings))
    owner_of_token, owner_of_key = {}, {}

    def remember(request, body):
        if request.path.endswith("/oauth/tokens"):
            user = next(user for user, (key, _) in weed.USERS.items() if f"client_id={key}" in request.body.decode())
            owner_of_token["Bearer " + json.loads(body)["access_token"]] = user
        elif b"s3.access-key-id" in body:
            user = owner_of_token[request.headers["Authorization"]]
            for key in re.findall(rb'"s3.access-key-id" *: *"([^"]+)"', body):
                assert owner_of_key.setdefault(key.decode(), user) == user
        return body

    owner_of_token.update({f"Bearer {token}": user for user, token in shown.items()})
    weed.catalog.rewrite = remember

    def connect(user, catalog):
        login = {"username": user, "password": user} if catalog == "own" else {BEARER: f"Bearer {shown[user]}"}
        return flight_sql.connect(running.uri, login, autocommit=True)

    def work(user, catalog):
        schema = f"meet_{catalog}_{user}"
        with connect(user, catalog) as connection, connection.cursor() as cursor:
            cursor.execute(f"CREATE SCHEMA {catalog}.{schema}")
            for i in range(3):
                cursor.execute(f"CREATE OR REPLACE TABLE {catalog}.{schema}.t AS SELECT {i} AS k, '{user}' AS u")
                assert rows(cursor, f"SELECT * FROM {catalog}.{schema}.t") == [(i, user)]

    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        for done in [pool.submit(work, user, catalog) for user in shown for catalog in ("own", "passed")]:
            done.result()
    data = [request for request in weed.s3.requests if "/meet_" in request.path]
    assert len(data) > 20
    for request in data:
        assert f"_{owner_of_key[access_key(request)]}/" in request.path
    # one table, read by both: each with its own keys, footers and all
    for user in ("alice", "bob"):
        weed.s3.requests = []
        with connect(user, "own") as connection, connection.cursor() as cursor:
            assert rows(cursor, "SELECT u FROM own.meet_own_alice.t") == [("alice",)]
        assert any(".parquet" in request.path for request in weed.s3.requests)
        assert {owner_of_key[access_key(request)] for request in weed.s3.requests} == {user}
    with connect("alice", "own") as connection, connection.cursor() as cursor:
        told = refused(cursor, "SELECT * FROM passed.meet_own_alice.t")
        assert "PERMISSION_DENIED" in told and "log in by a token" in told.replace("log\nin", "log in")
    weed.clear()


# Faults


def test_a_store_that_fails_for_a_moment_is_asked_again(cursor, weed, schema):
    cursor.execute(f"CREATE TABLE w.{schema}.t AS SELECT * FROM (VALUES (1), (2), (3)) AS v(k)")
    for status in (500, 503, 429):
        weed.clear()
        failed = set()

        def once(request, status=status, failed=failed):
            if (request.method, request.path) not in failed:
                failed.add((request.method, request.path))
                return Status(status)

        weed.s3.fault = once
        assert rows(cursor, f"SELECT sum(k) FROM w.{schema}.t") == [(6,)]
        assert any(request.status == status for request in weed.s3.requests)
    weed.clear()
    cut = []

    def reset(request):
        if request.path.split("?")[0].endswith(".parquet") and len(cut) < 2:
            cut.append(request)
            return ResetAfter(10) if len(cut) == 1 else Drop()

    weed.s3.fault = reset
    cursor.execute(f"INSERT INTO w.{schema}.t VALUES (4)")
    cut.clear()
    assert rows(cursor, f"SELECT sum(k) FROM w.{schema}.t") == [(10,)]
    assert len(cut) == 2


def test_a_store_that_goes_on_failing_is_named(cursor, weed, schema):
    cursor.execute(f"CREATE TABLE w.{schema}.t AS SELECT 1 AS k")
    weed.s3.fault = lambda request: Status(500) if ".parquet" in request.path else None
    told = refused(cursor, f"SELECT * FROM w.{schema}.t")
    assert "STORAGE_ERROR" in told and ".parquet" in told and "500" in told
    weed.s3.fault = lambda request: Drop()
    assert "STORAGE_ERROR" in refused(cursor, f"SELECT * FROM w.{schema}.t")
    missing = b"<Error><Code>NoSuchKey</Code><Message>The specified key does not exist.</Message></Error>"
    weed.s3.fault = lambda request: (
        Status(404, missing, {"Content-Type": "application/xml"}) if ".parquet" in request.path else None
    )
    told = refused(cursor, f"SELECT * FROM w.{schema}.t")
    assert "STORAGE_ERROR" in told and "does not exist" in told and ".parquet" in told
    weed.clear()
    assert rows(cursor, f"SELECT * FROM w.{schema}.t") == [(1,)]


def test_a_catalog_that_fails(cursor, weed, schema):
    cursor.execute(f"CREATE TABLE w.{schema}.t AS SELECT 1 AS k")
    weed.catalog.fault = lambda request: Drop()
    told = refused(cursor, f"SELECT * FROM w.{schema}.t")
    assert "CATALOG_ERROR" in told
    weed.catalog.fault = lambda request: Status(500, b'{"error": {"message": "out of order", "type": "X", "code": 500}}')
    told = refused(cursor, f"SELECT * FROM w.{schema}.t")
    assert "CATALOG_ERROR" in told and "out of order" in told
    assert rows(cursor, "SELECT 1") == [(1,)]
    weed.catalog.fault = lambda request: None
    cursor.execute(catalog_sql(weed, "hasty", **{"rest.client.socket-timeout-ms": "700"}))
    assert rows(cursor, f"SELECT * FROM hasty.{schema}.t") == [(1,)]
    weed.catalog.fault = lambda request: time.sleep(2)
    told = refused(cursor, f"SELECT * FROM hasty.{schema}.t")
    assert "CATALOG_ERROR" in told
    weed.catalog.fault = lambda request: None
    cursor.execute("DROP CATALOG hasty")
    for status in (429, 503):
        busy = iter([status])

        def for_a_moment(request, busy=busy):
            code = next(busy, None)
            return Status(code, b"", {"Retry-After": "1"}) if code else None

        weed.catalog.fault = for_a_moment
        assert rows(cursor, f"SELECT * FROM w.{schema}.t") == [(1,)]
        assert next(busy, None) is None


def commits(request, table):
    return request.method == "POST" and request.path.split("?")[0].endswith(f"/tables/{table}")


def test_a_lost_answer_to_a_commit_is_found_out(cursor, weed, schema, judge):
    cursor.execute(f"CREATE TABLE w.{schema}.t AS SELECT 1 AS k")
    for fault in (LoseAnswer(), Status(500), Status(502)):
        lost = []

        def once(request, fault=fault, lost=lost):
            if commits(request, "t") and not lost:
                lost.append(request)
                return fault

        weed.catalog.fault = once
        before = judge.load_table((schema, "t")).scan().count()
        if isinstance(fault, LoseAnswer):
            cursor.execute(f"INSERT INTO w.{schema}.t VALUES (2)")
        else:
            assert "CATALOG_ERROR" in refused(cursor, f"INSERT INTO w.{schema}.t VALUES (3)")
        assert len(lost) == 1
        after = judge.load_table((schema, "t")).scan().count()
        assert after == before + isinstance(fault, LoseAnswer)
    weed.clear()

    def lost_for_good(request):
        if commits(request, "t"):
            lost.append(request)
            return LoseAnswer()
        return Drop() if len(lost) > 1 else None

    weed.catalog.fault = lost_for_good
    told = refused(cursor, f"INSERT INTO w.{schema}.t VALUES (4)")
    assert "did not say whether the commit was made" in told
    weed.clear()
    # it was: its files are the table's and were not taken away
    assert rows(cursor, f"SELECT k FROM w.{schema}.t ORDER BY k") == [(1,), (2,), (4,)]
    assert rows(cursor, f"SELECT count(*) FROM w.{schema}.t.snapshots") == [(3,)]


# Secrets


def test_planted_secrets_are_nowhere(start, weed, environment, tmp_path):
    """A run of everything, failures included, with every logger at its most talkative."""
    logging = tmp_path / "logging.properties"
    log = tmp_path / "server.log"
    logging.write_text(
        "handlers = java.util.logging.FileHandler\n.level = ALL\n"
        f"java.util.logging.FileHandler.pattern = {log}\njava.util.logging.FileHandler.level = ALL\n"
        "java.util.logging.FileHandler.limit = 0\n"
        "java.util.logging.FileHandler.formatter = java.util.logging.SimpleFormatter\n"
    )
    secret = tmp_path / "secret"
    secret.write_text(weed.credential("bob") + "\n")
    weed.clear()
    vended = set()

    def remember(request, body):
        for name in (b"s3.secret-access-key", b"s3.session-token", b"access_token"):
            vended.update(re.findall(b'"' + re.escape(name) + rb'" *: *"([^"]+)"', body))
        return body

    weed.catalog.rewrite = remember
    running = start(tmp_path / "lake", java_options=f"-Djava.util.logging.config.file={logging}")
    seen = []
    with flight_sql.connect(running.uri, autocommit=True) as connection, connection.cursor() as cursor:
        cursor.execute(catalog_sql(weed, credential=f"${{file:{secret}}}"))
        cursor.execute(catalog_sql(weed, "wrong", credential="ADMINKEY:x-${env:LAKE_alice}"))
        cursor.execute("CREATE SCHEMA w.secrets")
        cursor.execute("CREATE TABLE w.secrets.t AS SELECT 1 AS k")
        for sql in (
            "SHOW CATALOGS", "SHOW ALL", "SHOW SCHEMAS FROM w", "SHOW CREATE TABLE w.secrets.t", "DESCRIBE w.secrets.t",
            "SELECT * FROM w.secrets.t", "EXPLAIN SELECT * FROM w.secrets.t", "EXPLAIN ANALYZE SELECT * FROM w.secrets.t",
            "SELECT * FROM w.information_schema.columns WHERE table_schema = 'secrets'",
            "SELECT * FROM lake.information_schema.tables", "SELECT * FROM system.training_datasets",
            "SELECT * FROM w.secrets.t.files", "SELECT * FROM w.secrets.t.snapshots",
        ):
            seen.append(repr(rows(cursor, sql)))
        seen.append(refused(cursor, "SELECT * FROM wrong.secrets.t"))
        seen.append(refused(cursor, catalog_sql(weed, "bad", token="planted-plain-4716")))
        echo = json.dumps({"error": {"message": f"no {weed.credential('bob')}", "type": "X", "code": 400}}).encode()
        for fault in (Drop(), Status(500), Status(401), Status(403), Status(400, echo)):
            weed.catalog.fault = lambda request, fault=fault: fault
            seen.append(refused(cursor, "SELECT * FROM w.secrets.t"))
            weed.catalog.fault = lambda request: None
        for fault in (Status(403), Status(404)):
            weed.s3.fault = lambda request, fault=fault: fault
            seen.append(refused(cursor, "SELECT * FROM w.secrets.t"))
            weed.s3.fault = lambda request: None
        seen.append(pathlib.Path(f"/proc/{running.pid}/cmdline").read_text())
        assert rows(cursor, "SELECT * FROM w.secrets.t") == [(1,)]
    running.stop()
    weed.clear()
    planted = {secret for _, secret in weed.USERS.values()} | {"planted-plain-4716", "planted-ambient-secret-4714"}
    planted |= {each.decode() for each in vended}
    assert len(planted) > 6
    told = log.read_text(errors="replace")
    assert "org.apache.hc" in told and "software.amazon" in told and "io.sluice" in told, "the loggers are on"
    kept = "".join(path.read_text(errors="replace") for path in (tmp_path / "lake").rglob("*") if path.is_file())
    for text in (told, "\n".join(seen), kept):
        assert [each for each in planted if each in text] == []
