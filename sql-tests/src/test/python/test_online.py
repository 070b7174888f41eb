"""Online tables: rows of the lake by key, through a server and its clients."""

import datetime
import decimal
import os
import random
import socket
import struct
import time

import adbc_driver_flightsql.dbapi as flight_sql
import pyarrow
import pytest
from test_nested import random_table, same


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


def real(r):
    return r.choice([-0.0, float("inf"), struct.unpack("f", struct.pack("f", r.random() * 100))[0]])


def deep(r):
    return r.choice([None, {"n": r.randint(-9, 9), "t": None}, {"n": None, "t": "x" * r.randint(0, 9)}])


def held(r):
    map_of_lists = [("a", [r.randint(-(2**63), 2**63 - 1), None]), ("b", r.choice([None, []]))][: r.randint(0, 2)]
    return r.choice([None, {"b": r.choice([None, True, False]), "m": r.choice([None, map_of_lists])}])


COLUMNS = [
    ("b", "BOOLEAN", lambda r: r.random() < 0.5),
    ("s", "SMALLINT", lambda r: r.randint(-32768, 32767)),
    ("i", "INTEGER", lambda r: r.randint(-(2**31), 2**31 - 1)),
    ("d", "DOUBLE", lambda r: r.choice([0.1, -0.0, float("inf"), r.random() * 1e300, r.random()])),
    ("f", "REAL", lambda r: struct.unpack("f", struct.pack("f", r.random() * 100))[0]),
    ("p", "DECIMAL(20, 5)", lambda r: decimal.Decimal(r.randint(-(10**15), 10**15)).scaleb(-5)),
    ("t", "VARCHAR", lambda r: "".join(r.choice("abcäß😀 ") for _ in range(r.randint(0, 12)))),
    ("x", "VARBINARY", lambda r: r.randbytes(r.randint(0, 9))),
    ("day", "DATE", lambda r: datetime.date(1970, 1, 1) + datetime.timedelta(r.randint(-9999, 9999))),
    ("z", "TIMESTAMP WITH TIME ZONE", lambda r: BASE + datetime.timedelta(microseconds=r.randint(0, 10**15))),
]
NESTED = [
    ("e", "REAL ARRAY", lambda r: [real(r) for _ in range(r.choice([0, 1, 8, 20]))]),
    ("tags", "VARCHAR ARRAY", lambda r: [r.choice([None, "", "a", "äß😀"]) for _ in range(r.randint(0, 4))]),
    ("w", "ROW(x DOUBLE, y ROW(n INTEGER, t VARCHAR))", lambda r: {"x": r.choice([None, -0.0, r.random()]), "y": deep(r)}),
    ("m", "MAP(VARCHAR, INTEGER)", lambda r: [(f"k{i}", r.choice([None, i])) for i in range(r.randint(0, 3))]),
    ("h", "ROW(b BOOLEAN, m MAP(VARCHAR, BIGINT ARRAY)) ARRAY", lambda r: [held(r) for _ in range(r.randint(0, 3))]),
]
COLUMNS += NESTED
USES = ["o.e[1]", "o.e[-1]", "cardinality(o.e)", "o.tags[2] || '!'", "o.w.x", "o.w.y.n", "o.w.y", "o.m['k1']", "map_keys(o.m)"]
USES += ["o.h[1].m['a']"]
BASE = datetime.datetime(2020, 1, 1, tzinfo=datetime.timezone.utc)
TTL = datetime.timedelta(hours=6)


