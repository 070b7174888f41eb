/** Parses one statement and the end of the text. */
Statement StatementEof() :
{
    final Statement statement;
}
{
    statement = AnyStatement()
    ( <SEMICOLON> )*
    <EOF>
    { return statement; }
}

Statement AnyStatement() :
{
    final Statement statement;
    final SqlNode query;
}
{
    (
        LOOKAHEAD({ sees("EXPLAIN") }) statement = ExplainStatement()
    |   LOOKAHEAD({ sees("INSERT") }) statement = InsertStatement()
    |   LOOKAHEAD({ sees("DROP", "TRAINING") }) statement = TrainingAction(TrainingStatement.Action.DROP)
    |   LOOKAHEAD({ sees("ALTER", "TRAINING") }) statement = TrainingAction(TrainingStatement.Action.DROP_COPY)
    |   LOOKAHEAD({ sees("VERIFY") }) statement = TrainingAction(TrainingStatement.Action.VERIFY)
    |   LOOKAHEAD({ sees("AUDIT") }) statement = TrainingAction(TrainingStatement.Action.AUDIT)
    |   LOOKAHEAD({ sees("RELEASE") }) statement = TrainingAction(TrainingStatement.Action.RELEASE)
    |   LOOKAHEAD({ sees("EXPORT") }) statement = TrainingAction(TrainingStatement.Action.EXPORT)
    |   LOOKAHEAD({ sees("DESCRIBE", "TRAINING", "DATASET") || sees("DESC", "TRAINING", "DATASET") })
        statement = TrainingAction(TrainingStatement.Action.DESCRIBE)
    |   LOOKAHEAD({ sees("DIFF") }) statement = DiffTrainingDataset()
    |   LOOKAHEAD({ sees("SHOW", "TRAINING") }) statement = ShowTrainingDatasets()
    |   LOOKAHEAD({ sees("DROP", "ONLINE") }) statement = DropOnlineTable()
    |   LOOKAHEAD({ sees("REFRESH") }) statement = RefreshOnlineTable()
    |   LOOKAHEAD({ sees("SHOW", "ONLINE") }) statement = ShowOnlineTables()
    |   LOOKAHEAD({ sees("DROP", "FEATURE") }) statement = DropFeatureService()
    |   LOOKAHEAD({ sees("SHOW", "FEATURE") }) statement = ShowFeatureServices()
    |   LOOKAHEAD({ sees("DESCRIBE", "FEATURE", "SERVICE") || sees("DESC", "FEATURE", "SERVICE") })
        statement = DescribeFeatureService()
    |   LOOKAHEAD({ sees("EXECUTE", "FEATURE") }) statement = ExecuteFeatureService()
    |   LOOKAHEAD({ sees("DELETE") }) statement = DeleteStatement()
    |   LOOKAHEAD({ sees("UPDATE") }) statement = UpdateStatement()
    |   LOOKAHEAD({ sees("MERGE") }) statement = MergeStatement()
    |   LOOKAHEAD({ sees("CREATE") }) statement = CreateStatement()
    |   LOOKAHEAD({ sees("DROP") }) statement = DropStatement()
    |   LOOKAHEAD({ sees("EXPIRE", "SNAPSHOTS") }) statement = ExpireStatement()
    |   LOOKAHEAD({ sees("OPTIMIZE") }) statement = OptimizeStatement()
    |   LOOKAHEAD({ sees("ALTER") }) statement = AlterStatement()
    |   LOOKAHEAD({ sees("COMMENT", "ON") }) statement = CommentStatement()
    |   LOOKAHEAD({ sees("SHOW") }) statement = ShowStatement()
    |   LOOKAHEAD({ sees("DESCRIBE") || sees("DESC") }) statement = DescribeStatement()
    |   LOOKAHEAD({ sees("USE") }) statement = UseStatement()
    |   LOOKAHEAD({ sees("SET") || sees("RESET") }) statement = SetStatement()
    |   LOOKAHEAD({ sees("CALL") }) statement = CallStatement()
    |   LOOKAHEAD({ !startsQuery() }) statement = UnknownStatement()
    |   query = OrderedQueryOrExpr(ExprContext.ACCEPT_QUERY) { statement = new Statement.Query(query); }
    )
    { return statement; }
}

