"""Temporary tables: one session sees them, and they go with it."""

import os
import pathlib
import time

import adbc_driver_flightsql.dbapi as flight_sql
import adbc_driver_manager
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.flight as flight
import pytest


def record(password):
    """A password record as `sluice password` prints it."""
    import base64
    import hashlib

    salt = b"0123456789abcdef"
    digest = hashlib.pbkdf2_hmac("sha256", password.encode(), salt, 1000)
    plain = [base64.b64encode(part).decode().rstrip("=") for part in (salt, digest)]
    return f"pbkdf2:1000:{plain[0]}:{plain[1]}"


@pytest.fixture(scope="module", params=["connection", "token"])
def connect(request, tmp_path_factory):
    """Opens sessions of either kind: without a user the connection names it, with one the token."""
    from sluice_server import Server

    data = tmp_path_factory.mktemp("temporary")
    options = [] if request.param == "connection" else ["--set", f"auth.users.ada={record('secret')}"]
    login = {} if request.param == "connection" else {"username": "ada", "password": "secret"}
    with Server(data, *options) as running:

        def open_session(**kwargs):
            return flight_sql.connect(running.uri, db_kwargs={**login, **kwargs}, autocommit=True)

        open_session.data = data
        open_session.server = running
        yield open_session


def rows(cursor, sql, parameters=None):
    cursor.execute(sql, parameters)
    return [tuple(row) for row in cursor.fetchall()]


def files(data):
    # unlike rglob, walk goes on where a folder vanishes meanwhile
    walked = os.walk(pathlib.Path(data, "temporary"))
    return [pathlib.Path(folder, name) for folder, _, names in walked for name in names if not name.endswith(".lock")]


def wait_until(condition, seconds=10):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not come true in time"
        time.sleep(0.05)


def test_two_sessions_with_one_name_do_not_mix(connect):
    with connect() as one, connect() as two, one.cursor() as a, two.cursor() as b:
        a.execute("CREATE TEMP TABLE mix (x BIGINT)")
        a.execute("INSERT INTO mix VALUES (1), (2)")
        assert a.rowcount == 2
        with pytest.raises(adbc_driver_manager.ProgrammingError, match="UNKNOWN_TABLE.*mix"):
            b.execute("SELECT * FROM mix")
        b.execute("CREATE TEMPORARY TABLE mix AS SELECT 'other' AS y")
        assert rows(a, "SELECT x FROM mix ORDER BY x") == [(1,), (2,)]
        assert rows(b, "SELECT y FROM temp.mix") == [("other",)]
        a.execute("DROP TABLE mix")
        assert rows(b, "SELECT y FROM mix") == [("other",)]


def test_a_temporary_table_hides_one_of_the_lake(connect):
    with connect() as one, connect() as two, one.cursor() as a, two.cursor() as b:
        a.execute("CREATE TABLE hidden AS SELECT 'lake' AS source")
        a.execute("CREATE VIEW hidden_view AS SELECT source FROM hidden")
        a.execute("CREATE TEMP TABLE hidden AS SELECT 'temporary' AS source")
        assert rows(a, "SELECT source FROM hidden") == [("temporary",)]
        assert rows(a, "SELECT source FROM main.hidden") == [("lake",)]
        # a view means the same in every session
        assert rows(a, "SELECT source FROM hidden_view") == [("lake",)]
        assert rows(b, "SELECT source FROM hidden") == [("lake",)]
        a.execute("DROP TABLE hidden")
        assert rows(a, "SELECT source FROM hidden") == [("lake",)]


@pytest.mark.parametrize("frame", [pd.DataFrame, pa.table])
def test_ingest_modes(connect, frame):
    with connect() as session, session.cursor() as cursor:
        assert cursor.adbc_ingest("modes", frame({"a": [1, 2]}), mode="create", temporary=True) == 2
        with pytest.raises(adbc_driver_manager.Error, match="ALREADY_EXISTS"):
            cursor.adbc_ingest("modes", frame({"a": [1]}), mode="create", temporary=True)
        cursor.adbc_ingest("modes", frame({"a": [3]}), mode="append", temporary=True)
        assert rows(cursor, "SELECT a FROM modes ORDER BY a") == [(1,), (2,), (3,)]
        cursor.adbc_ingest("modes", frame({"b": ["x"]}), mode="replace", temporary=True)
        assert rows(cursor, "SELECT b FROM modes") == [("x",)]
        for _ in range(2):
            cursor.adbc_ingest("made", frame({"a": [1]}), mode="create_append", temporary=True)
        assert rows(cursor, "SELECT a FROM made") == [(1,), (1,)]
        with pytest.raises(adbc_driver_manager.ProgrammingError, match="UNKNOWN_TABLE.*create"):
            cursor.adbc_ingest("missing", frame({"a": [1]}), mode="append", temporary=True)
        with pytest.raises(adbc_driver_manager.ProgrammingError, match="schema temp"):
            cursor.adbc_ingest("x", frame({"a": [1]}), db_schema_name="main", temporary=True)


