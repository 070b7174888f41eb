"""Feature services: by HTTP, by EXECUTE FEATURE SERVICE, and after a restart."""

import base64
import datetime
import http.client
import json
import socket
import struct
import subprocess
import threading
import urllib.parse

import adbc_driver_flightsql.dbapi as flight_sql
import pyarrow as pa
import pytest
from conftest import HOME

SETUP = """
CREATE SCHEMA serving;
CREATE TABLE serving.users (user_id BIGINT NOT NULL, name VARCHAR, city INTEGER, seen TIMESTAMP, score DOUBLE,
  PRIMARY KEY (user_id) NOT ENFORCED);
CREATE TABLE serving.cities (city INTEGER NOT NULL, country VARCHAR, PRIMARY KEY (city) NOT ENFORCED);
INSERT INTO serving.users VALUES (1, 'Ann', 10, TIMESTAMP '2024-01-01 10:00:00.25', 0.1),
  (2, 'Bob "B" Ö', 99, TIMESTAMP '2024-01-02 10:00:00', CAST('NaN' AS DOUBLE)),
  (9007199254740993, NULL, NULL, NULL, CAST('-Infinity' AS DOUBLE));
INSERT INTO serving.cities VALUES (10, 'FR'), (20, 'IT');
CREATE FEATURE SERVICE profile COMMENT 'who asks' AS
  SELECT u.user_id AS id, u.name, c.country, u.seen, u.score, :at - u.seen AS idle, u.score > :least AS good
  FROM serving.users u LEFT JOIN serving.cities c ON c.city = u.city WHERE u.user_id = ?;
CREATE FEATURE SERVICE counted AS
  SELECT COUNT(*) AS n, MAX(score) AS best FROM serving.users WHERE city = ?;
CREATE FEATURE SERVICE echoed AS
  SELECT CAST(:d AS DECIMAL(20, 2)) AS d, CAST(:b AS BIGINT) AS b, CAST(:t AS TIMESTAMP WITH TIME ZONE) AS t,
    CAST(:day AS DATE) AS day, CAST(:flag AS BOOLEAN) AS flag, CAST(:bytes AS VARBINARY) AS bytes, ARRAY[1, NULL] AS a;
"""


@pytest.fixture(scope="module")
def served(server):
    with flight_sql.connect(server.uri, autocommit=True) as connection, connection.cursor() as cursor:
        run(cursor, SETUP)
    return server


def run(cursor, statements):
    for statement in statements.split(";"):
        if statement.strip():
            cursor.execute(statement)


def request(server, method, path, body=None, **headers):
    address = urllib.parse.urlsplit(server.http)
    connection = http.client.HTTPConnection(address.hostname, address.port, timeout=60)
    try:
        text = body if body is None or isinstance(body, (str, bytes)) else json.dumps(body)
        connection.request(method, path, text, headers)
        response = connection.getresponse()
        return response.status, dict(response.getheaders()), json.loads(response.read() or b"null")
    finally:
        connection.close()


def ask(server, service, body, **headers):
    return request(server, "POST", f"/v1/services/{service}", body, **headers)


def refused(server, service, body):
    status, _, answer = ask(server, service, body)
    return status, answer["error"]["code"], answer["error"]["message"]


def test_entities_keep_their_order_and_have_a_status_each(served):
    at = "2024-02-01T00:00:00.25"
    keys = [2, 7, 1, None, 9007199254740993, 1]
    status, headers, answer = ask(
        served, "profile", {"entities": [{"user_id": key, "at": at, "least": 0} for key in keys]}
    )
    assert (status, headers["content-type"]) == (200, "application/json")
    assert answer["features"] == ["id", "name", "country", "seen", "score", "idle", "good"]
    ann = [1, "Ann", "FR", "2024-01-01T10:00:00.25", 0.1, "PT734H", True]
    nothing = [None] * 7
    assert answer["values"] == [
        [2, 'Bob "B" Ö', None, "2024-01-02T10:00:00", "NaN", "PT710H0.25S", True],
        nothing,
        ann,
        nothing,
        [9007199254740993, None, None, None, "-Infinity", None, False],
        ann,
    ]
    assert answer["status"] == ["PRESENT", "MISSING", "PRESENT", "MISSING", "PRESENT", "PRESENT"]


