"""Bad input for rule queries: thresholds, populations, sides, orders, pages, revisions."""

import math

from bad_input.case import INVALID, LATE, MAX_ID, TOKEN, Bad, not_found
from harness import pb

LIST, VERIFY = "AssociationRuleService.ListAssociationRules", "AssociationRuleService.VerifyAssociationRules"
GET, EXPLAIN = "AssociationRuleService.GetAssociationRule", "AssociationRuleService.ExplainAssociationRule"
VALUES = "AssociationRuleService.ListPopulationValues"
SHARE, NO_DATE = "is not between 0 and 1; give 0 to 1", "is not a date that exists; give YYYY-MM-DD"

#: Field, its value, and the text of the refusal.
THRESHOLDS = [
    *(("min_support", value, f"{value:g} {SHARE}") for value in (math.nan, math.inf, -math.inf, -0.1, 1.1, 1.0000001)),
    *(("min_confidence", value, f"{value:g} {SHARE}") for value in (math.nan, math.inf, -0.1, 1.1)),
    *(("max_p_value", value, f"{value:g} {SHARE}") for value in (math.nan, -0.1, 1.1)),
    *(("min_lift", value, f"{value:g} is not 0 or above; give 0 or more") for value in (math.nan, -1, -math.inf)),
    *(("min_count", value, f"{value} is below 1; give at least 1") for value in (0, -1, -(1 << 63))),
    *(("max_items", value, "is below 2; give at least 2") for value in (1, 0, -1)),
    ("max_items", 9, "9 is above 8; give at most 8"),
    ("max_consequents", 0, "0 is below 1; give at least 1"),
    ("max_consequents", 8, "8 is above 7; give at most 7"),
]
POPULATIONS = [
    ("min_age", -1, "-1 is below 0; give at least 0"),
    ("max_age", 151, "151 is above 150; give at most 150"),
    ("start_date", "2024-02-30", f'"2024-02-30" {NO_DATE}'),
    ("end_date", "yesterday", f'"yesterday" {NO_DATE}'),
    ("end_date", "2024-1-1", f'"2024-1-1" {NO_DATE}'),
    ("cities", ["x"] * 1001, "more than 1000 entries; give at most 1000"),
    ("genders", ["x" * 257], "257 characters; give at most 256"),
    ("channels", ["a", "b\0"], "has the control character U+0000 at position 2; remove it"),
]


def place(field, value, says):
    """Returns the path of a bad value; in a list, the last entry is the bad one."""
    return f"{field}[{len(value) - 1}]" if isinstance(value, list) and "entries" not in says else field


def listing(**fields):
    return pb.ListAssociationRulesRequest(**fields)


def explain(antecedents=(1,), consequents=(2,), **fields):
    return pb.ExplainAssociationRuleRequest(antecedents=antecedents, consequents=consequents, **fields)


