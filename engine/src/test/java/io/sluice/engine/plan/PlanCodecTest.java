package io.sluice.engine.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.sluice.engine.EngineException;
import io.sluice.engine.connector.TableName;
import io.sluice.engine.connector.TableVersion;
import io.sluice.engine.expression.Expression;
import io.sluice.engine.type.SqlType;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class PlanCodecTest {
  private static final OutputColumn A = new OutputColumn("a", SqlType.BIGINT, true);

  private static PhysicalPlan plan() {
    PhysicalPlan scan =
        new PhysicalPlan.ScanPlan(
            new TableName("lake", "main", "t"),
            new TableVersion.AsOfTime(5),
            List.of("a"),
            new Expression.Call(
                "gt",
                List.of(
                    new Expression.InputRef(0, SqlType.BIGINT),
                    new Expression.Literal(3L, SqlType.BIGINT)),
                SqlType.BOOLEAN),
            List.of(A));
    PhysicalPlan values =
        new PhysicalPlan.ValuesPlan(
            List.of(
                List.of(
                    new Expression.Literal(null, SqlType.NULL),
                    new Expression.Literal(new BigDecimal("1.50"), new SqlType.Decimal(9, 2)),
                    new Expression.Literal(-0.0, SqlType.DOUBLE),
                    new Expression.Literal(new UUID(1, 2), SqlType.UUID),
                    new Expression.Literal(
                        Arrays.asList(1L, null), new SqlType.Array(SqlType.BIGINT)))),
            List.of(A));
    return new PhysicalPlan.AsofJoinPlan(
        new PhysicalPlan.LimitPlan(
            new PhysicalPlan.TopNPlan(scan, List.of(new SortKey(0, true, false)), 1, 2),
            new RowCount.Bound(0),
            RowCount.ALL),
        values,
        true,
        List.of(),
        List.of(),
        List.of(new Expression.InputRef(0, SqlType.BIGINT)),
        List.of(new Expression.InputRef(0, SqlType.BIGINT)),
        AsofDirection.BEFORE,
        List.of(
            new AsofBound(
                new Expression.Parameter(0, SqlType.DATE),
                new Expression.Cast(new Expression.InputRef(0, SqlType.BIGINT), SqlType.DATE, true),
                true)),
        null,
        null,
        List.of(0),
        List.of(A, A));
  }

  @Test
  void plansSurviveBytes() {
    assertEquals(plan(), PlanCodec.decode(PlanCodec.encode(plan())));
  }

  @Test
  void damagedBytesAreAnError() {
    byte[] bytes = PlanCodec.encode(plan());
    Random random = new Random(7);
    for (int i = 0; i < 200; i++) {
      byte[] damaged = Arrays.copyOf(bytes, random.nextInt(bytes.length));
      assertThrows(EngineException.class, () -> PlanCodec.decode(damaged));
    }
  }
}
