"""What clustrctl reports about unreachable services, dangling references, and calls without effect."""

import json
import os
import subprocess

from harness import environment, pb, rows
from harness.case import ShopTest
from harness.servers import Server, Shop, free_port


class StatusTest(ShopTest):
    @classmethod
    def populate(cls):
        cls.revision = rows.import_catalog(cls.shop, rows.products(3), rows.customers(1), rows.timeframes(31))
        cls.shop.sales.client.transactions.RecordPurchase(
            rows.purchase(1, [(1, 1), (2, 1)], min_catalog_revision=cls.revision)
        )

    def test_status_waits_until_each_service_is_connected_to_those_it_follows(self):
        for _ in range(3):
            self.shop.sales.kill()
            self.shop.sales.start()
            answers = [json.loads(line) for line in self.ctl("--output=json", "status", "--wait=60").stdout.splitlines()]
            heads = {answer["service"]: int(answer["revision"]) for answer in answers}
            followed = [upstream for answer in answers for upstream in answer["upstreams"]]
            self.assertEqual([upstream["name"] for upstream in followed], ["catalog", "catalog", "sales"])
            for upstream in followed:
                self.assertTrue(upstream["connected"], answers)
                self.assertEqual(int(upstream["applied_revision"]), heads[upstream["name"]])

    def test_status_names_the_service_that_is_not_connected(self):
        sales = self.shop.sales
        self.addCleanup(sales.restart)
        self.addCleanup(setattr, sales, "upstreams", sales.upstreams)
        sales.stop()
        sales.upstreams = [Server("catalog", self.shop.folder, port=free_port())]
        sales.start()
        told = self.ctl("status", "--wait=5", code=3).stderr
        self.assertIn("sales is not connected to catalog", told)
        self.assertNotIn("bundles is not connected", told)


class UsageTest(ShopTest):
    """Help, suggestions and completion, which need no service."""

    def test_help_has_short_forms(self):
        overview = self.ctl("--help").stdout
        for arguments in (("-h",), ("help",)):
            self.assertEqual(self.ctl(*arguments).stdout, overview)
        page = self.ctl("rules", "--help").stdout
        for arguments in (("rules", "-h"), ("help", "rules")):
            self.assertEqual(self.ctl(*arguments).stdout, page)

    def test_mistyped_names_are_suggested(self):
        for arguments, told in (
            (("rulse",), 'did you mean "rules"?'),
            (("recom",), 'did you mean "recommend"?'),
            (("rules", "--min-suport=1"), 'did you mean "--min-support"?'),
            (("rules", "--limits=1"), 'did you mean "--limit"?'),
        ):
            with self.subTest(arguments):
                self.assertIn(told, self.ctl(*arguments, code=2).stderr)
        self.assertNotIn("did you mean", self.ctl("frobnicate", code=2).stderr)

    def ask(self, *arguments, stdout=subprocess.PIPE, **addresses):
        """Runs clustrctl with some addresses in place of the shop's."""
        flags = [f"--{each.name}={addresses.get(each.name, each.address)}" for each in self.shop.servers]
        command = [environment.binary("clustrctl"), *flags, *arguments]
        return subprocess.run(command, stdout=stdout, stderr=subprocess.PIPE, text=True, timeout=60, check=False)

    def test_an_address_needs_a_port_that_exists(self):
        for address in ("127.0.0.1", "127.0.0.1:99999", "127.0.0.1:", ":50051", "shop:http"):
            with self.subTest(address):
                done = self.ask("status", bundles=address)
                self.assertEqual(done.returncode, 2, done.stderr)
                self.assertIn("does not end with a port from 1 to 65535", done.stderr)

    def test_another_service_at_an_address_is_named(self):
        for command, told in (("status", "this is catalog; give the address of bundles"), ("rules", "has no such call")):
            done = self.ask(command, bundles=self.shop.catalog.address)
            self.assertEqual(done.returncode, 3, done.stderr)
            self.assertIn(told, done.stderr)

    def test_a_watch_that_reaches_no_server_fails(self):
        done = self.ask("watch", "--count=1", sales=f"127.0.0.1:{free_port()}")
        self.assertEqual(done.returncode, 3, done.stderr)
        self.assertIn("unreachable", done.stdout)
        self.assertIn("sales at", done.stderr)

    def test_output_that_is_lost_is_told(self):
        for arguments in (("--help",), ("status",), ("--output=csv", "list", "products"), ("completion", "bash")):
            with self.subTest(arguments), open("/dev/full", "w", encoding="utf-8") as full:
                done = self.ask(*arguments, stdout=full)
                self.assertEqual(done.returncode, 3, done.stderr)
                self.assertIn("the output could not be written", done.stderr)

    def test_a_backup_replaces_no_device_and_no_link(self):
        link = self.shop.folder / "link"
        link.symlink_to(self.shop.folder / "elsewhere")
        for path in (link, "/dev/null"):
            self.assertIn("is no ordinary file", self.ctl("backup", path, "--force", code=3).stderr)
        self.assertTrue(link.is_symlink())

    def test_bash_completes_commands_and_flags(self):
        script = self.ctl("completion", "bash").stdout
        for words, expected in (
            (("clustrctl", "rev"), ["revenue"]),
            (("clustrctl", "rules", "--min-l"), ["--min-lift"]),
            (("clustrctl", "list", "t"), ["timeframe", "transaction"]),
            (("clustrctl", "get", "r"), ["rule"]),
        ):
            line = " ".join(words)
            done = subprocess.run(
                ["bash"],
                input=f"{script}\nCOMP_WORDS=({line}) COMP_CWORD={len(words) - 1}\n_clustrctl\necho ${{COMPREPLY[@]}}\n",
                env={**os.environ, "PATH": f"{environment.BUILD / 'bin'}:{os.environ['PATH']}"},
                capture_output=True,
                text=True,
                timeout=60,
                check=True,
            )
            self.assertEqual(done.stdout.split(), expected, done.stderr)
        for shell in ("zsh", "fish"):
            self.assertIn("product customer timeframe transaction sale rule", self.ctl("completion", shell).stdout)
        self.assertIn("give bash, zsh or fish", self.ctl("completion", "csh", code=2).stderr)


