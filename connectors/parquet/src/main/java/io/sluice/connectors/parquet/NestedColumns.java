package io.sluice.connectors.parquet;

import io.sluice.connectors.parquet.NestedSource.Levels;
import io.sluice.engine.EngineException;
import io.sluice.engine.ErrorCode;
import io.sluice.engine.type.SqlType;
import java.util.ArrayList;
import java.util.List;
import org.apache.parquet.schema.GroupType;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.Type;
import org.apache.parquet.schema.Type.Repetition;
import org.jspecify.annotations.Nullable;

/**
 * Finds the parts of nested columns in a file. Lists and maps may be of any form that the Parquet
 * format's backward-compatibility rules know: three levels, two, or a bare repeated field.
 */
public final class NestedColumns {
  /** Levels are kept in bytes. */
  private static final int MAX_LEVEL = Byte.MAX_VALUE;

  private final ParquetMetadata footer;
  private final boolean byId;
  private final List<String> path = new ArrayList<>();

  private NestedColumns(ParquetMetadata footer) {
    this.footer = footer;
    this.byId = footer.columns().stream().anyMatch(column -> column.fieldId() >= 0);
  }

  /**
   * How a column of the file is read.
   *
   * @param column at the top of the file's schema
   * @throws EngineException UNSUPPORTED where it cannot be read as wanted, CORRUPT_FILE where it
   *     lacks a required field
   */
  public static ColumnRequest request(ParquetMetadata footer, Type column, WantedField wanted) {
    return ColumnRequest.nested(new NestedColumns(footer).field(column, wanted, 0, 0, 0));
  }

  /** What a list's element is: within the repeated field, or that field itself. */
  public static Type element(GroupType list) {
    Type repeated = list.getType(0);
    if (repeated.isPrimitive()) {
      return repeated;
    }
    GroupType group = repeated.asGroupType();
    boolean itself =
        group.getFieldCount() != 1
            || group.getName().equals("array")
            || group.getName().equals(list.getName() + "_tuple")
            || group.getType(0).isRepetition(Repetition.REPEATED);
    return itself ? group : group.getType(0);
  }

  /** Whether a group is a list by its annotation and makes sense as one. */
  public static boolean isList(GroupType type) {
    return type.getLogicalTypeAnnotation()
            instanceof LogicalTypeAnnotation.ListLogicalTypeAnnotation
        && type.getFieldCount() == 1
        && type.getType(0).isRepetition(Repetition.REPEATED);
  }

  /** Whether a group is a map by its annotation, of the present or the old name. */
  public static boolean isMap(GroupType type) {
    LogicalTypeAnnotation annotation = type.getLogicalTypeAnnotation();
    boolean annotated =
        annotation instanceof LogicalTypeAnnotation.MapLogicalTypeAnnotation
            || annotation instanceof LogicalTypeAnnotation.MapKeyValueTypeAnnotation;
    if (!annotated
        || type.getFieldCount() != 1
        || type.getType(0).isPrimitive()
        || !type.getType(0).isRepetition(Repetition.REPEATED)) {
      return false;
    }
    int fields = type.getType(0).asGroupType().getFieldCount();
    return fields == 1 || fields == 2;
  }

  /**
   * A field of a group.
   *
   * @param definition least definition level at which the group is not NULL
   * @param slot least definition level at which the innermost repeated group has an element
   * @param repetition how many groups above are repeated
   */
  private NestedSource field(
      Type type, WantedField wanted, int definition, int slot, int repetition) {
    if (!type.isRepetition(Repetition.REPEATED)) {
      int present = definition + (type.isRepetition(Repetition.OPTIONAL) ? 1 : 0);
      return value(type, wanted, new Levels(slot, present, repetition));
    }
    if (!(wanted.type() instanceof SqlType.Array)) {
      path.add(type.getName());
      throw refused(type, wanted);
    }
    int element = definition + 1;
    NestedSource elements =
        value(type, wanted.children().getFirst(), new Levels(element, element, repetition + 1));
    path.add(type.getName());
    ParquetColumn shape = shape(List.of(elements));
    path.removeLast();
    return new NestedSource.Repeated(
        wanted.type(), new Levels(slot, definition, repetition), shape, elements);
  }