class History:
    """A lake table under random appends, corrections, deletes and future-dated rows, and its online table."""

    def __init__(self, cursor, random, schema):
        self.cursor = cursor
        self.random = random
        self.table = f"{schema}.t"
        self.online = f"online.{self.table}"
        self.ttl = random.random() < 0.5
        self.two = random.random() < 0.3
        self.keys = ["k", "k2"] if self.two else ["k"]
        columns = ", ".join(f"{name} {sql}" for name, sql, _ in COLUMNS)
        run(
            cursor,
            f"CREATE SCHEMA {schema}",
            f"CREATE TABLE {self.table} (k BIGINT, k2 VARCHAR, ts TIMESTAMP, {columns},"
            f" PRIMARY KEY ({', '.join(self.keys)}) NOT ENFORCED, EVENT TIME (ts))"
            + random.choice(["", " WITH (\"format-version\" = '2')"]),
        )
        self.append()
        run(cursor, f"CREATE ONLINE TABLE {self.table}" + (" TTL INTERVAL '6' HOUR" if self.ttl else ""))

    def time(self):
        """Mostly past, some expired, some a few moments ahead, some far ahead; ties are common."""
        now = datetime.datetime.now(datetime.timezone.utc).replace(tzinfo=None, microsecond=0)
        kind = self.random.random()
        if kind < 0.5:
            return now - datetime.timedelta(minutes=self.random.randint(0, 40))
        if kind < 0.7:
            return now - datetime.timedelta(hours=self.random.randint(5, 8))
        if kind < 0.9:
            return now + datetime.timedelta(milliseconds=self.random.randint(0, 3000))
        return now + datetime.timedelta(days=1)

    def append(self):
        count = self.random.randint(1, 60)
        rows = {
            "k": [self.random.randint(0, 20) for _ in range(count)],
            "k2": [self.random.choice(["", "a", "é"]) for _ in range(count)],
            "ts": [None if self.random.random() < 0.05 else self.time() for _ in range(count)],
        }
        for name, _, value in COLUMNS:
            rows[name] = [None if self.random.random() < 0.2 else value(self.random) for _ in range(count)]
        table = pyarrow.table(
            {
                name: pyarrow.array(values, TYPES.get(name))
                for name, values in rows.items()
            }
        )
        schema, name = self.table.split(".")
        self.cursor.adbc_ingest(name, table, mode="append", db_schema_name=schema)

    def change(self):
        kind = self.random.random()
        key = self.random.randint(0, 20)
        if kind < 0.7:
            self.append()
        elif kind < 0.8:
            run(self.cursor, f"DELETE FROM {self.table} WHERE k = {key}")
        elif kind < 0.9:
            run(self.cursor, f"UPDATE {self.table} SET t = 'corrected', ts = ts - INTERVAL '1' HOUR WHERE k = {key}")
        elif kind < 0.95:
            run(self.cursor, f"OPTIMIZE {self.table}")
        else:
            run(self.cursor, f"REFRESH ONLINE TABLE {self.table} FULL")

    def check(self):
        """Every key's answer is the row of the ASOF join with the arrival filter at the answer's instant."""
        run(self.cursor, f"REFRESH ONLINE TABLE {self.table}")
        values = ", ".join(f"o.{name}" for name in ["ts", *(name for name, _, _ in COLUMNS)])
        values += ", upper(o.t), o.d * 2 - o.s"
        values += "".join(f", {use} AS use{number}" for number, use in enumerate(USES))
        both = " AND ".join(f"o.{key} = e.{key}" for key in self.keys)
        keys = ", ".join(f"e.{key} AS key_{key}" for key in self.keys)
        # one statement has one instant for both
        online = f"""SELECT {keys}, {values}
            FROM (SELECT DISTINCT {', '.join(self.keys)} FROM {self.table}) e
            LEFT JOIN {self.online} o ON {both}"""
        limit = " AND o.ts > e.at - INTERVAL '6' HOUR" if self.ttl else ""
        offline = f"""SELECT {keys}, {values}
            FROM (SELECT DISTINCT {', '.join(self.keys)}, CAST(CURRENT_TIMESTAMP AS TIMESTAMP) AS at, CURRENT_TIMESTAMP AT TIME ZONE 'UTC' AS arrived FROM {self.table}) e
            LEFT ASOF JOIN {self.table} o MATCH_CONDITION (o.ts <= e.at{limit} AND o._committed_at <= e.arrived) ON {both}"""
        self.cursor.execute(f"SELECT * FROM (SELECT 1 AS side, * FROM ({online}) UNION ALL SELECT 2, * FROM ({offline}))")
        sides = {1: {}, 2: {}}
        for row in self.cursor.fetchall():
            key = row[1 : 1 + len(self.keys)]
            sides[row[0]][key] = [bits(value) for value in row[1 + len(self.keys) :]]
        assert sides[1] == sides[2]
        return len(sides[1])