JAVACODE
Statement UnknownStatement()
{
    throw SqlText.unknownStatement(getToken(1));
}

/** Takes a word, whatever kind of token it is. */
JAVACODE
void Word(String word)
{
    if (!sees(word)) {
        throw new EngineException(ErrorCode.SYNTAX_ERROR,
            "expected " + word + " but found "
                + (getToken(1).kind == EOF ? "the end of the statement" : "'" + getToken(1).image + "'"),
            new SqlPosition(getToken(1).beginLine, getToken(1).beginColumn), null);
    }
    getNextToken();
}

/** Takes the word if it is next. */
JAVACODE
boolean OptionalWord(String word)
{
    if (sees(word)) {
        getNextToken();
        return true;
    }
    return false;
}

/** Takes IF EXISTS or IF NOT EXISTS. */
JAVACODE
boolean OptionalIf(boolean not)
{
    if (!sees("IF")) {
        return false;
    }
    getNextToken();
    if (not) {
        Word("NOT");
    }
    Word("EXISTS");
    return true;
}

Statement ExplainStatement() :
{
    final Statement statement;
    boolean analyze = false;
}
{
    <EXPLAIN> { analyze = OptionalWord("ANALYZE"); if (OptionalWord("PLAN")) { Word("FOR"); } }
    statement = AnyStatement()
    { return new Statement.Explain(analyze, statement); }
}

Statement InsertStatement() :
{
    final SqlIdentifier table;
    List<SqlIdentifier> columns = List.of();
    final SqlNode source;
}
{
    { Word("INSERT"); Word("INTO"); }
    table = CompoundTableIdentifier()
    [
        LOOKAHEAD({ getToken(1).kind == LPAREN && getToken(2).kind != SELECT && getToken(2).kind != WITH
            && getToken(2).kind != VALUES && getToken(2).kind != LPAREN })
        columns = Names()
    ]
    source = OrderedQueryOrExpr(ExprContext.ACCEPT_QUERY)
    { return new Statement.Insert(table, columns, source); }
}

/** Parses what a table whose rows are changed is called within the statement. */
SqlIdentifier TargetAlias() :
{
    SqlIdentifier alias = null;
}
{
    [
        LOOKAHEAD({ getToken(1).kind != EOF && getToken(1).kind != SEMICOLON && !sees("WHERE") && !sees("SET")
            && !sees("USING") })
        [ <AS> ] alias = SimpleIdentifier()
    ]
    { return alias; }
}

Statement DeleteStatement() :
{
    final SqlIdentifier table;
    final SqlIdentifier alias;
    SqlNode condition = null;
}
{
    { Word("DELETE"); Word("FROM"); }
    table = CompoundTableIdentifier()
    alias = TargetAlias()
    [ condition = Where() ]
    { return new Statement.Delete(table, alias, condition); }
}

Statement UpdateStatement() :
{
    final SqlIdentifier table;
    final SqlIdentifier alias;
    final List<Statement.Assignment> assignments;
    SqlNode from = null;
    SqlNode condition = null;
}
{
    { Word("UPDATE"); }
    table = CompoundTableIdentifier()
    alias = TargetAlias()
    assignments = Assignments()
    [ <FROM> from = FromClause() ]
    [ condition = Where() ]
    { return new Statement.Update(table, alias, assignments, from, condition); }
}

/** Parses "SET column = value, ...". */
List<Statement.Assignment> Assignments() :
{
    final List<Statement.Assignment> assignments = new ArrayList<Statement.Assignment>();
}
{
    { Word("SET"); }
    AddAssignment(assignments) ( <COMMA> AddAssignment(assignments) )*
    { return assignments; }
}

void AddAssignment(List<Statement.Assignment> assignments) :
{
    final SqlIdentifier column;
    final SqlNode value;
}
{
    column = CompoundIdentifier() <EQ> value = Expression(ExprContext.ACCEPT_SUB_QUERY)
    { assignments.add(new Statement.Assignment(column, value)); }
}

