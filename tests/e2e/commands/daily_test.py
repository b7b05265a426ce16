"""clustrctl as a daily tool: examples, CSV, terminals, shares, names of flags, rows by id, and exit codes of status."""

import csv
import fcntl
import io
import json
import os
import pty
import struct
import subprocess
import termios

from harness import environment, pb, rows
from harness.case import ShopTest
from harness.servers import Server, Shop, eventually, free_port


def listed_commands(shop):
    """The names of all commands, as --help lists them."""
    text = shop.ctl("--help").stdout.split("\nCommands\n")[1].split("\n\n")[0]
    return [line.split()[0] for line in text.splitlines()]


def examples(shop, command):
    text = shop.ctl(command, "--help").stdout.split("\nExamples\n")[1].split("\n\n")[0]
    return [line.strip() for line in text.splitlines() if line.strip()]


class ExamplesTest(ShopTest):
    """Each example of each --help is run in a shell, in the order in which the commands are listed."""

    ORDERS = (
        "order,product,description,quantity,price,date,customer\n"
        "1,mug,Mug,4,6.00,2024-01-05,ann\n1,pot,Tea pot,1,24.50,2024-01-05,ann\n2,mug,Mug,1,6.00,2024-01-13,bob\n"
    )

    RULES = (
        '{"name":"year-2024","source":{"engine":"other","engine_version":"1","sales_digest":"a file",'
        '"compute_time":"2024-12-31T00:00:00Z"},"basket_count":10,"rule_count":1}\n'
        '{"antecedents":[1001],"consequents":[1002],"count_a":5,"count_b":4,"count_ab":3}\n'
    )

    def test_every_example_runs(self):
        shop = self.shop
        folder = shop.folder / "examples"
        (folder / "bin").mkdir(parents=True)
        (folder / "bin" / "clustrctl").symlink_to(environment.binary("clustrctl"))
        (folder / "orders.csv").write_text(self.ORDERS)
        (folder / "rules.jsonl").write_text(self.RULES)
        shop.ctl("generate", folder / "shop", "--products=50", "--customers=100", "--baskets=500")
        new = Shop()  # For `migrate`.
        self.addCleanup(new.close)
        for server in (new.catalog, new.sales):
            server.start()
        environ = {
            **os.environ,
            "PATH": f"{folder / 'bin'}:{os.environ['PATH']}",
            "NEW_CATALOG": new.catalog.address,
            "NEW_SALES": new.sales.address,
            "CLUSTR_CATALOG": shop.catalog.address,
            "CLUSTR_SALES": shop.sales.address,
            "CLUSTR_BUNDLES": shop.bundles.address,
        }
        for command in listed_commands(shop):
            lines = examples(shop, command)
            self.assertTrue(lines, f"{command} has no example")
            for line in lines:
                with self.subTest(line):
                    self.assertIn(f"clustrctl {command}", line)
                    if command == "return":  # Of a line with enough units.
                        sale = pb.Sale(sale_id=1, quantity=9)
                        mask = {"paths": ["quantity"]}
                        self.answer(self.sales.sales.UpdateSale, pb.UpdateSaleRequest(sale=sale, update_mask=mask))
                    done = subprocess.run(
                        ["bash", "-euo", "pipefail", "-c", line],
                        cwd=folder, env=environ, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=300,
                        check=False,
                    )
                    self.assertEqual(done.returncode, 0, done.stdout[-1000:] + done.stderr[-1000:])