TYPES = {
    "k": pyarrow.int64(),
    "ts": pyarrow.timestamp("us"),
    "b": pyarrow.bool_(),
    "s": pyarrow.int16(),
    "i": pyarrow.int32(),
    "d": pyarrow.float64(),
    "f": pyarrow.float32(),
    "p": pyarrow.decimal128(20, 5),
    "x": pyarrow.binary(),
    "day": pyarrow.date32(),
    "z": pyarrow.timestamp("us", "UTC"),
    "t": pyarrow.string(),
    "k2": pyarrow.string(),
    "e": pyarrow.list_(pyarrow.float32()),
    "tags": pyarrow.list_(pyarrow.string()),
    "w": pyarrow.struct({"x": pyarrow.float64(), "y": pyarrow.struct({"n": pyarrow.int32(), "t": pyarrow.string()})}),
    "m": pyarrow.map_(pyarrow.string(), pyarrow.int32()),
    "h": pyarrow.list_(
        pyarrow.struct({"b": pyarrow.bool_(), "m": pyarrow.map_(pyarrow.string(), pyarrow.list_(pyarrow.int64()))})
    ),
}


def bits(value):
    if isinstance(value, (list, tuple)):
        return [bits(each) for each in value]
    if isinstance(value, dict):
        return {name: bits(each) for name, each in value.items()}
    return struct.pack("d", value) if isinstance(value, float) else value


def test_answers_are_those_of_the_asof_join(start, tmp_path):
    """Random histories, replayed in commit order; a row that is dated later is held back until its time comes."""
    seed = int(os.environ.get("SLUICE_ONLINE_SEED", random.randrange(10**6)))
    histories = int(os.environ.get("SLUICE_ONLINE_HISTORIES", 3))
    with flight_sql.connect(start(tmp_path / "lake").uri, autocommit=True) as connection, connection.cursor() as cursor:
        for number in range(seed, seed + histories):
            print("SLUICE_ONLINE_SEED", number)
            history = History(cursor, random.Random(number), f"h{number}")
            compared = 0
            for _ in range(8):
                history.change()
                compared += history.check()
                # moments later some rows have come into force, and some have expired
                time.sleep(history.random.random() * 0.7)
                compared += history.check()
            assert compared > 50
            run(cursor, f"DROP TABLE h{number}.t")


def free_ports(count):
    sockets = [socket.socket() for _ in range(count)]
    for each in sockets:
        each.bind(("127.0.0.1", 0))
    ports = [each.getsockname()[1] for each in sockets]
    for each in sockets:
        each.close()
    return ports


def member_rows(keys):
    return pyarrow.table(
        {
            "k": pyarrow.array(keys, pyarrow.int64()),
            "v": pyarrow.array([k * 7 for k in keys], pyarrow.int64()),
            "e": pyarrow.array([None if k % 7 == 0 else [k / 4, None][: k % 3] * 9 for k in keys], TYPES["e"]),
            "w": pyarrow.array(
                [None if k % 5 == 0 else {"t": f"row {k}", "m": [("k", [k, None])] if k % 2 else None} for k in keys],
                pyarrow.struct({"t": pyarrow.string(), "m": pyarrow.map_(pyarrow.string(), pyarrow.list_(pyarrow.int32()))}),
            ),
        }
    )