def test_one_entity_names_in_any_case_and_none(served):
    _, _, one = ask(served, "PROFILE", {"entity": {"USER_ID": 1, "at": None, "least": 1.5}})
    assert one["status"] == ["PRESENT"] and one["values"][0][5:] == [None, False]
    _, _, none = ask(served, "profile", {"entities": []})
    assert none["values"] == [] and none["status"] == [] and len(none["features"]) == 7


def test_a_query_that_aggregates_is_asked_for_each_entity(served):
    _, _, answer = ask(served, "counted", {"entities": [{"city": 10}, {"city": 5}, {"city": None}]})
    assert answer["values"] == [[1, 0.1], [0, None], [0, None]]
    assert answer["status"] == ["PRESENT"] * 3


def test_values_are_exact(served):
    entity = {"d": "123456789012345678.25", "b": -9223372036854775808, "t": "2024-01-01T00:00:00.000001+02:00",
              "day": "2024-02-29", "flag": "true", "bytes": "00ff"}
    _, _, answer = ask(served, "echoed", {"entity": entity})
    assert answer["values"][0][:5] == [
        "123456789012345678.25", -9223372036854775808, "2023-12-31T22:00:00.000001Z", "2024-02-29", True]
    assert answer["values"][0][6] == [1, None]


def test_what_is_wrong_with_a_request_is_said(served):
    status, code, message = refused(served, "profil", {"entity": {}})
    assert (status, code) == (404, "UNKNOWN_SERVICE") and "did you mean profile" in message
    for body, part in [
        ("{", "not JSON"),
        ('{"entities": [{', "(line 1, column"),
        ("[]", '{"entities": [{"at": ..., "least": ..., "user_id": ...}]}'),
        ({}, "names no entities"),
        ({"entities": [], "entity": {}}, "once"),
        ({"keys": []}, 'unknown field "keys"'),
        ({"entities": {}}, "array"),
        ({"entities": [1]}, "entity 0 must be an object"),
        ({"entity": {"user": 1}}, 'has "user"'),
        ({"entity": {"user_id": 1, "at": None}}, 'does not give "least" (DOUBLE)'),
        ('{"entity": {"user_id": 1, "user_id": 2, "at": null, "least": 0}}', "twice"),
        ({"entity": {"user_id": 1.5, "at": None, "least": 0}}, '"user_id" must be a BIGINT'),
        ({"entity": {"user_id": 1 << 63, "at": None, "least": 0}}, '"user_id" must be a BIGINT'),
        ({"entity": {"user_id": True, "at": None, "least": 0}}, "not true"),
        ({"entity": {"user_id": 1, "at": "noon", "least": 0}}, '"at" must be a TIMESTAMP'),
        ({"entity": {"user_id": 1, "at": None, "least": 0}, "raw": 1}, '"raw"'),
    ]:
        status, code, message = refused(served, "profile", body)
        assert status == 400 and part in message and "Source" not in message, (body, message)
    status, _, problem = request(served, "PUT", "/v1/services/profile", {})
    assert status == 405 and "use POST or GET or HEAD here, not PUT" in problem["error"]["message"]
    assert request(served, "POST", "/v1/nothing")[0] == 404
    assert refused(served, "profile", b" " * (4 << 20 | 1))[0] == 413
    many = {"entities": [{"city": 1}] * 10_001}
    assert refused(served, "counted", many)[0] == 413


