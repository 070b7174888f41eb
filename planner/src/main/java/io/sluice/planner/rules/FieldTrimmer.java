package io.sluice.planner.rules;

import java.util.Set;
import org.apache.calcite.plan.RelOptUtil;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.type.RelDataTypeField;
import org.apache.calcite.rex.RexPermuteInputsShuttle;
import org.apache.calcite.sql2rel.RelFieldTrimmer;
import org.apache.calcite.tools.RelBuilder;
import org.apache.calcite.util.ImmutableBitSet;
import org.apache.calcite.util.mapping.IntPair;
import org.apache.calcite.util.mapping.Mapping;
import org.apache.calcite.util.mapping.MappingType;
import org.apache.calcite.util.mapping.Mappings;

/** Drops columns that nobody reads, through {@link TemporalJoin} too. */
public final class FieldTrimmer extends RelFieldTrimmer {
  public FieldTrimmer(RelBuilder builder) {
    super(null, builder);
  }

  /** Called by reflection for the kind of its first argument. */
  public TrimResult trimFields(
      TemporalJoin join, ImmutableBitSet fieldsUsed, Set<RelDataTypeField> extraFields) {
    RelOptUtil.InputFinder finder = new RelOptUtil.InputFinder(extraFields, fieldsUsed);
    join.deciding().accept(finder);
    join.condition().accept(finder);
    ImmutableBitSet used = finder.build();
    int leftCount = join.getLeft().getRowType().getFieldCount();
    int rightCount = join.getRight().getRowType().getFieldCount();
    TrimResult left = trimChild(join, join.getLeft(), 0, leftCount, used, 0, extraFields);
    TrimResult right =
        trimChild(
            join, join.getRight(), leftCount, leftCount + rightCount, used, leftCount, extraFields);
    int newLeftCount = left.right.getTargetCount();
    Mapping mapping =
        Mappings.create(
            MappingType.INVERSE_SURJECTION,
            leftCount + rightCount,
            newLeftCount + right.right.getTargetCount());
    for (IntPair pair : left.right) {
      mapping.set(pair.source, pair.target);
    }
    for (IntPair pair : right.right) {
      mapping.set(pair.source + leftCount, pair.target + newLeftCount);
    }
    RexPermuteInputsShuttle shuttle = new RexPermuteInputsShuttle(mapping, left.left, right.left);
    RelNode trimmed =
        TemporalJoin.create(
            left.left,
            right.left,
            join.deciding().accept(shuttle),
            join.condition().accept(shuttle),
            join.outer());
    return result(trimmed, mapping, join);
  }

  private TrimResult trimChild(
      TemporalJoin join,
      RelNode input,
      int from,
      int to,
      ImmutableBitSet used,
      int offset,
      Set<RelDataTypeField> extraFields) {
    ImmutableBitSet.Builder wanted = ImmutableBitSet.builder();
    for (int field : used) {
      if (field >= from && field < to) {
        wanted.set(field - offset);
      }
    }
    return trimChild(join, input, wanted.build(), extraFields);
  }
}
