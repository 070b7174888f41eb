"""What goes wrong for real users: bad input, full memory, slow and vanishing clients, sudden death."""

import pathlib
import random
import shutil
import subprocess
import sys
import threading
import time

import adbc_driver_flightsql.dbapi as flight_sql
import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.flight as flight
import pyarrow.parquet as pq
import pytest


def status(pid, key):
    for line in pathlib.Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith(key + ":"):
            return int(line.split()[1]) * 1024
    raise KeyError(key)


def sql(client, text):
    return client.do_get(flight.Ticket(text.encode())).read_all()


def answers(client):
    return sql(client, "SELECT 1 AS one").column(0).to_pylist() == [1]


BAD = [
    ("SELEC 1", "SYNTAX_ERROR.*line 1, column 1"),
    ("SELECT * FROM nowhere", "UNKNOWN_TABLE.*nowhere"),
    ("SELECT nothing FROM (VALUES (1)) AS t(x)", "UNKNOWN_COLUMN.*line 1, column 8"),
    ("SELECT 1 / 0", "DIVISION_BY_ZERO"),
    ("SELECT 9223372036854775807 + 1", "NUMERIC_OVERFLOW"),
    ("SELECT CAST('x' AS BIGINT)", "INVALID_CAST.*x"),
    ("SELECT 'a' + DATE '2024-01-01'", "TYPE_MISMATCH"),
]


@pytest.mark.parametrize("text,pattern", BAD)
def test_bad_sql(server, text, pattern):
    import re

    client = flight.connect(server.uri)
    with pytest.raises(pa.ArrowException) as raised:
        sql(client, text)
    assert re.search(pattern, str(raised.value), re.S), raised.value
    with flight_sql.connect(server.uri, autocommit=True) as connection, connection.cursor() as cursor:
        with pytest.raises(Exception) as raised:
            cursor.execute(text)
            cursor.fetchall()
        assert re.search(pattern, str(raised.value), re.S), raised.value
    assert answers(client)


