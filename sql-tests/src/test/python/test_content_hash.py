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
    assert len(VECTORS) >= 34


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
    if pa.types.is_list(value_type):
        cells = [cell(item, value_type.value_type, wide) for item in value]
        return b"\x01" + struct.pack("<I", len(cells)) + b"".join(cells)
    if pa.types.is_map(value_type):
        entries = [(cell(k, value_type.key_type, wide), cell(v, value_type.item_type, wide)) for k, v in value]
        return b"\x01" + struct.pack("<I", len(entries)) + b"".join(k + v for k, v in sorted(entries))
    if pa.types.is_struct(value_type):
        return b"\x01" + b"".join(cell(value[f.name], f.type, wide) for f in value_type)
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


def test_table_of_nested_rows(cursor):
    seed = random.randrange(2**32)
    print(f"seed {seed}")
    rng = random.Random(seed)
    row_type = pa.struct([("x", pa.int32()), ("y", pa.list_(pa.string()))])
    types = [pa.list_(pa.float64()), row_type, pa.map_(pa.string(), row_type), pa.list_(pa.list_(pa.int64()))]

    def draw(kind):
        if rng.random() < 0.15:
            return None
        if pa.types.is_list(kind):
            return [draw(kind.value_type) for _ in range(rng.randrange(4))]
        if pa.types.is_map(kind):
            return [(f"key {k}", draw(kind.item_type)) for k in rng.sample(range(100), rng.randrange(4))]
        if pa.types.is_struct(kind):
            return {f.name: draw(f.type) for f in kind}
        return random_value(kind, rng)

    columns = [[draw(kind) for _ in range(3_000)] for kind in types]
    names = [f"c{i}" for i in range(len(types))]
    table = pa.table([pa.array(column, kind) for column, kind in zip(columns, types)], names=names)
    cursor.adbc_ingest("content_hash_nested", table, mode="replace")
    total = sum(
        int(hashlib.sha256(b"".join(cell(v, t, False) for v, t in zip(row, types))).hexdigest(), 16)
        for row in zip(*columns)
    )
    cursor.execute(f"SELECT CONTENT_SUM(CONTENT_HASH({', '.join(names)})) FROM content_hash_nested")
    assert cursor.fetchone()[0].hex() == f"{total % 2**256:064x}"


def test_training_dataset_of_nested_columns(cursor):
    def rows(sql):
        cursor.execute(sql)
        return cursor.fetch_arrow_table().to_pylist()

    rng = random.Random(7)
    table = pa.table(
        {
            "id": pa.array(range(2_000)),
            "tags": pa.array([[f"t{rng.randrange(5)}"] * rng.randrange(3) or None for _ in range(2_000)], pa.list_(pa.string())),
            "who": pa.array([None if i % 9 == 0 else {"a": i, "m": [("k", i)]} for i in range(2_000)],
                            pa.struct([("a", pa.int64()), ("m", pa.map_(pa.string(), pa.int64()))])),
            "y": pa.array([i % 2 for i in range(2_000)]),
        }
    )
    cursor.adbc_ingest("nested_source", table, mode="create")
    for storage in ("", "WITH (storage = 'virtual') "):
        name = "nested_data" if not storage else "nested_virtual"
        rows(
            f"CREATE TRAINING DATASET {name} KEY (id) LABEL (y) SPLIT BY HASH (id) SEED 3 (train 0.8, test 0.2) {storage}"
            "AS SELECT id, tags, who, who.a AS a, tags[1] AS first, y FROM nested_source"
        )
        checks = rows(f"VERIFY TRAINING DATASET {name} VERSION 1")
        assert checks and all(check["equal"] for check in checks), checks
        assert rows(f"SELECT id, tags, who, y FROM {name} FOR VERSION AS OF 1 ORDER BY id") == table.to_pylist()
    cursor.execute("DELETE FROM nested_source WHERE id < 10")
    cursor.execute("UPDATE nested_source SET tags = ARRAY['other'] WHERE id = 20")
    assert all(check["equal"] for check in rows("VERIFY TRAINING DATASET nested_data VERSION 1"))
    rows(
        "CREATE TRAINING DATASET nested_data VERSION 2 KEY (id) LABEL (y) SPLIT BY HASH (id) SEED 3 (train 0.8, test 0.2) "
        "AS SELECT id, tags, who, who.a AS a, tags[1] AS first, y FROM nested_source"
    )
    differences = rows("DIFF TRAINING DATASET nested_data VERSION 1 WITH VERSION 2")
    found = {(row["kind"], row["name"]): row for row in differences}
    assert found[("column", "tags")]["changed"] == 1, found