  private NestedSource value(Type type, WantedField wanted, Levels levels) {
    path.add(type.getName());
    if (levels.present() >= MAX_LEVEL) {
      throw new EngineException(ErrorCode.UNSUPPORTED, what() + " is nested too deeply");
    }
    NestedSource source;
    if (type.isPrimitive()) {
      if (wanted.type().isNested()) {
        throw refused(type, wanted);
      }
      source = new NestedSource.Leaf(leaf(), levels, wanted.type());
    } else {
      GroupType group = type.asGroupType();
      source =
          switch (wanted.type()) {
            case SqlType.Array ignored when isList(group) -> list(group, wanted, levels);
            case SqlType.Map ignored when isMap(group) -> map(group, wanted, levels);
            case SqlType.Row ignored when !isList(group) && !isMap(group) ->
                fields(group, wanted.type(), wanted.children(), levels);
            default -> throw refused(type, wanted);
          };
    }
    path.removeLast();
    return source;
  }

  private NestedSource list(GroupType list, WantedField wanted, Levels levels) {
    WantedField child = wanted.children().getFirst();
    int slot = levels.present() + 1;
    int repetition = levels.repetition() + 1;
    Type repeated = list.getType(0);
    Type element = element(list);
    NestedSource source;
    if (element.equals(repeated)) {
      source = value(repeated, child, new Levels(slot, slot, repetition));
    } else {
      path.add(repeated.getName());
      source = field(element, child, slot, slot, repetition);
      path.removeLast();
    }
    return new NestedSource.Repeated(wanted.type(), levels, shape(List.of(source)), source);
  }

  private NestedSource map(GroupType map, WantedField wanted, Levels levels) {
    int slot = levels.present() + 1;
    int repetition = levels.repetition() + 1;
    GroupType entry = map.getType(0).asGroupType();
    path.add(entry.getName());
    List<NestedSource> parts = new ArrayList<>();
    List<SqlType.Row.Field> types = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      WantedField part = wanted.children().get(i);
      parts.add(
          i < entry.getFieldCount()
              ? field(entry.getType(i), part, slot, slot, repetition)
              : absent(part));
      types.add(new SqlType.Row.Field(i == 0 ? "key" : "value", part.type()));
    }
    ParquetColumn shape = shape(parts);
    path.removeLast();
    return new NestedSource.Repeated(
        wanted.type(),
        levels,
        shape,
        new NestedSource.Fields(
            new SqlType.Row(types), new Levels(slot, slot, repetition), shape, parts));
  }

  private NestedSource fields(
      GroupType group, SqlType type, List<WantedField> wanted, Levels levels) {
    List<NestedSource> parts = new ArrayList<>();
    for (WantedField child : wanted) {
      Type found = find(group, child);
      parts.add(
          found == null
              ? absent(child)
              : field(found, child, levels.present(), levels.slot(), levels.repetition()));
    }
    return new NestedSource.Fields(type, levels, shape(parts), parts);
  }

  private @Nullable Type find(GroupType group, WantedField wanted) {
    if (byId) {
      for (Type field : group.getFields()) {
        if (field.getId() != null && field.getId().intValue() == wanted.fieldId()) {
          return field;
        }
      }
      return null;
    }
    for (String name : wanted.names()) {
      if (group.containsField(name)) {
        return group.getType(name);
      }
    }
    return null;
  }

  private NestedSource absent(WantedField field) {
    if (field.required() && field.constant() == null) {
      throw new EngineException(
          ErrorCode.CORRUPT_FILE,
          what() + " lacks field " + String.join(" or ", field.names()) + ", which is NOT NULL");
    }
    return new NestedSource.Absent(field.type(), field.constant());
  }

  /** The leaf at the path. */
  private ParquetColumn leaf() {
    for (ParquetColumn column : footer.columns()) {
      if (column.path().equals(path)) {
        return column;
      }
    }
    throw new AssertionError(path);
  }

  /** The first leaf that is read, or else the first of the file below the path. */
  private ParquetColumn shape(List<NestedSource> parts) {
    for (NestedSource part : parts) {
      List<ParquetColumn> columns = part.columns();
      if (!columns.isEmpty()) {
        return columns.getFirst();
      }
    }
    for (ParquetColumn column : footer.columns()) {
      if (column.path().size() > path.size()
          && column.path().subList(0, path.size()).equals(path)) {
        return column;
      }
    }
    throw new EngineException(ErrorCode.UNSUPPORTED, what() + " has no fields");
  }

  private String what() {
    return "column " + String.join(".", path) + " of file " + footer.path();
  }

  private EngineException refused(Type type, WantedField wanted) {
    Object form =
        type.getLogicalTypeAnnotation() == null
            ? type.isPrimitive() ? type.asPrimitiveType().getPrimitiveTypeName() : "a group"
            : type.getLogicalTypeAnnotation();
    String repeated = type.isRepetition(Repetition.REPEATED) ? "repeated " : "";
    return new EngineException(
        ErrorCode.UNSUPPORTED,
        what() + " is " + repeated + form + " and cannot be read as " + wanted.type().sql());
  }
}
