package io.sluice.server.http;

import com.fasterxml.jackson.core.JsonGenerator;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.sluice.engine.batch.Batch;
import io.sluice.engine.batch.Cells;
import io.sluice.engine.plan.OutputColumn;
import io.sluice.planner.service.FeatureService;
import io.sluice.planner.service.FeatureServices;
import io.sluice.planner.service.ServiceStatements;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a service says of the entities of a request, in their order. */
final class ServiceAnswer implements FeatureServices.Answers {
  private static final int BYTES_PER_CELL = 16;

  private final FeatureService service;
  private final @Nullable Object[] @Nullable [] cells;
  private final boolean[] found;

  ServiceAnswer(FeatureService service, int entities) {
    this.service = service;
    this.found = new boolean[entities];
    this.cells = new @Nullable Object[entities] @Nullable [];
  }

  @Override
  public void features(int entity, boolean present, Batch batch, int row, int first) {
    @Nullable Object[] values = new @Nullable Object[service.features().size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = Cells.get(batch.column(first + i), row);
    }
    cells[entity] = values;
    found[entity] = present;
  }

  /** The answer as JSON. */
  ByteBuf json(ByteBufAllocator allocator) {
    int bytes = 256 + (cells.length + 1) * (service.features().size() + 1) * BYTES_PER_CELL;
    return JsonBody.of(allocator, bytes, this::write);
  }

  private void write(JsonGenerator json) throws IOException {
    List<OutputColumn> features = service.features();
    json.writeArrayFieldStart("features");
    for (OutputColumn feature : features) {
      json.writeString(feature.name());
    }
    json.writeEndArray();
    json.writeArrayFieldStart("values");
    for (@Nullable Object @Nullable [] values : cells) {
      json.writeStartArray();
      for (int i = 0; i < features.size(); i++) {
        JsonValues.write(json, features.get(i).type(), values == null ? null : values[i]);
      }
      json.writeEndArray();
    }
    json.writeEndArray();
    json.writeArrayFieldStart("status");
    for (boolean present : found) {
      json.writeString(present ? ServiceStatements.PRESENT : ServiceStatements.MISSING);
    }
    json.writeEndArray();
  }
}
