package io.sluice.planner.rules;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.calcite.plan.RelOptUtil;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.JoinRelType;
import org.apache.calcite.rel.logical.LogicalFilter;
import org.apache.calcite.rel.logical.LogicalJoin;
import org.apache.calcite.rel.logical.LogicalProject;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexShuttle;
import org.apache.calcite.rex.RexUtil;
import org.apache.calcite.util.ImmutableBitSet;
import org.jspecify.annotations.Nullable;

/**
 * Orders groups of inner joins by estimated cost: the rows of all intermediate results, and those
 * that have to be built into hash tables. Groups of up to {@value #EXHAUSTIVE} inputs are searched
 * completely, bushy trees included (dynamic programming over subsets, as in Moerkotte and Neumann,
 * "Analysis of two existing and one new dynamic programming algorithm", VLDB 2006); larger ones
 * greedily. The smaller side comes right, where it is built. Other nodes bound the groups.
 */
public final class JoinOrder {
  static final int EXHAUSTIVE = 11;

  /** One input of a group. */
  private record Leaf(RelNode rel, int offset) {
    int width() {
      return rel.getRowType().getFieldCount();
    }
  }

  /** A condition of a group and the inputs that it reads, as a bit mask. */
  private record Edge(RexNode condition, long leaves) {}

  /** A joined subset of the inputs; columns are numbers of the group's column space, in order. */
  private record Tree(RelNode rel, List<Integer> columns, double rows, double cost) {}

  private final RexBuilder rexBuilder;
  private final List<Leaf> leaves = new ArrayList<>();
  private final List<RexNode> conditions = new ArrayList<>();
  private final List<Edge> edges = new ArrayList<>();

  private JoinOrder(RexBuilder rexBuilder) {
    this.rexBuilder = rexBuilder;
  }

  /** The same tree with its groups of inner joins reordered. */
  public static RelNode apply(RelNode rel) {
    if (rel instanceof LogicalJoin join && join.getJoinType() == JoinRelType.INNER) {
      JoinOrder group = new JoinOrder(rel.getCluster().getRexBuilder());
      group.collect(join);
      return group.order(join);
    }
    List<RelNode> inputs = new ArrayList<>();
    boolean changed = false;
    for (RelNode input : rel.getInputs()) {
      RelNode ordered = apply(input);
      changed |= ordered != input;
      inputs.add(ordered);
    }
    return changed ? rel.copy(rel.getTraitSet(), inputs) : rel;
  }

  private int width() {
    return leaves.isEmpty()
        ? 0
        : leaves.get(leaves.size() - 1).offset() + leaves.get(leaves.size() - 1).width();
  }

  private void collect(RelNode rel) {
    if (rel instanceof LogicalJoin join && join.getJoinType() == JoinRelType.INNER) {
      int start = width();
      collect(join.getLeft());
      collect(join.getRight());
      conditions.add(RexUtil.shift(join.getCondition(), start));
    } else if (rel instanceof LogicalFilter filter
        && filter.getInput() instanceof LogicalJoin join
        && join.getJoinType() == JoinRelType.INNER) {
      int start = width();
      collect(join);
      conditions.add(RexUtil.shift(filter.getCondition(), start));
    } else {
      leaves.add(new Leaf(apply(rel), width()));
    }
  }

  private RelNode order(LogicalJoin original) {
    if (leaves.size() > Long.SIZE - 1) {
      return original;
    }
    RexNode all = RexUtil.composeConjunction(rexBuilder, conditions);
    for (RexNode conjunct : RelOptUtil.conjunctions(RexUtil.pullFactors(rexBuilder, all))) {
      add(conjunct);
      for (RexNode implied : ExpandDisjunctions.implied(rexBuilder, conjunct, leafColumns())) {
        add(implied);
      }
    }
    List<Tree> trees = new ArrayList<>();
    for (int i = 0; i < leaves.size(); i++) {
      trees.add(leafTree(i));
    }
    Tree best = leaves.size() <= EXHAUSTIVE ? search(trees) : greedy(trees);
    return restore(best, original);
  }

  private List<ImmutableBitSet> leafColumns() {
    return leaves.stream()
        .map(leaf -> ImmutableBitSet.range(leaf.offset(), leaf.offset() + leaf.width()))
        .toList();
  }

  private void add(RexNode conjunct) {
    long mask = 0;
    for (int column : RelOptUtil.InputFinder.bits(conjunct)) {
      for (int i = 0; i < leaves.size(); i++) {
        Leaf leaf = leaves.get(i);
        if (column >= leaf.offset() && column < leaf.offset() + leaf.width()) {
          mask |= 1L << i;
        }
      }
    }
    edges.add(new Edge(conjunct, mask));
  }

  /** An input under the conditions that read it alone (or nothing: those go to the first). */
  private Tree leafTree(int i) {
    Leaf leaf = leaves.get(i);
    List<Integer> columns = new ArrayList<>();
    for (int c = 0; c < leaf.width(); c++) {
      columns.add(leaf.offset() + c);
    }
    RelNode rel = leaf.rel();
    List<RexNode> own = new ArrayList<>();
    for (Edge edge : edges) {
      if (edge.leaves() == 1L << i || (edge.leaves() == 0 && i == 0)) {
        own.add(onto(edge.condition(), columns));
      }
    }
    if (!own.isEmpty()) {
      rel = LogicalFilter.create(rel, RexUtil.composeConjunction(rexBuilder, own));
    }
    return new Tree(rel, columns, Cardinality.rows(rel), 0);
  }

