package io.sluice.planner.rules;

import com.google.common.collect.ImmutableList;
import org.apache.calcite.rel.RelCollation;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.metadata.BuiltInMetadata;
import org.apache.calcite.rel.metadata.MetadataDef;
import org.apache.calcite.rel.metadata.MetadataHandler;
import org.apache.calcite.rel.metadata.RelMetadataQuery;

/**
 * No input is taken to be sorted: operators run in parallel and keep no order, and Calcite's own
 * guess from constant rows fails on mixed numbers.
 */
public final class NoCollations implements MetadataHandler<BuiltInMetadata.Collation> {
  @Override
  public MetadataDef<BuiltInMetadata.Collation> getDef() {
    return BuiltInMetadata.Collation.DEF;
  }

  /** Called by reflection. */
  public ImmutableList<RelCollation> collations(RelNode rel, RelMetadataQuery query) {
    return ImmutableList.of();
  }
}
