"""Imports the predecessor's sample data and compares answers with figures that are computed here from the CSV files."""

import collections
import csv
import decimal
import itertools

from harness import environment, pb, rows
from harness.case import ShopTest
from harness.reference import Rule, differences, served_rules, thresholds
from harness.servers import Shop

FILES = {
    "products": "products",
    "customers": "customers",
    "timeframe": "timeframes",
    "transactions": "transactions",
    "sales": "sales",
}


class GoldenTest(ShopTest):
    @classmethod
    def setUpClass(cls):
        cls.folder = environment.shared_data("clustr_sample")
        super().setUpClass()

    @classmethod
    def populate(cls):
        cls.tables = {}
        for name in FILES:
            with open(cls.folder / f"{name}.csv", newline="", encoding="utf-8-sig") as file:
                cls.tables[name] = list(csv.DictReader(file))
        cls.imported = cls.shop.ctl("import", cls.folder)
        cls.waited = cls.shop.ctl("status", "--wait=60")

    def client(self, model):
        return self.sales if model in ("transactions", "sales") else self.catalog

    def test_import_stores_every_row(self):
        self.assertEqual(self.imported.returncode, 0, self.imported.stdout + self.imported.stderr)
        for file, model in FILES.items():
            with self.subTest(file):
                self.assertEqual(len(rows.export(self.client(model), model)), len(self.tables[file]))

    def test_stored_rows_have_the_values_of_the_files(self):
        for file, model in FILES.items():
            with self.subTest(file):
                got = rows.export(self.client(model), model)
                key = next(iter(self.tables[file][0]))
                wanted = sorted(self.tables[file], key=lambda row, key=key: int(row[key]))
                for row, message in zip(wanted, got, strict=True):
                    for column, text in row.items():
                        field = message.DESCRIPTOR.fields_by_name[column]
                        value = getattr(message, column)
                        if not text:
                            self.assertFalse(message.HasField(column), (row, column))
                        elif field.cpp_type == field.CPPTYPE_DOUBLE:
                            self.assertEqual(
                                value, float(decimal.Decimal(text).quantize(decimal.Decimal("0.01"))), (row, column)
                            )
                        elif field.cpp_type == field.CPPTYPE_STRING:
                            self.assertEqual(value, text, (row, column))
                        else:
                            self.assertEqual(value, int(text), (row, column))

    def test_587_headers_have_another_amount_than_their_lines(self):
        lines = collections.Counter()
        for row in self.tables["sales"]:
            lines[int(row["transaction_id"])] += decimal.Decimal(row["line_total"])
        served = rows.export(self.sales, "transactions")
        for header in served:
            self.assertEqual(header.lines_total, float(lines[header.transaction_id]))
        self.assertEqual(sum(header.transaction_amount != header.lines_total for header in served), 587)

    def test_there_are_116_default_rules_of_two_items(self):
        baskets = collections.defaultdict(set)
        for row in self.tables["sales"]:
            baskets[row["transaction_id"]].add(int(row["product_sku"]))
        single, pair = collections.Counter(), collections.Counter()
        for basket in baskets.values():
            single.update(basket)
            pair.update(itertools.combinations(sorted(basket), 2))
        total = len(baskets)
        wanted = set()
        for (first, second), count in pair.items():
            for a, c in ((first, second), (second, first)):
                if count / total >= 0.005 and float(count * total) / float(single[a] * single[c]) >= 1:
                    wanted.add(Rule((a,), (c,), single[a], single[c], count, total))
        request = pb.ListAssociationRulesRequest(
            thresholds=thresholds(min_support=0.005, min_lift=1, min_count=1, max_items=2), **self.shop.revisions()
        )
        served, provenance = served_rules(self.bundles, request)
        self.assertEqual(differences(served, wanted), "")
        self.assertEqual(len(served), 116)
        self.assertEqual(provenance.basket_count, total)

    def test_second_import_changes_nothing(self):
        before = self.shop.revisions()
        again = self.ctl("--output=json", "import", self.folder)
        self.assertEqual(self.shop.revisions(), before)
        self.assertNotRegex(again.stdout, r'"(created|updated|failed)_count": ?"?[1-9]')

    def test_importing_the_export_changes_nothing(self):
        out = self.shop.folder / "exported"
        self.ctl("export", out)
        before = self.shop.revisions()
        self.ctl("import", out)
        self.assertEqual(self.shop.revisions(), before)
        for file, rows_of_file in self.tables.items():
            with self.subTest(file), open(out / f"{file}.csv", newline="", encoding="utf-8-sig") as written:
                self.assertEqual(len(list(csv.DictReader(written))), len(rows_of_file))

    def test_json_lines_export_and_import_the_same_rows(self):
        out = self.shop.folder / "json"
        self.ctl("export", "--format=jsonl", out)
        before = self.shop.revisions()
        self.assertEqual(sorted(path.name for path in out.iterdir()), sorted(f"{file}.jsonl" for file in FILES))
        self.ctl("import", out)
        self.assertEqual(self.shop.revisions(), before)
        with Shop() as other:
            imported = other.ctl("import", out)
            self.assertEqual(imported.returncode, 0, imported.stdout + imported.stderr)
            for file, model in FILES.items():
                with self.subTest(file):
                    copies = rows.export(other.sales.client if model in ("transactions", "sales") else other.catalog.client, model)
                    originals = rows.export(self.client(model), model)
                    for row in copies + originals:
                        row.ClearField("revision")
                    self.assertEqual(copies, originals)

    def test_verify_finds_no_difference(self):
        self.assertRegex(self.ctl("verify").stdout, r"\b0 differences")
