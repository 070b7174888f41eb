/** Refuses what is no clause, or stands in another order. */
JAVACODE
void EndOfOnlineTable()
{
    if (getToken(1).kind != EOF && getToken(1).kind != SEMICOLON) {
        throw SqlText.unexpected(getToken(1),
            "after its name CREATE ONLINE TABLE takes KEY (...), EVENT TIME (...), COLUMNS (...) and TTL interval,"
                + " in this order, each once");
    }
}

/** CREATE [OR REPLACE] ONLINE TABLE [IF NOT EXISTS] name and its clauses. */
Statement CreateOnlineTable(boolean replace) :
{
    final SqlIdentifier name;
    final boolean ifNotExists;
    List<SqlIdentifier> key = List.of();
    SqlIdentifier eventTime = null;
    List<SqlIdentifier> columns = List.of();
    SqlNode ttl = null;
}
{
    { Word("ONLINE"); Word("TABLE"); ifNotExists = OptionalIf(true); }
    name = CompoundTableIdentifier()
    [ LOOKAHEAD({ sees("KEY") }) { Word("KEY"); } key = Names() ]
    [ LOOKAHEAD({ sees("EVENT", "TIME") }) { Word("EVENT"); Word("TIME"); } <LPAREN> eventTime = SimpleIdentifier() <RPAREN> ]
    [ LOOKAHEAD({ sees("COLUMNS") }) { Word("COLUMNS"); } columns = Names() ]
    [ LOOKAHEAD({ sees("TTL") }) { Word("TTL"); } ttl = Expression(ExprContext.ACCEPT_NON_QUERY) ]
    {
        EndOfOnlineTable();
        return new Statement.Online(new OnlineStatement.Create(name, replace, ifNotExists, key, eventTime, columns, ttl));
    }
}

Statement DropOnlineTable() :
{
    final SqlIdentifier name;
    final boolean ifExists;
}
{
    { Word("DROP"); Word("ONLINE"); Word("TABLE"); ifExists = OptionalIf(false); }
    name = CompoundTableIdentifier()
    { return new Statement.Online(new OnlineStatement.Drop(name, ifExists)); }
}

Statement RefreshOnlineTable() :
{
    final SqlIdentifier name;
}
{
    { Word("REFRESH"); Word("ONLINE"); Word("TABLE"); }
    name = CompoundTableIdentifier()
    { return new Statement.Online(new OnlineStatement.Refresh(name, OptionalWord("FULL"))); }
}

Statement ShowOnlineTables() :
{
    String like = null;
}
{
    { Word("SHOW"); Word("ONLINE"); Word("TABLES"); }
    [ LOOKAHEAD({ sees("LIKE") }) { Word("LIKE"); } like = Text() ]
    { return new Statement.Online(new OnlineStatement.Show(like)); }
}