Statement MergeStatement() :
{
    final SqlIdentifier table;
    final SqlIdentifier alias;
    final SqlNode source;
    final SqlNode condition;
    final List<Statement.MergeClause> clauses = new ArrayList<Statement.MergeClause>();
    Statement.MergeClause clause;
}
{
    { Word("MERGE"); Word("INTO"); }
    table = CompoundTableIdentifier()
    alias = TargetAlias()
    <USING> source = TableRef()
    <ON> condition = Expression(ExprContext.ACCEPT_SUB_QUERY)
    ( clause = MergeClause() { clauses.add(clause); } )+
    { return new Statement.Merge(table, alias, source, condition, clauses); }
}

Statement.MergeClause MergeClause() :
{
    final Span span;
    Statement.Match match = Statement.Match.MATCHED;
    SqlNode condition = null;
    final Statement.MergeAction action;
}
{
    <WHEN> { span = span(); if (OptionalWord("NOT")) { match = Statement.Match.NOT_MATCHED; } }
    {
        Word("MATCHED");
        if (match == Statement.Match.NOT_MATCHED && OptionalWord("BY")) {
            if (!OptionalWord("TARGET")) {
                Word("SOURCE");
                match = Statement.Match.NOT_MATCHED_BY_SOURCE;
            }
        }
    }
    [ <AND> condition = Expression(ExprContext.ACCEPT_SUB_QUERY) ]
    <THEN>
    action = MergeAction()
    { return new Statement.MergeClause(match, condition, action, span.end(this)); }
}

Statement.MergeAction MergeAction() :
{
    final List<Statement.Assignment> assignments;
    List<SqlIdentifier> columns = List.of();
    final List<SqlNode> values = new ArrayList<SqlNode>();
}
{
    LOOKAHEAD({ sees("DELETE") }) { Word("DELETE"); return new Statement.MergeDelete(); }
|
    LOOKAHEAD({ sees("UPDATE") }) { Word("UPDATE"); } assignments = Assignments()
    { return new Statement.MergeUpdate(assignments); }
|
    LOOKAHEAD({ true }) { Word("INSERT"); }
    [ columns = Names() ]
    <VALUES> <LPAREN>
    AddExpression(values, ExprContext.ACCEPT_SUB_QUERY)
    ( <COMMA> AddExpression(values, ExprContext.ACCEPT_SUB_QUERY) )*
    <RPAREN>
    { return new Statement.MergeInsert(columns, values); }
}

/** Parses "(name, ...)". */
List<SqlIdentifier> Names() :
{
    final List<SqlIdentifier> names = new ArrayList<SqlIdentifier>();
    SqlIdentifier name;
}
{
    <LPAREN> name = SimpleIdentifier() { names.add(name); }
    ( <COMMA> name = SimpleIdentifier() { names.add(name); } )*
    <RPAREN>
    { return names; }
}

Statement CreateStatement() :
{
    final Statement statement;
    boolean replace = false;
    boolean temporary = false;
}
{
    { Word("CREATE"); if (OptionalWord("OR")) { Word("REPLACE"); replace = true; } temporary = OptionalTemporary(); }
    (
        LOOKAHEAD({ sees("TRAINING") }) statement = CreateTrainingDataset(replace)
    |   LOOKAHEAD({ sees("CATALOG") }) statement = CreateCatalog(replace)
    |   LOOKAHEAD({ sees("ONLINE") }) statement = CreateOnlineTable(replace)
    |   LOOKAHEAD({ sees("FEATURE") }) statement = CreateFeatureService(replace)
    |   LOOKAHEAD({ sees("SCHEMA") }) statement = CreateSchema()
    |   LOOKAHEAD({ sees("VIEW") }) statement = CreateView(replace)
    |   LOOKAHEAD({ sees("TABLE") }) statement = CreateTable(replace, temporary)
    )
    { return statement; }
}

/** Takes TEMP or TEMPORARY, which only tables can be. */
JAVACODE
boolean OptionalTemporary()
{
    if (!OptionalWord("TEMP") && !OptionalWord("TEMPORARY")) {
        return false;
    }
    if (sees("VIEW")) {
        throw new EngineException(ErrorCode.UNSUPPORTED,
            "there are temporary tables, but no temporary views; CREATE TEMP TABLE ... AS keeps the rows",
            new SqlPosition(getToken(1).beginLine, getToken(1).beginColumn), null);
    }
    if (!sees("TABLE")) {
        Word("TABLE");
    }
    return true;
}

