package io.sluice.server.stream;

import java.util.List;
import org.apache.arrow.flight.FlightProducer.ServerStreamListener;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.message.ArrowFieldNode;
import org.apache.arrow.vector.types.pojo.Schema;

/**
 * Puts plain columns on a Flight stream, without copying values except where NULLs are among them:
 * the transport keeps references to the buffers until it has written them, so every message has
 * buffers of its own.
 */
final class MessageSender implements AutoCloseable {
  private final ServerStreamListener listener;
  private final BufferAllocator allocator;
  private final VectorSchemaRoot root;

  MessageSender(ServerStreamListener listener, BufferAllocator allocator, Schema schema) {
    this.listener = listener;
    this.allocator = allocator;
    this.root = VectorSchemaRoot.create(schema, allocator);
    listener.setUseZeroCopy(true);
    listener.start(root);
  }

  /** Sends and closes the columns. */
  void send(PlainColumns columns) {
    try (columns) {
      for (int i = 0; i < columns.vectors().size(); i++) {
        load(columns.vectors().get(i), root.getVector(i));
      }
      root.setRowCount(columns.rows());
      listener.putNext();
    } finally {
      root.clear();
    }
  }

  /** Layouts agree although types may differ, as a zoned timestamp and a naive one do. */
  private void load(FieldVector from, FieldVector to) {
    List<ArrowBuf> buffers = DefinedBytes.of(from, allocator);
    try {
      to.loadFieldBuffers(new ArrowFieldNode(from.getValueCount(), from.getNullCount()), buffers);
    } finally {
      buffers.forEach(ArrowBuf::close);
    }
    List<FieldVector> sources = from.getChildrenFromFields();
    List<FieldVector> targets = to.getChildrenFromFields();
    for (int i = 0; i < sources.size(); i++) {
      load(sources.get(i), targets.get(i));
    }
  }

  @Override
  public void close() {
    root.close();
  }
}
