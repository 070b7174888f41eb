"""./sluice bench compare: Sluice and DuckDB read the same files and answer the same client."""

import hashlib
import json
import pathlib
import statistics
import subprocess
import sys
import time

import numpy as np
import pyarrow as pa
import pyarrow.flight as flight

import files
import online

HOME = pathlib.Path(__file__).resolve().parents[4]
sys.path.insert(0, str(HOME / "docs" / "examples"))
from sluice_server import Server  # noqa: E402

PAYLOAD = ("amount", "score", "ratio", "count_1d", "count_30d", "category", "source")
TOLERANCE = "INTERVAL '3' DAY"
# Rows per batch with which the peer is fastest; docs/benchmarks.md has the other sizes.
PEER_BATCH_ROWS = {"read": 8_192, "pit": 122_880}
WARM_UPS = 2
ROUNDS = 5


def add_arguments(parser):
    parser.add_argument("--suite", choices=("read", "pit", "online"), action="append", help="default: read and pit")
    parser.add_argument("--json", help="where to write the figures")
    parser.add_argument("--rows", type=int, default=20_000_000, help="feature rows (default %(default)s)")
    parser.add_argument("--labels", type=int, default=2_000_000, help="label rows (default %(default)s)")
    parser.add_argument("--keys", type=int, default=1_000_000, help="keys of the online suite (default %(default)s)")
    parser.add_argument("--peer-keys", type=int, default=50_000, help="keys that Feast loads (default %(default)s)")
    parser.add_argument("--no-peer", action="store_true", help="the online suite without Feast and Redis")
    parser.add_argument("--only", default="", help="run the variants whose name contains this text")
    parser.add_argument("--rounds", type=int, default=ROUNDS, help="measured rounds (default %(default)s)")
    parser.add_argument("--data", default=str(HOME / ".sluice" / "bench"), help="where files are kept")
    parser.set_defaults(run=run)


class Peer:
    """DuckDB behind Flight in a process of its own."""

    name = "duckdb-flight"

    def __init__(self, views):
        command = [sys.executable, str(pathlib.Path(__file__).with_name("duckdb_flight.py"))]
        for name, path in views.items():
            command += ["--view", f"{name}={path}"]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        self.uri = self.process.stdout.readline().strip()
        self.pid = self.process.pid

    def stop(self):
        self.process.kill()
        self.process.wait()


def peak_rss_mb(pid):
    for line in pathlib.Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) // 1024
    return 0


def server_pid(server):
    """The launcher replaces itself by the server, so its process is the server."""
    return server.pid


def peer_ticket(suite, sql):
    return json.dumps({"sql": sql, "batch_rows": PEER_BATCH_ROWS[suite]})


def read(client, ticket):
    """Seconds until the last batch has arrived, and the rows."""
    started = time.perf_counter()
    rows = 0
    for chunk in client.do_get(flight.Ticket(ticket.encode())):
        rows += chunk.data.num_rows
    return time.perf_counter() - started, rows


MIX = np.uint64(0x9E3779B97F4A7C15)


def mix(values):
    values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return values ^ (values >> np.uint64(31))


def hash_column(column):
    nulls = np.asarray(column.is_null())
    if pa.types.is_string(column.type) or pa.types.is_large_string(column.type):
        encoded = column.dictionary_encode()
        hashes = np.array(
            [int.from_bytes(hashlib.blake2b(str(v).encode(), digest_size=8).digest()) for v in encoded.dictionary.to_pylist()]
            or [0],
            dtype=np.uint64,
        )
        values = hashes[np.asarray(encoded.indices.fill_null(0))]
    elif pa.types.is_boolean(column.type):
        values = np.asarray(column.fill_null(False)).astype(np.uint64)
    elif pa.types.is_floating(column.type):
        values = np.asarray(column.fill_null(0)).astype(np.float64).view(np.uint64)
    else:
        values = np.asarray(column.cast(pa.int64()).fill_null(0)).view(np.uint64)
    values = mix(values + MIX)
    values[nulls] = np.uint64(1)
    return values


def row_hash(client, ticket):
    """Rows, and the sum of their hashes: the same for any order of rows."""
    total, rows = 0, 0
    for chunk in client.do_get(flight.Ticket(ticket.encode())):
        batch = chunk.data
        hashes = np.zeros(batch.num_rows, dtype=np.uint64)
        with np.errstate(over="ignore"):
            for position, column in enumerate(batch.columns):
                hashes = mix(hashes * np.uint64(31) + hash_column(column) + np.uint64(position))
            total = (total + int(hashes.sum(dtype=np.uint64))) % 2**64
        rows += batch.num_rows
    return rows, total