Statement CreateCatalog(boolean replace) :
{
    final SqlIdentifier name;
    final boolean ifNotExists;
    final List<Statement.Property> properties;
}
{
    {
        if (replace) {
            throw new EngineException(ErrorCode.UNSUPPORTED,
                "a catalog is not replaced in place; DROP CATALOG it and create it anew",
                new SqlPosition(getToken(1).beginLine, getToken(1).beginColumn), null);
        }
        Word("CATALOG");
        ifNotExists = OptionalIf(true);
    }
    name = SimpleIdentifier()
    <WITH> properties = Properties()
    { return new Statement.CreateCatalog(name, ifNotExists, properties); }
}

Statement CreateSchema() :
{
    final SqlIdentifier name;
    final boolean ifNotExists;
}
{
    { Word("SCHEMA"); ifNotExists = OptionalIf(true); }
    name = CompoundTableIdentifier()
    { return new Statement.CreateSchema(name, ifNotExists); }
}

Statement CreateView(boolean replace) :
{
    final SqlIdentifier name;
    final boolean ifNotExists;
    List<SqlIdentifier> columns = List.of();
    String comment = null;
    final Token first;
    final SqlNode query;
}
{
    { Word("VIEW"); ifNotExists = OptionalIf(true); }
    name = CompoundTableIdentifier()
    [ columns = Names() ]
    [ LOOKAHEAD({ sees("COMMENT") }) comment = CommentText() ]
    <AS> { first = getToken(1); }
    query = OrderedQueryOrExpr(ExprContext.ACCEPT_QUERY)
    {
        return new Statement.CreateView(name, replace, ifNotExists, columns, comment, query,
            SqlText.between(getOriginalSql(), first, getToken(0)));
    }
}

Statement CreateTable(boolean replace, boolean temporary) :
{
    final SqlIdentifier name;
    final boolean ifNotExists;
    final TableElementsBuilder elements = new TableElementsBuilder();
    String comment = null;
    List<Statement.Property> properties = List.of();
    SqlNode query = null;
}
{
    { Word("TABLE"); ifNotExists = OptionalIf(true); }
    name = CompoundTableIdentifier()
    [
        <LPAREN> TableElement(elements) ( <COMMA> TableElement(elements) )* <RPAREN>
    ]
    [ LOOKAHEAD({ sees("COMMENT") }) comment = CommentText() ]
    [ <WITH> properties = Properties() ]
    [ <AS> query = OrderedQueryOrExpr(ExprContext.ACCEPT_QUERY) ]
    {
        return new Statement.CreateTable(
            name, temporary, replace, ifNotExists, elements.build(), comment, properties, query);
    }
}

void TableElement(TableElementsBuilder elements) :
{
    List<SqlIdentifier> names;
    List<SqlIdentifier> referenced = List.of();
    SqlIdentifier name;
    SqlDataTypeSpec type = null;
}
{
    LOOKAHEAD({ sees("PRIMARY", "KEY") })
    { Word("PRIMARY"); Word("KEY"); } names = Names() { NotEnforced(); elements.primaryKey(names); }
|
    LOOKAHEAD({ sees("FOREIGN", "KEY") })
    { Word("FOREIGN"); Word("KEY"); } names = Names()
    { Word("REFERENCES"); } name = CompoundTableIdentifier()
    [ referenced = Names() ]
    { NotEnforced(); elements.foreignKey(names, name, referenced); }
|
    LOOKAHEAD({ sees("EVENT", "TIME", "(") })
    { Word("EVENT"); Word("TIME"); } <LPAREN> name = SimpleIdentifier() <RPAREN> { elements.eventTime(name); }
|
    LOOKAHEAD({ sees("INGESTION", "TIME", "(") })
    { Word("INGESTION"); Word("TIME"); } <LPAREN> name = SimpleIdentifier() <RPAREN> { elements.ingestionTime(name); }
|
    name = SimpleIdentifier()
    [ LOOKAHEAD({ getToken(1).kind != COMMA && getToken(1).kind != RPAREN && !sees("COMMENT") }) type = DataType() ]
    { AddColumn(elements, name, type); }
}