class DailyTest(ShopTest):
    """Twelve products in random baskets, so that there are rules; the first has the shop's own id `mug`."""

    @classmethod
    def populate(cls):
        products = rows.products(12)
        products[0].external_id = "mug"
        products[1].product_name = '=cmd|\' /C calc\'!A0, "x"'
        products[2].product_name = "a name of more than seventy letters, so that no terminal of eighty shows all of it"
        customers = rows.customers(4, city="Bern")
        revision = rows.import_catalog(cls.shop, products, customers, rows.timeframes(31))
        for n in range(40):
            skus = sorted({n % 3 + 1, n % 4 + 3, n % 5 + 5})
            cls.shop.sales.client.transactions.RecordPurchase(
                rows.purchase(n % 4 + 1, [(sku, 1) for sku in skus], min_catalog_revision=revision)
            )
        cls.shop.ctl("status", "--wait=60")

    def csv(self, *arguments, code=0):
        """The rows of an answer as CSV; every row has as many cells as the header."""
        done = self.ctl("--output=csv", *arguments, code=code)
        header, *lines = csv.reader(io.StringIO(done.stdout), strict=True)
        for line in lines:
            self.assertEqual(len(line), len(header), line)
        return [dict(zip(header, line)) for line in lines]

    def json(self, *arguments):
        return json.loads(self.ctl("--output=json", *arguments).stdout)

    # CSV

    def test_csv_has_the_fields_of_the_answer(self):
        cases = (
            (("rules", "--limit=7"), "rules"),
            (("recommend", "--limit=3"), "recommendations"),
            (("complete", "1"), "recommendations"),
            (("populations",), "values"),
            (("models",), "models"),
            (("top-products",), "top_products"),
            (("revenue", "month"), "groups"),
            (("list", "products", "--limit=5"), "products"),
            (("list", "customers"), "customers"),
            (("list", "timeframes"), "timeframes"),
            (("list", "transactions"), "transactions"),
            (("list", "sales"), "sales"),
        )
        for arguments, field in cases:
            with self.subTest(arguments):
                answer = self.json(*arguments)[field]
                told = self.csv(*arguments)
                self.assertEqual(len(told), len(answer))
                for row, expected in zip(told, answer):
                    for name, value in expected.items():
                        if isinstance(value, (bool, dict)):
                            continue
                        if isinstance(value, list):
                            if value and not isinstance(value[0], dict):
                                self.assertIn(row[name], (",".join(map(str, value)), "; ".join(map(str, value)), "'" + "; ".join(map(str, value))))
                        elif isinstance(value, float) or (isinstance(value, int) and "." in row[name]):
                            self.assertEqual(float(row[name]), value)
                        else:
                            self.assertIn(row[name], (str(value), f"'{value}"))

    def test_csv_of_single_answers_is_one_row(self):
        self.assertEqual(self.csv("summary")[0]["transaction_count"], "40")
        self.assertEqual(len(self.csv("explain", "1", "3")), 1)
        self.assertEqual([row["service"] for row in self.csv("status")], ["catalog", "sales", "bundles"])
        self.assertEqual([row["table"] for row in self.csv("export", self.shop.folder / "copy")], ["products", "customers", "timeframe", "transactions", "sales"])
        self.assertEqual([row["unchanged_count"] for row in self.csv("import", self.shop.folder / "copy")][:2], ["12", "4"])
        self.assertEqual(self.csv("verify"), [])  # No differences.
        self.assertEqual(len(self.csv("watch", "--count=2", "--every=0.1")), 6)

    def test_spreadsheets_do_not_run_names(self):
        told = self.csv("get", "product", "2")[0]
        self.assertEqual(told["product_name"], '\'=cmd|\' /C calc\'!A0, "x"')
        self.assertEqual(self.json("get", "product", "2")["product"]["product_name"], '=cmd|\' /C calc\'!A0, "x"')

    def test_an_unknown_output_is_refused(self):
        self.assertIn('--output: "xml" is unknown; give text, json or csv', self.ctl("--output=xml", "rules", code=2).stderr)

    # Terminals

    def on_a_terminal(self, columns, *arguments, environ=None):
        """What clustrctl prints to a terminal of that width."""
        ours, theirs = pty.openpty()
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
        variables = {name: value for name, value in os.environ.items() if name != "COLUMNS"}
        with subprocess.Popen(
            self.shop._ctl_command(arguments), stdin=subprocess.DEVNULL, stdout=theirs, stderr=subprocess.DEVNULL,
            env={**variables, **(environ or {})},
        ) as process:
            os.close(theirs)
            text = b""
            while True:
                try:
                    part = os.read(ours, 65536)
                except OSError:  # The other end is closed.
                    break
                if not part:
                    break
                text += part
            self.assertEqual(process.wait(60), 0)
        os.close(ours)
        return text.decode().replace("\r\n", "\n").splitlines()

    def test_tables_fit_the_terminal(self):
        name = "a name of more than seventy letters"
        for arguments in (("rules", "--product=3"), ("list", "products"), ("top-products", "--limit=12"), ("populations",)):
            with self.subTest(arguments):
                for columns in (100, 132):
                    lines = self.on_a_terminal(columns, *arguments)
                    self.assertGreater(len(lines), 2)
                    self.assertLessEqual(max(map(len, lines)), columns, lines)
        for kind in ("products", "customers", "timeframes", "transactions", "sales"):
            for columns in (40, 60, 80, 100):
                with self.subTest(kind, columns=columns):
                    lines = self.on_a_terminal(columns, "list", kind)
                    self.assertLessEqual(max(map(len, lines)), columns, lines)
                    self.assertGreater(len(lines), 3)
        for width, environ in ((60, None), (200, {"COLUMNS": "60"})):
            lines = self.on_a_terminal(width, "top-products", "--limit=12", environ=environ)
            self.assertLessEqual(max(map(len, lines)), 60, lines)
            self.assertTrue(any("…" in line for line in lines), lines)
        # A file or a pipe has everything, whatever COLUMNS says.
        os.environ["COLUMNS"] = "40"
        self.addCleanup(os.environ.pop, "COLUMNS")
        whole = self.ctl("top-products", "--limit=12").stdout
        self.assertIn(name, whole)
        self.assertNotIn("…", whole)

    def test_help_fits_the_terminal(self):
        for arguments in (("--help",), ("import", "--help"), ("help", "recommend")):
            lines = self.on_a_terminal(80, *arguments)
            described = [line for line in lines if not line.strip().startswith("clustrctl ")]  # Examples stay whole.
            self.assertLessEqual(max(map(len, described)), 80, lines)
            words = " ".join(self.ctl(*arguments).stdout.split())
            self.assertEqual(" ".join(" ".join(lines).split()), words)

    # Shares

    def test_a_percentage_is_a_share(self):
        for percent, plain in (("--min-support=5%", "--min-support=0.05"), ("--min-confidence=12.5 %", "--min-confidence=0.125")):
            self.assertEqual(self.json("rules", percent)["rules"], self.json("rules", plain)["rules"])
        more = self.ctl("rules", "--min-support=0.7%").stderr
        self.assertEqual(more, self.ctl("rules", "--min-support=0.007").stderr)
        for arguments in (("recommend", "--min-margin-ratio=30%"), ("recommend", "--max-overlap=50%"), ("verify", "--max-p-value=5%")):
            self.ctl(*arguments)
        told = self.ctl("rules", "--min-support=one", code=2).stderr
        self.assertIn('--min-support: "one" is not a share; give for example 0.01 or 1%', told)

    # Names of flags

    def test_refusals_name_flags(self):
        for arguments, told in (
            (("rules", "--min-support=200%"), "--min-support: 2 is not between 0 and 1"),
            (("rules", "--max-items=9"), "--max-items: 9 is above 8"),
            (("rules", "--order-by=colour"), '--order-by: "colour" is not an order'),
            (("rules", "--min-age=200"), "--min-age: 200 is above 150"),
            (("rules", "--from=2024-13-01"), "--from: "),
            (("recommend", "--limit=-1"), "--limit: -1 is below 0"),
            (("list", "products", "--filter=colour = 1"), "--filter: "),
            (("purchase", "--customer=999", "1"), "--customer: catalog has no customer 999"),
        ):
            with self.subTest(arguments):
                self.assertIn(told, self.ctl(*arguments, code=3).stderr)

    def test_bounds_that_keep_products_out_are_named_as_flags(self):
        told = self.ctl("recommend", "--min-support=99%").stderr
        self.assertRegex(told, r"(?m)^without --min-support: [1-9][\d,]* more$")

    # Rows

    def test_get_shows_rows_by_id_and_by_the_shops_own_id(self):
        self.assertEqual(self.json("get", "product", "1"), self.json("get", "product", "mug"))
        self.assertEqual(self.json("get", "products", "1")["product"]["external_id"], "mug")
        self.assertEqual(self.json("get", "customer", "2")["customer"]["city"], "Bern")
        self.assertEqual(self.json("get", "timeframe", "2024-01-07"), self.json("get", "timeframe", "7"))
        purchase = self.json("get", "transaction", "1")
        self.assertEqual({line["transaction_id"] for line in purchase["sales"]}, {"1"})
        told = self.ctl("get", "transaction", "1").stdout
        for line in purchase["sales"]:
            self.assertRegex(told, rf"(?m)^\s*{line['sale_id']} ")
        self.assertEqual(self.json("get", "sale", "1")["sale"]["sale_id"], "1")
        rule = self.json("rules", "--limit=1")["rules"][0]["rule_id"]
        self.assertEqual(self.json("get", "rule", rule)["rule"]["rule_id"], rule)
        self.assertEqual([row["product_sku"] for row in self.csv("get", "product", "3", "mug", "2")], ["3", "1", "2"])
        self.assertRegex(self.ctl("get", "product", "1", "2").stdout, r"(?m)^external_id +mug$")

    def test_get_tells_what_is_wrong(self):
        for arguments, code, told in (
            (("get", "prodct", "1"), 2, 'did you mean "product"?'),
            (("get", "product"), 2, "an argument is missing"),
            (("get", "product", "99"), 3, "99"),
            (("get", "product", "jug"), 3, 'no product with external_id "jug"'),
            (("get", "product", "--external-id", "1"), 3, 'external_id "1"'),
            (("get", "product", 'a "quoted\\ one'), 3, "no product with external_id"),
            (("get", "product", "0"), 2, "names no row"),
            (("get", "sale", "first"), 3, 'no sale with external_id "first"'),
            (("get", "rule", "first"), 2, "is not a whole number"),
            (("list", "rules"), 2, "`clustrctl rules` lists rules"),
            (("list", "products", "--limit=0"), 2, "--limit: 0 is not between 1 and 100,000"),
        ):
            with self.subTest(arguments):
                self.assertIn(told, self.ctl(*arguments, code=code).stderr)

    def test_list_filters_orders_and_pages(self):
        prices = [product["price"] for product in self.json("list", "products", "--filter=price < 5", "--order-by=price desc")["products"]]
        self.assertEqual(prices, [4.25, 3.25, 2.25, 1.25])
        told = self.ctl("list", "product", "--limit=5", "--order-by=price desc")
        self.assertIn("5 of 12 products; for more, raise --limit or give --page-token=", told.stderr)
        token = told.stderr.split("--page-token=")[1].strip()
        rest = self.ctl("list", "product", "--order-by=price desc", f"--page-token={token}")
        self.assertIn("7 of 12 products\n", rest.stderr)
        self.assertEqual(len(told.stdout.splitlines()) + len(rest.stdout.splitlines()), 2 + 12)
        self.assertEqual(self.ctl("list", "products", "--filter=price > 900").stderr, "0 of 0 products\n")
        header = self.ctl("list", "transactions").stdout.splitlines()[0]
        self.assertIn("CUSTOMER ID", header)
        self.assertNotIn("PAYMENT TYPE", header)  # No transaction has one.

    def test_rules_of_a_product_on_either_side(self):
        for order in ("lift desc", "confidence desc, rule_id", "count_ab", "p_value, lift desc", "leverage"):
            whole = self.json("rules", "--product=3", f"--order-by={order}", "--limit=0", "--min-lift=0")
            everything = [rule for page in self.ctl("--output=json", "rules", f"--order-by={order}", "--limit=0", "--min-lift=0").stdout.splitlines() for rule in json.loads(page)["rules"]]
            expected = [rule for rule in everything if "3" in rule["antecedents"] + rule["consequents"]]
            self.assertTrue(expected)
            self.assertEqual(whole["rules"], expected, order)
            self.assertEqual(int(whole["total_size"]), len(expected))
            first = self.json("rules", "--product=3", f"--order-by={order}", "--limit=4", "--min-lift=0")
            self.assertEqual(first["rules"], expected[:4])
        self.assertIn('no product with external_id "x"', self.ctl("rules", "--product=x", code=3).stderr)
        self.assertEqual(self.json("rules", "--product=mug", "--limit=0"), self.json("rules", "--product=1", "--limit=0"))

    # Status

    def test_status_ends_with_5_if_something_is_wrong(self):
        self.ctl("status")
        sales = self.shop.sales
        self.addCleanup(sales.restart)
        self.addCleanup(setattr, sales, "upstreams", sales.upstreams)
        sales.stop()
        self.ctl("status", code=3)  # It does not answer.
        sales.upstreams = [Server("catalog", self.shop.folder, port=free_port())]
        sales.start()
        eventually(lambda: self.shop.ctl("status").returncode == 5, 3, "an exit code of 5")
        told = self.ctl("status", code=5)
        self.assertIn("(not connected)", told.stdout)