def test_broken_files(server, tmp_path):
    """A truncated, a damaged and a missing data file: each an error that names it."""
    client = flight.connect(server.uri)
    rng = np.random.default_rng(1)
    data = pa.table({"a": rng.integers(0, 1 << 40, 200_000), "b": rng.random(200_000)})
    for name, harm in (("truncated", None), ("damaged", None), ("missing", None)):
        path = tmp_path / f"{name}.parquet"
        pq.write_table(data, path, compression="zstd")
        sql(client, f"CALL register_parquet('main.broken_{name}', '{path}')")
        content = path.read_bytes()
        if name == "truncated":
            path.write_bytes(content[: len(content) // 2])
        elif name == "damaged":
            half = len(content) // 2
            path.write_bytes(content[:half] + bytes(4096) + content[half + 4096 :])
        else:
            path.unlink()
        with pytest.raises(pa.ArrowException) as raised:
            sql(client, f"SELECT SUM(a), SUM(b) FROM broken_{name}")
        assert path.name in str(raised.value), raised.value
        assert answers(client)


@pytest.fixture(scope="module")
def large(server, tmp_path_factory):
    """A table whose rows are about 2 GB as Arrow."""
    folder = tmp_path_factory.mktemp("large")
    writer = duckdb.connect()
    writer.execute(
        "COPY (SELECT range AS a, range * 7 AS b, range % 1000 AS c, (hash(range) % 1000000)::BIGINT AS d"
        f" FROM range(64000000)) TO '{folder}/large.parquet' (FORMAT parquet)"
    )
    writer.close()
    sql(flight.connect(server.uri), f"CALL register_parquet('main.large', '{folder}/large.parquet')")
    yield "large"
    shutil.rmtree(folder)


def test_paused_readers(server, large):
    """Eight clients stop reading: a ninth is served at once, and they cost little memory."""
    client = flight.connect(server.uri)
    for _ in range(30):
        answers(client)
    clients = [flight.connect(server.uri) for _ in range(8)]
    before = status(server.pid, "VmRSS")
    first = clients[0].do_get(flight.Ticket(b"SELECT * FROM large"))
    first.read_chunk()
    time.sleep(3)
    one = status(server.pid, "VmRSS") - before
    readers = [first] + [c.do_get(flight.Ticket(b"SELECT * FROM large")) for c in clients[1:]]
    for reader in readers[1:]:
        reader.read_chunk()
    time.sleep(2)
    worst = 0.0
    for _ in range(50):
        started = time.perf_counter()
        assert answers(client)
        worst = max(worst, time.perf_counter() - started)
    for reader, paused in zip(readers, clients):
        reader.cancel()
        paused.close()
    assert one < 64 << 20, f"a paused reader costs {one >> 20} MB"
    assert worst < 0.1, f"a point query took {worst * 1000:.0f} ms"


def test_vanishing_client(server, large):
    for _ in range(5):
        client = flight.connect(server.uri)
        reader = client.do_get(flight.Ticket(b"SELECT * FROM large"))
        reader.read_chunk()
        del reader
        client.close()
    client = flight.connect(server.uri)
    assert answers(client)


def test_memory_limit(start, tmp_path):
    config = tmp_path / "sluice.properties"
    config.write_text("engine.memory.query-limit = 64MB\n")
    running = start(None, "--config", str(config))
    client = flight.connect(running.uri)
    rng = np.random.default_rng(2)
    data = pa.table({"a": rng.permutation(8_000_000)})
    pq.write_table(data, tmp_path / "a.parquet")
    sql(client, f"CALL register_parquet('main.a', '{tmp_path / 'a.parquet'}')")
    for text in (
        "SELECT a, COUNT(*) FROM a GROUP BY a",
        "SELECT * FROM a ORDER BY a",
        "SELECT COUNT(*) FROM a x JOIN a y ON x.a = y.a",
    ):
        with pytest.raises(pa.ArrowException) as raised:
            sql(client, text)
        assert "MEMORY_LIMIT" in str(raised.value) and "engine.memory.query-limit" in str(raised.value)
        assert answers(client)


@pytest.mark.parametrize("attempt", range(20))
def test_killed_ingest(start, tmp_path_factory, attempt):
    """kill -9 at a random moment of an ingest leaves all of it or nothing."""
    choose = random.Random(attempt)
    folder = tmp_path_factory.mktemp("killed")
    rows = 400_000
    data = pa.table({"a": np.arange(rows), "b": np.random.default_rng(attempt).random(rows)})
    running = start(folder)
    with flight_sql.connect(running.uri, autocommit=True) as connection, connection.cursor() as cursor:
        cursor.adbc_ingest("kept", data.slice(0, 1000), mode="create")

    def ingest(table, mode):
        try:
            with flight_sql.connect(running.uri, autocommit=True) as connection, connection.cursor() as cursor:
                cursor.adbc_ingest(table, data, mode=mode)
        except Exception:
            pass

    table, mode = choose.choice([("kept", "append"), ("made", "create"), ("kept", "replace")])
    worker = threading.Thread(target=ingest, args=(table, mode))
    worker.start()
    time.sleep(choose.random() * 0.8)
    running.kill()
    worker.join()
    again = start(folder)
    client = flight.connect(again.uri)
    tables = {row for row in sql(client, "SHOW TABLES").column(0).to_pylist()}
    kept = sql(client, "SELECT COUNT(*) FROM kept").column(0).to_pylist()[0]
    if table == "made":
        assert kept == 1000
        if "made" in tables:
            assert sql(client, "SELECT COUNT(*) FROM made").column(0).to_pylist() == [rows]
    elif mode == "append":
        assert kept in (1000, 1000 + rows)
    else:
        assert kept in (1000, rows)
    again.stop()


def test_cancelled_creation_leaves_nothing(start):
    """A statement that works before its first row stops when its client goes or cancels."""
    running = start()
    client = flight.connect(running.uri)
    sql(client, "CREATE TABLE d (a BIGINT)")
    sql(client, "INSERT INTO d VALUES (0), (1), (2), (3), (4), (5), (6), (7), (8), (9)")
    sql(
        client,
        "CREATE TABLE many AS SELECT a.a + 10 * b.a + 100 * c.a + 1000 * e.a + 10000 * f.a AS id"
        " FROM d a, d b, d c, d e, d f",
    )
    # a query that takes long before it has a row
    create = (
        "CREATE TRAINING DATASET cancelled KEY (id) AS SELECT m.id, COUNT(*) AS n FROM many m"
        " JOIN many o ON o.id BETWEEN m.id - 20000 AND m.id + 20000 GROUP BY m.id"
    )
    states = "SELECT state FROM system.training_datasets"

    def wait(condition):
        end = time.monotonic() + 60
        while not condition():
            assert time.monotonic() < end, sql(client, states).to_pydict()
            time.sleep(0.2)

    for _ in range(2):
        going = subprocess.Popen(
            [
                sys.executable,
                "-c",
                "import sys, pyarrow.flight as flight;"
                "flight.connect(sys.argv[1]).do_get(flight.Ticket(sys.argv[2].encode())).read_all()",
                running.uri,
                create,
            ]
        )
        try:
            wait(lambda: sql(client, states)["state"].to_pylist() == ["building"])
        finally:
            going.kill()
            going.wait()
        wait(lambda: sql(client, states).num_rows == 0)
        wait(lambda: sql(client, "SELECT name FROM many$refs")["name"].to_pylist() == ["main"])
    assert answers(client)
