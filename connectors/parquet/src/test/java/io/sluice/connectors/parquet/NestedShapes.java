package io.sluice.connectors.parquet;

import io.sluice.engine.type.SqlType;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.schema.GroupType;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type;
import org.apache.parquet.schema.Type.Repetition;
import org.apache.parquet.schema.Types;
import org.jspecify.annotations.Nullable;

/** Random nested types, lists and maps in every form that writers have used, and their values. */
final class NestedShapes {
  private final Random random;

  NestedShapes(Random random) {
    this.random = random;
  }

  /** A type and how to make values of it. */
  record Shape(Type type, SqlType sql, Draw draw) {}

  /** Adds a random value to field {@code index} of a group and gives what is to be read. */
  interface Draw {
    @Nullable Object into(Group parent, int index);
  }

  /** A column that is not flat. */
  Shape column(String name) {
    return nested(name, random.nextInt(4) == 0 ? Repetition.REQUIRED : Repetition.OPTIONAL, 3);
  }

  private Shape any(String name, Repetition repetition, int depth) {
    return depth == 0 || random.nextInt(3) == 0
        ? leaf(name, repetition)
        : nested(name, repetition, depth);
  }

  private Shape nested(String name, Repetition repetition, int depth) {
    return switch (random.nextInt(8)) {
      case 0, 1 -> row(name, repetition, depth);
      case 2 -> map(name, repetition, depth);
      case 3 -> twoLevels(name, repetition, depth);
      case 4 -> bare(name, depth);
      default -> list(name, repetition, depth);
    };
  }

  private Repetition part() {
    return random.nextInt(3) == 0 ? Repetition.REQUIRED : Repetition.OPTIONAL;
  }

  private boolean isNull(Repetition repetition) {
    return repetition == Repetition.OPTIONAL && random.nextInt(5) == 0;
  }

  private int length() {
    return random.nextInt(4) == 0 ? 0 : random.nextInt(random.nextInt(30) == 0 ? 40 : 4);
  }

  private Shape row(String name, Repetition repetition, int depth) {
    List<Shape> fields = new ArrayList<>();
    for (int i = 1 + random.nextInt(3); i > 0; i--) {
      fields.add(any("f" + i, part(), depth - 1));
    }
    GroupType type = new GroupType(repetition, name, fields.stream().map(Shape::type).toList());
    return new Shape(
        type,
        row(fields),
        (parent, index) -> isNull(repetition) ? null : values(fields, parent.addGroup(index)));
  }

  private static SqlType.Row row(List<Shape> fields) {
    return new SqlType.Row(
        fields.stream().map(f -> new SqlType.Row.Field(f.type().getName(), f.sql())).toList());
  }

  private static List<@Nullable Object> values(List<Shape> fields, Group group) {
    List<@Nullable Object> values = new ArrayList<>();
    for (int i = 0; i < fields.size(); i++) {
      values.add(fields.get(i).draw().into(group, i));
    }
    return values;
  }

  private Shape list(String name, Repetition repetition, int depth) {
    Shape any = any("element", part(), depth - 1);
    // a lone repeated field would make its group the element
    Shape element = any.type().isRepetition(Repetition.REPEATED) ? leaf("element", part()) : any;
    GroupType repeated = new GroupType(Repetition.REPEATED, "list", element.type());
    return new Shape(
        annotated(name, repetition, LogicalTypeAnnotation.listType(), repeated),
        new SqlType.Array(element.sql()),
        (parent, index) -> {
          if (isNull(repetition)) {
            return null;
          }
          Group list = parent.addGroup(index);
          List<@Nullable Object> values = new ArrayList<>();
          for (int i = length(); i > 0; i--) {
            values.add(element.draw().into(list.addGroup(0), 0));
          }
          return values;
        });
  }

  private static GroupType annotated(
      String name, Repetition repetition, LogicalTypeAnnotation annotation, Type child) {
    return Types.buildGroup(repetition).as(annotation).addField(child).named(name);
  }

  /** The repeated field is the element, as old writers had it. */
  private Shape twoLevels(String name, Repetition repetition, int depth) {
    Shape element =
        switch (random.nextInt(3)) {
          case 0 -> leaf("array", Repetition.REPEATED);
          case 1 -> pair(random.nextBoolean() ? "array" : name + "_tuple", depth, 1);
          default -> pair("anything", depth, 2);
        };
    return new Shape(
        annotated(name, repetition, LogicalTypeAnnotation.listType(), element.type()),
        new SqlType.Array(element.sql()),
        (parent, index) -> {
          if (isNull(repetition)) {
            return null;
          }
          return repeated(element, parent.addGroup(index), 0);
        });
  }

