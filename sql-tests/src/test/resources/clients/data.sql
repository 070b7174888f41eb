-- Run by DuckDB; every table becomes one Parquet file that Sluice and DuckDB both read.
CREATE TABLE client_people AS
  SELECT
    CAST(i AS BIGINT) AS id,
    CAST(i % 7 AS INTEGER) AS team,
    CASE WHEN i % 11 = 0 THEN NULL ELSE 'name' || CAST(i AS VARCHAR) END AS name,
    CAST(i * 3 AS DECIMAL(12, 2)) / 8 AS paid,
    i / 8.0e0 AS score,
    i % 3 = 0 AS active,
    DATE '2020-01-01' + CAST(i AS INTEGER) AS joined,
    TIMESTAMP '2020-01-01 00:00:00' + to_seconds(i * 3601) AS seen,
    CAST(i % 100 AS SMALLINT) AS small
  FROM range(500) AS t(i);
CREATE TABLE client_teams AS
  SELECT CAST(i AS INTEGER) AS team, 'team ' || CAST(i AS VARCHAR) AS title FROM range(5) AS t(i);