class OutputTest(ShopTest):
    """Three products, two customers, days of January 2024, one purchase of products 1 and 2."""

    @classmethod
    def populate(cls):
        cls.revision = rows.import_catalog(cls.shop, rows.products(3), rows.customers(2), rows.timeframes(31))
        cls.shop.sales.client.transactions.RecordPurchase(
            rows.purchase(1, [(1, 1), (2, 1)], min_catalog_revision=cls.revision)
        )

    def test_a_validated_purchase_is_not_reported_as_recorded(self):
        before = self.status(self.sales)
        told = self.ctl("purchase", "--customer=1", "--date=2024-01-05", "--validate-only", "3:2").stdout
        self.assertIn("validated only, nothing was recorded", told)
        self.assertIn("6.50", told)
        self.assertNotIn("transaction", told)
        self.assertNotIn("revision", told)
        self.assertEqual(self.status(self.sales).revision, before.revision)

    def test_an_import_prints_the_revisions_of_services_that_received_a_file(self):
        folder = self.shop.folder / "catalog_only"
        folder.mkdir()
        (folder / "products.csv").write_text("product_sku,product_name,price\n1,Product 1,1.25\n")
        told = self.ctl("import", folder).stdout
        self.assertRegex(told, r"(?m)^catalog revision [1-9]\d*$")
        folder = self.shop.folder / "sales_only"
        folder.mkdir()
        (folder / "transactions.csv").write_text("transaction_id,customer_id,time_id\n900,1,3\n")
        told = self.ctl("import", folder).stdout
        self.assertRegex(told, r"(?m)^sales revision [1-9]\d*$")

    def test_units_are_returned_by_order_number_and_product(self):
        request = rows.purchase(1, [(1, 3), (2, 1), (2, 2)], min_catalog_revision=self.revision)
        request.transaction.external_id = "A-7"
        stored = self.shop.sales.client.transactions.RecordPurchase(request)
        first, *others = [line.sale_id for line in stored.sales]
        told = self.ctl("return", "--transaction=A-7", "--product=1", "--quantity=2").stdout
        self.assertIn(f"sale {first} of transaction A-7: 2 of 3 units of product 1 came back", told)
        told = self.ctl("return", f"--transaction={stored.transaction.transaction_id}", "--product=1").stdout
        self.assertIn("3 of 3 units", told)
        for flags, code, told in (
            (("--transaction=A-7", "--product=2"), 3, f"has 2 lines of product 2, the sales {others[0]} (0 of 1 units returned) and {others[1]} (0 of 2 units returned); give one of these as SALE_ID"),
            (("--transaction=A-7", "--product=3"), 3, "transaction A-7 has no line of product 3"),
            (("--transaction=A-7", "--product=1"), 3, "quantity"),
            (("--transaction=A-8", "--product=1"), 3, 'no transaction with external_id "A-8"'),
            (("--transaction=A-7",), 2, "--transaction and --product together name a sale; give both, or SALE_ID instead"),
            (("--transaction=A-7", "--product=1", first), 2, "one argument too many"),
        ):
            with self.subTest(flags):
                self.assertIn(told, self.ctl("return", *flags, code=code).stderr)

    def test_one_file_is_proposed_as_order_lines(self):
        path = self.shop.folder / "day.csv"
        path.write_text("order,product,quantity,price,date\n1,mug,1,2.00,2024-01-05\n")
        told = self.ctl("import", path, code=2).stderr
        self.assertIn(f'"{path}" is one file; if it holds order lines, say clustrctl import --flat={path}', told)
        folder = self.shop.folder / "orders_only"
        folder.mkdir()
        path.rename(folder / "day.csv")
        self.assertIn("or one file of order lines with --flat=FILE", self.ctl("import", folder, code=3).stderr)

    def test_an_import_names_all_that_rows_refer_to_and_is_missing(self):
        folder = self.shop.folder / "unknown"
        folder.mkdir()
        lines = "".join(f"{600 + n},1,{700 + n % 25},1\n" for n in range(50))
        (folder / "sales.csv").write_text("sale_id,transaction_id,product_sku,quantity\n" + lines)
        told = self.ctl("import", folder, code=1).stderr
        names = ", ".join(f"product {700 + n}" for n in range(20))
        self.assertIn(f"sales.csv: not stored, though rows refer to it: {names} and 5 more\n", told)

    def test_an_import_as_json_names_each_table(self):
        out = self.shop.folder / "as_json"
        self.ctl("export", out)
        told = [json.loads(line) for line in self.ctl("--output=json", "import", out).stdout.splitlines()]
        self.assertEqual(
            [answer["table"] for answer in told], ["products", "customers", "timeframe", "transactions", "sales"]
        )
        self.assertEqual({int(answer["summary"]["failed_count"]) for answer in told}, {0})

    def test_revenue_accepts_the_short_and_the_long_name_of_a_dimension(self):
        usage = self.ctl("revenue", "--help").stdout
        words = self.ctl("revenue", "colour", code=2).stderr.split("give one of ")[1].splitlines()[0].split(", ")
        self.assertEqual(len(words), len(pb.RevenueDimension.keys()) - 1)
        for word in words:
            self.assertIn(word, usage)
            self.ctl("revenue", word)
        for short, long in (
            ("category", "product-category"),
            ("brand", "product-brand"),
            ("segment", "customer-segment"),
        ):
            self.assertEqual(
                self.ctl("--output=json", "revenue", short).stdout, self.ctl("--output=json", "revenue", long).stdout
            )
        self.ctl("revenue", "type", code=2)

    def test_an_empty_population_is_reported(self):
        says = "the population is empty; `clustrctl populations` lists the values"
        for command in ("rules", "recommend"):
            self.assertIn(says, self.ctl(command, "--city=Nowhere").stderr)
            self.assertNotIn(says, self.ctl(command).stderr)

    def test_a_purchase_that_sales_refused_is_reported_as_not_recorded(self):
        self.shop.catalog.stop()
        told = self.ctl("purchase", "--customer=1", "--date=2024-01-05", "77", code=3).stderr
        self.assertIn("the purchase was not recorded", told)
        self.assertNotIn("not known", told)

    def test_a_purchase_without_an_answer_is_reported_as_unknown(self):
        self.shop.sales.stop()
        told = self.ctl("purchase", "--customer=1", "--request-id=r-1", "1", code=3).stderr
        self.assertIn("It is not known whether the purchase was recorded", told)
        self.assertIn("--request-id=r-1", told)


