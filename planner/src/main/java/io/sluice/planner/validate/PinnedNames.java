package io.sluice.planner.validate;

import io.sluice.engine.connector.TableVersion;

/** A table's name together with its version, as one name that the validator looks up. */
final class PinnedNames {
  private static final char MARK = '\u0001';

  private PinnedNames() {}

  /** A name and the version that it is pinned to. */
  record Pinned(String name, TableVersion version) {}

  static String pin(String name, TableVersion version) {
    return switch (version) {
      case TableVersion.Current ignored -> name;
      case TableVersion.AsOfTime time -> name + MARK + 't' + time.epochMicros();
      case TableVersion.AsOfSnapshot snapshot -> name + MARK + 's' + snapshot.snapshotId();
      case TableVersion.AsOfReference reference -> name + MARK + 'r' + reference.name();
      case TableVersion.Pinned pinned ->
          name + MARK + 'p' + pinned.snapshotId() + ':' + pinned.state();
      case TableVersion.AsRead read -> pin(name, read.version());
    };
  }

  /**
   * A table's catalog as plans name it: states that different datasets have read are different
   * tables to them. It stands there, and not in the table's name, as that is its alias, too.
   */
  static String catalog(String catalog, TableVersion version) {
    return version instanceof TableVersion.AsRead read
        ? catalog + MARK + read.dataset() + '@' + read.number()
        : catalog;
  }

  /** The catalog's own name. */
  static String catalog(String named) {
    int mark = named.indexOf(MARK);
    return mark < 0 ? named : named.substring(0, mark);
  }

  static Pinned parse(String name) {
    int mark = name.indexOf(MARK);
    if (mark < 0) {
      return new Pinned(name, new TableVersion.Current());
    }
    String value = name.substring(mark + 2);
    TableVersion version =
        switch (name.charAt(mark + 1)) {
          case 't' -> new TableVersion.AsOfTime(Long.parseLong(value));
          case 's' -> new TableVersion.AsOfSnapshot(Long.parseLong(value));
          case 'p' -> pinned(value);
          default -> new TableVersion.AsOfReference(value);
        };
    return new Pinned(name.substring(0, mark), version);
  }

  private static TableVersion.Pinned pinned(String value) {
    int colon = value.indexOf(':');
    return new TableVersion.Pinned(
        Long.parseLong(value.substring(0, colon)), value.substring(colon + 1));
  }
}