def test_three_members_and_one_that_dies(start, tmp_path):
    """Rows are shared among members; while one is killed there are answers or errors, and no wrong answer."""
    lake = tmp_path / "lake"
    ports = free_ports(3)
    members = ",".join(f"127.0.0.1:{port}" for port in ports)
    servers = []
    for number, port in enumerate(ports):
        settings = tmp_path / f"member{number}.properties"
        settings.write_text(
            f"online.hazelcast.members = {members}\nonline.hazelcast.port = {port}\nonline.hazelcast.cluster = {ports[0]}\n"
        )
        servers.append(start(lake, "--config", str(settings), java_options="-Xmx512m"))
        if number == 0:
            with flight_sql.connect(servers[0].uri, autocommit=True) as first, first.cursor() as cursor:
                run(
                    cursor,
                    "CREATE SCHEMA s",
                    "CREATE TABLE s.t (k BIGINT, v BIGINT, e REAL ARRAY, w ROW(t VARCHAR, m MAP(VARCHAR, INTEGER ARRAY)),"
                    " PRIMARY KEY (k) NOT ENFORCED)",
                )
                cursor.adbc_ingest("t", member_rows(range(2000)), mode="append", db_schema_name="s")
                run(cursor, "CREATE ONLINE TABLE s.t")
    connections = [flight_sql.connect(server.uri, autocommit=True) for server in servers]
    cursors = [connection.cursor() for connection in connections]
    held = lambda at: rows(at, "SELECT rows FROM system.online_tables WHERE state = 'SERVING'")  # noqa: E731
    # with one backup each keeps about two thirds of the rows, and the first has more until it loads again
    assert eventually(lambda: all(held(at) for at in cursors), 60)
    assert eventually(lambda: 0 < held(cursors[2])[0][0] < 2000, 60), [held(at) for at in cursors]
    everything = pyarrow.record_batch({"k": pyarrow.array(range(2100), pyarrow.int64())})
    look = "SELECT k, v, e, w FROM online.s.t WHERE k = ?"
    wanted = member_rows(range(2000)).to_pydict()
    for connection in connections:
        assert bound(connection, look, everything).to_pydict() == wanted
    with pytest.raises(flight_sql.Error, match="keeps a part of its rows"):
        run(cursors[2], "SET online_scan = true")
        rows(cursors[2], "SELECT COUNT(*) FROM online.s.t")
    # a commit through one member is seen through the others
    run(cursors[1], "INSERT INTO s.t SELECT 5, 55, ARRAY[CAST(5.5 AS REAL)], NULL")
    for at in cursors:
        assert eventually(lambda at=at: rows(at, look, (5,)) == [(5, 55, [5.5], None)])
    wanted["v"][5], wanted["e"][5], wanted["w"][5] = 55, [5.5], None
    answers, errors = 0, 0
    end = time.monotonic() + 8
    killed = False
    while time.monotonic() < end:
        if not killed and answers > 3:
            cursors[1].close()
            connections[1].close()
            servers[1].kill()
            killed = True
        for connection in (connections[0], connections[2]):
            try:
                found = bound(connection, look, everything).to_pydict()
            except flight_sql.Error:
                errors += 1
            else:
                assert found == wanted
                answers += 1
    assert killed and answers > 10, (answers, errors)
    for connection in (connections[0], connections[2]):
        assert eventually(lambda c=connection: bound(c, look, everything).to_pydict() == wanted)
    for number in (0, 2):
        cursors[number].close()
        connections[number].close()


def test_killed_while_loading_and_following(start, tmp_path):
    """After each restart the online table has the latest rows of the lake."""
    lake = tmp_path / "lake"
    times = int(os.environ.get("SLUICE_ONLINE_KILLS", 2))
    chance = random.Random(times)
    server = start(lake)
    with flight_sql.connect(server.uri, autocommit=True) as connection, connection.cursor() as cursor:
        run(
            cursor,
            "CREATE SCHEMA s",
            "CREATE TABLE s.t (k BIGINT, v BIGINT, PRIMARY KEY (k) NOT ENFORCED)",
            "INSERT INTO s.t VALUES (0, 0)",
            "CREATE ONLINE TABLE s.t",
        )
    for _ in range(times):
        with flight_sql.connect(server.uri, autocommit=True) as connection, connection.cursor() as cursor:
            count = chance.randint(1, 200_000)
            table = pyarrow.table({"k": range(count), "v": [chance.randint(0, 10**9)] * count})
            cursor.adbc_ingest("t", table, mode="append", db_schema_name="s")
        time.sleep(chance.random() * 0.3)
        server.kill()
        server = start(lake)
    with flight_sql.connect(server.uri, autocommit=True) as connection, connection.cursor() as cursor:
        assert eventually(lambda: state(cursor, "online.s.t") == ("SERVING", None))
        latest = rows(cursor, "SELECT k, max_by(v, _row_id) FROM s.t GROUP BY k ORDER BY k")
        keys = pyarrow.record_batch({"k": pyarrow.array([k for k, _ in latest], pyarrow.int64())})
        found = bound(connection, "SELECT k, v FROM online.s.t WHERE k = ?", keys)
        assert list(zip(*found.to_pydict().values())) == latest


