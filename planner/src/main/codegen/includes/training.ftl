/** CREATE TRAINING DATASET, after CREATE. */
Statement CreateTrainingDataset(boolean replace) :
{
    final SqlIdentifier name;
    final TrainingBuilder dataset = new TrainingBuilder();
    List<SqlIdentifier> names;
    SqlIdentifier column;
    List<Statement.Property> properties = List.of();
    String comment = null;
    final Token first;
    final SqlNode query;
}
{
    {
        if (replace) {
            throw SqlText.unexpected(getToken(1),
                "a version never changes; leave OR REPLACE out, and CREATE TRAINING DATASET makes the next one");
        }
        Word("TRAINING"); Word("DATASET"); dataset.ifNotExists(OptionalIf(true));
    }
    name = CompoundTableIdentifier()
    { if (sees("VERSION")) { dataset.version(VersionNumber()); } }
    [ LOOKAHEAD({ sees("COMMENT") }) comment = CommentText() { dataset.comment(comment); } ]
    [ LOOKAHEAD({ sees("KEY") }) { Word("KEY"); InParentheses("KEY (column, ...)"); } names = Names() { dataset.key(names); } ]
    [
        LOOKAHEAD({ sees("OBSERVED") }) { Word("OBSERVED"); Word("AT"); }
        column = SimpleIdentifier() { dataset.observedAt(column); }
    ]
    [
        LOOKAHEAD({ sees("LABEL") })
        { Word("LABEL"); InParentheses("LABEL (column) or LABEL (column HORIZON INTERVAL '30' DAY)"); }
        <LPAREN> TrainingLabel(dataset) ( <COMMA> TrainingLabel(dataset) )* <RPAREN>
    ]
    [ LOOKAHEAD({ sees("SPLIT") }) TrainingSplit(dataset) ]
    [ LOOKAHEAD({ sees("FIT") }) TrainingFit(dataset) ]
    [ <WITH> properties = Properties() { dataset.options(properties); } ]
    {
        if (!sees("AS")) {
            throw SqlText.unexpected(getToken(1),
                "the clauses of a training dataset stand in this order: VERSION, COMMENT, KEY, OBSERVED AT, LABEL,"
                    + " SPLIT, FIT, WITH, AS");
        }
    }
    <AS> { first = getToken(1); }
    query = OrderedQueryOrExpr(ExprContext.ACCEPT_QUERY)
    {
        return new Statement.Training(
            dataset.create(name, query, SqlText.between(getOriginalSql(), first, getToken(0))));
    }
}

/** Checks that a parenthesis is next. */
JAVACODE
void InParentheses(String form)
{
    if (getToken(1).kind != LPAREN) {
        throw SqlText.unexpected(getToken(1), "write " + form);
    }
}

/** Takes VERSION and a number. */
JAVACODE
int VersionNumber()
{
    Word("VERSION");
    Token number = getNextToken();
    int version = 0;
    try {
        version = Integer.parseInt(number.image);
    } catch (NumberFormatException notANumber) {
        version = 0;
    }
    if (version <= 0) {
        throw SqlText.unexpected(number, "a version is a number from 1");
    }
    return version;
}

/** An expression's text as written. */
String ExpressionText() :
{
    final Token first;
}
{
    { first = getToken(1); }
    Expression(ExprContext.ACCEPT_NON_QUERY)
    { return SqlText.between(getOriginalSql(), first, getToken(0)); }
}

void TrainingLabel(TrainingBuilder dataset) :
{
    final SqlIdentifier column;
    String horizon = null;
}
{
    column = SimpleIdentifier()
    [ LOOKAHEAD({ sees("HORIZON") }) { Word("HORIZON"); } horizon = ExpressionText() ]
    { dataset.label(column, horizon); }
}

void TrainingSplit(TrainingBuilder dataset) :
{
    List<SqlIdentifier> columns = List.of();
    SqlIdentifier column;
    final TrainingStatement.SplitKind kind;
    Long seed = null;
    String gap = null;
    final SqlParserPos position;
}
{
    { Word("SPLIT"); position = getPos(); Word("BY"); kind = SplitBy(); }
    (
        LOOKAHEAD({ kind == TrainingStatement.SplitKind.COLUMN })
        { InParentheses("SPLIT BY COLUMN (column)"); }
        <LPAREN> column = SimpleIdentifier() <RPAREN> { columns = List.of(column); }
    |
        LOOKAHEAD({ kind == TrainingStatement.SplitKind.TIME })
        [
            LOOKAHEAD({ getToken(1).kind == LPAREN && getToken(3).kind == RPAREN && getToken(4).kind == LPAREN })
            columns = Names()
        ]
        TrainingParts(dataset)
        [ LOOKAHEAD({ sees("GAP") }) { Word("GAP"); } gap = ExpressionText() ]
    |
        LOOKAHEAD({ true })
        [ LOOKAHEAD({ kind != TrainingStatement.SplitKind.RANDOM }) columns = Names() ]
        { if (sees("SEED")) { seed = Seed(); } }
        TrainingParts(dataset)
    )
    { dataset.split(kind, columns, seed, gap, position); }
}