/** Takes what follows a column's type. */
JAVACODE
void AddColumn(TableElementsBuilder elements, SqlIdentifier name, SqlDataTypeSpec type)
{
    boolean nullable = true;
    String comment = null;
    while (true) {
        if (sees("NOT", "NULL")) {
            Word("NOT");
            Word("NULL");
            nullable = false;
        } else if (OptionalWord("NULL")) {
            nullable = true;
        } else if (sees("PRIMARY", "KEY")) {
            Word("PRIMARY");
            Word("KEY");
            NotEnforced();
            elements.primaryKey(List.of(name));
        } else if (sees("COMMENT")) {
            comment = CommentText();
        } else {
            elements.column(new Statement.Column(name, type, nullable, comment));
            return;
        }
    }
}

JAVACODE
void NotEnforced()
{
    if (!sees("NOT", "ENFORCED")) {
        throw new EngineException(ErrorCode.UNSUPPORTED,
            "keys are declared, not enforced: write NOT ENFORCED after the key",
            new SqlPosition(getToken(0).beginLine, getToken(0).beginColumn), null);
    }
    getNextToken();
    getNextToken();
}

String CommentText() :
{
    final String text;
}
{
    { Word("COMMENT"); }
    text = Text()
    { return text; }
}

String Text() :
{
}
{
    <QUOTED_STRING> { return SqlParserUtil.parseString(token.image); }
}

List<Statement.Property> Properties() :
{
    final List<Statement.Property> properties = new ArrayList<Statement.Property>();
}
{
    <LPAREN> AddProperty(properties) ( <COMMA> AddProperty(properties) )* <RPAREN>
    { return properties; }
}

void AddProperty(List<Statement.Property> properties) :
{
    final String name;
    final String value;
}
{
    name = PropertyName() <EQ> ( value = OptionValue() | value = OptionValues() )
    { properties.add(new Statement.Property(name, value)); }
}

String PropertyName() :
{
    String name;
    SqlIdentifier id;
}
{
    name = Text() { return name; }
|
    id = CompoundIdentifier() { name = String.join(".", id.names); }
    ( <MINUS> id = CompoundIdentifier() { name = name + "-" + String.join(".", id.names); } )*
    { return name; }
}

String OptionValue() :
{
    final String value;
    final SqlIdentifier id;
    final SqlLiteral literal;
}
{
    (
        value = Text()
    |   literal = NumericLiteral() { value = literal.toValue(); }
    |   <TRUE> { value = "true"; }
    |   <FALSE> { value = "false"; }
    |   <ON> { value = "on"; }
    |   id = CompoundIdentifier() { value = String.join(".", id.names); }
    )
    { return value; }
}

/** Several values in parentheses, as one text with commas. */
String OptionValues() :
{
    final List<String> values = new ArrayList<String>();
    String value;
}
{
    <LPAREN> value = OptionValue() { values.add(value); }
    ( <COMMA> value = OptionValue() { values.add(value); } )*
    <RPAREN>
    { return String.join(", ", values); }
}

Statement DropStatement() :
{
    final SqlIdentifier name;
    final String kind;
    final boolean ifExists;
    boolean cascade = false;
}
{
    {
        Word("DROP");
        kind = sees("SCHEMA") ? "SCHEMA" : sees("VIEW") ? "VIEW" : sees("CATALOG") ? "CATALOG" : "TABLE";
        Word(kind);
        ifExists = OptionalIf(false);
    }
    name = CompoundTableIdentifier()
    {
        if (kind.equals("CATALOG")) {
            return new Statement.DropCatalog(name, ifExists);
        }
        if (kind.equals("SCHEMA")) {
            cascade = OptionalWord("CASCADE");
            if (!cascade) {
                OptionalWord("RESTRICT");
            }
            return new Statement.DropSchema(name, ifExists, cascade);
        }
        return new Statement.DropRelation(name, kind.equals("VIEW"), ifExists);
    }
}

Statement CommentStatement() :
{
    final Statement.Comment.Target target;
    final SqlIdentifier name;
    String text = null;
}
{
    {
        Word("COMMENT");
        Word("ON");
        target = sees("VIEW") ? Statement.Comment.Target.VIEW
            : sees("COLUMN") ? Statement.Comment.Target.COLUMN
            : Statement.Comment.Target.TABLE;
        Word(target.name());
    }
    name = CompoundTableIdentifier()
    { Word("IS"); }
    ( <NULL> | text = Text() )
    { return new Statement.Comment(target, name, text); }
}

