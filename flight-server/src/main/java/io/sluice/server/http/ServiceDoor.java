package io.sluice.server.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.sluice.engine.EngineException;
import io.sluice.engine.connector.Principal;
import io.sluice.planner.QueryPipeline;
import io.sluice.planner.Session;
import io.sluice.planner.service.FeatureService;
import io.sluice.planner.service.FeatureServices;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import org.apache.arrow.memory.BufferAllocator;

/** Answers requests for features; all of it may block and belongs on statement threads. */
final class ServiceDoor {
  private final FeatureServices services;
  private final BufferAllocator allocator;
  private final Executor renewer;
  private final int entityLimit;
  private final Map<Principal, Session> sessions = new ConcurrentHashMap<>();

  /**
   * @param allocator of entities
   * @param renewer prepares services anew beside their use
   */
  ServiceDoor(
      QueryPipeline pipeline, BufferAllocator allocator, Executor renewer, int entityLimit) {
    this.services = pipeline.services();
    this.allocator = allocator;
    this.renewer = renewer;
    this.entityLimit = entityLimit;
  }

  /** The JSON of the answer, which belongs to the caller. */
  ByteBuf answer(String name, ByteBuf body, Principal principal, ByteBufAllocator buffers) {
    Session session = sessions.computeIfAbsent(principal, Session::new);
    int start = body.readerIndex();
    try {
      return answerOnce(name, body, session, buffers);
    } catch (EngineException failure) {
      switch (failure.code()) {
        case UNKNOWN_TABLE, UNKNOWN_COLUMN, UNKNOWN_SCHEMA, TYPE_MISMATCH, INTERNAL -> {
          // the plan may be older than the tables
          services.forget(name);
          body.readerIndex(start);
          return answerOnce(name, body, session, buffers);
        }
        default -> throw failure;
      }
    }
  }

  private ByteBuf answerOnce(String name, ByteBuf body, Session session, ByteBufAllocator buffers) {
    FeatureService service = services.current(name, false, session, renewer);
    ServiceRequest request = ServiceRequest.read(body, service, entityLimit, allocator);
    try (var entities = request.entities()) {
      if (request.raw()) {
        service = services.current(name, true, session, renewer);
      }
      ServiceAnswer answer = new ServiceAnswer(service, entities.count());
      if (entities.count() > 0) {
        services.ask(service, entities, session, answer);
      }
      return answer.json(buffers);
    }
  }
}
