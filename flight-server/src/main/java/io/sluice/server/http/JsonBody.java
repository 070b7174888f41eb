package io.sluice.server.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamWriteFeature;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;

/** Bodies of JSON objects. */
final class JsonBody {
  private static final JsonFactory JSON =
      JsonFactory.builder().enable(StreamWriteFeature.USE_FAST_DOUBLE_WRITER).build();

  private JsonBody() {}

  /** Writes the fields of the object. */
  @FunctionalInterface
  interface Fields {
    void write(JsonGenerator json) throws IOException;
  }

  /**
   * An object.
   *
   * @param usualBytes where the buffer begins to grow
   * @return owned by the caller
   */
  static ByteBuf of(ByteBufAllocator allocator, int usualBytes, Fields fields) {
    ByteBuf buffer = allocator.buffer(usualBytes);
    try (OutputStream bytes = new ByteBufOutputStream(buffer);
        JsonGenerator json = JSON.createGenerator(bytes)) {
      json.writeStartObject();
      fields.write(json);
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