def statements(suite):
    """Name, Sluice's SQL and the peer's."""
    if suite == "read":
        sql = "SELECT * FROM features"
        return [("all-columns", sql, sql)]
    ours, theirs = [], []
    left = "l.label_id, l.entity_id, l.label_ts, l.target"
    payload = ", ".join(f"r.{name}" for name in PAYLOAD)
    ours = (
        f"SELECT {left}, {payload} FROM labels l LEFT ASOF JOIN features r"
        " MATCH_CONDITION (r.ts <= l.label_ts{}) ON r.entity_id = l.entity_id"
    )
    theirs = (
        f"SELECT {left}, {{}} FROM labels l ASOF LEFT JOIN features r"
        " ON l.entity_id = r.entity_id AND l.label_ts >= r.ts"
    )
    # As a further predicate in ON a tolerance sends DuckDB to its loop join; on the winner it is as good and fast.
    checked = ", ".join(
        f"CASE WHEN r.ts > l.label_ts - {TOLERANCE} THEN r.{name} END AS {name}" for name in PAYLOAD
    )
    return [
        ("no-tolerance", ours.format(""), theirs.format(payload)),
        ("tolerance", ours.format(f" AND r.ts > l.label_ts - {TOLERANCE}"), theirs.format(checked)),
    ]


def variants(options):
    for writer in ("pyarrow", "duckdb"):
        for distribution in ("uniform", "zipf"):
            for order in ("sorted", "unsorted"):
                yield writer, distribution, order


def measure(suite, name, ours, theirs, our_sql, peer_sql, rounds):
    peer_sql = peer_ticket(suite, peer_sql)
    cold = [read(ours.client, our_sql)[0], read(theirs.client, peer_sql)[0]]
    equal = row_hash(ours.client, our_sql) == row_hash(theirs.client, peer_sql)
    for _ in range(WARM_UPS - 1):
        read(ours.client, our_sql)
        read(theirs.client, peer_sql)
    seconds = ([], [])
    for _ in range(rounds):
        seconds[0].append(read(ours.client, our_sql)[0])
        seconds[1].append(read(theirs.client, peer_sql)[0])
    ours_s, peer_s = (statistics.median(times) for times in seconds)
    result = {
        "suite": suite,
        "variant": name,
        "peer": Peer.name,
        "ours_s": round(ours_s, 4),
        "peer_s": round(peer_s, 4),
        "ratio": round(ours_s / peer_s, 4),
        "equal": equal,
        "peak_rss_mb": peak_rss_mb(server_pid(ours)),
        "peer_peak_rss_mb": peak_rss_mb(theirs.pid),
        "ours_cold_s": round(cold[0], 4),
        "peer_cold_s": round(cold[1], 4),
    }
    print(
        f"{suite:<5}{name:<40}{ours_s:>8.3f} s{peer_s:>8.3f} s{result['ratio']:>8.3f}"
        f"   {'equal' if equal else 'DIFFERENT'}   {result['peak_rss_mb']:,} MB",
        flush=True,
    )
    return result


def run(options):
    if options.suite and "online" in options.suite:
        if len(options.suite) > 1:
            raise SystemExit("the online suite runs alone")
        return online.run(options)
    results = []
    folder = pathlib.Path(options.data)
    suites = options.suite or ["read", "pit"]
    label_path = files.label_file(folder, options.labels)
    print(f"{'suite':<5}{'variant':<40}{'sluice':>10}{Peer.name:>10}{'ratio':>8}", flush=True)
    for writer, distribution, order in variants(options):
        base = f"{writer}-{distribution}-{order}"
        wanted = [
            (suite, f"{base}-{name}", our_sql, peer_sql)
            for suite in suites
            for name, our_sql, peer_sql in statements(suite)
            if options.only in f"{base}-{name}"
        ]
        if not wanted:
            continue
        path = files.feature_file(folder, options.rows, writer, distribution, order)
        with Server(folder / "lake") as ours:
            ours.client = flight.connect(ours.uri)
            for table, file in (("features", path), ("labels", label_path)):
                read(ours.client, f"DROP TABLE IF EXISTS {table}")
                read(ours.client, f"CALL register_parquet('main.{table}', '{file}')")
            theirs = Peer({"features": path, "labels": label_path})
            theirs.client = flight.connect(theirs.uri)
            try:
                for suite, name, our_sql, peer_sql in wanted:
                    results.append(
                        measure(suite, name, ours, theirs, our_sql, peer_sql, options.rounds)
                    )
            finally:
                theirs.client.close()
                theirs.stop()
                ours.client.close()
    for suite in suites:
        ratios = [result["ratio"] for result in results if result["suite"] == suite]
        if ratios:
            print(f"{suite}: worst ratio {max(ratios):.3f} of {len(ratios)} variants")
    if options.json:
        pathlib.Path(options.json).write_text(json.dumps(results, indent=2) + "\n")
    return 0 if all(result["equal"] for result in results) else 1
