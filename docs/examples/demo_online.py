"""The demo's third part: the same tables online. A flight's features are looked up by key, by HTTP and by ADBC."""

import http.client
import json
import sys
import time
import urllib.parse

import pyarrow as pa

ONLINE_TABLES = [
    "CREATE OR REPLACE ONLINE TABLE planes KEY (tailnum)",
    "CREATE OR REPLACE ONLINE TABLE airports KEY (faa)",
    "CREATE OR REPLACE ONLINE TABLE readings KEY (origin)",
]

FEATURES = """p.year AS plane_year, p.seats, a.name AS dest_name, a.alt AS dest_alt,
       w.at AS observed_ts, w.temp, w.wind_speed, w.visib"""

SERVICE = f"""
CREATE OR REPLACE FEATURE SERVICE flight_features AS
SELECT {FEATURES}
FROM (VALUES (:tailnum, :origin, :dest)) AS f (tailnum, origin, dest)
LEFT JOIN online.main.planes p ON p.tailnum = f.tailnum
LEFT JOIN online.main.airports a ON a.faa = f.dest
LEFT JOIN online.main.readings w ON w.origin = f.origin
"""

# the same flights at the same instant, over the lake
OFFLINE = f"""
SELECT {FEATURES}
FROM (SELECT *, CAST(CURRENT_TIMESTAMP AS TIMESTAMP WITH TIME ZONE) AS asked_at FROM flights_asked) f
LEFT ASOF JOIN readings w MATCH_CONDITION (w.at <= f.asked_at) ON w.origin = f.origin
LEFT JOIN planes p ON p.tailnum = f.tailnum
LEFT JOIN airports a ON a.faa = f.dest
ORDER BY f.number
"""

ASKED = 1000


def percentiles(seconds):
    ordered = sorted(seconds)
    return tuple(1000 * ordered[int(part * len(ordered))] for part in (0.5, 0.99))


class Online:
    """The steps; `run` prints a statement, runs it, and gives its rows as a pandas data frame."""

    def __init__(self, server, connection, run):
        self.server = server
        self.connection = connection
        self.run = run

    def show(self, flights):
        print("The same tables, online:\n")
        for statement in ONLINE_TABLES:
            self.run(self.connection, statement)
        self.run(self.connection, SERVICE)
        columns = ["tailnum", "origin", "dest"]
        chosen = flights[flights["tailnum"].notna()].sample(ASKED, random_state=1)[columns]
        entities = chosen.to_dict("records")
        expected = self.offline(chosen)
        by_http = self.ask_http(entities)
        by_adbc = self.ask_adbc(chosen)
        self.compare("HTTP", by_http, [[self.json_value(cell) for cell in row] for row in expected])
        self.compare("ADBC", by_adbc, expected)
        print(f"  {ASKED:,} answers each equal the ASOF join over the lake at this instant\n")

    def ask_http(self, entities):
        """One request for each flight over one connection."""
        address = urllib.parse.urlsplit(self.server.http)
        client = http.client.HTTPConnection(address.hostname, address.port)
        answers, seconds = [], []
        for entity in entities:
            body = json.dumps({"entity": entity})
            started = time.perf_counter()
            client.request("POST", "/v1/services/flight_features", body)
            text = client.getresponse().read()
            seconds.append(time.perf_counter() - started)
            answers.append(json.loads(text)["values"][0])
        client.close()
        print(f"  POST {self.server.http}/v1/services/flight_features {body}\n  {text.decode()}")
        self.report("HTTP", seconds)
        return answers

    def ask_adbc(self, chosen):
        """One execution of one prepared statement for each flight."""
        answers, seconds = [], []
        with self.connection.cursor() as cursor:
            for row in chosen.itertuples(index=False):
                started = time.perf_counter()
                cursor.execute("EXECUTE FEATURE SERVICE flight_features", tuple(row))
                table = cursor.fetch_arrow_table()
                seconds.append(time.perf_counter() - started)
                answers.append([table.column(i)[0].as_py() for i in range(table.num_columns - 1)])
        self.report("ADBC", seconds)
        return answers

    @staticmethod
    def report(door, seconds):
        p50, p99 = percentiles(seconds[len(seconds) // 5 :])
        print(f"  {door}: p50 {p50:.2f} ms, p99 {p99:.2f} ms, one flight after the other from Python")

    def offline(self, chosen):
        table = pa.Table.from_pandas(chosen.reset_index(drop=True), preserve_index=False)
        table = table.append_column("number", pa.array(range(ASKED)))
        with self.connection.cursor() as cursor:
            cursor.execute("DROP TABLE IF EXISTS flights_asked")
            cursor.adbc_ingest("flights_asked", table, mode="create", temporary=True)
        rows = self.run(self.connection, OFFLINE)
        return [[None if cell != cell else cell for cell in row] for row in rows.itertuples(index=False)]

    @staticmethod
    def json_value(cell):
        return cell.strftime("%Y-%m-%dT%H:%M:%SZ") if hasattr(cell, "strftime") else cell

    @staticmethod
    def compare(door, answers, expected):
        for number, (answer, row) in enumerate(zip(answers, expected, strict=True)):
            if list(answer) != list(row):
                sys.exit(f"the demo failed: by {door} flight {number} has {answer}, the ASOF join gives {row}")
