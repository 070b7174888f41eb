"""Online tables: rows of the lake by key, through a server and its clients."""

import time

import adbc_driver_flightsql.dbapi as flight_sql
import pyarrow
import pytest


def run(cursor, *statements):
    for statement in statements:
        cursor.execute(statement)


def rows(cursor, sql, parameters=None):
    cursor.execute(sql, parameters)
    return cursor.fetchall()


def bound(connection, sql, batch):
    """One execution of a prepared statement for all rows of an Arrow batch."""
    with connection.cursor() as cursor:
        statement = cursor.adbc_statement
        statement.set_sql_query(sql)
        statement.prepare()
        statement.bind(batch)
        stream, _ = statement.execute_query()
        return pyarrow.RecordBatchReader.from_stream(stream).read_all()


def test_lookups_by_key(connection, cursor):
    run(
        cursor,
        "CREATE SCHEMA look",
        "CREATE TABLE look.users (user_id BIGINT, name VARCHAR, city_id INTEGER, PRIMARY KEY (user_id) NOT ENFORCED)",
        "INSERT INTO look.users VALUES (1, 'ann', 10), (2, 'bob', 20), (3, NULL, NULL)",
        "CREATE TABLE look.cities (city_id INTEGER, city VARCHAR, PRIMARY KEY (city_id) NOT ENFORCED)",
        "INSERT INTO look.cities VALUES (10, 'Rome')",
    )
    run(cursor, "CREATE ONLINE TABLE look.users", "CREATE ONLINE TABLE look.cities")
    lookup = "SELECT name, city_id FROM online.look.users WHERE user_id = ?"
    assert rows(cursor, lookup, (1,)) == [("ann", 10)]
    assert rows(cursor, lookup, (3,)) == [(None, None)]
    assert rows(cursor, lookup, (4,)) == []
    assert rows(cursor, "SELECT name FROM online.look.users WHERE user_id IN (?, ?, ?)", (2, 1, 2)) == [
        ("bob",),
        ("ann",),
    ]
    # a request-time feature, and a join along a key that finds nothing
    joined = """SELECT upper(u.name), c.city, ? - u.user_id FROM online.look.users u
                LEFT JOIN online.look.cities c ON c.city_id = u.city_id WHERE u.user_id = ?"""
    assert rows(cursor, joined, (100, 2)) == [("BOB", None, 98)]
    # the rows of each bound key, in the order in which the keys are bound
    keys = [2, 7, 1, 1, None, 3] * 1000
    batch = pyarrow.record_batch({"user_id": pyarrow.array(keys, pyarrow.int64())})
    found = bound(connection, "SELECT user_id, name FROM online.look.users WHERE user_id = ?", batch)
    assert found.column(0).to_pylist() == [key for key in keys if key in (1, 2, 3)]
    assert found.column(1).to_pylist() == [{1: "ann", 2: "bob", 3: None}[key] for key in keys if key in (1, 2, 3)]
    batch = pyarrow.record_batch({"a": pyarrow.array([5, 6], pyarrow.int32()), "b": pyarrow.array([1, 2], pyarrow.int64())})
    assert bound(connection, joined, batch).to_pydict() == {
        "UPPER(u.name)": ["ANN", "BOB"],
        "city": ["Rome", None],
        "? - u.user_id": [4, 4],
    }


def test_a_scan_is_refused(cursor):
    run(
        cursor,
        "CREATE SCHEMA scanned",
        "CREATE TABLE scanned.t (k BIGINT, v VARCHAR, PRIMARY KEY (k) NOT ENFORCED)",
        "INSERT INTO scanned.t VALUES (1, 'a')",
        "CREATE ONLINE TABLE scanned.t",
    )
    with pytest.raises(flight_sql.ProgrammingError, match="nothing gives its key column k.*SET online_scan = true"):
        rows(cursor, "SELECT v FROM online.scanned.t WHERE v = 'a'")
    run(cursor, "SET online_scan = true")
    assert rows(cursor, "SELECT v FROM online.scanned.t WHERE v = 'a'") == [("a",)]
    run(cursor, "RESET online_scan")


def state(cursor, table):
    found = rows(cursor, f"SELECT state, error FROM system.online_tables WHERE name = '{table}'")
    return found[0] if found else None


