package io.sluice.planner.service;

import io.sluice.engine.connector.FeatureServiceStore.StoredService;
import org.jspecify.annotations.Nullable;

/**
 * What a service is, without a look at its tables.
 *
 * @param source what it was made of: {@code query}, or a training dataset's version
 * @param createdMicros since 1970, UTC
 * @param creator the user's name
 */
public record ServiceSummary(
    String name, String source, @Nullable String comment, long createdMicros, String creator) {
  static ServiceSummary of(StoredService service) {
    ServiceRecord record = ServiceRecord.read(service.name(), service.record());
    return new ServiceSummary(
        service.name(), source(record), record.comment(), record.createdMicros(), record.creator());
  }

  private static String source(ServiceRecord record) {
    ServiceRecord.Dataset dataset = record.dataset();
    return dataset == null
        ? "query"
        : "training dataset "
            + dataset.schema()
            + "."
            + dataset.name()
            + " version "
            + dataset.version();
  }
}