SIDES = [
    ("no left side", explain([]), "antecedents", "0 entries; give at least 1"),
    ("no right side", explain([1], []), "consequents", "0 entries; give at least 1"),
    ("one product on both sides", explain([1, 3], [2, 3]), "consequents[1]", "3 is also in antecedents; name each product on one"),
    ("one product twice on the left", explain([1, 1]), "antecedents", "names a product twice; give each once"),
    ("one product twice on the right", explain([1], [2, 2]), "consequents", "names a product twice; give each once"),
    ("nine products on the left", explain(range(1, 10), [20]), "antecedents", "more than 8 entries; give at most 8"),
    ("product 0", explain([0]), "antecedents[0]", "0 is not an id; give an id from 1"),
    ("a product below 0", explain([1], [-2]), "consequents[0]", "-2 is below 1; give an id"),
    ("a product beyond 2^53 - 1", explain([MAX_ID + 1]), "antecedents[0]", "give a smaller id"),
    ("fewer examples than none", explain(example_count=-1), "example_count", "-1 is below 0; give at least 0"),
    ("a population of 2024-02-30", explain(population={"start_date": "2024-02-30"}), "population.start_date", NO_DATE),
]
LISTINGS = [
    ("one product on the left and on the right", listing(antecedent_skus=[1], consequent_skus=[1]), "consequent_skus[0]",
     "1 is also in antecedent_skus; name each product on one side only"),
    ("one product twice on the left", listing(antecedent_skus=[1, 1]), "antecedent_skus", "names a product twice; give each once"),
    ("eight products on the right", listing(consequent_skus=range(1, 9)), "consequent_skus", "more than 7 entries; give at most 7"),
    ("product 0", listing(antecedent_skus=[0]), "antecedent_skus[0]", "0 is not an id; give an id from 1"),
    ("an order by an unknown measure", listing(order_by="price"), "order_by", '"price" is not an order; use one of lift'),
    ("an order that goes up", listing(order_by="lift asc"), "order_by", "use one of lift, confidence"),
    ("an order with an empty part", listing(order_by="lift,"), "order_by", "use one of lift, confidence"),
    ("an order by one measure twice", listing(order_by="lift, lift desc"), "order_by", "name it once"),
    ("a negative page_size", listing(page_size=-1), "page_size", "-1 is below 0; give at least 0"),
    ("a token of 4097 letters", listing(page_token="A" * 4097), "page_token", "4097 characters; give at most 4096"),
    ("more products than a rule of the default size has", listing(antecedent_skus=[1, 2, 3], consequent_skus=[4, 5]),
     "thresholds.max_items", "4, the default, allows no rule with 3 antecedents and 2 consequents, which has at least 5 products;"
     " raise it, or name fewer products"),
    ("more antecedents than max_items leaves", listing(antecedent_skus=[1, 2], thresholds={"max_items": 2}),
     "thresholds.max_items", "2 allows no rule with 2 antecedents and 0 consequents, which has at least 3 products"),
    ("more products than any rule has", listing(antecedent_skus=range(1, 6), consequent_skus=range(6, 11),
                                                thresholds={"max_items": 8}),
     "thresholds.max_items", "which has at least 10 products; name fewer products"),
    ("more consequents than max_consequents", listing(consequent_skus=[1, 2], thresholds={"max_consequents": 1}),
     "thresholds.max_consequents", "1 allows no rule with the 2 products of consequent_skus; raise it, or name fewer"),
    ("an unknown view", listing(view=99), "view", "99 is not a value of RuleView; give one of RULE_VIEW_BASIC"),
]
TOKENS = [
    ("a token of other thresholds", lambda held: listing(page_token=held.tokens[LIST])),
    ("a token of another view", lambda held: listing(page_token=held.tokens[LIST], thresholds={"min_count": 1}, view=2)),
    ("a truncated token", lambda held: listing(page_token=held.tokens[LIST][:-1], thresholds={"min_count": 1})),
    ("a token backwards", lambda held: listing(page_token=held.tokens[LIST][::-1], thresholds={"min_count": 1})),
    ("a nonsense token", lambda held: listing(page_token="nonsense")),
    ("base64 of nothing", lambda held: listing(page_token="====")),
    ("a token of a list of products", lambda held: listing(page_token=held.tokens["ProductService.ListProducts"])),
]
#: RPC, and the function that makes a good request for it.
REVISIONS = [
    (LIST, listing),
    (VERIFY, pb.VerifyAssociationRulesRequest),
    (GET, lambda **fields: pb.GetAssociationRuleRequest(rule_id=1, **fields)),
    (EXPLAIN, explain),
    (VALUES, pb.ListPopulationValuesRequest),
]
TABLE = [
    *(
        Bad(f"{field} of {value}", rpc, ask(thresholds={field: value}), *INVALID, f"thresholds.{field}", says)
        for rpc, ask in REVISIONS[:2]
        for field, value, says in THRESHOLDS
    ),
    *(
        Bad(f"{field} of {str(value)[-20:]}", rpc, ask(population={field: value}), *INVALID,
            f"population.{place(field, value, says)}", says)
        for rpc, ask in REVISIONS[:2]
        for field, value, says in POPULATIONS
    ),
    *(Bad(name, EXPLAIN, request, *INVALID, field, says) for name, request, field, says in SIDES),
    *(Bad(name, LIST, request, *INVALID, field, says) for name, request, field, says in LISTINGS),
    *(Bad(name, LIST, make, *TOKEN, "page_token", "give the next_page_token of the page before") for name, make in TOKENS),
    *(
        Bad(f"a negative {field}", rpc, ask(**{field: -1}), *INVALID, field, "-1 is below 0; give at least 0")
        for rpc, ask in REVISIONS
        for field in ("min_sales_revision", "min_catalog_revision")
    ),
    *(
        Bad(f"a {field} that never comes", rpc, ask(**{field: 1 << 40}), *LATE, "", str(1 << 40))
        for rpc, ask in REVISIONS
        for field in ("min_sales_revision",)
    ),
    Bad("only improving rules", VERIFY, pb.VerifyAssociationRulesRequest(thresholds={"only_improving": True}), *INVALID,
        "thresholds.only_improving", "but every rule is verified; leave it unset"),
    Bad("no rule", GET, pb.GetAssociationRuleRequest(), *INVALID, "rule_id", "is required and missing"),
    Bad("a rule below 0", GET, pb.GetAssociationRuleRequest(rule_id=-1), *INVALID, "rule_id", "-1 is below 1; give at least 1"),
    Bad("an unknown rule", GET, pb.GetAssociationRuleRequest(rule_id=7), *not_found("RULE"), "", "7"),
    Bad("a rule of a population", GET, pb.GetAssociationRuleRequest(rule_id=7, population={"min_age": 30}), *INVALID,
        "population", "leave it unset, or use ListAssociationRules"),
]