def test_visible_soon_after_a_commit(cursor, connection):
    """The bar is 100 ms on a quiet machine; here it is only that nobody waits for the next look."""
    run(
        cursor,
        "CREATE SCHEMA soon",
        "CREATE TABLE soon.t (k BIGINT, PRIMARY KEY (k) NOT ENFORCED)",
        "INSERT INTO soon.t VALUES (0)",
        "CREATE ONLINE TABLE soon.t",
    )
    for k in range(1, 4):
        run(cursor, f"INSERT INTO soon.t VALUES ({k})")
        assert eventually(lambda k=k: rows(cursor, "SELECT k FROM online.soon.t WHERE k = ?", (k,)) == [(k,)])


def test_nested_columns_are_followed_and_there_after_a_restart(start, tmp_path):
    first = start(tmp_path / "lake")
    look = "SELECT tags, w, m FROM online.s.t WHERE k = ?"
    one = (["a", None], {"x": 1.5, "y": [1, 2]}, [("p", [True])])
    with flight_sql.connect(first.uri, autocommit=True) as connection, connection.cursor() as cursor:
        run(
            cursor,
            "CREATE SCHEMA s",
            "CREATE TABLE s.t (k BIGINT, tags VARCHAR ARRAY, w ROW(x DOUBLE, y INTEGER ARRAY), m MAP(VARCHAR, BOOLEAN ARRAY))",
            "INSERT INTO s.t SELECT 1, ARRAY['a', NULL], ROW(1.5, ARRAY[1, 2]), MAP['p', ARRAY[TRUE]]",
            "CREATE ONLINE TABLE s.t KEY (k)",
        )
        assert rows(cursor, look, (1,)) == [one]
        run(cursor, "INSERT INTO s.t SELECT 2, ARRAY['b'], NULL, NULL", "INSERT INTO s.t SELECT 3, NULL, NULL, NULL")
        assert eventually(lambda: rows(cursor, look, (3,)) == [(None, None, None)])
        assert rows(cursor, look, (2,)) == [(["b"], None, None)]
        run(cursor, "DELETE FROM s.t WHERE tags[1] = 'b'")
        assert eventually(lambda: rows(cursor, look, (2,)) == [])
        run(cursor, "UPDATE s.t SET tags = ARRAY['c', 'd', 'e'] WHERE k = 3")
        assert eventually(lambda: rows(cursor, look, (3,)) == [(["c", "d", "e"], None, None)])
        # a field more: the rows are loaded anew, and a statement of before says so or goes on
        run(cursor, "ALTER TABLE s.t ADD COLUMN e REAL ARRAY", "INSERT INTO s.t SELECT 4, NULL, NULL, NULL, ARRAY[CAST(2 AS REAL)]")
        run(cursor, "REFRESH ONLINE TABLE s.t")
        assert rows(cursor, "SELECT k, e FROM online.s.t WHERE k IN (1, 4)") == [(1, None), (4, [2.0])]
    first.kill()
    with flight_sql.connect(start(tmp_path / "lake").uri, autocommit=True) as connection, connection.cursor() as cursor:
        assert eventually(lambda: state(cursor, "online.s.t") == ("SERVING", None))
        assert rows(cursor, look, (1,)) == [one]
        assert rows(cursor, "SELECT tags[-1], cardinality(tags) FROM online.s.t WHERE k = ?", (3,)) == [("e", 3)]