def eventually(check, seconds=20):
    """The truth of a check that others' work makes true."""
    end = time.monotonic() + seconds
    while not (result := check()) and time.monotonic() < end:
        time.sleep(0.02)
    return result


def test_commits_are_followed(start, tmp_path):
    """Through this server at once; through another one, which shares the lake, by polling."""
    lake = tmp_path / "lake"
    with flight_sql.connect(start(lake).uri, autocommit=True) as one, one.cursor() as cursor:
        run(
            cursor,
            "CREATE SCHEMA s",
            "CREATE TABLE s.t (k BIGINT, v VARCHAR, w BIGINT, PRIMARY KEY (k) NOT ENFORCED)",
            "INSERT INTO s.t VALUES (1, 'a', 1), (2, 'b', 2)",
            "CREATE ONLINE TABLE s.t COLUMNS (v)",
        )
        look = "SELECT v FROM online.s.t WHERE k = ?"
        seen = lambda key, value, at=cursor: eventually(lambda: rows(at, look, (key,)) == value)  # noqa: E731
        run(cursor, "INSERT INTO s.t VALUES (3, 'c', 3), (1, 'a2', 1)")
        assert seen(3, [("c",)]) and seen(1, [("a2",)])
        run(cursor, "DELETE FROM s.t WHERE k = 3")
        assert seen(3, [])
        run(cursor, "UPDATE s.t SET v = 'b2' WHERE k = 2")
        assert seen(2, [("b2",)])
        before = rows(cursor, "SELECT snapshot_id FROM system.online_tables")
        run(cursor, "OPTIMIZE s.t", "REFRESH ONLINE TABLE s.t")
        assert rows(cursor, "SELECT snapshot_id FROM system.online_tables") != before
        assert seen(1, [("a2",)])
        run(cursor, "ALTER TABLE s.t ADD COLUMN x VARCHAR", "REFRESH ONLINE TABLE s.t", "REFRESH ONLINE TABLE s.t FULL")
        assert seen(1, [("a2",)])
        # a column that the definition names is gone: what was there stays, and the table says why
        run(cursor, "ALTER TABLE s.t RENAME COLUMN v TO value")
        assert eventually(lambda: "no column v" in (state(cursor, "online.s.t")[1] or ""))
        run(cursor, "ALTER TABLE s.t RENAME COLUMN value TO v", "REFRESH ONLINE TABLE s.t")
        assert state(cursor, "online.s.t") == ("SERVING", None)
        with flight_sql.connect(start(lake).uri, autocommit=True) as two, two.cursor() as other:
            assert eventually(lambda: state(other, "online.s.t") == ("SERVING", None))
            assert rows(other, look, (1,)) == [("a2",)]
            run(other, "INSERT INTO s.t (k, v) VALUES (5, 'e')")
            assert seen(5, [("e",)]) and seen(5, [("e",)], other)
            run(other, "CREATE OR REPLACE TABLE s.t (k BIGINT, v VARCHAR, PRIMARY KEY (k) NOT ENFORCED)")
            assert seen(5, []) and seen(5, [], other)
            run(other, "ALTER TABLE s.t RENAME TO u", "REFRESH ONLINE TABLE s.u")
            assert eventually(lambda: state(cursor, "online.s.t") is None)
            assert state(cursor, "online.s.u")
            run(other, "DROP TABLE s.u")
            assert eventually(lambda: state(cursor, "online.s.u") is None)


def test_restart(start, tmp_path):
    first = start(tmp_path / "lake")
    with flight_sql.connect(first.uri, autocommit=True) as connection, connection.cursor() as cursor:
        run(
            cursor,
            "CREATE SCHEMA s",
            "CREATE TABLE s.t (k BIGINT, v VARCHAR)",
            "INSERT INTO s.t VALUES (1, 'a'), (2, 'b')",
            "CREATE ONLINE TABLE s.t KEY (k)",
        )
    first.kill()
    with flight_sql.connect(start(tmp_path / "lake").uri, autocommit=True) as connection, connection.cursor() as cursor:
        assert eventually(lambda: state(cursor, "online.s.t") == ("SERVING", None))
        assert rows(cursor, "SELECT v FROM online.s.t WHERE k = 2") == [("b",)]
