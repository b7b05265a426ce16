"""UCI Online Retail as one file in UCI's own format makes the same shop as the five tables that it was split into."""

import collections
import random
import shutil
import unittest

from harness import environment, flat_files, pb
from harness.flat_case import FlatTest, codes_of
from harness.reference import differences, served_rules, thresholds
from harness.servers import Shop

GUEST = "99999"


class OnlineRetailTest(FlatTest):
    def setUp(self):
        super().setUp()
        self.data = environment.shared_data("online_retail")

    def returns(self, joined):
        """Random returns of lines whose customer bought the product once, as (sale, cells, units)."""
        bought = collections.Counter((header["customer_id"], sale["product_sku"]) for header, sale, _ in joined)
        chance = random.Random(5)
        once = [
            (header, sale, cells)
            for header, sale, cells in joined
            if bought[header["customer_id"], sale["product_sku"]] == 1 and header["customer_id"] != GUEST
        ]
        return [
            (sale, cells, chance.choice([int(cells[3]), chance.randint(1, int(cells[3]))]))
            for _, sale, cells in chance.sample(once, 2000)
        ]

    def tables(self, folder, joined, returned):
        """Writes the five tables, with totals computed from quantity and price, and with the returned units."""
        folder.mkdir()
        for name in ("products", "customers", "timeframe"):
            shutil.copy(self.data / f"{name}.csv.gz", folder)
        amounts = collections.Counter()
        sales = []
        for header, sale, _ in joined:
            amounts[header["transaction_id"]] += int(sale["quantity"]) * round(float(sale["unit_price"]) * 100)
            cells = [sale[name] for name in ("sale_id", "transaction_id", "product_sku", "quantity", "unit_price")]
            sales.append([*cells, returned.get(sale["sale_id"], 0)])
        headers = {header["transaction_id"]: header for header, _, _ in joined}.values()
        flat_files.write(
            folder / "transactions.csv",
            [
                [row["transaction_id"], row["customer_id"], row["time_id"], amounts[row["transaction_id"]] / 100]
                for row in headers
            ],
            ("transaction_id", "customer_id", "time_id", "transaction_amount"),
        )
        columns = ("sale_id", "transaction_id", "product_sku", "quantity", "unit_price", "returned_quantity")
        flat_files.write(folder / "sales.csv", sales, columns)

    def figures(self, shop, codes):
        revisions = shop.revisions()
        summary = shop.sales.client.analytics.GetSalesSummary(pb.GetSalesSummaryRequest())
        summary.ClearField("revision")
        request = pb.ListAssociationRulesRequest(thresholds=thresholds(min_support=0.006, min_lift=1), **revisions)
        served, provenance = served_rules(shop.bundles.client, request)
        named = {
            rule._replace(
                antecedents=tuple(sorted(codes[sku] for sku in rule.antecedents)),
                consequents=tuple(sorted(codes[sku] for sku in rule.consequents)),
            )
            for rule in served
        }
        months = pb.QueryRevenueRequest(dimension=pb.REVENUE_DIMENSION_MONTH)
        groups = shop.sales.client.analytics.QueryRevenue(months).groups
        return summary, named, provenance.basket_count, list(groups)

    def test_one_file_and_five_tables_make_the_same_shop(self):
        joined = flat_files.uci_lines(self.data, GUEST)
        returned = self.returns(joined)
        lines = [cells for _, _, cells in joined]
        lines += [["C" + cells[0], *cells[1:3], -units, *cells[4:]] for _, cells, units in returned]
        random.Random(6).shuffle(lines)
        malformed = random.Random(7).sample(range(len(lines)), 50)
        for place in sorted(malformed, reverse=True):
            lines.insert(place, ["536365", "22423", "TEA", "many", "12/1/2010 8:26", "2.55", "17850", "France"])
        path = self.file(lines, flat_files.UCI, "online_retail.csv")
        answer, told = self.flat(path, f"--guest={GUEST}", code=1)
        self.assertEqual(answer["refused_row_count"], 50, told[-2000:])
        self.assertEqual(answer["unmatched_return_count"], 0, told[-2000:])
        self.assertEqual(
            [row["row"] for row in answer["refused_rows"]],
            [number for number, line in enumerate(lines, 1) if line[3] == "many"],
        )
        self.assertEqual(self.counts(answer)["transactions"], (len({line[0] for _, _, line in joined}), 0, 0))
        self.assertEqual(self.counts(answer)["sales"], (len(joined), 0, 0))
        self.assertEqual(self.counts(answer)["returns"], (len(returned), 0, 0))
        again = self.assert_again_is_unchanged(path, f"--guest={GUEST}", code=1)
        self.assertEqual(self.counts(again)["returns"], (0, 0, len(returned)))

        ours = self.figures(self.shop, codes_of(self.shop))
        with Shop() as other:
            folder = other.folder / "tables"
            self.tables(folder, joined, {sale["sale_id"]: units for sale, _, units in returned})
            done = other.ctl("import", folder)
            self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
            theirs = self.figures(other, {sku: str(sku) for sku in codes_of(other)})
        self.assertEqual(ours[0], theirs[0])
        self.assertEqual(differences(ours[1], theirs[1]), "")
        self.assertGreater(len(ours[1]), 1000)
        self.assertEqual(ours[2:], theirs[2:])


if __name__ == "__main__":
    unittest.main()
