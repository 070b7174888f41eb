package io.sluice.server.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufInputStream;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.sluice.planner.service.EntityRows;
import io.sluice.planner.service.FeatureService;
import io.sluice.planner.service.FeatureService.Parameter;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.BitSet;
import java.util.List;
import java.util.regex.Pattern;
import org.apache.arrow.memory.BufferAllocator;

/**
 * The body of a request for features: {@code {"entities": [{...}, ...]}} or {@code {"entity":
 * {...}}}, and {@code "raw": true}. Values go from the text into vectors as they are read.
 *
 * @param entities belong to the caller
 */
record ServiceRequest(EntityRows entities, boolean raw) {
  /** What Jackson says of a place within itself. */
  private static final Pattern PARSER_PLACE = Pattern.compile(" \\([^()]*\\[Source: .*\\]\\)");

  private static final JsonFactory JSON =
      JsonFactory.builder()
          .streamReadConstraints(StreamReadConstraints.builder().maxNestingDepth(32).build())
          .build();

  /**
   * Reads a body.
   *
   * @param limit entities
   * @throws HttpProblem 400 and 413, with what is wrong and where
   */
  static ServiceRequest read(
      ByteBuf body, FeatureService service, int limit, BufferAllocator allocator) {
    EntityRows entities = new EntityRows(service, allocator);
    try (InputStream bytes = new ByteBufInputStream(body);
        JsonParser json = JSON.createParser(bytes)) {
      boolean raw = new Reader(json, service, entities, limit).read();
      entities.finish(service.zone());
      return new ServiceRequest(entities, raw);
    } catch (JsonProcessingException malformed) {
      entities.close();
      throw HttpProblem.badRequest(
          "the body is not JSON: "
              + PARSER_PLACE.matcher(malformed.getOriginalMessage()).replaceAll("")
              + " (line "
              + malformed.getLocation().getLineNr()
              + ", column "
              + malformed.getLocation().getColumnNr()
              + ")");
    } catch (IOException failure) {
      entities.close();
      throw new UncheckedIOException(failure);
    } catch (RuntimeException | Error failure) {
      entities.close();
      throw failure;
    }
  }

  private static final class Reader {
    private final JsonParser json;
    private final FeatureService service;
    private final EntityRows entities;
    private final int limit;
    private final List<Parameter> parameters;
    private final BitSet given = new BitSet();
    private boolean seen;

    Reader(JsonParser json, FeatureService service, EntityRows entities, int limit) {
      this.json = json;
      this.service = service;
      this.entities = entities;
      this.limit = limit;
      this.parameters = service.parameters();
    }

    /** Whether raw values are asked for. */
    boolean read() throws IOException {
      boolean raw = false;
      if (json.nextToken() != JsonToken.START_OBJECT) {
        throw HttpProblem.badRequest("the body must be an object such as " + example());
      }
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        String field = json.currentName();
        JsonToken token = json.nextToken();
        switch (field) {
          case "entities" -> entities(token);
          case "entity" -> {
            once();
            entity(token);
          }
          case "raw" -> {
            if (!token.isBoolean()) {
              throw HttpProblem.badRequest("\"raw\" must be true or false");
            }
            raw = token == JsonToken.VALUE_TRUE;
          }
          default ->
              throw HttpProblem.badRequest("unknown field \"" + field + "\"; write " + example());
        }
      }
      if (json.nextToken() != null) {
        throw HttpProblem.badRequest("there is more than one object in the body");
      }
      if (!seen) {
        throw HttpProblem.badRequest("the body names no entities; write " + example());
      }
      return raw;
    }

    private void once() {
      if (seen) {
        throw HttpProblem.badRequest("give either \"entities\" or \"entity\", once");
      }
      seen = true;
    }

    private void entities(JsonToken token) throws IOException {
      once();
      if (token != JsonToken.START_ARRAY) {
        throw HttpProblem.badRequest("\"entities\" must be an array of objects");
      }
      for (JsonToken next = json.nextToken();
          next != JsonToken.END_ARRAY;
          next = json.nextToken()) {
        if (entities.count() >= limit) {
          throw new HttpProblem(
              HttpResponseStatus.REQUEST_ENTITY_TOO_LARGE,
              "INVALID_ARGUMENT",
              "more than "
                  + limit
                  + " entities, as many as server.http.entity-limit allows; send several requests");
        }
        entity(next);
      }
    }

    private void entity(JsonToken token) throws IOException {
      int entity = entities.add();
      if (token != JsonToken.START_OBJECT) {
        throw HttpProblem.badRequest(
            "entity " + entity + " must be an object with " + names() + ", not " + json.getText());
      }
      given.clear();
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        String name = json.currentName();
        int place = place(name);
        if (place < 0) {
          throw HttpProblem.badRequest(
              "entity "
                  + entity
                  + " has \""
                  + name
                  + "\", which the service does not take; it takes "
                  + names());
        }
        if (given.get(place)) {
          throw HttpProblem.badRequest("entity " + entity + " gives \"" + name + "\" twice");
        }
        given.set(place);
        json.nextToken();
        JsonValues.read(
            json, parameters.get(place), entities.vector(place), entity, service.zone());
      }
      for (int i = given.nextClearBit(0); i < parameters.size(); i = given.nextClearBit(i + 1)) {
        Parameter missing = parameters.get(i);
        if (!missing.instant()) {
          throw HttpProblem.badRequest(
              "entity "
                  + entity
                  + " does not give \""
                  + missing.name()
                  + "\" ("
                  + missing.type().sql()
                  + "); null is a value, too");
        }
      }
    }

    /** The parameter of exactly that name, else of one in other case, else -1. */
    private int place(String name) {
      int near = -1;
      for (int i = 0; i < parameters.size(); i++) {
        if (parameters.get(i).name().equals(name)) {
          return i;
        }
        if (near < 0 && parameters.get(i).name().equalsIgnoreCase(name)) {
          near = i;
        }
      }
      return near;
    }

    private String names() {
      return parameters.isEmpty()
          ? "no values"
          : String.join(", ", parameters.stream().map(Parameter::name).toList());
    }

    private String example() {
      StringBuilder text = new StringBuilder("{\"entities\": [{");
      for (int i = 0; i < parameters.size(); i++) {
        text.append(i == 0 ? "\"" : ", \"").append(parameters.get(i).name()).append("\": ...");
      }
      return text.append("}]}").toString();
    }
  }
}
