"""Random lives of tables that PyIceberg writes, each beside a model in memory.

Every snapshot, read by Sluice, holds the model's rows of that moment, and PyIceberg reads the same. Ten lives, or as
many as SLUICE_ICEBERG_HISTORIES says; SLUICE_ICEBERG_SEED begins with that one.
"""

import datetime
import decimal
import os
import random
import struct

import adbc_driver_flightsql.dbapi as flight_sql
import pyarrow as pa
import pytest
from pyiceberg.catalog.sql import SqlCatalog
from pyiceberg.expressions import EqualTo, GreaterThanOrEqual, In, IsNull, LessThan
from pyiceberg.schema import Schema
from pyiceberg.transforms import (
    BucketTransform,
    DayTransform,
    HourTransform,
    IdentityTransform,
    MonthTransform,
    TruncateTransform,
    YearTransform,
)
from pyiceberg.types import (
    BinaryType,
    BooleanType,
    DateType,
    DecimalType,
    DoubleType,
    FloatType,
    IntegerType,
    ListType,
    LongType,
    NestedField,
    StringType,
    StructType,
    TimestampType,
    TimestamptzType,
)
from sluice_server import Server

HISTORIES = int(os.environ.get("SLUICE_ICEBERG_HISTORIES", "10"))
STEPS = 10
UTC = datetime.timezone.utc
BEGIN = datetime.datetime(2023, 12, 30, 22, 30)

FIELDS = [
    NestedField(1, "id", LongType(), required=False),
    NestedField(2, "i", IntegerType(), required=False),
    NestedField(3, "s", StringType(), required=False),
    NestedField(4, "x", DoubleType(), required=False),
    NestedField(5, "f", FloatType(), required=False),
    NestedField(6, "d", DecimalType(9, 2), required=False),
    NestedField(7, "day", DateType(), required=False),
    NestedField(8, "ts", TimestampType(), required=False),
    NestedField(9, "tz", TimestamptzType(), required=False),
    NestedField(10, "flag", BooleanType(), required=False),
    NestedField(11, "b", BinaryType(), required=False),
    NestedField(12, "list", ListType(13, LongType(), element_required=False), required=False),
    NestedField(
        14,
        "r",
        StructType(
            NestedField(15, "p", IntegerType(), required=False), NestedField(16, "q", StringType(), required=False)
        ),
        required=False,
    ),
]


def catalog(folder):
    """The lake's own catalog, as PyIceberg opens it."""
    return SqlCatalog("lake", uri=f"sqlite:///{folder}/catalog.db", warehouse=f"{folder}/warehouse")


def value(rng, kind):
    """Few different values, so that conditions meet rows."""
    if rng.random() < 0.15:
        return None
    small = rng.randrange(-3, 9)
    match kind:
        case LongType():
            return small if rng.random() < 0.9 else rng.randrange(-(2**63), 2**63)
        case IntegerType():
            return small if rng.random() < 0.9 else rng.randrange(-(2**31), 2**31)
        case StringType():
            return f"s{small}" if rng.random() < 0.9 else f"a text longer than bounds are, ü€ {small}"
        case DoubleType() | FloatType():
            return small / 4
        case DecimalType():
            return decimal.Decimal(small * 50).scaleb(-kind.scale)
        case DateType():
            return BEGIN.date() + datetime.timedelta(days=small * 20)
        case TimestampType():
            return BEGIN + datetime.timedelta(hours=small * 7, microseconds=small)
        case TimestamptzType():
            return (BEGIN + datetime.timedelta(hours=small * 7)).replace(tzinfo=UTC)
        case BooleanType():
            return rng.random() < 0.5
        case BinaryType():
            return bytes([small % 256, 1])
        case ListType():
            return [] if rng.random() < 0.2 else [small, None]
        case StructType():
            return {field.field_id: value(rng, field.field_type) for field in kind.fields}
    raise AssertionError(kind)


def comparable(cell, kind):
    """A value as text, by the type that the column has now."""
    if cell is None:
        return "NULL"
    if isinstance(kind, StructType):
        return "{" + ",".join(comparable(cell.get(f.field_id), f.field_type) for f in kind.fields) + "}"
    if isinstance(kind, ListType):
        return "[" + ",".join(comparable(v, kind.element_type) for v in cell) + "]"
    if isinstance(kind, FloatType):
        return repr(struct.unpack("f", struct.pack("f", cell))[0])
    if isinstance(kind, DoubleType):
        return repr(float(cell))
    if isinstance(kind, DecimalType):
        return str(decimal.Decimal(cell).quantize(decimal.Decimal(1).scaleb(-kind.scale)))
    if isinstance(cell, datetime.datetime) and cell.tzinfo is not None:
        return cell.astimezone(UTC).isoformat()
    return str(cell)