Statement ShowStatement() :
{
    Statement.Show.Subject subject = Statement.Show.Subject.SETTINGS;
    SqlIdentifier of = null;
    String like = null;
}
{
    { Word("SHOW"); }
    (
        LOOKAHEAD({ sees("CATALOGS") }) { Word("CATALOGS"); subject = Statement.Show.Subject.CATALOGS; }
    |   LOOKAHEAD({ sees("SCHEMAS") }) { Word("SCHEMAS"); subject = Statement.Show.Subject.SCHEMAS; }
        [ ( <FROM> | <IN> ) of = CompoundTableIdentifier() ]
    |   LOOKAHEAD({ sees("TABLES") }) { Word("TABLES"); subject = Statement.Show.Subject.TABLES; }
        [ ( <FROM> | <IN> ) of = CompoundTableIdentifier() ]
    |   LOOKAHEAD({ sees("COLUMNS") }) { Word("COLUMNS"); subject = Statement.Show.Subject.COLUMNS; }
        ( <FROM> | <IN> ) of = CompoundTableIdentifier()
    |   LOOKAHEAD({ sees("CREATE") })
        {
            Word("CREATE");
            boolean view = sees("VIEW");
            Word(view ? "VIEW" : "TABLE");
            subject = view ? Statement.Show.Subject.CREATE_VIEW : Statement.Show.Subject.CREATE_TABLE;
        }
        of = CompoundTableIdentifier()
    |   { OptionalWord("ALL"); }
        [ LOOKAHEAD({ getToken(1).kind != EOF && getToken(1).kind != SEMICOLON }) of = CompoundTableIdentifier() ]
    )
    [ LOOKAHEAD({ sees("LIKE") }) { Word("LIKE"); } like = Text() ]
    { return new Statement.Show(subject, of, like); }
}

Statement DescribeStatement() :
{
    final SqlIdentifier name;
}
{
    { getNextToken(); OptionalWord("TABLE"); OptionalWord("VIEW"); }
    name = CompoundTableIdentifier()
    { return new Statement.Show(Statement.Show.Subject.COLUMNS, name, null); }
}

Statement UseStatement() :
{
    final SqlIdentifier name;
}
{
    { Word("USE"); OptionalWord("SCHEMA"); }
    name = CompoundTableIdentifier()
    { return new Statement.Use(name); }
}

Statement SetStatement() :
{
    SqlIdentifier name;
    String option = "";
    String value = null;
    final boolean reset;
}
{
    { reset = sees("RESET"); Word(reset ? "RESET" : "SET"); if (sees("SESSION")) { Word("SESSION"); } }
    (
        LOOKAHEAD({ sees("TIME", "ZONE") }) { Word("TIME"); Word("ZONE"); option = "time_zone"; }
        [ LOOKAHEAD({ !reset }) value = OptionValue() ]
    |   LOOKAHEAD({ reset && getToken(1).kind == ALL }) <ALL> { option = "all"; }
    |   name = CompoundIdentifier() { option = String.join(".", name.names); }
        [ LOOKAHEAD({ !reset }) { if (!OptionalWord("TO")) { Word("="); } } value = OptionValue() ]
    )
    { return new Statement.SetOption(option, value); }
}

Statement CallStatement() :
{
    final SqlIdentifier name;
    final List<SqlNode> arguments = new ArrayList<SqlNode>();
}
{
    { Word("CALL"); }
    name = CompoundTableIdentifier()
    <LPAREN>
    [
        LOOKAHEAD({ getToken(1).kind != RPAREN })
        AddExpression(arguments, ExprContext.ACCEPT_NON_QUERY)
        ( <COMMA> AddExpression(arguments, ExprContext.ACCEPT_NON_QUERY) )*
    ]
    <RPAREN>
    { return new Statement.Call(name, arguments); }
}

