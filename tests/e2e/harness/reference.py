"""Rules by brute force, with which the answers of bundles are compared. Deliberately slow and simple."""

import collections
import itertools

from harness import pb

Rule = collections.namedtuple("Rule", "antecedents consequents count_a count_b count_ab basket_count")


def baskets(transactions, sales, customers, population=None):
    """Returns the distinct kept products of every transaction in the population, as sets."""
    population = population or pb.Population()
    kept = collections.defaultdict(set)
    for sale in sales:
        if sale.quantity > sale.returned_quantity:
            kept[sale.transaction_id].add(sale.product_sku)
    people = {customer.customer_id: customer for customer in customers}
    return [
        kept[row.transaction_id]
        for row in transactions
        if row.transaction_id in kept and matches(row, people.get(row.customer_id), population)
    ]


def matches(transaction, customer, population):
    """True if the transaction belongs to the population."""
    texts = [
        ("gender", population.genders),
        ("income_level", population.income_levels),
        ("customer_segment", population.customer_segments),
        ("shopping_preference", population.shopping_preferences),
        ("city", population.cities),
    ]
    bounded = population.HasField("min_age") or population.HasField("max_age")
    if bounded or any(values for _, values in texts):
        if customer is None:
            return False
        if bounded and not customer.HasField("age"):
            return False
        if population.HasField("min_age") and customer.age < population.min_age:
            return False
        if population.HasField("max_age") and customer.age > population.max_age:
            return False
        if any(values and getattr(customer, name) not in values for name, values in texts):
            return False
    if population.channels and transaction.channel not in population.channels:
        return False
    if population.payment_types and transaction.payment_type not in population.payment_types:
        return False
    if population.start_date and transaction.purchase_date < population.start_date:
        return False
    return not (population.end_date and transaction.purchase_date > population.end_date)


def itemset_counts(all_baskets, max_items):
    """Counts every set of 1 to max_items products that some basket holds."""
    counts = collections.Counter()
    for basket in all_baskets:
        for size in range(1, min(max_items, len(basket)) + 1):
            counts.update(itertools.combinations(sorted(basket), size))
    return counts


def rules(
    all_baskets, min_support=0.005, min_confidence=0.0, min_lift=1.0, min_count=2, max_items=4, max_consequents=7
):
    """Returns every rule that meets the thresholds; equality meets them."""
    basket_count = len(all_baskets)
    counts = itemset_counts(all_baskets, max_items)
    found = set()
    for items, count in counts.items():
        if len(items) < 2 or count < min_count or float(count) / float(basket_count) < min_support:
            continue
        for size in range(1, len(items)):
            for antecedents in itertools.combinations(items, size):
                consequents = tuple(item for item in items if item not in antecedents)
                if len(consequents) > max_consequents:
                    continue
                count_a, count_b = counts[antecedents], counts[consequents]
                if (
                    float(count) / float(count_a) >= min_confidence
                    and float(count * basket_count) / float(count_a * count_b) >= min_lift
                ):
                    found.add(Rule(antecedents, consequents, count_a, count_b, count, basket_count))
    return found


def served_rules(client, request, timeout=60):
    """Returns all pages of a listing as a set of Rule, and the Provenance of its first page."""
    request.page_size = 1000
    first = answer = client.rules.ListAssociationRules(request, timeout=timeout)
    found = list(answer.rules)
    while answer.next_page_token:
        request.page_token = answer.next_page_token
        answer = client.rules.ListAssociationRules(request, timeout=timeout)
        found.extend(answer.rules)
    as_set = {rule_of(rule) for rule in found}
    assert len(as_set) == len(found) == first.total_size, (len(as_set), len(found), first.total_size)
    return as_set, first.provenance


def rule_of(rule):
    return Rule(
        tuple(rule.antecedents), tuple(rule.consequents), rule.count_a, rule.count_b, rule.count_ab, rule.basket_count
    )


def thresholds(**values):
    return pb.RuleThresholds(**values)


def differences(served, wanted):
    """Describes the differences between two sets of rules in a few lines; empty if they are equal."""
    lines = [f"served, not wanted: {rule}" for rule in sorted(served - wanted)[:5]]
    lines += [f"wanted, not served: {rule}" for rule in sorted(wanted - served)[:5]]
    if lines:
        lines.append(f"{len(served)} served, {len(wanted)} wanted, {len(served & wanted)} in common")
    return "\n".join(lines)
