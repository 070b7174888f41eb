"""Content hashes and samples against the published vectors and against hashlib on a table of random rows."""

import hashlib
import random
import re
import struct

import pyarrow as pa
import pytest
from conftest import HOME

TABLE = re.compile(r"^\| `(.+?)` \| (\S+) \|$", re.M)
VECTORS = TABLE.findall((HOME / "docs" / "content-hash.md").read_text())


@pytest.mark.parametrize("row,expected", VECTORS, ids=[row for row, _ in VECTORS])
def test_published_vector(cursor, row, expected):
    if row.startswith("SAMPLE_"):
        cursor.execute(f"SELECT {row}")
        assert repr(cursor.fetchone()[0]) == expected
    else:
        cursor.execute(f"SELECT CONTENT_HASH({row})")
        assert cursor.fetchone()[0].hex() == expected


def test_vectors_are_published():
    assert len(VECTORS) >= 29


# The form, written once more.
VALUES = {
    pa.bool_(): lambda x: bytes([x]),
    pa.int16(): lambda x: struct.pack("<h", x),
    pa.int32(): lambda x: struct.pack("<i", x),
    pa.int64(): lambda x: struct.pack("<q", x),
    pa.float64(): lambda x: struct.pack("<d", x) if x == x else struct.pack("<Q", 0x7FF8000000000000),
    pa.string(): lambda x: struct.pack("<I", len(x.encode())) + x.encode(),
    pa.binary(): lambda x: struct.pack("<I", len(x)) + x,
}


def cell(value, value_type, wide):
    if value is None:
        return b"\x00"
    if wide and pa.types.is_integer(value_type):
        value_type = pa.int64()
    return b"\x01" + VALUES[value_type](value)


def random_value(value_type, rng):
    if rng.random() < 0.2:
        return None
    if value_type == pa.bool_():
        return rng.random() < 0.5
    if pa.types.is_integer(value_type):
        return rng.randrange(-(2 ** (value_type.bit_width - 1)), 2 ** (value_type.bit_width - 1))
    if value_type == pa.float64():
        return rng.choice([rng.gauss(0, 1), float("nan"), -0.0, float("inf")])
    text = rng.choice("abcdefgß") * rng.randrange(30)
    return text if value_type == pa.string() else text.encode()


def test_table_of_random_rows(cursor):
    seed = random.randrange(2**32)
    print(f"seed {seed}")
    rng = random.Random(seed)
    types = list(VALUES)
    names = [f"c{i}" for i in range(len(types))]
    columns = [[random_value(t, rng) for _ in range(20_000)] for t in types]
    table = pa.table([pa.array(column, t) for column, t in zip(columns, types)], names=names)
    cursor.adbc_ingest("content_hash_t", table, mode="replace")
    total = 0
    samples = {}
    for row in zip(*columns):
        total += int(hashlib.sha256(b"".join(cell(v, t, False) for v, t in zip(row, types))).hexdigest(), 16)
        wide = struct.pack("<q", seed) + b"".join(cell(v, t, True) for v, t in zip(row[2:4], types[2:4]))
        head = int.from_bytes(hashlib.sha256(wide).digest()[:8], "big")
        samples[row[2:4]] = ((head >> 11) * 2.0**-53, head - 2**63)
    cursor.execute(f"SELECT CONTENT_SUM(CONTENT_HASH({', '.join(names)})) FROM content_hash_t")
    assert cursor.fetchone()[0].hex() == f"{total % 2**256:064x}"
    cursor.execute(f"SELECT c2, c3, SAMPLE_HASH({seed}, c2, c3), SAMPLE_ORDER({seed}, c2, c3) FROM content_hash_t")
    answers = cursor.fetch_arrow_table().to_pylist()
    assert len(answers) == 20_000
    for answer in answers:
        c2, c3, unit, order = answer.values()
        assert samples[(c2, c3)] == (unit, order)
