package io.sluice.server.http;

import com.fasterxml.jackson.core.JsonGenerator;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.sluice.engine.EngineException;
import io.sluice.engine.connector.Principal;
import io.sluice.engine.plan.OutputColumn;
import io.sluice.planner.QueryPipeline;
import io.sluice.planner.Session;
import io.sluice.planner.service.EntityRows;
import io.sluice.planner.service.FeatureService;
import io.sluice.planner.service.FeatureServices;
import io.sluice.planner.service.ServiceSummary;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import org.apache.arrow.memory.BufferAllocator;
import org.jspecify.annotations.Nullable;

/**
 * Answers requests for features, and says what services there are. What does not say otherwise may
 * block: for statement threads.
 */
final class ServiceDoor {
  /** Of a body whose entities a thread of the network may look up. */
  private static final int FEW_BYTES = 512;

  private static final int USUAL_BYTES = 1024;

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

  /**
   * The same where it can be had without waiting for anything and with little work, else null: the
   * request is then answered as any other. For threads of the network.
   */
  @Nullable ByteBuf answerAtOnce(
      String name, ByteBuf body, Principal principal, ByteBufAllocator buffers) {
    Session session = sessions.computeIfAbsent(principal, Session::new);
    if (body.readableBytes() > FEW_BYTES) {
      return null;
    }
    FeatureService service = services.answeringAtOnce(name, session, renewer).orElse(null);
    if (service == null) {
      return null;
    }
    int start = body.readerIndex();
    ServiceRequest request = ServiceRequest.read(body, service, entityLimit, allocator);
    try (var entities = request.entities()) {
      if (!request.raw()) {
        return answer(service, entities, session, buffers);
      }
    } catch (EngineException failure) {
      // is met again, or mended, on the way that may block
      body.readerIndex(start);
      return null;
    }
    body.readerIndex(start);
    return null;
  }

  /** The services that there are, as JSON that belongs to the caller. */
  ByteBuf list(ByteBufAllocator buffers) {
    List<ServiceSummary> all = services.list();
    return JsonBody.of(
        buffers,
        USUAL_BYTES,
        json -> {
          json.writeArrayFieldStart("services");
          for (ServiceSummary service : all) {
            json.writeStartObject();
            summary(json, service);
            json.writeEndObject();
          }
          json.writeEndArray();
        });
  }

  /** What a service takes and gives, as JSON that belongs to the caller. */
  ByteBuf describe(String name, Principal principal, ByteBufAllocator buffers) {
    Session session = sessions.computeIfAbsent(principal, Session::new);
    FeatureService service = services.current(name, false, session, renewer);
    ServiceSummary known = services.summary(service.name());
    return JsonBody.of(
        buffers,
        USUAL_BYTES,
        json -> {
          summary(json, known);
          json.writeArrayFieldStart("parameters");
          for (FeatureService.Parameter parameter : service.parameters()) {
            json.writeStartObject();
            json.writeStringField("name", parameter.name());
            json.writeStringField("type", parameter.type().sql());
            json.writeBooleanField("required", !parameter.instant());
            json.writeEndObject();
          }
          json.writeEndArray();
          json.writeArrayFieldStart("features");
          for (OutputColumn feature : service.features()) {
            json.writeStartObject();
            json.writeStringField("name", feature.name());
            json.writeStringField("type", feature.type().sql());
            json.writeEndObject();
          }
          json.writeEndArray();
        });
  }

  private static void summary(JsonGenerator json, ServiceSummary service) throws IOException {
    json.writeStringField("name", service.name());
    json.writeStringField("source", service.source());
    json.writeStringField("comment", service.comment());
  }

  private ByteBuf answerOnce(String name, ByteBuf body, Session session, ByteBufAllocator buffers) {
    FeatureService service = services.current(name, false, session, renewer);
    ServiceRequest request = ServiceRequest.read(body, service, entityLimit, allocator);
    try (var entities = request.entities()) {
      if (request.raw()) {
        service = services.current(name, true, session, renewer);
      }
      return answer(service, entities, session, buffers);
    }
  }

  private ByteBuf answer(
      FeatureService service, EntityRows entities, Session session, ByteBufAllocator buffers) {
    ServiceAnswer answer = new ServiceAnswer(service, entities.count());
    if (entities.count() > 0) {
      services.ask(service, entities, session, answer);
    }
    return answer.json(buffers);
  }
}
