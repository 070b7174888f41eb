package io.sluice.connectors.parquet;

import io.sluice.engine.batch.Column;

/** A column that comes from pages. */
final class PageColumnReader implements ColumnReader {
  private final String what;
  private final PageStream pages;
  private final ValueDecoder values;
  private long row;
  private int leftInPage;
  private boolean opened;

  /**
   * Takes ownership of the rest.
   *
   * @param what names column and file in messages
   */
  PageColumnReader(String what, PageStream pages, ValueDecoder values) {
    this.what = what;
    this.pages = pages;
    this.values = values;
  }

  @Override
  public void begin(int rows) {
    values.begin(rows);
  }

  @Override
  public void append(int rows) {
    try {
      int left = rows;
      while (left > 0) {
        if (leftInPage == 0) {
          leftInPage = findPage(row);
          load();
          continue;
        }
        int step = Math.min(left, leftInPage);
        values.append(step);
        advance(step);
        left -= step;
      }
    } catch (CorruptPage | UnsupportedPage | InexactValue | ArithmeticException e) {
      throw ReadFailures.named(what, e);
    }
  }

  @Override
  public void skip(int rows) {
    try {
      long target = row + rows;
      while (row < target) {
        if (leftInPage == 0) {
          int found = findPage(target);
          long first = pages.rowsBefore();
          if (first + found <= target) {
            pages.skipPage();
            row = first + found;
          } else {
            row = first;
            leftInPage = found;
            load();
          }
          continue;
        }
        int step = (int) Math.min(target - row, leftInPage);
        // What is left of a page is not looked at where none of it is wanted.
        if (step < leftInPage) {
          values.skip(step);
        }
        advance(step);
      }
    } catch (CorruptPage | UnsupportedPage | InexactValue | ArithmeticException e) {
      throw ReadFailures.named(what, e);
    }
  }

  private void advance(int rows) {
    row += rows;
    leftInPage -= rows;
  }

  private int findPage(long wanted) {
    if (!opened) {
      opened = true;
      DataPage dictionary = pages.dictionary();
      if (dictionary != null) {
        values.dictionary(dictionary);
      }
    }
    return pages.nextPage(wanted);
  }

  private void load() {
    values.page(pages.loadPage());
  }

  @Override
  public Column finish() {
    try {
      return values.finish();
    } catch (CorruptPage | UnsupportedPage | InexactValue | ArithmeticException e) {
      throw ReadFailures.named(what, e);
    }
  }

  @Override
  public void close() {
    try {
      values.close();
    } finally {
      pages.close();
    }
  }
}
