package io.sluice.planner.training;

import java.util.Arrays;
import java.util.List;

/** The option {@code allow_untimed}: names of tables between commas. */
final class AllowUntimed {
  static final String OPTION = "allow_untimed";

  private AllowUntimed() {}

  static List<String> names(DatasetDefinition definition) {
    return Arrays.stream(definition.option(OPTION, "").split(","))
        .map(String::strip)
        .filter(name -> !name.isEmpty())
        .toList();
  }
}
