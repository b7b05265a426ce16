"""Bad input for rule sets: headers, thresholds, streams, names, and rules that cannot be right."""

from grpc import StatusCode

from bad_input.case import INVALID, LATE, ROW_INVALID, ROW_UNKNOWN, TOKEN, Bad
from harness import pb

IMPORT, SETS = "AssociationRuleService.ImportRules", "AssociationRuleService.ListRuleSets"
DELETE, LIST = "AssociationRuleService.DeleteRuleSet", "AssociationRuleService.ListAssociationRules"
NO_SET = (StatusCode.NOT_FOUND, "RULE_SET_NOT_FOUND")
RULE = {"antecedents": [1], "consequents": [2], "count_a": 5, "count_b": 4, "count_ab": 3}
SOURCE = {"engine": "other", "engine_version": "1", "sales_revision": 1, "compute_time": {"seconds": 1}}
NAME = "give 1 to 64 letters, digits"


def header(source=None, **fields):
    source = {key: value for key, value in {**SOURCE, **(source or {})}.items() if value is not None}
    fields = {"name": "bad", "source": source, "basket_count": 10, "rule_count": 1, **fields}
    return pb.RuleSetHeader(**{key: value for key, value in fields.items() if value is not None})


def stream(*rules, **fields):
    rules = [{**RULE, **rule} for rule in rules] or [RULE]
    return [pb.ImportRulesRequest(header=header(**fields)), pb.ImportRulesRequest(rules=rules)]


HEADERS = [
    ("no name", stream(name=None), "header.name", "is required and missing"),
    ("a name that is a path", stream(name="../x"), "header.name", NAME),
    ("a name with a space", stream(name="a b"), "header.name", NAME),
    ("a name of 65 letters", stream(name="a" * 65), "header.name", "65 characters; give at most 64"),
    ("no source", stream(source={key: None for key in SOURCE}), "header.source.engine", "is required and missing"),
    ("no engine", stream(source={"engine": None}), "header.source.engine", "is required and missing"),
    ("no version", stream(source={"engine_version": ""}), "header.source.engine_version", "is required and missing"),
    ("no word on the sales", stream(source={"sales_revision": None}), "header.source.sales_revision", "by one of the two"),
    ("a time before 1970", stream(source={"compute_time": {"seconds": -1}}), "header.source.compute_time", "between 1970 and 9999"),
    ("no baskets", stream(basket_count=None), "header.basket_count", "is required and missing"),
    ("fewer baskets than none", stream(basket_count=-1), "header.basket_count", "-1 is below 1; give at least 1"),
    ("2^53 baskets", stream(basket_count=1 << 53), "header.basket_count", "is above"),
    ("no number of rules", stream(rule_count=None), "header.rule_count", "is required and missing"),
    ("a support of 2", stream(thresholds={"min_support": 2}), "header.thresholds.min_support", "2 is not between 0 and 1"),
    ("a count of 0", stream(thresholds={"min_count": 0}), "header.thresholds.min_count", "0 is below 1; give at least 1"),
    ("only improving rules", stream(thresholds={"only_improving": True}), "header.thresholds.only_improving", "leave it unset"),
    ("a negative revision", stream(min_sales_revision=-1), "header.min_sales_revision", "-1 is below 0; give at least 0"),
    ("one rule too few", stream(rule_count=2), "header.rule_count", "2 is not the number of rules that came, 1"),
    ("one rule too many", stream({}, {"antecedents": [3]}), "header.rule_count", "1 is not the number of rules that came, 2"),
    ("no header", [pb.ImportRulesRequest(rules=[RULE])], "header", "required in the first message"),
    ("nothing", [], "header", "required in the first message"),
    ("two headers", [pb.ImportRulesRequest(header=header()), *stream()], "header", "give it in the first message only"),
    ("1,001 rules in a message", stream(*[{}] * 1001), "rules", "more than 1000 entries; give at most 1000"),
]
RULES = [
    ("no left side", {"antecedents": []}, ROW_INVALID, "antecedents", "0 entries; give at least 1"),
    ("eight products on the right", {"consequents": range(2, 10)}, ROW_INVALID, "consequents", "more than 7 entries"),
    ("nine products", {"antecedents": range(1, 6), "consequents": range(6, 10)}, ROW_INVALID, "consequents", "give at most 8"),
    ("a product on both sides", {"consequents": [1]}, ROW_INVALID, "consequents", "name each product on one side only"),
    ("a product twice", {"antecedents": [1, 1]}, ROW_INVALID, "antecedents", "give each once"),
    ("product 0", {"antecedents": [0]}, ROW_INVALID, "antecedents[0]", "0 is not an id"),
    ("an unknown product", {"antecedents": [999]}, ROW_UNKNOWN, "antecedents", "there is no product 999; create it first"),
    ("no count", {"count_a": 0}, ROW_INVALID, "count_a", "is required and missing"),
    ("a count below 0", {"count_b": -4}, ROW_INVALID, "count_b", "-4 is below 1"),
    ("more with both sides than with one", {"count_ab": 5}, ROW_INVALID, "count_ab", "5 is above count_b, which is 4"),
    ("more than all baskets", {"count_a": 11}, ROW_INVALID, "count_a", "11 is above basket_count, which is 10"),
    ("more with either side than all", {"count_a": 9, "count_ab": 2}, ROW_INVALID, "count_ab", "leaves 11 baskets"),
]
TABLE = [
    *(Bad(f"rule set: {name}", IMPORT, request, *INVALID, field, says) for name, request, field, says in HEADERS),
    *(Bad(f"rule set: {name}", IMPORT, stream(rule), *outcome, field, says) for name, rule, outcome, field, says in RULES),
    Bad("rule set: a revision that never comes", IMPORT, stream(min_sales_revision=1 << 40), *LATE, "", str(1 << 40)),
    Bad("rules of an unknown rule set", LIST, pb.ListAssociationRulesRequest(rule_set="none"), *NO_SET, "", "ListRuleSets names"),
    Bad("rules of a rule set of 65 letters", LIST, pb.ListAssociationRulesRequest(rule_set="x" * 65), *INVALID, "rule_set",
        "65 characters; give at most 64"),
    Bad("a population of a rule set", LIST, pb.ListAssociationRulesRequest(rule_set="x", population={"min_age": 1}), *INVALID,
        "population", "leave it unset"),
    Bad("a negative page_size of rule sets", SETS, pb.ListRuleSetsRequest(page_size=-1), *INVALID, "page_size", "-1 is below 0"),
    Bad("a nonsense token of rule sets", SETS, pb.ListRuleSetsRequest(page_token="nonsense"), *TOKEN, "page_token",
        "give the next_page_token of the page before"),
    Bad("no rule set to delete", DELETE, pb.DeleteRuleSetRequest(), *INVALID, "name", "is required and missing"),
    Bad("an unknown rule set to delete", DELETE, pb.DeleteRuleSetRequest(name="none"), *NO_SET, "", '"none"'),
]