  private List<@Nullable Object> repeated(Shape element, Group group, int index) {
    List<@Nullable Object> values = new ArrayList<>();
    for (int i = length(); i > 0; i--) {
      values.add(element.draw().into(group, index));
    }
    return values;
  }

  private Shape pair(String name, int depth, int size) {
    List<Shape> fields = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      fields.add(any("p" + i, part(), depth - 1));
    }
    boolean repeats = fields.stream().anyMatch(f -> f.type().isRepetition(Repetition.REPEATED));
    if (repeats) {
      return pair(name, 1, size);
    }
    GroupType type =
        new GroupType(Repetition.REPEATED, name, fields.stream().map(Shape::type).toList());
    return new Shape(type, row(fields), (parent, index) -> values(fields, parent.addGroup(index)));
  }

  /** A repeated field that no group says is a list. */
  private Shape bare(String name, int depth) {
    Shape element = random.nextBoolean() ? leaf(name, Repetition.REPEATED) : pair(name, depth, 2);
    return new Shape(
        element.type(),
        new SqlType.Array(element.sql()),
        (parent, index) -> repeated(element, parent, index));
  }

  private Shape map(String name, Repetition repetition, int depth) {
    Shape value = any("value", part(), depth - 1);
    boolean old = random.nextBoolean();
    Type key =
        Types.required(PrimitiveTypeName.BINARY)
            .as(LogicalTypeAnnotation.stringType())
            .named("key");
    GroupType entry =
        new GroupType(Repetition.REPEATED, old ? "map" : "key_value", key, value.type());
    LogicalTypeAnnotation annotation =
        old && random.nextBoolean()
            ? LogicalTypeAnnotation.MapKeyValueTypeAnnotation.getInstance()
            : LogicalTypeAnnotation.mapType();
    return new Shape(
        annotated(name, repetition, annotation, entry),
        new SqlType.Map(SqlType.VARCHAR, value.sql()),
        (parent, index) -> {
          if (isNull(repetition)) {
            return null;
          }
          Group group = parent.addGroup(index);
          Map<Object, @Nullable Object> values = new LinkedHashMap<>();
          for (int i = length(); i > 0; i--) {
            Group added = group.addGroup(0);
            String word = "key " + i;
            added.add(0, Binary.fromString(word));
            values.put(word, value.draw().into(added, 1));
          }
          return values;
        });
  }

  private Shape leaf(String name, Repetition repetition) {
    return switch (random.nextInt(6)) {
      case 0 ->
          leaf(name, repetition, PrimitiveTypeName.INT32, null, SqlType.INTEGER, this::integer);
      case 1 -> leaf(name, repetition, PrimitiveTypeName.INT64, null, SqlType.BIGINT, this::bigint);
      case 2 ->
          leaf(name, repetition, PrimitiveTypeName.BOOLEAN, null, SqlType.BOOLEAN, this::bool);
      case 3 ->
          leaf(
              name,
              repetition,
              PrimitiveTypeName.INT64,
              LogicalTypeAnnotation.decimalType(2, 12),
              new SqlType.Decimal(12, 2),
              this::decimal);
      case 4 -> leaf(name, repetition, PrimitiveTypeName.INT32, null, SqlType.TINYINT, this::tiny);
      default ->
          leaf(
              name,
              repetition,
              PrimitiveTypeName.BINARY,
              LogicalTypeAnnotation.stringType(),
              SqlType.VARCHAR,
              this::text);
    };
  }

  private Shape leaf(
      String name,
      Repetition repetition,
      PrimitiveTypeName physical,
      @Nullable LogicalTypeAnnotation annotation,
      SqlType sql,
      Draw draw) {
    Type type = Types.primitive(physical, repetition).as(annotation).named(name);
    return new Shape(
        type, sql, (parent, index) -> isNull(repetition) ? null : draw.into(parent, index));
  }

  private Object integer(Group parent, int index) {
    int value = random.nextInt();
    parent.add(index, value);
    return (long) value;
  }

  private Object tiny(Group parent, int index) {
    int value = random.nextInt(256) - 128;
    parent.add(index, value);
    return (long) value;
  }

  private Object bigint(Group parent, int index) {
    long value = random.nextInt(20);
    parent.add(index, value);
    return value;
  }

  private Object bool(Group parent, int index) {
    boolean value = random.nextBoolean();
    parent.add(index, value);
    return value;
  }

  private Object decimal(Group parent, int index) {
    long value = random.nextLong(1_000_000);
    parent.add(index, value);
    return BigDecimal.valueOf(value, 2);
  }

  private Object text(Group parent, int index) {
    String value =
        "word " + (random.nextBoolean() ? random.nextInt(12) : random.nextInt(1_000_000));
    parent.add(index, Binary.fromString(value));
    return value;
  }
}
