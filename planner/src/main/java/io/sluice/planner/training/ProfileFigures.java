package io.sluice.planner.training;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

/** The figures of a column's profile that have columns of their own. */
record ProfileFigures(
    @Nullable Long count,
    @Nullable Long nulls,
    @Nullable Long distinct,
    @Nullable String min,
    @Nullable String max,
    @Nullable Double mean,
    @Nullable Double standardDeviation) {
  static ProfileFigures of(String json) {
    JsonNode profile = RecordJson.tree(json);
    return new ProfileFigures(
        whole(profile, "count"),
        whole(profile, "nulls"),
        whole(profile, "distinct"),
        text(profile, "min"),
        text(profile, "max"),
        number(profile, "mean"),
        number(profile, "stddev"));
  }

  private static @Nullable Long whole(JsonNode profile, String name) {
    return profile.hasNonNull(name) ? profile.get(name).asLong() : null;
  }

  private static @Nullable Double number(JsonNode profile, String name) {
    return profile.path(name).isNumber() ? profile.get(name).asDouble() : null;
  }

  private static @Nullable String text(JsonNode profile, String name) {
    return profile.hasNonNull(name) ? profile.get(name).asText() : null;
  }
}
