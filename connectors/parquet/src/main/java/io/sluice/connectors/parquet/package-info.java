/**
 * Parquet pages to Arrow vectors. {@code ParquetFile} is an opened file, {@code RowGroupReader}
 * decodes one row group, {@code RowGroupPruner} says which are worth it. Pages are decompressed and
 * decoded between native buffers of the caller's allocator. A column is read as the type that is
 * asked for only where every value keeps its meaning; anything else is refused by name.
 */
@NullMarked
package io.sluice.connectors.parquet;

import org.jspecify.annotations.NullMarked;