def test_a_spine_from_pandas_joins_lake_tables(connect):
    with connect() as session, session.cursor() as cursor:
        day = pd.Timestamp("2024-01-01")
        cursor.adbc_ingest(
            "readings",
            pd.DataFrame({"sensor": ["a", "a", "b"], "at": [day, day + pd.Timedelta("1h"), day], "value": [1.0, 2.0, 3.0]}),
            mode="replace",
        )
        labels = pd.DataFrame({"sensor": ["a", "a", "b"], "at": [day, day + pd.Timedelta("2h"), day - pd.Timedelta("1s")]})
        cursor.adbc_ingest("labels", labels, temporary=True)
        spine = "FROM labels l LEFT ASOF JOIN readings r MATCH_CONDITION (r.at <= l.at) ON r.sensor = l.sensor"
        assert rows(cursor, f"SELECT l.sensor, r.value {spine} ORDER BY l.at") == [("b", None), ("a", 1.0), ("a", 2.0)]
        # rows that should last are copied out
        cursor.execute(f"CREATE TABLE kept AS SELECT l.sensor, r.value {spine}")
        assert cursor.rowcount == 3


def test_declarations(connect):
    with connect() as session, session.cursor() as cursor:
        cursor.execute(
            "CREATE TEMP TABLE declared (id BIGINT, at TIMESTAMP, PRIMARY KEY (id) NOT ENFORCED, EVENT TIME (at))"
        )
        meaning = {row[0]: row[3] for row in rows(cursor, "DESCRIBE declared")}
        assert meaning == {"id": "PRIMARY KEY", "at": "EVENT TIME"}
        (text,) = rows(cursor, "SHOW CREATE TABLE declared")[0]
        assert text.startswith("CREATE TEMP TABLE declared (")
        cursor.execute("DROP TABLE declared")
        cursor.execute(text)


def test_metadata_lists_them_to_their_session_alone(connect):
    with connect() as one, connect() as two, one.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE listed (x BIGINT)")

        def tables(session):
            found = {}
            for catalog in session.adbc_get_objects(depth="tables").read_all().to_pylist():
                for schema in catalog["catalog_db_schemas"] or []:
                    for table in schema["db_schema_tables"] or []:
                        found[catalog["catalog_name"], schema["db_schema_name"], table["table_name"]] = table["table_type"]
            return found

        assert tables(one)["temp", "temp", "listed"] == "LOCAL TEMPORARY"
        assert not [name for name in tables(two) if name[2] == "listed" or name[0] == "temp"]
        assert one.adbc_get_table_schema("listed").names == ["x"]
        assert "LOCAL TEMPORARY" in one.adbc_get_table_types()
        assert ("listed", "temporary table", None) in rows(cursor, "SHOW TABLES")
        assert rows(cursor, "SHOW TABLES FROM temp") == [("listed", "temporary table", None)]
        assert rows(cursor, "SHOW CATALOGS") == [("lake", "embedded", None), ("online", "online", None)]


@pytest.mark.parametrize(
    "sql,error",
    [
        ("CREATE TEMP VIEW v AS SELECT 1 AS x", "UNSUPPORTED.*column 13.*no temporary views"),
        ("CREATE TEMP SCHEMA s", "SYNTAX_ERROR.*TABLE"),
        ("CREATE TEMP TABLE main.t (x BIGINT)", "UNKNOWN_SCHEMA.*column 19.*schema temp.*write t alone"),
        ("CREATE SCHEMA temp", "INVALID_ARGUMENT.*each session's own"),
        ("USE temp", "INVALID_ARGUMENT.*searched first"),
        ("CREATE TEMP TABLE misuse (x BIGINT)", "ALREADY_EXISTS.*CREATE OR REPLACE"),
        ("CREATE VIEW v AS SELECT * FROM misuse", "INVALID_ARGUMENT.*only this one sees.*misuse"),
        ("SELECT * FROM temp.misus", "UNKNOWN_TABLE.*column 15.*schema temp.*are .misuse"),
        ("SELECT * FROM misus", "UNKNOWN_TABLE.*misus.*did you mean misuse"),
    ],
)
def test_misuse(connect, sql, error):
    with connect() as session, session.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE misuse (x BIGINT)")
        with pytest.raises(adbc_driver_manager.Error, match=f"(?s){error}"):
            cursor.execute(sql)


