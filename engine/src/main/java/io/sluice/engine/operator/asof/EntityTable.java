package io.sluice.engine.operator.asof;

import io.sluice.engine.batch.Column;
import io.sluice.engine.type.SqlType;
import java.util.List;
import java.util.function.IntToLongFunction;
import org.apache.arrow.memory.BufferAllocator;

/**
 * Numbers the distinct keys, called entities, from 0. Filled by one thread; then {@link #seal} puts
 * a value beside every key, and lookups by several threads find it. Owns its memory.
 */
sealed interface EntityTable extends AutoCloseable
    permits SingleEntity, LongEntities, BytesEntities, CompositeEntities {
  /** A table for keys of these types; without keys there is one entity. */
  static EntityTable create(List<SqlType> types, BufferAllocator allocator) {
    if (types.isEmpty()) {
      return new SingleEntity();
    }
    SqlType last = types.getLast();
    boolean direct = OrderCodes.supports(last);
    if (types.size() == 1) {
      return direct ? new LongEntities(allocator) : new BytesEntities(allocator);
    }
    EntityTable first = create(types.subList(0, types.size() - 1), allocator);
    try {
      EntityTable second = create(List.of(last), allocator);
      try {
        return new CompositeEntities(first, second, new LongEntities(allocator));
      } catch (RuntimeException | Error failure) {
        second.close();
        throw failure;
      }
    } catch (RuntimeException | Error failure) {
      first.close();
      throw failure;
    }
  }

  int size();

  /** What one task needs to add or look up rows. The caller closes it. */
  EntityLookup lookup();

  /**
   * Adds the keys of another, unsealed table of the same types.
   *
   * @return for each entity of the other table the number it has here
   */
  int[] merge(EntityTable other);

  /** Ends the filling and sets the value of every entity, which must not be 0. */
  void seal(IntToLongFunction values);

  @Override
  void close();

  /** Looks up rows by their keys. Used by one thread. */
  interface EntityLookup extends AutoCloseable {
    /**
     * The entities of the rows, added where they are new.
     *
     * @param absent rows to leave out; set to true where a key is NULL
     * @param entities -1 for rows that are absent
     */
    void add(List<Column> keys, int rows, boolean[] absent, int[] entities);

    /**
     * The sealed values of the rows, 0 where a row is absent or its key is unknown. Before {@link
     * EntityTable#seal} the value is the entity + 1.
     */
    void find(List<Column> keys, int rows, boolean[] absent, long[] values);

    @Override
    void close();
  }
}