def test_services_say_what_they_take_and_give(served):
    status, _, listed = request(served, "GET", "/v1/services")
    assert status == 200
    names = [service["name"] for service in listed["services"]]
    assert names == sorted(names) and {"profile", "counted", "echoed"} <= set(names)
    status, _, one = request(served, "GET", "/v1/services/PROFILE")
    assert status == 200 and one["comment"] == "who asks" and one["source"] == "query"
    assert {key: one[key] for key in ("name", "source", "comment")} in listed["services"]
    assert {(p["name"], p["type"], p["required"]) for p in one["parameters"]} == {
        ("at", "TIMESTAMP(6)", True),
        ("least", "DOUBLE", True),
        ("user_id", "BIGINT", True),
    }
    answer = ask(served, "profile", {"entity": {"user_id": 1, "at": None, "least": 0}})[2]
    assert [feature["name"] for feature in one["features"]] == answer["features"]
    assert one["features"][0] == {"name": "id", "type": "BIGINT"}
    status, _, problem = request(served, "GET", "/v1/services/profil")
    assert status == 404 and "did you mean profile" in problem["error"]["message"]
    assert request(served, "POST", "/v1/services", {})[0] == 405


def test_health(served):
    assert request(served, "GET", "/health")[::2] == (200, {"live": True, "ready": True})


def test_requests_that_are_sent_at_once_are_answered_in_order(served):
    address = urllib.parse.urlsplit(served.http)
    with socket.create_connection((address.hostname, address.port), timeout=60) as connection:
        for key in range(40):
            body = json.dumps({"entity": {"user_id": key % 3, "at": None, "least": 0}})
            connection.sendall(
                f"POST /v1/services/profile HTTP/1.1\r\nHost: x\r\nContent-Length: {len(body)}\r\n\r\n{body}".encode()
            )
        with connection.makefile("rb") as stream:
            for key in range(40):
                assert stream.readline().startswith(b"HTTP/1.1 200")
                while (line := stream.readline().strip()) != b"":
                    if line.lower().startswith(b"content-length"):
                        length = int(line.split(b":")[1])
                answer = json.loads(stream.read(length))
                assert answer["values"][0][0] == (key % 3 or None)


