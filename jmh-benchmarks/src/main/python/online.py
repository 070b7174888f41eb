"""./sluice bench compare --suite online: lookups by key beside Feast on Redis, and Redis alone as the floor."""

import json
import os
import pathlib
import statistics
import subprocess
import sys
import time
import urllib.request

import adbc_driver_flightsql.dbapi as flightsql
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from pyiceberg.catalog.sql import SqlCatalog

import feast_store

HOME = pathlib.Path(__file__).resolve().parents[4]
sys.path.insert(0, str(HOME / "docs" / "examples"))
from sluice_server import Server  # noqa: E402

LOAD = HOME / "jmh-benchmarks" / "src" / "main" / "java" / "io" / "sluice" / "benchmarks" / "HttpLoad.java"
FEATURES = [(f"f{i:02}", "int64" if i % 5 == 0 else "double") for i in range(20)]
BODIES = 10_000
SEED = 7


def users(folder, keys):
    """A file of one row for each key: its event time and 20 features."""
    path = folder / f"online-{keys}.parquet"
    if not path.exists():
        rng = np.random.default_rng(SEED)
        columns = {
            "user_id": np.arange(keys),
            "ts": np.datetime64("2024-01-01T00:00:00", "us") + rng.integers(0, 10**12, keys).astype("timedelta64[us]"),
            "city_id": rng.integers(0, 1000, keys),
        }
        for name, kind in FEATURES:
            columns[name] = rng.integers(0, 10**9, keys) if kind == "int64" else rng.standard_normal(keys)
        folder.mkdir(parents=True, exist_ok=True)
        pq.write_table(pa.table(columns), path)
    return path


def stolen():
    """Seconds of this machine's processors that its host gave to others, all together; 0 where nobody tells."""
    try:
        fields = pathlib.Path("/proc/stat").read_text().split("\n", 1)[0].split()
        return int(fields[8]) / os.sysconf("SC_CLK_TCK")
    except (OSError, IndexError):
        return 0.0


def load(java, port, path, bodies=None, connections=16, rate=0, seconds=15, warm_up=8):
    command = [java, str(LOAD), "--port", str(port), "--path", path, "--connections", str(connections)]
    command += ["--rate", str(rate), "--seconds", str(seconds), "--warm-up", str(warm_up)]
    if bodies is not None:
        command += ["--bodies", str(bodies)]
    before, started = stolen(), time.time()
    figures = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout)
    figures["stolen"] = (stolen() - before) / (time.time() - started) / os.cpu_count()
    return figures


