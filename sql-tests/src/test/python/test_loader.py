"""Loaders: shares of an ordered result for several readers, and its shuffles, by session options alone."""

import multiprocessing
import pathlib
import re

import adbc_driver_flightsql.dbapi as flight_sql
import adbc_driver_manager
import loader
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.flight as flight
import pytest

ROWS = 3001


@pytest.fixture(scope="module")
def tables(server):
    """A dataset with its copy, the same without one, and a plain table; names are those of the kinds."""
    with flight_sql.connect(server.uri, autocommit=True) as connection, connection.cursor() as cursor:
        ids = pa.array(range(ROWS))
        table = pa.table({"id": ids, "g": [i % 7 for i in range(ROWS)], "y": [i % 2 == 0 for i in range(ROWS)]})
        cursor.adbc_ingest("loaded", table, mode="replace")
        for name, storage in [("kept", ""), ("virtual", " WITH (storage = 'virtual')")]:
            cursor.execute(
                f"CREATE TRAINING DATASET load_{name} KEY (id) LABEL (y) SPLIT BY HASH (id) SEED 3 (train 0.7, test 0.3)"
                f"{storage} AS SELECT id, g, y FROM loaded"
            )
            cursor.fetchall()
    return {
        "kept": "SELECT id, g FROM load_kept FOR VERSION AS OF 1 WHERE split = 'train'",
        "virtual": "SELECT id, g FROM load_virtual FOR VERSION AS OF 1 WHERE split = 'train'",
        "plain": "SELECT id, g FROM loaded ORDER BY id DESC",
        "tied": "SELECT id, g FROM loaded WHERE id >= 5 ORDER BY g",
        "limited": "SELECT g, id FROM loaded ORDER BY g LIMIT 1000 OFFSET 10",
        "constant": "SELECT id, 1 AS g FROM (VALUES (1), (2), (3)) AS t(id) ORDER BY id",
        "empty": "SELECT id, g FROM loaded WHERE id < 0 ORDER BY id",
    }


KINDS = ["kept", "virtual", "plain", "tied", "limited", "constant", "empty"]


def read(server, query, shard=0, shards=1, seed=None, epoch=0):
    return [i for batch in loader.batches(server.uri, query, shard, shards, seed, epoch) for i in batch["id"].to_pylist()]


def together(server, query, shards, seed=None, epoch=0):
    """All shares, put back: the row at position p is in share p mod n."""
    shares = [read(server, query, shard, shards, seed, epoch) for shard in range(shards)]
    assert max(map(len, shares)) - min(map(len, shares)) <= 1
    rows = [None] * sum(map(len, shares))
    for shard, share in enumerate(shares):
        rows[shard::shards] = share
    return rows


@pytest.mark.parametrize("kind", KINDS)
def test_shares_are_the_rows_for_any_number_of_readers(server, tables, kind):
    whole = read(server, tables[kind])
    assert len(whole) == len(set(whole))
    first = together(server, tables[kind], 2)
    assert together(server, tables[kind], 5) == first
    # rows that ORDER BY leaves tied have one order in shares, any order elsewhere
    assert sorted(first) == sorted(whole) if kind == "tied" else first == whole


@pytest.mark.parametrize("kind", KINDS)
def test_a_shuffle_is_the_same_for_any_number_of_readers(server, tables, kind):
    whole = sorted(read(server, tables[kind]))
    shuffled = read(server, tables[kind], seed=42, epoch=1)
    assert sorted(shuffled) == whole
    assert together(server, tables[kind], 3, seed=42, epoch=1) == shuffled
    if len(whole) > 100:
        others = [
            shuffled,
            read(server, tables[kind]),
            read(server, tables[kind], seed=42, epoch=2),
            read(server, tables[kind], seed=42),
            read(server, tables[kind], seed=-43, epoch=1),
        ]
        for i, one in enumerate(others):
            for other in others[:i]:
                # of n rows a random permutation leaves one in its place, on average
                assert sum(a == b for a, b in zip(one, other)) < 10


def test_both_kinds_of_storage_give_the_same_order(server, tables):
    assert read(server, tables["kept"], 1, 3, 5, 2) == read(server, tables["virtual"], 1, 3, 5, 2)


def test_worker_processes_see_every_row_once_and_the_same_again(server, tables):
    def epoch(number):
        return loader.epoch_of_processes(server.uri, tables["kept"], 4, 42, number)

    first, second, again = epoch(0), epoch(1), epoch(0)
    assert first == again
    assert first != second
    everything = sorted(read(server, tables["kept"]))
    for shares in [first, second]:
        assert sorted(i for share in shares for i in share) == everything
        assert max(map(len, shares)) - min(map(len, shares)) <= 1