  private Tree search(List<Tree> inputs) {
    int n = inputs.size();
    Map<Long, Tree> best = new HashMap<>();
    for (int i = 0; i < n; i++) {
      best.put(1L << i, inputs.get(i));
    }
    long full = (1L << n) - 1;
    for (long set = 1; set <= full; set++) {
      if (Long.bitCount(set) < 2) {
        continue;
      }
      Tree found = cheapest(set, best, true);
      if (found == null && set == full) {
        // no condition connects the inputs: cross products are due
        return greedy(inputs);
      }
      if (found != null) {
        best.put(set, found);
      }
    }
    Tree whole = best.get(full);
    return whole == null ? greedy(inputs) : whole;
  }

  private @Nullable Tree cheapest(long set, Map<Long, Tree> best, boolean connected) {
    Tree found = null;
    for (long part = (set - 1) & set; part > 0; part = (part - 1) & set) {
      long rest = set & ~part;
      if (part < rest) {
        continue;
      }
      Tree left = best.get(part);
      Tree right = best.get(rest);
      if (left == null || right == null || (connected && !connects(part, rest))) {
        continue;
      }
      double rows = estimate(left, right, part, rest);
      double cost = left.cost() + right.cost() + rows + Math.min(left.rows(), right.rows());
      if (found == null || cost < found.cost()) {
        found = join(left, right, part, rest, rows, cost);
      }
    }
    return found;
  }

  private boolean connects(long a, long b) {
    for (Edge edge : edges) {
      if ((edge.leaves() & a) != 0 && (edge.leaves() & b) != 0 && (edge.leaves() & ~(a | b)) == 0) {
        return true;
      }
    }
    return false;
  }

  private double estimate(Tree left, Tree right, long a, long b) {
    LogicalJoin join = create(left, right, a, b);
    return Math.max(1, left.rows() * right.rows() * Cardinality.joinSelectivity(join));
  }

  private Tree join(Tree left, Tree right, long a, long b, double rows, double cost) {
    boolean leftIsLarger = left.rows() >= right.rows();
    Tree probe = leftIsLarger ? left : right;
    Tree build = leftIsLarger ? right : left;
    LogicalJoin join = create(probe, build, a, b);
    List<Integer> columns = new ArrayList<>(probe.columns());
    columns.addAll(build.columns());
    return new Tree(join, columns, rows, cost);
  }

  private LogicalJoin create(Tree left, Tree right, long a, long b) {
    List<Integer> columns = new ArrayList<>(left.columns());
    columns.addAll(right.columns());
    List<RexNode> own = new ArrayList<>();
    for (Edge edge : edges) {
      boolean across = (edge.leaves() & a) != 0 && (edge.leaves() & b) != 0;
      if (across && (edge.leaves() & ~(a | b)) == 0) {
        own.add(onto(edge.condition(), columns));
      }
    }
    return LogicalJoin.create(
        left.rel(),
        right.rel(),
        List.of(),
        RexUtil.composeConjunction(rexBuilder, own),
        java.util.Set.of(),
        JoinRelType.INNER);
  }

  /** Joins the pair with the fewest rows, connected pairs first, until one tree is left. */
  private Tree greedy(List<Tree> inputs) {
    Map<Long, Tree> open = new java.util.LinkedHashMap<>();
    for (int i = 0; i < inputs.size(); i++) {
      open.put(1L << i, inputs.get(i));
    }
    while (open.size() > 1) {
      long bestA = 0;
      long bestB = 0;
      double bestRows = Double.POSITIVE_INFINITY;
      boolean bestConnected = false;
      for (long a : open.keySet()) {
        for (long b : open.keySet()) {
          if (a >= b) {
            continue;
          }
          boolean connected = connects(a, b);
          if (bestConnected && !connected) {
            continue;
          }
          double rows = estimate(tree(open, a), tree(open, b), a, b);
          if (rows < bestRows || (connected && !bestConnected)) {
            bestA = a;
            bestB = b;
            bestRows = rows;
            bestConnected = connected;
          }
        }
      }
      Tree left = tree(open, bestA);
      Tree right = tree(open, bestB);
      Tree joined =
          join(left, right, bestA, bestB, bestRows, left.cost() + right.cost() + bestRows);
      open.remove(bestA);
      open.remove(bestB);
      open.put(bestA | bestB, joined);
    }
    return open.values().iterator().next();
  }

  private static Tree tree(Map<Long, Tree> open, long set) {
    return java.util.Objects.requireNonNull(open.get(set));
  }

  /** A condition over the group's columns, over a tree's columns. */
  private static RexNode onto(RexNode condition, List<Integer> columns) {
    return condition.accept(
        new RexShuttle() {
          @Override
          public RexNode visitInputRef(RexInputRef ref) {
            int index = columns.indexOf(ref.getIndex());
            assert index >= 0 : ref;
            return new RexInputRef(index, ref.getType());
          }
        });
  }

  private static RelNode restore(Tree tree, LogicalJoin original) {
    boolean same = true;
    List<RexNode> projects = new ArrayList<>();
    for (int c = 0; c < tree.columns().size(); c++) {
      int index = tree.columns().indexOf(c);
      same &= index == c;
      projects.add(RexInputRef.of(index, tree.rel().getRowType()));
    }
    return same
        ? tree.rel()
        : LogicalProject.create(
            tree.rel(),
            List.of(),
            projects,
            original.getRowType().getFieldNames(),
            java.util.Set.of());
  }
}