class LostReferencesTest(ShopTest):
    @classmethod
    def populate(cls):
        revision = rows.import_catalog(cls.shop, rows.products(4), rows.customers(3), rows.timeframes(31))
        for customer, day, skus in ((1, 5, (1, 2)), (1, 6, (1,)), (2, 7, (3, 4)), (3, 8, (4,))):
            cls.shop.sales.client.transactions.RecordPurchase(
                rows.purchase(
                    customer,
                    [(sku, 1) for sku in skus],
                    purchase_date=f"2024-01-{day:02}",
                    min_catalog_revision=revision,
                )
            )

    def test_an_export_reports_what_an_import_elsewhere_refuses(self):
        self.assertEqual(self.ctl("export", self.shop.folder / "whole").stderr, "")
        self.answer(self.catalog.products.DeleteProduct, pb.DeleteProductRequest(product_sku=1))
        self.answer(self.catalog.customers.DeleteCustomer, pb.DeleteCustomerRequest(customer_id=2))
        self.answer(self.catalog.timeframes.DeleteTimeframe, pb.DeleteTimeframeRequest(time_id=8))
        told = self.ctl("export", self.shop.folder / "partly").stderr
        for line in (
            "1 rows of transactions refer to customers that catalog no longer has; an import elsewhere refuses them",
            "1 rows of transactions refer to timeframe that catalog no longer has; an import elsewhere refuses them",
            "2 rows of sales refer to products that catalog no longer has; an import elsewhere refuses them",
            "3 rows of sales refer to transactions that such an import refuses; it refuses these rows as well",
        ):
            self.assertIn(line, told)
        with Shop() as other:
            imported = other.ctl("--output=json", "import", self.shop.folder / "partly")
            self.assertEqual(imported.returncode, 1, imported.stderr)
            failed = {
                answer["table"]: int(answer["summary"]["failed_count"])
                for answer in map(json.loads, imported.stdout.splitlines())
            }
            self.assertEqual((failed["transactions"], failed["sales"]), (2, 5))