def by_id(cell, kind):
    """A nested value as the model has it: parts by field id."""
    if cell is None:
        return None
    if isinstance(kind, StructType):
        return {f.field_id: by_id(cell.get(f.name), f.field_type) for f in kind.fields}
    if isinstance(kind, ListType):
        return [by_id(v, kind.element_type) for v in cell]
    return cell


def by_name(cell, kind):
    if cell is None:
        return None
    if isinstance(kind, StructType):
        return {f.name: by_name(cell.get(f.field_id), f.field_type) for f in kind.fields}
    return cell


def texts(rows, fields):
    """Rows of the model, by field id, as sorted texts."""
    return sorted(" | ".join(comparable(row.get(f.field_id), f.field_type) for f in fields) for row in rows)


def read(table, fields):
    """An Arrow table as the model's rows."""
    assert table.column_names == [f.name for f in fields]
    return [{f.field_id: by_id(row[f.name], f.field_type) for f in fields} for row in table.to_pylist()]


class History:
    def __init__(self, lake, name, seed):
        self.rng = random.Random(seed)
        self.steps = []
        self.rows = []
        self.states = {}
        self.names = 0
        self.table = lake.create_table(
            f"main.{name}", Schema(*FIELDS), properties={"format-version": str(self.rng.choice((1, 2, 2)))}
        )

    def fresh(self):
        self.names += 1
        return f"c{self.names}"

    def fields(self):
        return self.table.schema().fields

    def new_rows(self):
        return [{f.field_id: value(self.rng, f.field_type) for f in self.fields()} for _ in range(self.rng.randint(1, 9))]

    def arrow(self, rows):
        schema = self.table.schema().as_arrow()
        return pa.Table.from_pylist(
            [{f.name: by_name(row.get(f.field_id), f.field_type) for f in self.fields()} for row in rows], schema
        )

    def remember(self):
        snapshot = self.table.current_snapshot()
        if snapshot is not None:
            fields = self.table.schemas()[snapshot.schema_id].fields
            self.states[snapshot.snapshot_id] = (texts(self.rows, fields), fields)

    def step(self):
        kind = self.rng.choice(
            ["append"] * 4 + ["delete"] * 3 + ["overwrite"] * 2 + ["schema"] * 3 + ["partitioning"] * 2
        )
        before = self.table.current_snapshot()
        getattr(self, kind)()
        after = self.table.current_snapshot()
        if kind not in ("schema", "partitioning") and after != before:
            self.remember()

    def append(self):
        rows = self.new_rows()
        self.steps.append(f"append {rows}")
        self.table.append(self.arrow(rows))
        self.rows += rows

    def condition(self):
        """A condition of PyIceberg's, and the same of a row of the model."""
        flat = (LongType, IntegerType, StringType, DecimalType, DateType, TimestampType, BooleanType)
        field = self.rng.choice([f for f in self.fields() if isinstance(f.field_type, flat)])
        known = [row.get(field.field_id) for row in self.rows if row.get(field.field_id) is not None]
        name, number = field.name, field.field_id
        if not known or self.rng.random() < 0.15:
            return IsNull(name), lambda row: row.get(number) is None
        wanted = self.rng.choice(known)
        literal = wanted.isoformat() if isinstance(wanted, datetime.date) else wanted

        def holds(test):
            return lambda row: row.get(number) is not None and test(row[number])

        match self.rng.randrange(4):
            case 0 if not isinstance(field.field_type, BooleanType):
                return LessThan(name, literal), holds(lambda v: v < wanted)
            case 1 if not isinstance(field.field_type, BooleanType):
                return GreaterThanOrEqual(name, literal), holds(lambda v: v >= wanted)
            case 2:
                others = {wanted, self.rng.choice(known)}
                literals = [v.isoformat() if isinstance(v, datetime.date) else v for v in others]
                return In(name, literals), holds(lambda v: v in others)
        return EqualTo(name, literal), holds(lambda v: v == wanted)

    def delete(self):
        condition, holds = self.condition()
        self.steps.append(f"delete {condition}")
        self.table.delete(condition)
        self.rows = [row for row in self.rows if not holds(row)]

    def overwrite(self):
        condition, holds = self.condition()
        rows = self.new_rows()
        self.steps.append(f"overwrite {condition} by {rows}")
        with self.table.transaction() as transaction:
            transaction.delete(condition)
            transaction.append(self.arrow(rows))
        self.table.refresh()
        self.rows = [row for row in self.rows if not holds(row)] + rows

    def schema(self):
        field = self.rng.choice(self.fields()[1:])
        used = {part.source_id for spec in self.table.specs().values() for part in spec.fields}
        with self.table.update_schema(allow_incompatible_changes=False) as update:
            match self.rng.randrange(6):
                case 0:
                    name = self.fresh()
                    self.steps.append(f"rename {field.name} to {name}")
                    update.rename_column(field.name, name)
                case 1 if field.field_id not in used and len(self.fields()) > 5:
                    self.steps.append(f"drop {field.name}")
                    update.delete_column(field.name)
                    for row in self.rows:
                        row.pop(field.field_id, None)
                case 2:
                    name = self.fresh()
                    self.steps.append(f"add {name}")
                    update.add_column(name, IntegerType())
                case 3:
                    self.steps.append(f"move {field.name} first")
                    update.move_first(field.name)
                case 4 if any(isinstance(f.field_type, StructType) for f in self.fields()):
                    outer = next(f for f in self.fields() if isinstance(f.field_type, StructType))
                    name = self.fresh()
                    self.steps.append(f"add {outer.name}.{name}")
                    update.add_column((outer.name, name), StringType())
                case _:
                    wider = {IntegerType: LongType(), FloatType: DoubleType()}.get(type(field.field_type))
                    if isinstance(field.field_type, DecimalType) and field.field_type.precision < 30:
                        wider = DecimalType(field.field_type.precision + 6, field.field_type.scale)
                    if wider is not None:
                        self.steps.append(f"{field.name} becomes {wider}")
                        update.update_column(field.name, field_type=wider)
        if isinstance(field.field_type, FloatType):
            for row in self.rows:  # as the file has it
                if row.get(field.field_id) is not None:
                    row[field.field_id] = struct.unpack("f", struct.pack("f", row[field.field_id]))[0]

    def partitioning(self):
        spec = self.table.spec()
        live = [part for part in spec.fields if not str(part.transform) == "void"]
        if live and self.rng.random() < 0.3:
            part = self.rng.choice(live)
            self.steps.append(f"partitioning without {part.name}")
            with self.table.update_spec() as update:
                update.remove_field(part.name)
            return
        used = {part.source_id for each in self.table.specs().values() for part in each.fields}
        choices = []
        for field in self.fields():
            if field.field_id in used:
                continue
            match field.field_type:
                case LongType() | IntegerType() | StringType() | DecimalType():
                    choices += [(field, t) for t in (IdentityTransform(), BucketTransform(3), TruncateTransform(2))]
                case DateType():
                    choices += [(field, t) for t in (YearTransform(), MonthTransform(), DayTransform())]
                case TimestampType() | TimestamptzType():
                    choices += [(field, t) for t in (MonthTransform(), DayTransform(), HourTransform())]
                case BooleanType():
                    choices.append((field, IdentityTransform()))
        if choices:
            field, transform = self.rng.choice(choices)
            self.steps.append(f"partitioning by {transform} of {field.name}")
            with self.table.update_spec() as update:
                update.add_field(field.name, transform, self.fresh())


