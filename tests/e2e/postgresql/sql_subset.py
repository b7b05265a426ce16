"""What PostgreSQL must be able to do for the servers: the constructs of SQL in statements, as its own parser reads them."""

import importlib.util
import json
import re
import textwrap

from harness import environment

CATEGORIES = ("statements", "clauses", "functions", "types", "operators", "settings", "catalogue")
SUBQUERIES = {"ANY_SUBLINK": "IN (SELECT …)", "EXISTS_SUBLINK": "EXISTS (SELECT …)", "EXPR_SUBLINK": "(SELECT …) as a value"}
EXPRESSIONS = {
    "CaseExpr": "CASE",
    "CoalesceExpr": "COALESCE",
    "NullTest": "IS NULL",
    "RowExpr": "rows compared",
    "MinMaxExpr": "GREATEST, LEAST",
    "A_ArrayExpr": "ARRAY[…]",
}
#: Statements that a test sends itself are those of other programs.
APPLICATION = "clustr"
#: How a line of the log begins: a simple statement, or one that was prepared.
MESSAGE = re.compile(r"(?:statement|execute [^:]+): (.*)", re.DOTALL)


def statements(log):
    """Yields the text of each different statement of the servers that a log of PostgreSQL, in the format jsonlog, has."""
    seen = set()
    with open(log, encoding="utf-8", errors="replace") as lines:
        for line in lines:
            entry = json.loads(line)
            message = MESSAGE.match(entry.get("message", ""))
            if entry.get("application_name") == APPLICATION and message and message.group(1) not in seen:
                seen.add(message.group(1))
                yield message.group(1)


def _fields(node):
    return ((name, getattr(node, name, None)) for name in node)


def _walk(node):
    """Yields each node of a syntax tree."""
    if isinstance(node, (tuple, list)):
        for each in node:
            yield from _walk(each)
    elif hasattr(node, "__slots__") and type(node).__module__ == "pglast.ast":
        yield node
        for _, value in _fields(node):
            yield from _walk(value)


def _name(names):
    return ".".join(part.sval for part in names if part.sval != "pg_catalog")


def _spaced(name):
    """AddColumn as ADD COLUMN."""
    return re.sub(r"(?<!^)(?=[A-Z])", " ", name).upper()


def constructs(sql):
    """Yields (category, construct) of everything in a text of one or more statements."""
    from pglast import parse_sql  # a package that not every machine has

    for raw in parse_sql(sql):
        yield from _of_statement(raw.stmt)
        for node in _walk(raw.stmt):
            yield from _of_node(type(node).__name__, node)


def _of_statement(node):
    kind = type(node).__name__
    name = _spaced(kind.removesuffix("Stmt"))
    if kind == "TransactionStmt":
        name = node.kind.name.removeprefix("TRANS_STMT_").replace("_", " ")
        for option in node.options or ():
            yield "clauses", f"BEGIN with {option.defname}"
    elif kind == "CopyStmt":
        name = f"COPY {'FROM' if node.is_from else 'TO'} STDIN ({', '.join(f'{o.defname} {o.arg.sval}' for o in node.options)})"
    elif kind == "VariableSetStmt":
        name = "SET LOCAL" if node.is_local else "SET"
    elif kind == "VariableShowStmt":
        name = "SHOW"
    elif kind == "RenameStmt":
        name = f"ALTER TABLE RENAME {node.renameType.name.removeprefix('OBJECT_')}"
    elif kind == "AlterTableStmt":
        name = "ALTER TABLE " + ", ".join(_spaced(each.subtype.name.removeprefix("AT_")) for each in node.cmds)
    elif kind == "DropStmt":
        name = f"DROP {node.removeType.name.removeprefix('OBJECT_')}"
    elif kind == "IndexStmt":
        name = "CREATE UNIQUE INDEX" if node.unique else "CREATE INDEX"
    elif kind == "CreateStmt":
        name = "CREATE TABLE"
    elif kind == "ClosePortalStmt":
        name = "CLOSE"
    yield "statements", name


