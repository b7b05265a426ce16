"""Prints how a purchase moved a rule, and fails if the rule did not count it.

Arguments: the customer, and as JSON the responses of `clustrctl purchase`, and of `clustrctl explain` before and after.
"""

import json
import sys

COUNTS = (("count_ab", "both"), ("count_a", "left"), ("count_b", "right"), ("basket_count", "baskets"))
MEASURES = ("support", "confidence", "lift")


def print_purchase(customer, bought):
    lines = ", ".join(f'{sale["quantity"]} x {sale["product_sku"]}' for sale in bought["sales"])
    transaction = bought["transaction"]["transaction_id"]
    print(f'Customer {customer} bought {lines} (transaction {transaction}, sales revision {bought["revision"]}).')


def print_rule(rule):
    names = rule.get("product_names", [])
    left = len(rule["antecedents"])
    print(f'Rule: {" + ".join(names[:left])} => {" + ".join(names[left:])}')


def print_figures(before, after):
    titles = [title for _, title in COUNTS] + list(MEASURES)
    print(" " * 8 + "".join(f"{title:>12}" for title in titles))
    for label, rule in (("before", before), ("after", after)):
        counts = "".join(f"{int(rule[name]):>12,}" for name, _ in COUNTS)
        measures = "".join(f"{float(rule[name]):>12.6f}" for name in MEASURES)
        print(f"{label:8}{counts}{measures}")


def main():
    customer = sys.argv[1]
    bought, before, after = map(json.loads, sys.argv[2:])
    print_purchase(customer, bought)
    print_rule(before["rule"])
    print_figures(before["rule"], after["rule"])
    if int(after["rule"]["count_ab"]) != int(before["rule"]["count_ab"]) + 1:
        sys.exit("quickstart: the purchase was not counted")


if __name__ == "__main__":
    main()