def test_closing_the_session_removes_the_files(connect):
    with connect() as other, other.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE stays AS SELECT 1 AS x")
        before = len(files(connect.data))
        with connect() as session, session.cursor() as mine:
            mine.execute("CREATE TEMP TABLE goes AS SELECT 1 AS x")
            assert len(files(connect.data)) > before
        wait_until(lambda: len(files(connect.data)) == before)
        assert rows(cursor, "SELECT x FROM stays") == [(1,)]


def test_a_session_ends_with_a_connection_that_breaks(start, tmp_path):
    import multiprocessing

    running = start()
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        assert pool.apply(_leave_a_table, (running.uri,)) == 1
        assert files(tmp_path / "lake")
        pool.terminate()
    wait_until(lambda: not files(tmp_path / "lake"))


_KEPT = []


def _leave_a_table(uri):
    session = flight_sql.connect(uri, autocommit=True)
    _KEPT.append(session)
    with session.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE left_behind AS SELECT 1 AS x")
        return cursor.rowcount


def test_a_cookie_keeps_the_session_over_connections(start, tmp_path):
    running = start()
    cookies = []

    class Keep(flight.ClientMiddleware):
        def received_headers(self, headers):
            cookies.extend(headers.get("set-cookie", []))

        def sending_headers(self):
            return {"cookie": cookies[0].split(";")[0]} if cookies else {}

    class Factory(flight.ClientMiddlewareFactory):
        def start_call(self, info):
            return Keep()

    def run(client, sql):
        return client.do_get(flight.Ticket(sql.encode())).read_all().to_pylist()

    with flight.connect(running.uri, middleware=[Factory()]) as client:
        run(client, "CREATE TEMP TABLE kept AS SELECT 1 AS x")
        assert run(client, "SELECT x FROM kept") == [{"x": 1}]
    with flight.connect(running.uri, middleware=[Factory()]) as client:
        assert run(client, "SELECT x FROM kept") == [{"x": 1}]
        list(client.do_action(flight.Action("CloseSession", b"")))
    wait_until(lambda: not files(tmp_path / "lake"))


def test_a_stop_and_the_next_start_leave_nothing(start, tmp_path):
    data = tmp_path / "lake"
    for end in ("stop", "kill"):
        running = start(data)
        session = flight_sql.connect(running.uri, autocommit=True)
        with session.cursor() as cursor:
            cursor.execute("CREATE TEMP TABLE left_behind AS SELECT 1 AS x")
        assert files(data)
        getattr(running, end)()
        if end == "stop":
            assert not files(data)
    assert files(data)
    start(data)
    assert not files(data)


def test_a_second_server_spares_the_first_ones_tables(start, tmp_path):
    data = tmp_path / "lake"
    with flight_sql.connect(start(data).uri, autocommit=True) as session, session.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE mine AS SELECT 1 AS x")
        start(data)
        assert rows(cursor, "SELECT x FROM mine") == [(1,)]


def test_many_labels_do_not_fill_the_heap(start):
    running = start(None, java_options="-Xmx256m")
    labels = pd.DataFrame(
        {
            "id": np.arange(5_000_000),
            "user": np.arange(5_000_000) % 100_003,
            "at": pd.Timestamp("2024-01-01") + pd.to_timedelta(np.arange(5_000_000), unit="s"),
            "y": np.random.default_rng(7).random(5_000_000),
        }
    )
    with flight_sql.connect(running.uri, autocommit=True) as session, session.cursor() as cursor:
        # the driver refuses messages above 16 MiB, and sends a frame as one
        pieces = pa.Table.from_pandas(labels).to_reader(max_chunksize=100_000)
        assert cursor.adbc_ingest("labels", pieces, temporary=True) == len(labels)
        got = rows(cursor, "SELECT COUNT(*), COUNT(DISTINCT user), MIN(id), MAX(id) FROM labels")
        assert got == [(5_000_000, 100_003, 0, 4_999_999)]


def test_the_shell_has_them_too(tmp_path):
    import subprocess

    from conftest import HOME

    script = """
      CREATE TEMP TABLE t AS SELECT 41 AS x;
      INSERT INTO t VALUES (1);
      SELECT SUM(x) AS s FROM t;
    """
    run = [str(HOME / "sluice"), "sql", "--data-dir", str(tmp_path / "lake"), "--format", "csv"]
    done = subprocess.run([*run, "-c", script], capture_output=True, text=True, timeout=120)
    assert done.stdout.split() == ["s", "42"], done.stderr
    assert not files(tmp_path / "lake")
    again = subprocess.run([*run, "-c", "SELECT * FROM t"], capture_output=True, text=True, timeout=120)
    assert again.returncode == 1 and "UNKNOWN_TABLE" in again.stderr
