package io.sluice.engine;

/** Stable names of everything that can go wrong, and whose matter it is. */
public enum ErrorCode {
  SYNTAX_ERROR(Kind.USER),
  UNKNOWN_CATALOG(Kind.USER),
  UNKNOWN_SCHEMA(Kind.USER),
  UNKNOWN_TABLE(Kind.USER),
  UNKNOWN_COLUMN(Kind.USER),
  UNKNOWN_FUNCTION(Kind.USER),
  UNKNOWN_VERSION(Kind.USER),
  UNKNOWN_SERVICE(Kind.USER),
  AMBIGUOUS_NAME(Kind.USER),
  ALREADY_EXISTS(Kind.USER),
  SCHEMA_NOT_EMPTY(Kind.USER),
  TYPE_MISMATCH(Kind.USER),
  INVALID_ARGUMENT(Kind.USER),
  INVALID_PARAMETER(Kind.USER),
  INVALID_CAST(Kind.USER),
  DIVISION_BY_ZERO(Kind.USER),
  NUMERIC_OVERFLOW(Kind.USER),
  NOT_NULL_VIOLATION(Kind.USER),
  SUBQUERY_MULTIPLE_ROWS(Kind.USER),
  PINNED(Kind.USER),
  CARDINALITY_VIOLATION(Kind.USER),
  LEAKAGE(Kind.USER),
  UNSUPPORTED(Kind.USER),
  CANCELLED(Kind.USER),
  CONFIGURATION(Kind.USER),
  UNAUTHENTICATED(Kind.USER),
  PERMISSION_DENIED(Kind.USER),
  MEMORY_LIMIT(Kind.RESOURCES),
  BUSY(Kind.RESOURCES),
  TIMEOUT(Kind.RESOURCES),
  COMMIT_CONFLICT(Kind.EXTERNAL),
  STORAGE_ERROR(Kind.EXTERNAL),
  CORRUPT_FILE(Kind.EXTERNAL),
  CATALOG_ERROR(Kind.EXTERNAL),
  INTERNAL(Kind.INTERNAL);

  /** Who can mend it: the statement's author, the operator, an outside system, or we. */
  public enum Kind {
    USER,
    RESOURCES,
    EXTERNAL,
    INTERNAL
  }

  private final Kind kind;

  ErrorCode(Kind kind) {
    this.kind = kind;
  }

  public Kind kind() {
    return kind;
  }
}
