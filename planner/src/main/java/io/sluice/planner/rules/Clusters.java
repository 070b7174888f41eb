package io.sluice.planner.rules;

import io.sluice.planner.validate.SqlTypes;
import java.time.ZoneId;
import java.util.List;
import org.apache.calcite.plan.RelOptCluster;
import org.apache.calcite.plan.hep.HepPlanner;
import org.apache.calcite.plan.hep.HepProgram;
import org.apache.calcite.rel.metadata.BuiltInMetadata;
import org.apache.calcite.rel.metadata.ChainedRelMetadataProvider;
import org.apache.calcite.rel.metadata.DefaultRelMetadataProvider;
import org.apache.calcite.rel.metadata.MetadataHandlerProvider;
import org.apache.calcite.rel.metadata.ProxyingMetadataHandlerProvider;
import org.apache.calcite.rel.metadata.ReflectiveRelMetadataProvider;
import org.apache.calcite.rel.metadata.RelMetadataQuery;
import org.apache.calcite.rex.RexBuilder;

/** Calcite's surroundings of one statement: no code is generated or compiled at run time. */
public final class Clusters {
  private static final MetadataHandlerProvider METADATA =
      new ProxyingMetadataHandlerProvider(
          ChainedRelMetadataProvider.of(
              List.of(
                  ReflectiveRelMetadataProvider.reflectiveSource(
                      new NoCollations(), BuiltInMetadata.Collation.Handler.class),
                  DefaultRelMetadataProvider.INSTANCE)));

  private Clusters() {}

  /** A cluster whose constants are folded by the engine, in the session's zone. */
  public static RelOptCluster create(SqlTypes types, ZoneId zone) {
    HepPlanner planner = new HepPlanner(HepProgram.builder().build());
    planner.setExecutor(new ConstantExecutor(zone));
    RelOptCluster cluster = RelOptCluster.create(planner, new RexBuilder(types));
    cluster.setMetadataQuerySupplier(() -> new RelMetadataQuery(METADATA));
    return cluster;
  }
}
