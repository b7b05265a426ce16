"""Prints the first rule of a response of `clustrctl --output=json rules`, which is the argument.

The line has the antecedents and the consequents, each as SKUs separated by commas, and after them every SKU of the rule
as an argument of `clustrctl purchase`. Prints nothing if there is no rule.
"""

import json
import sys


def main():
    rules = json.loads(sys.argv[1]).get("rules", [])
    if rules:
        left, right = rules[0]["antecedents"], rules[0]["consequents"]
        print(",".join(left), ",".join(right), " ".join(f"{sku}:1" for sku in left + right))


if __name__ == "__main__":
    main()
