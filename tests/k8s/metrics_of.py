"""Prints the names of the metrics that PromQL expressions read, a line of JSON for each line of the input, which is one expression as
JSON; fails on one that is no PromQL. Runs in an environment that has promql-parser (manifests.programs)."""

import json
import sys

import promql_parser


def names(node):
    """The names of the selectors below a node of the syntax tree."""
    if isinstance(node, promql_parser.VectorSelector):
        yield node.name
    for part in ("expr", "lhs", "rhs", "vector_selector", "args", "param"):
        below = getattr(node, part, None)
        for child in below if isinstance(below, list) else [below] if below is not None else []:
            yield from names(child)


for line in sys.stdin:
    print(json.dumps(sorted(set(names(promql_parser.parse(json.loads(line)))))))