JAVACODE
TrainingStatement.SplitKind SplitBy()
{
    if (OptionalWord("TIME")) {
        return TrainingStatement.SplitKind.TIME;
    }
    if (OptionalWord("HASH")) {
        return TrainingStatement.SplitKind.HASH;
    }
    if (OptionalWord("COLUMN")) {
        return TrainingStatement.SplitKind.COLUMN;
    }
    if (!sees("RANDOM")) {
        throw SqlText.unexpected(getToken(1), "a split is BY TIME, HASH, RANDOM, RANDOM STRATIFIED BY or COLUMN");
    }
    Word("RANDOM");
    if (OptionalWord("STRATIFIED")) {
        Word("BY");
        return TrainingStatement.SplitKind.STRATIFIED;
    }
    return TrainingStatement.SplitKind.RANDOM;
}

JAVACODE
Long Seed()
{
    Word("SEED");
    boolean negative = getToken(1).kind == MINUS;
    if (negative) {
        getNextToken();
    }
    Token number = getNextToken();
    try {
        return Long.parseLong((negative ? "-" : "") + number.image);
    } catch (NumberFormatException notANumber) {
        throw SqlText.unexpected(number, "a seed is a whole number");
    }
}

void TrainingParts(TrainingBuilder dataset) :
{
}
{
    <LPAREN> TrainingPart(dataset) ( <COMMA> TrainingPart(dataset) )* <RPAREN>
}

void TrainingPart(TrainingBuilder dataset) :
{
    final SqlIdentifier name;
    String until = null;
    SqlNumericLiteral fraction = null;
}
{
    name = SimpleIdentifier()
    [
        LOOKAHEAD({ sees("UNTIL") }) { Word("UNTIL"); } until = ExpressionText()
    |
        LOOKAHEAD({ getToken(1).kind != COMMA && getToken(1).kind != RPAREN })
        fraction = UnsignedNumericLiteral()
    ]
    { dataset.part(name, until, fraction); }
}

void TrainingFit(TrainingBuilder dataset) :
{
    final SqlIdentifier split;
    final List<SqlNode> items = new ArrayList<SqlNode>();
}
{
    { Word("FIT"); Word("ON"); }
    (
        <ALL> { split = new SqlIdentifier("all", getPos()); }
    |
        split = SimpleIdentifier()
    )
    { InParentheses("FIT ON split (standardize(column), ...)"); }
    <LPAREN> AddSelectItem(items) ( <COMMA> AddSelectItem(items) )* <RPAREN>
    { dataset.fit(split, items); }
}

/** VERIFY, AUDIT, RELEASE, EXPORT, DROP, DESCRIBE and ALTER ... DROP COPY, from the word itself. */
Statement TrainingAction(TrainingStatement.Action action) :
{
    final SqlIdentifier name;
    Integer version = null;
    final boolean ifExists;
}
{
    { getNextToken(); Word("TRAINING"); Word("DATASET"); ifExists = OptionalIf(false); }
    name = CompoundTableIdentifier()
    { if (sees("VERSION")) { version = VersionNumber(); } }
    {
        if (action == TrainingStatement.Action.DROP_COPY) {
            Word("DROP");
            Word("COPY");
        }
        return new Statement.Training(new TrainingStatement.Act(action, name, version, ifExists));
    }
}

Statement DiffTrainingDataset() :
{
    final SqlIdentifier name;
    final int from;
    final int to;
}
{
    { Word("DIFF"); Word("TRAINING"); Word("DATASET"); }
    name = CompoundTableIdentifier()
    { from = VersionNumber(); Word("WITH"); to = VersionNumber(); }
    { return new Statement.Training(new TrainingStatement.Diff(name, from, to)); }
}

Statement ShowTrainingDatasets() :
{
    SqlIdentifier schema = null;
    String like = null;
}
{
    { Word("SHOW"); Word("TRAINING"); Word("DATASETS"); }
    [ ( <FROM> | <IN> ) schema = CompoundTableIdentifier() ]
    [ LOOKAHEAD({ sees("LIKE") }) { Word("LIKE"); } like = Text() ]
    { return new Statement.Training(new TrainingStatement.Show(schema, like)); }
}
