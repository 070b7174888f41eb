"""Large results on several endpoints: read side by side, or one after the other."""

import multiprocessing
import time

import adbc_driver_flightsql.dbapi as flight_sql
import adbc_driver_manager
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.flight as flight
import pytest
from test_temporary import record

ROWS = 3_000_000
SCAN = "SELECT id, id * 2 AS twice, word FROM big WHERE id >= 0"


def ingest(cursor, first, count, mode):
    ids = np.arange(first, first + count)
    table = pa.table({"id": ids, "word": pa.array((ids % 97).astype(str))})
    cursor.adbc_ingest("big", table.to_reader(max_chunksize=100_000), mode=mode)


@pytest.fixture(scope="module")
def big(tmp_path_factory):
    from sluice_server import Server

    with Server(tmp_path_factory.mktemp("partitions"), "--set", "server.result-endpoints=4") as running:
        with flight_sql.connect(running.uri, autocommit=True) as connection, connection.cursor() as cursor:
            ingest(cursor, 0, ROWS // 2, "create")
            ingest(cursor, ROWS // 2, ROWS - ROWS // 2, "append")
        yield running


def partitions(server, sql):
    with flight_sql.connect(server.uri, autocommit=True) as connection, connection.cursor() as cursor:
        found, _ = cursor.adbc_execute_partitions(sql)
        return found


def read(uri, partition):
    with flight_sql.connect(uri, autocommit=True) as connection, connection.cursor() as cursor:
        cursor.adbc_read_partition(partition)
        return cursor.fetch_arrow_table()


def read_ids(task):
    return read(*task).column("id").to_numpy()


def test_other_processes_read_every_row_once(big):
    found = partitions(big, SCAN)
    assert len(found) == 4
    with multiprocessing.get_context("spawn").Pool(4) as pool:
        ids = pool.map(read_ids, [(big.uri, partition) for partition in found])
    assert all(0.5 < len(part) / (ROWS / 4) < 1.5 for part in ids)
    assert np.array_equal(np.sort(np.concatenate(ids)), np.arange(ROWS))


def test_a_part_can_be_read_again(big):
    first = partitions(big, SCAN)[0]
    once, again = (np.sort(read_ids((big.uri, first))) for _ in range(2))
    assert len(once) and np.array_equal(once, again)


def test_parts_are_of_one_snapshot(start, tmp_path):
    server = start(None, "--set", "server.result-endpoints=3")
    with flight_sql.connect(server.uri, autocommit=True) as connection, connection.cursor() as cursor:
        ingest(cursor, 0, 2_000_000, "create")
        found = partitions(server, "SELECT id FROM big")
        assert len(found) == 3
        before = [read_ids((server.uri, found[0]))]
        ingest(cursor, 2_000_000, 300_000, "append")
        before += [read_ids((server.uri, partition)) for partition in found[1:]]
        assert np.array_equal(np.sort(np.concatenate(before)), np.arange(2_000_000))
        cursor.execute("SELECT COUNT(*) FROM big")
        assert cursor.fetchone() == (2_300_000,)


def test_one_after_the_other_is_right_too(big):
    # ADBC puts the endpoints together, pyarrow leaves it to the caller
    with flight_sql.connect(big.uri, autocommit=True) as connection, connection.cursor() as cursor:
        cursor.execute(SCAN)
        together = cursor.fetch_arrow_table()
    client = flight.connect(big.uri)
    info = client.get_flight_info(flight.FlightDescriptor.for_command(SCAN))
    assert len(info.endpoints) == 4
    each = pa.concat_tables(client.do_get(endpoint.ticket).read_all() for endpoint in info.endpoints)
    for table in (together, each):
        assert table.schema.equals(info.schema)
        assert table.num_rows == ROWS
        assert pc.sum(table.column("twice")).as_py() == ROWS * (ROWS - 1)
        assert pc.count_distinct(table.column("id")).as_py() == ROWS


@pytest.mark.parametrize(
    "sql,count",
    [
        (SCAN, 4),
        ("SELECT * FROM big", 4),
        ("SELECT id FROM (SELECT id, word FROM big WHERE word = '1') AS b WHERE id > 5", 4),
        # row groups that cannot match do not count
        ("SELECT id FROM big WHERE id < 1000", 1),
        ("SELECT id FROM big WHERE id < 1300000", 2),
        ("SELECT id FROM big ORDER BY id", 1),
        ("SELECT id FROM big LIMIT 2000000", 1),
        ("SELECT DISTINCT id FROM big", 1),
        ("SELECT word, COUNT(*) AS n FROM big GROUP BY word", 1),
        ("SELECT a.id FROM big a JOIN big b ON a.id = b.id", 1),
        ("SELECT id FROM big UNION ALL SELECT id FROM big", 1),
    ],
)
def test_what_is_divided(big, sql, count):
    assert len(partitions(big, sql)) == count


def test_bound_values(big):
    with flight_sql.connect(big.uri, autocommit=True) as connection, connection.cursor() as cursor:
        found, _ = cursor.adbc_execute_partitions("SELECT id FROM big WHERE id >= ?", (1_000_000,))
        assert len(found) == 4
        ids = np.concatenate([read_ids((big.uri, partition)) for partition in found])
        assert np.array_equal(np.sort(ids), np.arange(1_000_000, ROWS))


def test_a_part_belongs_to_its_user(start):
    users = [option for name in ("ada", "eve") for option in ("--set", f"auth.users.{name}={record(name)}")]
    server = start(None, "--set", "server.result-endpoints=2", *users)

    def connect(name):
        return flight_sql.connect(server.uri, db_kwargs={"username": name, "password": name}, autocommit=True)

    with connect("ada") as ada, ada.cursor() as cursor, connect("ada") as again, connect("eve") as eve:
        ingest(cursor, 0, 1_200_000, "create")
        found, _ = cursor.adbc_execute_partitions("SELECT id FROM big")
        assert len(found) == 2
        with again.cursor() as other:
            other.adbc_read_partition(found[0])
            assert other.fetch_arrow_table().num_rows > 0
        with eve.cursor() as other, pytest.raises(adbc_driver_manager.Error, match="no such ticket"):
            other.adbc_read_partition(found[1])
            other.fetch_arrow_table()


def test_parts_that_nobody_reads_expire(start):
    server = start(None, "--set", "server.result-endpoints=2", "--set", "server.prepared-statement-ttl=1s")
    with flight_sql.connect(server.uri, autocommit=True) as connection, connection.cursor() as cursor:
        ingest(cursor, 0, 1_200_000, "create")
        client = flight.connect(server.uri)
        info = client.get_flight_info(flight.FlightDescriptor.for_command("SELECT id FROM big"))
        left = [endpoint.expiration_time.as_py().timestamp() - time.time() for endpoint in info.endpoints]
        assert len(left) == 2 and all(0 < seconds <= 1 for seconds in left)
        time.sleep(1.5)
        with pytest.raises(pa.ArrowInvalid, match="server.prepared-statement-ttl"):
            client.do_get(info.endpoints[0].ticket).read_all()


def test_a_paused_reader_of_one_part_holds_no_other_up(big):
    found = partitions(big, SCAN)
    with flight_sql.connect(big.uri, autocommit=True) as connection, connection.cursor() as paused:
        paused.adbc_read_partition(found[0])
        first = paused.fetch_record_batch().read_next_batch()
        rest = [read_ids((big.uri, partition)) for partition in found[1:]]
        assert first.num_rows > 0 and sum(map(len, rest)) > ROWS // 2


def test_a_training_dataset_keeps_its_order(big):
    with flight_sql.connect(big.uri, autocommit=True) as connection, connection.cursor() as cursor:
        cursor.execute("CREATE TRAINING DATASET ordered KEY (id) AS SELECT id, word FROM big WHERE id < 1200000")
        cursor.fetchall()
        found, _ = cursor.adbc_execute_partitions("SELECT id FROM ordered")
        assert len(found) == 1