Statement AlterStatement() :
{
    final SqlIdentifier name;
    final boolean ifExists;
    final boolean view;
    final SqlIdentifier newName;
    final Statement alter;
    final List<Alteration> alterations = new ArrayList<Alteration>();
}
{
    {
        Word("ALTER");
        view = sees("VIEW");
        Word(view ? "VIEW" : "TABLE");
        ifExists = OptionalIf(false);
    }
    name = CompoundTableIdentifier()
    (
        LOOKAHEAD({ view || sees("RENAME", "TO") })
        { Word("RENAME"); Word("TO"); } newName = CompoundTableIdentifier()
        { return new Statement.RenameRelation(name, newName, view, ifExists); }
    |
        LOOKAHEAD({ sees("CREATE") || sees("DROP", "TAG") || sees("DROP", "BRANCH") })
        alter = AlterReference(name) { return alter; }
    |
        AddAlteration(alterations) ( <COMMA> AddAlteration(alterations) )*
        { return new Statement.AlterTable(name, ifExists, alterations); }
    )
}

void AddAlteration(List<Alteration> alterations) :
{
    List<SqlIdentifier> names;
    List<SqlIdentifier> referenced = List.of();
    final SqlIdentifier name;
    final SqlIdentifier newName;
    final boolean conditional;
    final SqlDataTypeSpec type;
    final TableElementsBuilder elements = new TableElementsBuilder();
}
{
    LOOKAHEAD({ sees("ADD", "PRIMARY", "KEY") })
    { Word("ADD"); Word("PRIMARY"); Word("KEY"); } names = Names()
    { NotEnforced(); alterations.add(new Alteration.PrimaryKey(names)); }
|
    LOOKAHEAD({ sees("ADD", "FOREIGN", "KEY") })
    { Word("ADD"); Word("FOREIGN"); Word("KEY"); } names = Names()
    { Word("REFERENCES"); } name = CompoundTableIdentifier()
    [ referenced = Names() ]
    {
        NotEnforced();
        alterations.add(new Alteration.AddForeignKey(new Statement.Reference(names, name, referenced)));
    }
|
    LOOKAHEAD({ sees("ADD") })
    { Word("ADD"); OptionalWord("COLUMN"); conditional = OptionalIf(true); }
    name = ColumnName() type = DataType()
    {
        AddColumn(elements, name, type);
        alterations.add(new Alteration.AddColumn(elements.build().columns().get(0), conditional));
        if (!elements.build().primaryKey().isEmpty()) {
            alterations.add(new Alteration.PrimaryKey(elements.build().primaryKey()));
        }
    }
|
    LOOKAHEAD({ sees("DROP", "PRIMARY", "KEY") })
    { Word("DROP"); Word("PRIMARY"); Word("KEY"); alterations.add(new Alteration.PrimaryKey(List.of())); }
|
    LOOKAHEAD({ sees("DROP", "FOREIGN", "KEY") })
    { Word("DROP"); Word("FOREIGN"); Word("KEY"); } names = Names()
    { alterations.add(new Alteration.DropForeignKey(names)); }
|
    LOOKAHEAD({ sees("DROP", "EVENT", "TIME") })
    { Word("DROP"); Word("EVENT"); Word("TIME"); alterations.add(new Alteration.EventTime(null)); }
|
    LOOKAHEAD({ sees("DROP", "INGESTION", "TIME") })
    { Word("DROP"); Word("INGESTION"); Word("TIME"); alterations.add(new Alteration.IngestionTime(null)); }
|
    LOOKAHEAD({ sees("DROP") })
    { Word("DROP"); OptionalWord("COLUMN"); conditional = OptionalIf(false); }
    name = ColumnName()
    { alterations.add(new Alteration.DropColumn(name, conditional)); }
|
    LOOKAHEAD({ sees("RENAME") })
    { Word("RENAME"); OptionalWord("COLUMN"); } name = ColumnName()
    { Word("TO"); } newName = ColumnName()
    { alterations.add(new Alteration.RenameColumn(name, newName)); }
|
    LOOKAHEAD({ sees("ALTER") })
    { Word("ALTER"); OptionalWord("COLUMN"); } name = ColumnName()
    (
        LOOKAHEAD({ sees("DROP") })
        { Word("DROP"); Word("NOT"); Word("NULL"); alterations.add(new Alteration.DropNotNull(name)); }
    |
        LOOKAHEAD({ sees("SET", "NOT") })
        { Word("SET"); Word("NOT"); Word("NULL"); alterations.add(new Alteration.SetNotNull(name)); }
    |
        LOOKAHEAD({ true })
        { if (OptionalWord("SET")) { Word("DATA"); } Word("TYPE"); } type = DataType()
        { alterations.add(new Alteration.RetypeColumn(name, type)); }
    )
|
    LOOKAHEAD({ sees("SET", "EVENT", "TIME") })
    { Word("SET"); Word("EVENT"); Word("TIME"); } <LPAREN> name = ColumnName() <RPAREN>
    { alterations.add(new Alteration.EventTime(name)); }
|
    LOOKAHEAD({ sees("SET", "INGESTION", "TIME") })
    { Word("SET"); Word("INGESTION"); Word("TIME"); } <LPAREN> name = ColumnName() <RPAREN>
    { alterations.add(new Alteration.IngestionTime(name)); }
|
    LOOKAHEAD({ sees("SET") })
    { Word("SET"); OptionalWord("PROPERTIES"); } AddSetProperties(alterations)
|
    LOOKAHEAD({ sees("UNSET") })
    { Word("UNSET"); OptionalWord("PROPERTIES"); } AddUnsetProperties(alterations)
|
    { throw SqlText.unknownAlteration(getToken(1)); }
}

