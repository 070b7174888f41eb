package io.sluice.server.session;

import io.sluice.engine.EngineException;
import io.sluice.engine.ErrorCode;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a client can set for its session, by session options or, at its first call, by headers. */
public enum SessionSetting {
  /** Where unqualified schemas are looked up. */
  CATALOG("catalog", List.of("catalog")) {
    @Override
    public String get(ClientSession session) {
      return session.sql().catalog();
    }

    @Override
    public void set(ClientSession session, String value) {
      session.requireCatalog(value);
      session.sql().setCatalog(value);
    }
  },
  /** Where unqualified tables are looked up. */
  SCHEMA("schema", List.of("schema", "database")) {
    @Override
    public String get(ClientSession session) {
      return session.sql().schema();
    }

    @Override
    public void set(ClientSession session, String value) {
      session.requireSchema(value);
      session.sql().setSchema(value);
    }
  },
  /** Of literals and conversions without a zone of their own. */
  TIMEZONE("timezone", List.of("timezone")) {
    @Override
    public String get(ClientSession session) {
      ZoneId zone = session.sql().zone();
      return zone.equals(ZoneOffset.UTC) ? "UTC" : zone.getId();
    }

    @Override
    public void set(ClientSession session, String value) {
      try {
        session.sql().setZone(ZoneId.of(value));
      } catch (DateTimeException e) {
        throw invalid(value, "a zone such as UTC, Europe/Berlin or +02:00", e);
      }
    }
  },
  /** How TIMESTAMP WITH TIME ZONE is sent: {@code zoned}, or {@code naive} in UTC. */
  TIMESTAMP_TZ("timestamp_tz", List.of("timestamp_tz")) {
    @Override
    public String get(ClientSession session) {
      return session.naiveTimestamps() ? "naive" : "zoned";
    }

    @Override
    public void set(ClientSession session, String value) {
      switch (value.toLowerCase(Locale.ROOT)) {
        case "naive" -> session.setNaiveTimestamps(true);
        case "zoned" -> session.setNaiveTimestamps(false);
        default -> throw invalid(value, "zoned or naive", null);
      }
    }
  },
  /** Which share of a query's rows is read, as 0/4; empty for all. */
  SHARD("shard", List.of("shard")) {
    @Override
    public String get(ClientSession session) {
      return session.sql().reading().shardText();
    }

    @Override
    public void set(ClientSession session, String value) {
      session.sql().setReading(session.sql().reading().withShard(value));
    }
  },
  /** Of the shuffle of a query's rows; empty for none. */
  SEED("seed", List.of("seed")) {
    @Override
    public String get(ClientSession session) {
      Long seed = session.sql().reading().seed();
      return seed == null ? "" : seed.toString();
    }

    @Override
    public void set(ClientSession session, String value) {
      session.sql().setReading(session.sql().reading().withSeed(value));
    }
  },
  /** Of the shuffle: each has an order of its own. */
  EPOCH("epoch", List.of("epoch")) {
    @Override
    public String get(ClientSession session) {
      return Long.toString(session.sql().reading().epoch());
    }

    @Override
    public void set(ClientSession session, String value) {
      session.sql().setReading(session.sql().reading().withEpoch(value));
    }
  },
  /** Digits of a second that an ingest of nanoseconds keeps: 6, or 9. */
  TIMESTAMP_PRECISION("timestamp_precision", List.of("timestamp_precision")) {
    @Override
    public String get(ClientSession session) {
      return Integer.toString(session.timestampPrecision());
    }

    @Override
    public void set(ClientSession session, String value) {
      switch (value) {
        case "6" -> session.setTimestampPrecision(6);
        case "9" -> session.setTimestampPrecision(9);
        default -> throw invalid(value, "6 or 9", null);
      }
    }
  };

  private final String key;
  private final List<String> headers;

  SessionSetting(String key, List<String> headers) {
    this.key = key;
    this.headers = headers;
  }

  /** The setting of this name, in any case. */
  public static Optional<SessionSetting> find(String name) {
    return Arrays.stream(values()).filter(s -> s.key.equalsIgnoreCase(name)).findFirst();
  }

  public String key() {
    return key;
  }

  List<String> headers() {
    return headers;
  }

  public abstract String get(ClientSession session);

  /**
   * Sets it.
   *
   * @throws EngineException where the value is not valid
   */
  public abstract void set(ClientSession session, String value);

  EngineException invalid(String value, String valid, @Nullable Throwable cause) {
    return new EngineException(
        ErrorCode.INVALID_ARGUMENT, key + " must be " + valid + ", not '" + value + "'", cause);
  }
}
