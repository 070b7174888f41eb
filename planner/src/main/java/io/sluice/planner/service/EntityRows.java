package io.sluice.planner.service;

import io.sluice.engine.batch.Cells;
import io.sluice.engine.batch.Column;
import io.sluice.engine.batch.FlatColumn;
import io.sluice.engine.batch.Vectors;
import io.sluice.engine.expression.ConstantFolder;
import io.sluice.engine.expression.Expression;
import io.sluice.engine.type.SqlType;
import io.sluice.planner.service.FeatureService.Parameter;
import java.time.Instant;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.IntVector;

/**
 * The entities of one request: a vector for each parameter of the service. Owned by whoever made
 * it; used by one thread at a time.
 */
public final class EntityRows implements AutoCloseable {
  private static final int USUAL_ENTITIES = 16;

  private final List<Parameter> parameters;
  private final List<FieldVector> vectors = new ArrayList<>();
  private final List<Column> columns = new ArrayList<>();
  private int count;

  public EntityRows(FeatureService service, BufferAllocator allocator) {
    this.parameters = service.parameters();
    try {
      add(SqlType.INTEGER, allocator);
      for (Parameter parameter : parameters) {
        add(parameter.type(), allocator);
      }
    } catch (RuntimeException | Error failure) {
      close();
      throw failure;
    }
  }

  private void add(SqlType type, BufferAllocator allocator) {
    FieldVector vector = Vectors.create(type, allocator);
    vectors.add(vector);
    vector.setInitialCapacity(USUAL_ENTITIES);
    vector.allocateNew();
  }

  /** Values in the form of {@code Expression.Literal}, each of its parameter's type. */
  public static EntityRows of(
      FeatureService service, List<List<Expression.Literal>> rows, BufferAllocator allocator) {
    EntityRows entities = new EntityRows(service, allocator);
    try {
      for (List<Expression.Literal> row : rows) {
        int entity = entities.add();
        for (int i = 0; i < row.size(); i++) {
          Cells.set(entities.vector(i), entity, row.get(i).value());
        }
      }
      entities.finish(service.zone());
      return entities;
    } catch (RuntimeException | Error failure) {
      entities.close();
      throw failure;
    }
  }

  /** Begins an entity, whose parameters are NULL until they are set, and gives its number. */
  public int add() {
    int entity = count++;
    ((IntVector) vectors.getFirst()).setSafe(entity, entity);
    return entity;
  }

  public int count() {
    return count;
  }

  public List<Parameter> parameters() {
    return parameters;
  }

  /** The values of a parameter, to be set for the entity that was added last. */
  public FieldVector vector(int parameter) {
    return vectors.get(parameter + 1);
  }

  /**
   * To be called once, after the last entity: gives instants that are NULL the present moment.
   *
   * @param zone in which a moment without a time zone is told
   */
  public void finish(ZoneId zone) {
    vectors.forEach(vector -> vector.setValueCount(count));
    for (int i = 0; i < parameters.size(); i++) {
      if (parameters.get(i).instant()) {
        fill(vector(i), parameters.get(i).type(), zone);
      }
    }
    columns.add(new FlatColumn(SqlType.INTEGER, vectors.getFirst()));
    for (int i = 0; i < parameters.size(); i++) {
      columns.add(new FlatColumn(parameters.get(i).type(), vector(i)));
    }
  }

  private void fill(FieldVector vector, SqlType type, ZoneId zone) {
    Instant now = Instant.now().truncatedTo(ChronoUnit.MICROS);
    Expression.Literal literal =
        new Expression.Literal(ChronoUnit.MICROS.between(Instant.EPOCH, now), SqlType.TIMESTAMP_TZ);
    Object value = ConstantFolder.fold(new Expression.Cast(literal, type, false), zone).value();
    for (int i = 0; i < count; i++) {
      if (vector.isNull(i)) {
        Cells.set(vector, i, value);
      }
    }
  }

  /** The numbers of the entities, then a column for each parameter; they stay this one's. */
  List<Column> columns() {
    return columns;
  }

  /** One entity's value. */
  Expression.Literal value(int parameter, int entity) {
    return new Expression.Literal(
        Cells.get(vector(parameter), entity), parameters.get(parameter).type());
  }

  @Override
  public void close() {
    if (columns.isEmpty()) {
      vectors.forEach(FieldVector::close);
    } else {
      columns.forEach(Column::close);
    }
  }
}