def bodies(folder, name, body, keys, batch):
    """Requests for random keys, a line each."""
    rng = np.random.default_rng(SEED)
    path = folder / f"{name}.jsonl"
    count = max(100, BODIES // batch)
    path.write_text("".join(json.dumps(body(rng.integers(0, keys, batch).tolist())) + "\n" for _ in range(count)))
    return path


def java_of(server):
    """The Java that the server runs on."""
    return str(pathlib.Path(f"/proc/{server.pid}/exe").resolve())


class Report:
    def __init__(self):
        self.rows = []
        print(f"{'what':<52}{'req/s':>10}{'p50 us':>10}{'p99 us':>10}{'p99.9 us':>10}{'stolen':>10}", flush=True)

    def add(self, what, figures):
        self.rows.append({"what": what} | figures)
        print(
            f"{what:<52}{figures['per_second']:>10,.0f}{figures['p50_us']:>10,.0f}{figures['p99_us']:>10,.0f}"
            f"{figures.get('p999_us', float('nan')):>10,.0f}"
            + (f"{figures['stolen']:>10.1%}" if "stolen" in figures else ""),
            flush=True,
        )
        return figures

    def ratio(self, what, value):
        self.rows.append({"what": what, "ratio": round(value, 3)})
        print(f"{what:<52}{value:>10.2f}", flush=True)


def percentiles(seconds):
    ordered = sorted(seconds)
    at = lambda part: ordered[min(len(ordered) - 1, int(part * len(ordered)))] * 1e6  # noqa: E731
    return {"per_second": 1 / statistics.mean(seconds), "p50_us": at(0.5), "p99_us": at(0.99), "p999_us": at(0.999)}


def prepared(cursor, sql, keys, rounds=3000):
    """Times of one prepared statement, executed for one key after another."""
    times = []
    for key in keys[:rounds]:
        started = time.perf_counter()
        cursor.execute(sql, (int(key),))
        cursor.fetch_arrow_table()
        times.append(time.perf_counter() - started)
    return times[rounds // 3 :]


def fill(cursor, path):
    cursor.execute("DROP FEATURE SERVICE IF EXISTS bench_users")
    for table in ("bench_users", "bench_cities", "bench_countries"):
        cursor.execute(f"DROP ONLINE TABLE IF EXISTS {table}")
        cursor.execute(f"DROP TABLE IF EXISTS {table}")
    columns = ", ".join(f"{name} {'BIGINT' if kind == 'int64' else 'DOUBLE'}" for name, kind in FEATURES)
    cursor.execute(
        f"CREATE TABLE bench_users (user_id BIGINT NOT NULL, ts TIMESTAMP, city_id BIGINT, {columns},"
        " PRIMARY KEY (user_id) NOT ENFORCED, EVENT TIME (ts))"
    )
    cursor.execute(
        "CREATE TABLE bench_cities (city_id BIGINT NOT NULL, country_id BIGINT, size DOUBLE, PRIMARY KEY (city_id) NOT ENFORCED)"
    )
    cursor.execute("CREATE TABLE bench_countries (country_id BIGINT NOT NULL, name VARCHAR, PRIMARY KEY (country_id) NOT ENFORCED)")
    # the driver sends no message above 16 MB
    rows = pq.read_table(path)
    cursor.adbc_ingest("bench_users", pa.RecordBatchReader.from_batches(rows.schema, rows.to_batches(50_000)), mode="append")
    rng = np.random.default_rng(SEED)
    cities = pa.table({"city_id": np.arange(1000), "country_id": rng.integers(0, 50, 1000), "size": rng.random(1000)})
    cursor.adbc_ingest("bench_cities", cities, mode="append")
    cursor.adbc_ingest("bench_countries", pa.table({"country_id": np.arange(50), "name": [f"country {i}" for i in range(50)]}), mode="append")
    started = time.perf_counter()
    for table in ("bench_users", "bench_cities", "bench_countries"):
        cursor.execute(f"CREATE ONLINE TABLE {table}")
    return time.perf_counter() - started


def features_sql(parameter="?"):
    return f"SELECT {', '.join(name for name, _ in FEATURES)} FROM online.main.bench_users WHERE user_id = {parameter}"


def http(port, path, body):
    request = urllib.request.Request(f"http://127.0.0.1:{port}{path}", json.dumps(body).encode(), {"Content-Type": "application/json"})
    return json.loads(urllib.request.urlopen(request).read())


def entities(keys):
    return {"entities": [{"user_id": key} for key in keys]}


def measure_http(report, java, port, path, folder, options):
    one = bodies(folder, "ours-1", entities, options.keys, 1)
    hundred = bodies(folder, "ours-100", entities, options.keys, 100)
    report.add("one key, 16 connections, the server's first 20 s", load(java, port, path, one, seconds=20, warm_up=0))
    idle = report.add("nothing, 16 connections", load(java, port, "/health"))
    ours = report.add("one key, 16 connections", load(java, port, path, one))
    report.ratio("  requests per second against nothing", ours["per_second"] / idle["per_second"])
    many = report.add("100 keys, 1 connection", load(java, port, path, hundred, connections=1))
    report.ratio("  p50 against nothing", many["p50_us"] / idle["p50_us"])
    idle_open = report.add("nothing, 5,000/s due", load(java, port, "/health", rate=5000, connections=64))
    ours = report.add("one key, 5,000/s due", load(java, port, path, one, rate=5000, connections=64))
    report.ratio("  p99 against nothing", ours["p99_us"] / idle_open["p99_us"])


def measure_adbc(report, cursor, options):
    keys = np.random.default_rng(SEED + 1).integers(0, options.keys, 3000)
    nothing = report.add("ADBC, nothing (SELECT ?)", percentiles(prepared(cursor, "SELECT CAST(? AS BIGINT) AS k", keys)))
    single = report.add("ADBC, one key", percentiles(prepared(cursor, features_sql(), keys)))
    report.ratio("  p50 against nothing", single["p50_us"] / nothing["p50_us"])
    levels = (
        "SELECT u.f00, c.size, n.name FROM online.main.bench_users u"
        " LEFT JOIN online.main.bench_cities c ON c.city_id = u.city_id"
        " LEFT JOIN online.main.bench_countries n ON n.country_id = c.country_id WHERE u.user_id = ?"
    )
    three = report.add("ADBC, three levels", percentiles(prepared(cursor, levels, keys)))
    report.ratio("  p50 against one level", three["p50_us"] / single["p50_us"])


def measure_visible(report, cursor, port, lake, rounds=30):
    """From the end of a commit until a request finds its row: commits of this server, then of PyIceberg."""
    cursor.execute("DROP FEATURE SERVICE IF EXISTS bench_soon")
    cursor.execute("DROP ONLINE TABLE IF EXISTS bench_soon")
    cursor.execute("DROP TABLE IF EXISTS bench_soon")
    cursor.execute("CREATE TABLE bench_soon (k BIGINT NOT NULL, PRIMARY KEY (k) NOT ENFORCED) WITH (\"format-version\" = 2)")
    cursor.execute("INSERT INTO bench_soon VALUES (0)")
    cursor.execute("CREATE ONLINE TABLE bench_soon")
    cursor.execute("CREATE FEATURE SERVICE bench_soon AS SELECT k AS found FROM online.main.bench_soon WHERE k = ?")
    table = SqlCatalog("lake", uri=f"sqlite:///{lake}/catalog.db", warehouse=f"{lake}/warehouse").load_table("main.bench_soon")

    def commit_here(key):
        cursor.execute(f"INSERT INTO bench_soon VALUES ({key})")

    def commit_outside(key):
        table.refresh()
        table.append(pa.table({"k": [key]}, schema=table.schema().as_arrow()))

    for what, commit, first in (("INSERT to visible", commit_here, 1), ("PyIceberg commit to visible", commit_outside, 1000)):
        times = []
        for key in range(first, first + rounds):
            commit(key)
            started = time.perf_counter()
            while http(port, "/v1/services/bench_soon", {"entity": {"k": key}})["status"] != ["PRESENT"]:
                time.sleep(0.001)
            times.append(time.perf_counter() - started)
        report.add(what, percentiles(times))


def measure_peer(report, java, folder, options):
    redis = feast_store.Redis()
    try:
        path = users(folder, options.peer_keys)
        feast = feast_store.Feast(folder / "feast", path, "user_id", "ts", FEATURES, redis)
        try:
            print(f"Feast loaded {options.peer_keys:,} keys into Redis in {feast.load_seconds:,.0f} s", flush=True)
            one = bodies(folder, "feast-1", feast.body, options.peer_keys, 1)
            report.add("Feast on Redis, one key, 16 connections", load(java, feast.port, feast.path, one))
            hundred = bodies(folder, "feast-100", feast.body, options.peer_keys, 100)
            report.add("Feast on Redis, 100 keys, 1 connection", load(java, feast.port, feast.path, hundred, connections=1))
        finally:
            feast.stop()
        keys = [f"key:{'__rand_int__'}"]
        for batch in (1, 100):
            per_second, p50, p99 = redis.benchmark(16 if batch == 1 else 1, 200_000 // batch, "MGET", *(keys * batch))
            report.add(
                f"Redis MGET of {batch}, {16 if batch == 1 else 1} connections",
                {"per_second": per_second, "p50_us": p50 * 1000, "p99_us": p99 * 1000},
            )
    finally:
        redis.stop()


def run(options):
    folder = pathlib.Path(options.data)
    path = users(folder, options.keys)
    port = feast_store.free_port()
    with Server(folder / "online-lake", "--set", f"server.http.port={port}") as server:
        java = java_of(server)
        with flightsql.connect(server.uri, autocommit=True) as connection, connection.cursor() as cursor:
            seconds = fill(cursor, path)
            print(f"Sluice loaded {options.keys:,} keys in {seconds:,.1f} s", flush=True)
            cursor.execute("CREATE FEATURE SERVICE bench_users AS " + features_sql())
            service = "/v1/services/bench_users"
            report = Report()
            check(cursor, port, service)
            measure_http(report, java, port, service, folder, options)
            measure_adbc(report, cursor, options)
            measure_visible(report, cursor, port, folder / "online-lake")
        if not options.no_peer:
            measure_peer(report, java, folder, options)
    if options.json:
        pathlib.Path(options.json).write_text(json.dumps(report.rows, indent=2) + "\n")
    return 0


def check(cursor, port, service):
    """The service answers what the lake holds."""
    names = [name for name, _ in FEATURES]
    cursor.execute(f"SELECT {', '.join(names)} FROM bench_users WHERE user_id = 4711 % (SELECT COUNT(*) FROM bench_users)")
    stored = list(cursor.fetchone())
    cursor.execute("SELECT 4711 % (SELECT COUNT(*) FROM bench_users)")
    key = cursor.fetchone()[0]
    served = http(port, service, entities([key]))
    if served["values"] != [stored]:
        raise SystemExit(f"the service answers {served}, the lake holds {stored}")
