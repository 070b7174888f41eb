"""Column profiles of random data against numpy, math.fsum and Python's counters."""

import collections
import datetime
import decimal
import json
import math
import random

import numpy as np
import pyarrow as pa
import pytest

QUANTILES = [0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99]


def profile(cursor, name, array):
    cursor.adbc_ingest(name, pa.table({"x": array}), mode="replace")
    cursor.execute(f"SELECT COLUMN_PROFILE(x) FROM {name}")
    return json.loads(cursor.fetchone()[0])


def columns(rng):
    """Columns of few values, which are counted, and of many, which are estimated."""
    n = 30_000
    normal = [rng.gauss(100_000, 25) for _ in range(n)]
    normal[17] = normal[4711] = float("nan")
    skewed = [None if rng.random() < 0.1 else math.exp(rng.gauss(0, 5)) * rng.choice([-1, 1]) for _ in range(n)]
    return {
        "normal": pa.array(normal, pa.float64(), from_pandas=False),
        "skewed": pa.array(skewed, pa.float64()),
        "few": pa.array([rng.choice([0.25, -1e300, 3.0]) for _ in range(n)], pa.float64()),
        "keys": pa.array([rng.randrange(-(2**63), 2**63) for _ in range(n)], pa.int64()),
        "small": pa.array([None if rng.random() < 0.5 else rng.randrange(-9, 9) for _ in range(n)], pa.int8()),
        "price": pa.array([decimal.Decimal(rng.randrange(10**9)).scaleb(-2) for _ in range(n)], pa.decimal128(12, 2)),
        "wide": pa.array([decimal.Decimal(rng.randrange(10**22)).scaleb(-3) for _ in range(n)], pa.decimal128(30, 3)),
    }


def close(actual, expected, relative):
    return math.isclose(actual, expected, rel_tol=relative, abs_tol=1e-300)


@pytest.mark.parametrize("name", columns(random.Random(0)).keys())
def test_numbers(cursor, name):
    seed = random.randrange(2**32)
    print(f"seed {seed}")
    array = columns(random.Random(seed))[name]
    found = profile(cursor, "profile_numbers", array)
    values = [x for x in array.to_pylist() if x is not None]
    numbers = sorted(x for x in values if x == x)
    floats = [float(x) for x in numbers]
    assert found["count"] == len(array)
    assert found["nulls"] == array.null_count
    if pa.types.is_floating(array.type):
        assert found["nans"] == len(values) - len(numbers)
    assert found["min"] == pytest.approx(floats[0], rel=1e-15)
    assert found["max"] == pytest.approx(floats[-1], rel=1e-15)
    assert close(found["mean"], math.fsum(floats) / len(floats), 1e-14)
    if name != "few":
        assert close(found["stddev"], np.std(np.array(floats, dtype=np.longdouble)), 1e-12)
    different = len(set(numbers)) + (1 if len(numbers) < len(values) else 0)
    assert found["distinct_exact"] == (different <= 4096)
    assert found["distinct"] == different if different <= 4096 else close(found["distinct"], different, 0.05)
    for quantile in QUANTILES:
        expected = floats[max(0, math.ceil(round(quantile * 100) * len(floats) / 100) - 1)]
        actual = found["quantiles"][str(quantile)]
        assert close(actual, expected, 1e-15 if found["quantiles_exact"] else 0.004), quantile
        if name == "normal":
            assert abs(actual - expected) < 0.5
    edges, counts = found["histogram"]["edges"], found["histogram"]["counts"]
    assert sum(counts) == len(numbers)
    assert (edges[0], edges[-1]) == (floats[0], floats[-1])
    expected_counts = np.histogram(np.array(floats), bins=np.array(edges))[0]
    assert np.abs(expected_counts - np.array(counts)).sum() <= (0 if found["quantiles_exact"] else len(floats) // 50)
    check_top(found, numbers, float)


def check_top(found, values, convert):
    counter = collections.Counter(values)
    if len(counter) > 4096:
        assert found["top"] is None
        return
    expected = sorted(counter.items(), key=lambda item: (-item[1], item[0]))[:20]
    assert [(convert(t["value"]), t["count"]) for t in found["top"]] == [(convert(v), n) for v, n in expected]


@pytest.mark.parametrize("words", [3, 4096, 4097, 20_000])
def test_strings(cursor, words):
    seed = random.randrange(2**32)
    print(f"seed {seed}")
    rng = random.Random(seed)
    values = [f"wort-{i}-ß" for i in range(words)] + [f"wort-{rng.randrange(words)}-ß" for _ in range(10_000)]
    rng.shuffle(values)
    found = profile(cursor, "profile_strings", pa.array(values + [None]))
    assert found["nulls"] == 1
    assert (found["min"], found["max"]) == (min(values), max(values))
    assert found["distinct_exact"] == (words <= 4096)
    assert found["distinct"] == words if words <= 4096 else close(found["distinct"], words, 0.05)
    check_top(found, values, str)


def test_long_strings_are_cut_and_estimated(cursor):
    found = profile(cursor, "profile_long", pa.array([chr(97 + i) * 100_000 for i in range(20)]))
    assert not found["distinct_exact"] and found["distinct"] == 20
    assert found["min"] == "a" * 256 + "…"


def test_times(cursor):
    rng = random.Random(5)
    start = datetime.datetime(2013, 1, 1)
    values = sorted(start + datetime.timedelta(microseconds=rng.randrange(365 * 86400 * 10**6)) for _ in range(20_000))
    found = profile(cursor, "profile_times", pa.array(values, pa.timestamp("us")))
    assert (found["min"], found["max"]) == (str(values[0]), str(values[-1]))
    for quantile in QUANTILES:
        actual = datetime.datetime.fromisoformat(found["quantiles"][str(quantile)])
        assert abs(actual - values[math.ceil(quantile * 20_000) - 1]) < datetime.timedelta(hours=3)
    assert sum(found["histogram"]["counts"]) == 20_000
