"""./sluice bench dataset: a training dataset made by Sluice, and the same written in DuckDB's SQL.

Labels are joined to three feature tables as of their times, split 80 : 20 by a hash of the key, put into an order by a
hash of the key, written to Parquet and summarized. Sluice does more on the way: it checks keys, pins snapshots and hashes
every row, which DuckDB is not asked for.
"""

import json
import pathlib
import statistics
import sys
import time

import duckdb
import pyarrow.flight as flight

import files
from compare import HOME, peak_rss_mb, read

sys.path.insert(0, str(HOME / "docs" / "examples"))
from sluice_server import Server  # noqa: E402

TABLES = 3
TAKEN = ("amount", "score", "ratio", "count_1d", "count_30d", "category", "optional")


def add_arguments(parser):
    parser.add_argument("--rows", type=int, default=10_000_000, help="rows per feature table (default %(default)s)")
    parser.add_argument("--labels", type=int, default=5_000_000, help="label rows (default %(default)s)")
    parser.add_argument("--rounds", type=int, default=3, help="rounds in turn (default %(default)s)")
    parser.add_argument("--json", help="where to write the figures")
    parser.add_argument("--data", default=str(HOME / ".sluice" / "bench"), help="where files are kept")
    parser.set_defaults(run=run)


def feature_columns():
    return ", ".join(f"f{t}.{name} AS {name}_{t}" for t in range(TABLES) for name in TAKEN)


def our_statement(version):
    joins = "\n".join(
        f"LEFT ASOF JOIN features_{t} f{t} MATCH_CONDITION (f{t}.ts <= l.label_ts) ON f{t}.entity_id = l.entity_id"
        for t in range(TABLES)
    )
    return f"""
CREATE TRAINING DATASET main.bench_{version}
KEY (label_id) OBSERVED AT label_ts LABEL (target)
SPLIT BY HASH (label_id) SEED 1 (train 0.8, test 0.2)
AS SELECT l.label_id, l.entity_id, l.label_ts, l.target, {feature_columns()}
FROM labels l
{joins}"""


def peer_run(paths, label_path, folder):
    """Seconds of DuckDB for the join, the split, the order, the file and the summary."""
    out = folder / "duckdb-dataset.parquet"
    connection = duckdb.connect()
    for name, path in paths.items():
        connection.execute(f"CREATE VIEW {name} AS SELECT * FROM read_parquet('{path}')")
    connection.execute(f"CREATE VIEW labels AS SELECT * FROM read_parquet('{label_path}')")
    joins = "\n".join(
        f"ASOF LEFT JOIN features_{t} f{t} ON l.entity_id = f{t}.entity_id AND l.label_ts >= f{t}.ts"
        for t in range(TABLES)
    )
    started = time.perf_counter()
    connection.execute(
        f"""COPY (
SELECT *, CASE WHEN hash(label_id) / 18446744073709551616.0 < 0.8 THEN 'train' ELSE 'test' END AS split
FROM (SELECT l.label_id, l.entity_id, l.label_ts, l.target, {feature_columns()} FROM labels l {joins})
ORDER BY hash(label_id), label_id) TO '{out}' (FORMAT parquet, COMPRESSION zstd)"""
    )
    for split in ("train", "test"):
        connection.execute(f"SUMMARIZE SELECT * FROM read_parquet('{out}') WHERE split = '{split}'").fetchall()
    seconds = time.perf_counter() - started
    connection.close()
    return seconds, out


def equal(server, out, version):
    """Every column of both results, by key; the splits are drawn by different hashes."""
    ours = server.client.do_get(flight.Ticket(f"SELECT * FROM main.bench_{version}".encode())).read_all()
    columns = [name for name in ours.column_names if name != "split"]
    connection = duckdb.connect()
    connection.register("ours", ours)
    chosen = ", ".join(columns)
    query = f"SELECT {chosen} FROM {{}} EXCEPT ALL SELECT {chosen} FROM {{}}"
    theirs = f"read_parquet('{out}')"
    return not any(
        connection.execute(f"SELECT count(*) FROM ({query.format(a, b)})").fetchone()[0]
        for a, b in (("ours", theirs), (theirs, "ours"))
    )


def run(options):
    folder = pathlib.Path(options.data)
    label_path = files.label_file(folder, options.labels)
    paths = {}
    for t, (distribution, order) in enumerate((("uniform", "sorted"), ("uniform", "unsorted"), ("zipf", "unsorted"))):
        paths[f"features_{t}"] = files.feature_file(folder, options.rows, "pyarrow", distribution, order)
    ours, theirs = [], []
    with Server(folder / "lake") as server:
        server.client = flight.connect(server.uri)
        for name, path in {**paths, "labels": label_path}.items():
            read(server.client, f"DROP TABLE IF EXISTS {name}")
            read(server.client, f"CALL register_parquet('main.{name}', '{path}')")
        for round_number in range(options.rounds):
            version = f"{time.time_ns()}"
            ours.append(read(server.client, our_statement(version))[0])
            seconds, out = peer_run(paths, label_path, folder)
            theirs.append(seconds)
            same = equal(server, out, version) if round_number == 0 else same
            read(server.client, f"DROP TRAINING DATASET main.bench_{version} VERSION 1")
            print(f"round {round_number + 1}: sluice {ours[-1]:.1f} s, duckdb {seconds:.1f} s", flush=True)
        peak = peak_rss_mb(server.pid)
        server.client.close()
    result = {
        "suite": "dataset",
        "variant": f"{options.labels}-labels-{TABLES}x{options.rows}-rows",
        "peer": "duckdb",
        "ours_s": round(statistics.median(ours), 3),
        "peer_s": round(statistics.median(theirs), 3),
        "ratio": round(statistics.median(ours) / statistics.median(theirs), 4),
        "equal": same,
        "peak_rss_mb": peak,
    }
    print(json.dumps(result))
    if options.json:
        pathlib.Path(options.json).write_text(json.dumps([result], indent=2) + "\n")
    return 0 if same else 1