def test_parameters_and_plain_flight(server, tables):
    with flight_sql.connect(server.uri, autocommit=True) as connection, connection.cursor() as cursor:
        cursor.execute("SET shard = '1/2'")
        cursor.execute("SET seed = 9")
        cursor.execute("SELECT id FROM loaded WHERE id < ? ORDER BY id", (10,))
        shuffled = cursor.fetch_arrow_table()["id"].to_pylist()
        assert len(shuffled) == 5 and len(cursor.adbc_execute_partitions(tables["plain"])[0]) == 1
    client = flight.connect(server.uri)
    client.do_get(flight.Ticket(b"SET shard = '1/2'")).read_all()
    client.do_get(flight.Ticket(b"SET seed = '9'")).read_all()
    rows = client.do_get(flight.Ticket(b"SELECT id FROM loaded WHERE id < 10 ORDER BY id")).read_all()
    assert rows["id"].to_pylist() == shuffled
    for name in [b"shard", b"seed"]:
        client.do_get(flight.Ticket(b"RESET " + name)).read_all()
    rows = client.do_get(flight.Ticket(b"SELECT id FROM loaded WHERE id < 10 ORDER BY id")).read_all()
    assert rows["id"].to_pylist() == list(range(10))


def test_the_next_epoch_needs_no_new_statement(server, tables):
    # the driver keeps the prepared statement of the same text
    with flight_sql.connect(server.uri, autocommit=True) as connection, connection.cursor() as cursor:
        orders = []
        for epoch in ["0", "1", "0"]:
            options = {loader.OPTION + "seed": "1", loader.OPTION + "epoch": epoch}
            connection.adbc_connection.set_options(**options)
            cursor.execute(tables["kept"])
            orders.append(cursor.fetch_arrow_table()["id"].to_pylist())
        assert orders[0] == orders[2] != orders[1]
        option = connection.adbc_connection.get_option(loader.OPTION + "epoch")
        assert option == "0"


def test_the_plan_shows_it(server, tables):
    with flight_sql.connect(server.uri, autocommit=True) as connection, connection.cursor() as cursor:
        cursor.execute("SET shard = '2/8'")
        for analyze in ["", "ANALYZE "]:
            cursor.execute(f"EXPLAIN {analyze}{tables['plain']}")
            assert "Shard 2 of 8" in "\n".join(row[0] for row in cursor.fetchall())
        cursor.execute("SET seed = 4")
        cursor.execute("SET epoch = 3")
        for analyze in ["", "ANALYZE "]:
            cursor.execute(f"EXPLAIN {analyze}{tables['plain']}")
            plan = "\n".join(row[0] for row in cursor.fetchall())
            assert "Shard 2 of 8 shuffled by seed 4 epoch 3" in plan and "Sort $position" in plan


@pytest.mark.parametrize(
    "setting,query,message",
    [
        ("shard = '0/2'", "SELECT id FROM loaded", "need rows that have an order.*ORDER BY"),
        ("seed = 1", "SELECT COUNT(*) FROM loaded", "need rows that have an order"),
        ("seed = 1", "SELECT * FROM (SELECT id FROM loaded ORDER BY id) AS t JOIN loaded l USING (id)", "have an order"),
        ("epoch = 1", "SELECT id FROM loaded ORDER BY id", "epoch 1 means nothing without a seed"),
        ("shard = '2/2'", None, "counted from 0.*not '2/2'"),
        ("shard = '1'", None, "such as 0/4, not '1'"),
        ("seed = 'x'", None, "seed is an integer, not 'x'"),
    ],
)
def test_misuse(server, tables, setting, query, message):
    with flight_sql.connect(server.uri, autocommit=True) as connection, connection.cursor() as cursor:
        with pytest.raises(adbc_driver_manager.ProgrammingError, match=f"INVALID_ARGUMENT.*{message}"):
            cursor.execute(f"SET {setting}")
            cursor.execute(query)
            cursor.fetchall()


WIDTH = 1000


def peak():
    """The most bytes that this process has held, since it was started."""
    return int(re.search(r"VmHWM:\s+(\d+) kB", pathlib.Path("/proc/self/status").read_text()).group(1)) * 1024


def peak_growth(share):
    """Bytes that reading a share adds to a process's peak, and the bytes read."""
    uri, query, shard, shards, seed = share
    for _ in loader.batches(uri, "SELECT 1 AS id ORDER BY id", 0, 1):
        pass
    before = peak()
    size = sum(batch.nbytes for batch in loader.batches(uri, query, shard, shards, seed))
    return peak() - before, size


@pytest.mark.skipif(not pathlib.Path("/proc/self/status").exists(), reason="peak memory is read from Linux's /proc")
def test_a_worker_holds_batches_and_not_its_share(server):
    rows = 400_000
    with flight_sql.connect(server.uri, autocommit=True) as connection, connection.cursor() as cursor:
        ids = pa.array(range(rows))
        text = pc.utf8_lpad(pc.cast(ids, pa.string()), WIDTH, "x")
        table = pa.table({"id": ids, "payload": text})
        cursor.adbc_ingest("wide_rows", table.to_reader(max_chunksize=8_000), mode="replace")
    query = "SELECT id, payload FROM wide_rows ORDER BY id"
    with multiprocessing.get_context("spawn").Pool(2) as pool:
        figures = pool.map(peak_growth, [(server.uri, query, shard, 2, None) for shard in range(2)], chunksize=1)
    print("peak growth and bytes read:", figures)
    for growth, size in figures:
        assert size > rows // 2 * WIDTH
        assert growth < size / 2