void AddSetProperties(List<Alteration> alterations) :
{
    final List<Statement.Property> properties;
}
{
    properties = Properties() { alterations.add(new Alteration.SetProperties(properties)); }
}

void AddUnsetProperties(List<Alteration> alterations) :
{
    final List<String> names = new ArrayList<String>();
    String name;
}
{
    <LPAREN> name = PropertyName() { names.add(name); }
    ( <COMMA> name = PropertyName() { names.add(name); } )*
    <RPAREN>
    { alterations.add(new Alteration.UnsetProperties(names)); }
}

/** A column's name; units of time, which are keywords after TO, are names, too. */
SqlIdentifier ColumnName() :
{
    final SqlIdentifier name;
}
{
    LOOKAHEAD({ WordTokens.isUnitOfTime(getToken(1)) })
    { getNextToken(); return new SqlIdentifier(getToken(0).image, getPos()); }
|
    name = SimpleIdentifier() { return name; }
}

/** CREATE [OR REPLACE] TAG [IF NOT EXISTS] name [FOR VERSION AS OF v], DROP TAG [IF EXISTS] name; BRANCH likewise. */
Statement AlterReference(SqlIdentifier table) :
{
    final boolean create;
    boolean replace = false;
    final boolean branch;
    final boolean conditional;
    final SqlIdentifier name;
    SqlNode version = null;
}
{
    {
        create = sees("CREATE");
        Word(create ? "CREATE" : "DROP");
        if (create && OptionalWord("OR")) { Word("REPLACE"); replace = true; }
        branch = sees("BRANCH");
        Word(branch ? "BRANCH" : "TAG");
        conditional = OptionalIf(create);
    }
    name = ReferenceName()
    [
        LOOKAHEAD({ create && sees("FOR", "VERSION") })
        { Word("FOR"); Word("VERSION"); Word("AS"); Word("OF"); }
        version = Literal()
    ]
    { return new Statement.AlterReference(table, create, branch, name, version, replace, conditional); }
}

/** A name, or a text where it would need quotes. */
SqlIdentifier ReferenceName() :
{
    final SqlIdentifier name;
    final String text;
}
{
    text = Text() { return new SqlIdentifier(text, getPos()); }
|
    name = ColumnName() { return name; }
}

Statement ExpireStatement() :
{
    final SqlIdentifier table;
    SqlNode olderThan = null;
    SqlNode retain = null;
}
{
    { Word("EXPIRE"); Word("SNAPSHOTS"); OptionalWord("FROM"); }
    table = CompoundTableIdentifier()
    [
        LOOKAHEAD({ sees("OLDER", "THAN") })
        { Word("OLDER"); Word("THAN"); }
        olderThan = Expression(ExprContext.ACCEPT_NON_QUERY)
    ]
    [
        LOOKAHEAD({ sees("RETAIN", "LAST") })
        { Word("RETAIN"); Word("LAST"); }
        retain = NumericLiteral()
    ]
    { return new Statement.ExpireSnapshots(table, olderThan, retain); }
}

Statement OptimizeStatement() :
{
    final SqlIdentifier table;
}
{
    { Word("OPTIMIZE"); OptionalWord("TABLE"); }
    table = CompoundTableIdentifier()
    { return new Statement.Optimize(table); }
}