@pytest.mark.parametrize("case", range(3))
def test_nested_values_of_any_type(connection, cursor, case):
    """Looked up by batches of keys in any order, joined and scanned, they are what was sent."""
    seed = int(os.environ.get("SLUICE_ONLINE_SEED", random.randrange(10**6))) + case
    print("SLUICE_ONLINE_SEED", seed - case)
    chance = random.Random(seed)
    table = random_table(chance, 700)
    name = f"anything_{case}"
    cursor.adbc_ingest(name, table, mode="create")
    run(cursor, f"CREATE ONLINE TABLE {name} KEY (id)")
    keys = [chance.randrange(900) for _ in range(2000)]
    batch = pyarrow.record_batch({"id": pyarrow.array(keys, pyarrow.int64())})
    found = bound(connection, f"SELECT * FROM online.main.{name} WHERE id = ?", batch)
    same(found, table.take([key for key in keys if key < 700]))
    one = chance.randrange(700)
    cursor.execute(f"SELECT * FROM online.main.{name} WHERE id = ?", (one,))
    same(cursor.fetch_arrow_table(), table.slice(one, 1))
    cursor.execute(f"SELECT o.* FROM {name} l LEFT JOIN online.main.{name} o ON o.id = l.id ORDER BY l.id")
    same(cursor.fetch_arrow_table(), table)
    run(cursor, "SET online_scan = true")
    cursor.execute(f"SELECT * FROM online.main.{name} ORDER BY id")
    same(cursor.fetch_arrow_table(), table)
    run(cursor, "RESET online_scan")


def test_long_arrays(connection, cursor):
    """More than is written as rows at once, rows that are larger than a piece of memory, and bits of floats."""
    run(cursor, "CREATE TABLE long_arrays (k BIGINT, e DOUBLE ARRAY, f REAL ARRAY)")
    values = pyarrow.array(range(5_000_000), pyarrow.float64())
    arrays = pyarrow.ListArray.from_arrays(pyarrow.array(range(0, 5_000_001, 1000), pyarrow.int32()), values)
    patterns = [0x7FC00001, 0xFFFFFFFF, 0x80000000, 1]
    floats = pyarrow.Array.from_buffers(pyarrow.float32(), 4, [None, pyarrow.py_buffer(struct.pack("4I", *patterns))])
    odd = pyarrow.ListArray.from_arrays(pyarrow.array([0] * 5000 + [4], pyarrow.int32()), floats)
    table = pyarrow.table({"k": range(5000), "e": arrays, "f": odd})
    cursor.adbc_ingest("long_arrays", table.to_reader(max_chunksize=500), mode="append")
    longest = pyarrow.table({"k": [5000], "e": pyarrow.array([list(range(50_000))], pyarrow.list_(pyarrow.float64()))})
    cursor.adbc_ingest("long_arrays", longest, mode="append")
    run(cursor, "CREATE ONLINE TABLE long_arrays KEY (k)")
    keys = [4999, 5000, 0, 17]
    batch = pyarrow.record_batch({"k": pyarrow.array(keys, pyarrow.int64())})
    found = bound(connection, "SELECT e, f, cardinality(e) AS n, e[-1] AS last FROM online.main.long_arrays WHERE k = ?", batch)
    assert found["n"].to_pylist() == [1000, 50_000, 1000, 1000]
    assert found["last"].to_pylist() == [4_999_999.0, 49_999.0, 999.0, 17_999.0]
    assert found["e"].to_pylist() == [arrays[4999].as_py(), list(range(50_000)), arrays[0].as_py(), arrays[17].as_py()]
    bits_of = found["f"].combine_chunks().flatten().view(pyarrow.uint32()).to_pylist()
    cursor.execute("SELECT f FROM long_arrays WHERE k = 4999")
    stored = cursor.fetch_arrow_table()["f"].combine_chunks().flatten().view(pyarrow.uint32()).to_pylist()
    assert bits_of == stored