def test_many_connections_at_once(served):
    wrong = []

    def client(number):
        for i in range(25):
            key = (number + i) % 4
            status, _, answer = ask(served, "profile", {"entity": {"user_id": key, "at": None, "least": 0}})
            if status != 200 or answer["values"][0][0] != (key if key in (1, 2) else None):
                wrong.append((status, answer))

    threads = [threading.Thread(target=client, args=(n,)) for n in range(8)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert wrong == []


def test_flight_sql_gives_the_same(served):
    keys = [2, 7, 1, None]
    with flight_sql.connect(served.uri, autocommit=True) as connection, connection.cursor() as cursor:
        cursor.adbc_statement.set_sql_query("EXECUTE FEATURE SERVICE profile")
        cursor.adbc_statement.prepare()
        at = datetime.datetime(2024, 2, 1, 0, 0, 0, 250000)
        bound = pa.record_batch({"at": pa.array([at] * 4, pa.timestamp("us")), "least": pa.array([0.0] * 4),
                                 "user_id": pa.array(keys, pa.int64())})
        cursor.adbc_statement.bind(bound)
        stream, _ = cursor.adbc_statement.execute_query()
        table = pa.RecordBatchReader._import_from_c(stream.address).read_all()
    assert table.column_names == ["id", "name", "country", "seen", "score", "idle", "good", "status"]
    assert table["id"].to_pylist() == [2, None, 1, None]
    assert table["name"].to_pylist() == ['Bob "B" Ö', None, "Ann", None]
    assert table["status"].to_pylist() == ["PRESENT", "MISSING", "PRESENT", "MISSING"]


def test_a_service_is_described_replaced_and_dropped(served):
    with flight_sql.connect(served.uri, autocommit=True) as connection, connection.cursor() as cursor:
        cursor.execute("DESCRIBE FEATURE SERVICE profile")
        rows = cursor.fetchall()
        assert [row[1:] for row in rows if row[0] == "parameter"] == [
            ("at", "TIMESTAMP(6)"), ("least", "DOUBLE"), ("user_id", "BIGINT")]
        assert ("service", "comment", "who asks") in rows
        assert ("service", "entities", "one query for all of a request") in rows
        cursor.execute("CREATE FEATURE SERVICE changing AS SELECT 1 AS one")
        assert ask(served, "changing", {"entity": {}})[2]["values"] == [[1]]
        cursor.execute("CREATE OR REPLACE FEATURE SERVICE Changing AS SELECT 2 AS two")
        assert ask(served, "changing", {"entity": {}})[2]["features"] == ["two"]
        cursor.execute("SHOW FEATURE SERVICES LIKE 'chang%'")
        assert [row[:2] for row in cursor.fetchall()] == [("changing", "query")]
        cursor.execute("DROP FEATURE SERVICE changing")
        assert refused(served, "changing", {"entity": {}})[0] == 404
        cursor.execute("SHOW SCHEMAS")
        assert all("_sluice" not in row[0] for row in cursor.fetchall())


def test_several_rows_for_an_entity_are_an_error(served):
    with flight_sql.connect(served.uri, autocommit=True) as connection, connection.cursor() as cursor:
        run(cursor, "CREATE TABLE serving.clicks (u BIGINT, n INTEGER); INSERT INTO serving.clicks VALUES (1, 1), (1, 2);"
            "CREATE FEATURE SERVICE clicked AS SELECT n FROM serving.clicks WHERE u = ?")
    status, code, message = refused(served, "clicked", {"entities": [{"u": 0}, {"u": 1}]})
    assert (status, code) == (400, "CARDINALITY_VIOLATION") and "entity 1" in message


def test_a_service_follows_its_tables(served):
    with flight_sql.connect(served.uri, autocommit=True) as connection, connection.cursor() as cursor:
        run(cursor, "CREATE TABLE serving.moving (k BIGINT, v INTEGER); INSERT INTO serving.moving VALUES (1, 5);"
            "CREATE FEATURE SERVICE moving AS SELECT * FROM serving.moving WHERE k = ?")
        assert ask(served, "moving", {"entity": {"k": 1}})[2]["values"] == [[1, 5]]
        run(cursor, "INSERT INTO serving.moving VALUES (2, 6); ALTER TABLE serving.moving DROP COLUMN v")
    assert ask(served, "moving", {"entity": {"k": 2}})[2]["values"] == [[2]]


def test_services_outlive_the_server_and_are_shared(start, tmp_path):
    first = start(tmp_path / "lake")
    with flight_sql.connect(first.uri, autocommit=True) as connection, connection.cursor() as cursor:
        run(cursor, "CREATE TABLE t (k BIGINT, v INTEGER); INSERT INTO t VALUES (1, 5);"
            "CREATE FEATURE SERVICE s AS SELECT v FROM t WHERE k = ?")
    second = start(tmp_path / "lake")
    assert ask(second, "s", {"entity": {"k": 1}})[2]["values"] == [[5]]
    with flight_sql.connect(second.uri, autocommit=True) as connection, connection.cursor() as cursor:
        cursor.execute("DROP FEATURE SERVICE s")
    first.stop()
    again = start(tmp_path / "lake")
    assert refused(again, "s", {"entity": {"k": 1}})[0] == 404


def test_users_and_switching_off(start, tmp_path):
    record = subprocess.run(
        [str(HOME / "sluice"), "password"], input="secret\n", capture_output=True, text=True, check=True
    ).stdout.strip()
    running = start(tmp_path / "lake", "--set", f"auth.users.ann={record}")
    assert running.http
    with flight_sql.connect(running.uri, {"username": "ann", "password": "secret"}, autocommit=True) as connection:
        with connection.cursor() as cursor:
            cursor.execute("CREATE FEATURE SERVICE s AS SELECT :k AS k")
    body = {"entity": {"k": "x"}}
    status, headers, answer = ask(running, "s", body)
    assert (status, answer["error"]["code"]) == (401, "UNAUTHENTICATED")
    assert headers["www-authenticate"].startswith("Basic")

    def basic(password):
        return "Basic " + base64.b64encode(f"ann:{password}".encode()).decode()

    for _ in range(2):
        assert ask(running, "s", body, Authorization=basic("secret"))[2]["values"] == [["x"]]
        assert ask(running, "s", body, Authorization=basic("wrong"))[0] == 401
    assert ask(running, "s", body, Authorization="Bearer nothing")[0] == 401
    assert request(running, "GET", "/health")[0] == 200
    running.stop()
    off = start(tmp_path / "lake", "--set", "server.http.enabled=false")
    assert off.http is None


DATASET = """
CREATE SCHEMA ml;
CREATE TABLE ml.trips (id BIGINT NOT NULL, origin VARCHAR, plane INTEGER, leaves TIMESTAMP, km DOUBLE, delay INTEGER,
  PRIMARY KEY (id) NOT ENFORCED);
CREATE TABLE ml.weather (origin VARCHAR, at TIMESTAMP, temp DOUBLE, wind DECIMAL(6, 2), EVENT TIME (at));
CREATE TABLE ml.planes (plane INTEGER NOT NULL, seats INTEGER, maker VARCHAR, PRIMARY KEY (plane) NOT ENFORCED);
INSERT INTO ml.weather SELECT 'A' || CAST(n / 3 AS VARCHAR), TIMESTAMP '2024-01-01 00:00:00' + n * INTERVAL '1' MINUTE,
  n / CAST(7 AS DOUBLE), CAST(n AS DECIMAL(6, 2)) / 4 FROM numbers;
INSERT INTO ml.planes SELECT CAST(n AS INTEGER), CAST(n * 10 AS INTEGER), 'M' || CAST(n % 4 AS VARCHAR) FROM numbers
  WHERE n % 5 <> 0;
INSERT INTO ml.trips SELECT n, 'A' || CAST(n % 110 AS VARCHAR), CAST(n AS INTEGER),
  TIMESTAMP '2024-01-01 05:30:00' + (n % 7) * INTERVAL '1' MINUTE, n / CAST(3 AS DOUBLE), CAST(n % 9 AS INTEGER) FROM numbers;
CREATE TRAINING DATASET ml.delays VERSION 1 KEY (id) OBSERVED AT leaves LABEL (delay)
  SPLIT BY HASH (id) (train 0.7, test 0.3)
  FIT ON train (standardize(impute(temp, 'median')) AS temp_z, one_hot(maker), min_max_scale(km))
  AS SELECT t.*, w.temp, w.wind, p.seats, p.maker, t.km / (p.seats + 1) AS ratio, w.temp * 2 - t.km AS mixed
  FROM ml.trips t
  LEFT ASOF JOIN ml.weather w MATCH_CONDITION (w.at <= t.leaves AND w.at > t.leaves - INTERVAL '4' HOUR)
    ON w.origin = t.origin
  LEFT JOIN ml.planes p ON p.plane = t.plane
"""


@pytest.fixture(scope="module")
def dataset(server):
    with flight_sql.connect(server.uri, autocommit=True) as connection, connection.cursor() as cursor:
        rows = ", ".join(f"({n})" for n in range(1000))
        run(cursor, f"CREATE TABLE numbers (n BIGINT); INSERT INTO numbers VALUES {rows};" + DATASET)
    return server


def bits(column):
    return [None if value is None else struct.pack("<d", value) for value in column.to_pylist()]


def test_a_dataset_s_service_gives_the_dataset_s_values(dataset):
    create = "CREATE FEATURE SERVICE delays FOR TRAINING DATASET ml.delays VERSION 1"
    with flight_sql.connect(dataset.uri, autocommit=True) as connection, connection.cursor() as cursor:
        for statement in ["CREATE ONLINE TABLE ml.planes KEY (\"plane\")", "CREATE ONLINE TABLE ml.weather KEY (\"origin\")"]:
            with pytest.raises(Exception, match="there is no online table of lake.ml.*") as missing:
                cursor.execute(create)
            assert statement in str(missing.value)
            cursor.execute(statement)
        cursor.execute(create)
        cursor.execute("DESCRIBE FEATURE SERVICE delays")
        parameters = {row[1]: row[2] for row in cursor.fetchall() if row[0] == "parameter"}
        assert list(parameters) == ["id", "origin", "plane", "leaves", "km"]
        assert parameters["leaves"] == "TIMESTAMP(6), now unless given"
        cursor.execute("SELECT * FROM ml.trips ORDER BY id")
        trips = cursor.fetch_arrow_table().select(list(parameters))
        for form, raw in (("ml.delays$transformed", False), ("ml.delays", True)):
            cursor.execute(f"SELECT * FROM {form} ORDER BY id")
            expected = cursor.fetch_arrow_table().drop_columns(["delay", "split"])
            cursor.adbc_statement.set_sql_query("EXECUTE FEATURE SERVICE delays" + (" RAW" if raw else ""))
            cursor.adbc_statement.prepare()
            cursor.adbc_statement.bind(trips.combine_chunks().to_batches()[0])
            stream, _ = cursor.adbc_statement.execute_query()
            given = pa.RecordBatchReader._import_from_c(stream.address).read_all()
            assert given.drop_columns(["status"]).to_pylist() == expected.to_pylist()
            for column, kind in zip(expected.column_names, expected.schema.types):
                if pa.types.is_floating(kind):
                    # == takes -0.0 for 0.0
                    assert bits(given[column]) == bits(expected[column])
            assert set(given["status"].to_pylist()) == {"PRESENT", "MISSING"}
            entities = [dict(row, leaves=row["leaves"].isoformat()) for row in trips.to_pylist()]
            _, _, answer = ask(dataset, "delays", {"entities": entities, "raw": raw})
            assert answer["features"] == expected.column_names
            assert answer["status"] == given["status"].to_pylist()
            for row, values in zip(expected.to_pylist(), answer["values"]):
                text = {name: None if value is None else
                        value.isoformat() if isinstance(value, datetime.datetime) else
                        str(value) if name == "wind" else value for name, value in row.items()}
                assert dict(zip(answer["features"], values)) == text
        nothing_known = {"id": 1, "origin": "nowhere", "plane": None, "km": 3}
        _, _, answer = ask(dataset, "delays", {"entity": nothing_known, "raw": True})
        assert answer["status"] == ["MISSING"]
        assert answer["values"][0][:3] == [1, "nowhere", None] and answer["values"][0][5:] == [None] * 6


@pytest.mark.parametrize(
    "query, message",
    [
        ("SELECT t.id, t.leaves, (SELECT COUNT(*) FROM ml.planes p WHERE p.seats < t.km) AS n FROM ml.trips t",
         r"line 1, column 24: column n needs many rows"),
        ("SELECT t.id, t.leaves, w.temp FROM ml.trips t LEFT ASOF JOIN ml.weather w"
         " MATCH_CONDITION (w.at <= t.leaves AND w.wind > 1) ON w.origin = t.origin",
         r"line 1, column \d+: a condition on w.wind chooses among rows"),
        ("SELECT t.id, t.leaves, p.seats FROM ml.trips t LEFT JOIN ml.planes p ON p.seats = t.km",
         r"line 1, column \d+: online table ml.planes has the key \(plane\), and the join compares \(seats\)"),
        ("SELECT t.id, t.leaves, w.temp FROM ml.trips t LEFT ASOF JOIN (SELECT * FROM ml.weather WHERE wind > 2) w"
         " MATCH_CONDITION (w.at <= t.leaves) ON w.origin = t.origin",
         r"line 1, column \d+: a sub-query is joined here"),
    ],
)
def test_what_cannot_be_served_is_said_with_its_place(dataset, query, message):
    with flight_sql.connect(dataset.uri, autocommit=True) as connection, connection.cursor() as cursor:
        for table, key in (("ml.planes", "plane"), ("ml.weather", "origin")):
            cursor.execute(f"CREATE ONLINE TABLE IF NOT EXISTS {table} KEY ({key})")
        cursor.execute(f"CREATE TRAINING DATASET ml.refused KEY (id) OBSERVED AT leaves AS {query}")
        with pytest.raises(Exception, match=message):
            cursor.execute("CREATE FEATURE SERVICE refused FOR TRAINING DATASET ml.refused")


def test_nested_features_of_an_online_table(served):
    with flight_sql.connect(served.uri, autocommit=True) as connection, connection.cursor() as cursor:
        run(cursor, "CREATE TABLE serving.embedded (k BIGINT, e REAL ARRAY, place ROW(city VARCHAR, at ROW(x DOUBLE)),"
            " seen MAP(VARCHAR, INTEGER ARRAY), days MAP(DATE, VARCHAR), PRIMARY KEY (k) NOT ENFORCED);"
            "INSERT INTO serving.embedded SELECT 1, ARRAY[CAST(0.1 AS REAL), NULL, CAST('NaN' AS REAL)], ROW('Oslo', ROW(59.9)),"
            " MAP['ad', ARRAY[1, 2]], MAP[DATE '2024-01-01', 'new'];"
            "INSERT INTO serving.embedded VALUES (2, NULL, NULL, NULL, NULL);"
            "CREATE ONLINE TABLE serving.embedded;"
            "CREATE FEATURE SERVICE embedded AS SELECT e, place, seen, days, e[1] AS first, cardinality(e) AS n, place.at.x,"
            " seen[:kind] AS of_kind FROM online.serving.embedded WHERE k = ?")
        keys = [2, 1, 7]
        _, _, answer = ask(served, "embedded", {"entities": [{"k": key, "kind": "ad"} for key in keys]})
        assert answer["features"] == ["e", "place", "seen", "days", "first", "n", "x", "of_kind"]
        assert answer["status"] == ["PRESENT", "PRESENT", "MISSING"]
        assert answer["values"] == [
            [None] * 8,
            [[0.1, None, "NaN"], {"city": "Oslo", "at": {"x": 59.9}}, {"ad": [1, 2]}, [["2024-01-01", "new"]], 0.1, 3, 59.9,
             [1, 2]],
            [None] * 8,
        ]
        cursor.adbc_statement.set_sql_query("EXECUTE FEATURE SERVICE embedded")
        cursor.adbc_statement.prepare()
        cursor.adbc_statement.bind(pa.record_batch({"kind": pa.array(["ad"] * 3), "k": pa.array(keys, pa.int64())}))
        stream, _ = cursor.adbc_statement.execute_query()
        table = pa.RecordBatchReader._import_from_c(stream.address).read_all()
        assert table.schema.field("e").type == pa.list_(pa.float32())
        assert table["place"].to_pylist() == [None, {"city": "Oslo", "at": {"x": 59.9}}, None]
        assert table["seen"].to_pylist() == [None, [("ad", [1, 2])], None]
        assert table["of_kind"].to_pylist() == [None, [1, 2], None]
        assert table["status"].to_pylist() == answer["status"]
        run(cursor, "INSERT INTO serving.embedded SELECT 2, ARRAY[CAST(2 AS REAL)], NULL, NULL, NULL; REFRESH ONLINE TABLE serving.embedded")
        assert ask(served, "embedded", {"entity": {"k": 2, "kind": "ad"}})[2]["values"][0][0] == [2]
