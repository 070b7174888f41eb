"""Seeded Parquet files for the comparisons, written by pyarrow and by DuckDB with their defaults but zstd."""

import pathlib

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

KEYS = 100_000
DAY = 86_400_000_000
START = 1_600_000_000_000_000
SPAN = 365 * DAY
SEED = 20_261_124


def keys(random, rows, distribution):
    if distribution == "uniform":
        return random.integers(0, KEYS, rows)
    # Zipf with exponent 1 over a bounded set of keys, by inversion
    weights = 1.0 / np.arange(1, KEYS + 1)
    bounds = np.cumsum(weights) / weights.sum()
    ranks = np.minimum(np.searchsorted(bounds, random.random(rows)), KEYS - 1)
    return random.permutation(KEYS)[ranks]


def features(rows, distribution, order):
    """12 columns; times are unique, so there is one row per key and time."""
    random = np.random.default_rng([SEED, rows, distribution == "zipf", order == "unsorted"])
    step = SPAN // rows
    times = START + np.arange(rows, dtype=np.int64) * step + random.integers(0, step, rows)
    if order == "unsorted":
        random.shuffle(times)
    categories = pa.array([f"category-{i:03d}" for i in range(200)])
    sources = pa.array([f"device/{i:06x}/sensor" for i in range(50_000)])
    columns = {
        "entity_id": pa.array(keys(random, rows, distribution)),
        "ts": pa.array(times, pa.timestamp("us")),
        "amount": pa.array(random.normal(100, 25, rows)),
        "score": pa.array(random.random(rows)),
        "ratio": pa.array(random.random(rows, dtype=np.float32)),
        "count_1d": pa.array(random.poisson(20, rows).astype(np.int32)),
        "count_30d": pa.array(random.integers(0, 1_000_000, rows)),
        "level": pa.array(random.integers(0, 50, rows).astype(np.int16).astype(np.int32)),
        "optional": pa.array(random.normal(0, 1, rows), mask=random.random(rows) < 0.1),
        "active": pa.array(random.random(rows) < 0.3),
        "category": categories.take(pa.array(random.integers(0, 200, rows))),
        "source": sources.take(pa.array(random.integers(0, 50_000, rows))),
    }
    return pa.table(columns)


def labels(rows):
    random = np.random.default_rng([SEED, rows])
    return pa.table(
        {
            "label_id": pa.array(np.arange(rows)),
            "entity_id": pa.array(random.integers(0, KEYS, rows)),
            "label_ts": pa.array(START + random.integers(0, SPAN, rows), pa.timestamp("us")),
            "target": pa.array(random.random(rows)),
        }
    )


def write(table, path, writer):
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_suffix(".partial")
    if writer == "pyarrow":
        pq.write_table(table, partial, compression="zstd")
    else:
        connection = duckdb.connect()
        connection.register("source", table)
        connection.execute(f"COPY source TO '{partial}' (FORMAT parquet, COMPRESSION zstd)")
        connection.close()
    partial.rename(path)


def feature_file(folder, rows, writer, distribution, order):
    path = pathlib.Path(folder) / f"features-{rows}-{writer}-{distribution}-{order}.parquet"
    if not path.exists():
        write(features(rows, distribution, order), path, writer)
    return path


def label_file(folder, rows):
    path = pathlib.Path(folder) / f"labels-{rows}.parquet"
    if not path.exists():
        write(labels(rows), path, "pyarrow")
    return path
