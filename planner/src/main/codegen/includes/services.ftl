/** CREATE FEATURE SERVICE, after CREATE. */
Statement CreateFeatureService(boolean replace) :
{
    final SqlIdentifier name;
    final boolean ifNotExists;
    String comment = null;
    final Token first;
    final SqlNode query;
    final SqlIdentifier dataset;
    Integer version = null;
}
{
    { Word("FEATURE"); Word("SERVICE"); ifNotExists = OptionalIf(true); }
    name = SimpleIdentifier()
    [ LOOKAHEAD({ sees("COMMENT") }) comment = CommentText() ]
    (
        LOOKAHEAD({ sees("FOR") })
        { Word("FOR"); Word("TRAINING"); Word("DATASET"); }
        dataset = CompoundTableIdentifier()
        { if (sees("VERSION")) { version = VersionNumber(); } }
        {
            return new Statement.Service(new ServiceStatement.Create(
                name, replace, ifNotExists, comment, null, null, dataset, version));
        }
    |
        <AS> { first = getToken(1); }
        query = OrderedQueryOrExpr(ExprContext.ACCEPT_QUERY)
        {
            return new Statement.Service(new ServiceStatement.Create(
                name, replace, ifNotExists, comment, query,
                SqlText.between(getOriginalSql(), first, getToken(0)), null, null));
        }
    )
}

Statement DropFeatureService() :
{
    final SqlIdentifier name;
    final boolean ifExists;
}
{
    { Word("DROP"); Word("FEATURE"); Word("SERVICE"); ifExists = OptionalIf(false); }
    name = SimpleIdentifier()
    { return new Statement.Service(new ServiceStatement.Drop(name, ifExists)); }
}

Statement ShowFeatureServices() :
{
    String like = null;
}
{
    { Word("SHOW"); Word("FEATURE"); Word("SERVICES"); }
    [ LOOKAHEAD({ sees("LIKE") }) { Word("LIKE"); } like = Text() ]
    { return new Statement.Service(new ServiceStatement.Show(like)); }
}

Statement DescribeFeatureService() :
{
    final SqlIdentifier name;
}
{
    { getNextToken(); Word("FEATURE"); Word("SERVICE"); }
    name = SimpleIdentifier()
    { return new Statement.Service(new ServiceStatement.Describe(name)); }
}

Statement ExecuteFeatureService() :
{
    final SqlIdentifier name;
    final boolean raw;
}
{
    { Word("EXECUTE"); Word("FEATURE"); Word("SERVICE"); }
    name = SimpleIdentifier()
    { raw = OptionalWord("RAW"); }
    { return new Statement.Service(new ServiceStatement.Execute(name, raw)); }
}

/** A parameter with a name: ":name". */
SqlNode NamedParameter() :
{
    final SqlIdentifier name;
    final Span s;
}
{
    <COLON> { s = span(); }
    name = SimpleIdentifier()
    { return new NamedParameter(nDynamicParams++, name, s.end(this)); }
}
