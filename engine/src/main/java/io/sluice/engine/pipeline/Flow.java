package io.sluice.engine.pipeline;

import java.util.List;

/**
 * The rows of a plan node while pipelines are built: pipelines whose end is still open. Several
 * where rows come from several sources, as with UNION ALL. A flow is used once.
 */
public record Flow(List<Pipeline> pipelines) {
  public Flow {
    pipelines = List.copyOf(pipelines);
  }
}