@pytest.fixture(scope="module")
def lake(tmp_path_factory):
    folder = tmp_path_factory.mktemp("histories")
    with Server(folder) as running:
        with flight_sql.connect(running.uri, autocommit=True) as connection, connection.cursor() as cursor:
            yield catalog(folder), cursor


@pytest.mark.parametrize("number", range(HISTORIES))
def test_history(number, lake):
    seed = int(os.environ.get("SLUICE_ICEBERG_SEED", random.randrange(10**9))) + number
    print(f"seed {seed}")
    writer, cursor = lake
    history = History(writer, f"h{number}", seed)
    try:
        for _ in range(STEPS):
            history.step()
        fields = history.fields()
        cursor.execute(f"SELECT * FROM h{number}")
        assert texts(read(cursor.fetch_arrow_table(), fields), fields) == texts(history.rows, fields)
        for snapshot, (expected, then) in history.states.items():
            cursor.execute(f"SELECT * FROM h{number} FOR VERSION AS OF {snapshot}")
            assert texts(read(cursor.fetch_arrow_table(), then), then) == expected, f"snapshot {snapshot}"
            by_writer = history.table.scan(snapshot_id=snapshot).to_arrow()
            assert texts(read(by_writer, then), then) == expected, f"PyIceberg, snapshot {snapshot}"
    except Exception as failure:
        raise AssertionError(f"seed {seed}\n" + "\n".join(history.steps)) from failure
