package io.sluice.server.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamWriteFeature;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufOutputStream;
import io.sluice.engine.batch.Batch;
import io.sluice.engine.batch.Cells;
import io.sluice.engine.plan.OutputColumn;
import io.sluice.planner.service.FeatureService;
import io.sluice.planner.service.FeatureServices;
import io.sluice.planner.service.ServiceStatements;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a service says of the entities of a request, in their order. */
final class ServiceAnswer implements FeatureServices.Answers {
  private static final JsonFactory JSON =
      JsonFactory.builder().enable(StreamWriteFeature.USE_FAST_DOUBLE_WRITER).build();

  private static final int BYTES_PER_CELL = 16;

  private final FeatureService service;
  private final @Nullable Object[] @Nullable [] cells;

  ServiceAnswer(FeatureService service, int entities) {
    this.service = service;
    this.cells = new @Nullable Object[entities] @Nullable [];
  }

  @Override
  public void features(int entity, Batch batch, int row, int first) {
    @Nullable Object[] values = new @Nullable Object[service.features().size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = Cells.get(batch.column(first + i), row);
    }
    cells[entity] = values;
  }

  /** The answer as JSON. */
  ByteBuf json(ByteBufAllocator allocator) {
    List<OutputColumn> features = service.features();
    ByteBuf buffer =
        allocator.buffer(256 + (cells.length + 1) * (features.size() + 1) * BYTES_PER_CELL);
    try (OutputStream bytes = new ByteBufOutputStream(buffer);
        JsonGenerator json = JSON.createGenerator(bytes)) {
      json.writeStartObject();
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
      for (@Nullable Object @Nullable [] values : cells) {
        json.writeString(values == null ? ServiceStatements.MISSING : ServiceStatements.PRESENT);
      }
      json.writeEndArray();
      json.writeEndObject();
      json.flush();
      return buffer;
    } catch (IOException failure) {
      buffer.release();
      throw new UncheckedIOException(failure);
    } catch (RuntimeException | Error failure) {
      buffer.release();
      throw failure;
    }
  }
}