def _of_node(kind, node):
    if kind == "OnConflictClause":
        yield "clauses", f"ON CONFLICT {node.action.name.removeprefix('ONCONFLICT_')}"
    elif kind == "LockingClause":
        yield "clauses", node.strength.name.removeprefix("LCS_").replace("FOR", "FOR ")
    elif kind == "CollateClause":
        yield "clauses", f"COLLATE {_name(node.collname)}"
    elif kind == "JoinExpr":
        yield "clauses", f"{node.jointype.name.removeprefix('JOIN_')} JOIN"
    elif kind == "WithClause":
        yield "clauses", "WITH RECURSIVE" if node.recursive else "WITH"
    elif kind == "SubLink":
        yield "clauses", SUBQUERIES.get(node.subLinkType.name, node.subLinkType.name)
    elif kind == "RangeFunction":
        yield "clauses", "function in FROM"
    elif kind == "SortBy" and node.sortby_nulls.name != "SORTBY_NULLS_DEFAULT":
        yield "clauses", node.sortby_nulls.name.removeprefix("SORTBY_").replace("_", " ")
    elif kind == "SelectStmt":
        yield from _of_select(node)
    elif kind == "Constraint":
        yield "clauses", f"constraint {node.contype.name.removeprefix('CONSTR_')}"
    elif kind == "IndexStmt" and node.whereClause is not None:
        yield "clauses", "partial index"
    elif kind in ("InsertStmt", "UpdateStmt", "DeleteStmt") and node.returningList:
        yield "clauses", "RETURNING"
    elif kind in EXPRESSIONS:
        yield "clauses", EXPRESSIONS[kind]
    elif kind == "FuncCall":
        yield "functions", _name(node.funcname)
    elif kind == "SQLValueFunction":
        yield "functions", node.op.name.removeprefix("SVFOP_").lower()
    elif kind == "TypeName":
        yield "types", _name(node.names) + ("[]" if node.arrayBounds else "")
    elif kind == "A_Expr":
        operator = _name(node.name)
        yield "operators", {"AEXPR_OP_ANY": f"{operator} ANY", "AEXPR_IN": "IN", "AEXPR_LIKE": "LIKE"}.get(node.kind.name, operator)
    elif kind == "VariableSetStmt":
        yield "settings", node.name
    elif kind == "RangeVar" and node.relname.startswith("pg_"):
        yield "catalogue", node.relname


def _of_select(node):
    if node.op.name != "SETOP_NONE":
        yield "clauses", node.op.name.removeprefix("SETOP_") + (" ALL" if node.all else "")
    for field, name in (("distinctClause", "DISTINCT"), ("groupClause", "GROUP BY"), ("havingClause", "HAVING"),
                        ("sortClause", "ORDER BY"), ("limitCount", "LIMIT"), ("limitOffset", "OFFSET"),
                        ("windowClause", "WINDOW"), ("valuesLists", "VALUES")):
        if getattr(node, field):
            yield "clauses", name


def has_parser():
    """True if Debian's python3-pglast is installed."""
    return importlib.util.find_spec("pglast") is not None


def found(log):
    """The constructs of all statements of a log, by their category."""
    seen = {category: set() for category in CATEGORIES}
    for text in statements(log):
        for category, construct in constructs(text):
            seen[category].add(construct)
    return seen


def block(seen):
    """The lines of docs/scaling.md for constructs."""
    named = (f"{category}: {'; '.join(sorted(seen[category]))}" for category in CATEGORIES)
    return "\n".join(textwrap.fill(line, 118, subsequent_indent="    ", break_on_hyphens=False) for line in named) + "\n"


def documented():
    """The constructs that docs/scaling.md names, by their category."""
    page = (environment.ROOT / "docs" / "scaling.md").read_text()
    lines = re.sub(r"\n +", " ", re.search(r"```sql-subset\n(.*?)```", page, re.DOTALL).group(1)).splitlines()
    return {category: set(names.split("; ")) for category, names in (line.split(": ", 1) for line in lines)}


def unknown(log):
    """The constructs of a log that docs/scaling.md does not name."""
    known = documented()
    return {category: sorted(new) for category, seen in found(log).items() if (new := seen - known[category])}
