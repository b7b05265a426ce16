"""Rules that another engine mined: imported, listed like the live ones, kept, and refused where they cannot be right."""

import json
import random
import threading

import grpc
from google.protobuf import json_format
from grpc import StatusCode

from harness import pb, rows
from harness.case import ShopTest
from harness.servers import eventually

LOOSE = {"min_support": 0.01, "min_lift": 0.0, "min_count": 2}
NOT_FOUND = (StatusCode.NOT_FOUND, "RULE_SET_NOT_FOUND")
EXISTS = (StatusCode.ALREADY_EXISTS, "RULE_SET_EXISTS")
INVALID = (StatusCode.INVALID_ARGUMENT, "FIELD_INVALID")


def counted(rule):
    return pb.CountedRule(
        antecedents=rule.antecedents,
        consequents=rule.consequents,
        count_a=rule.count_a,
        count_b=rule.count_b,
        count_ab=rule.count_ab,
    )


def header(name, rules, **fields):
    source = pb.RuleSetSource(engine="test", engine_version="1", job="rule_sets_test", sales_revision=3)
    source.compute_time.FromJsonString("2024-05-06T07:08:09Z")
    fields = {"source": source, "basket_count": 500, "rule_count": len(rules), "thresholds": LOOSE, **fields}
    return pb.RuleSetHeader(name=name, **fields)


def as_json(message):
    return json_format.MessageToJson(message, indent=None, preserving_proto_field_name=True)


def messages(head, rules, size=1000):
    """The stream of an import, in messages of `size` rules."""
    yield pb.ImportRulesRequest(header=head)
    for start in range(0, len(rules), size):
        yield pb.ImportRulesRequest(rules=rules[start : start + size])


class RuleSetsTest(ShopTest):
    @classmethod
    def populate(cls):
        products = rows.products(12)
        for product in products[:6]:
            product.external_id = f"sku-{product.product_sku}"
        revision = rows.import_catalog(cls.shop, products, rows.customers(5), rows.timeframes(31))
        chance = random.Random(5)
        headers, lines = [], []
        for number in range(1, 501):
            headers.append(pb.Transaction(transaction_id=number, customer_id=1 + number % 5, time_id=1 + number % 31))
            for sku in chance.sample(range(1, 11), chance.randint(2, 5)):
                lines.append(pb.Sale(sale_id=len(lines) + 1, transaction_id=number, product_sku=sku, quantity=1))
        rows.import_rows(cls.shop.sales.client, headers, min_catalog_revision=revision)
        rows.import_rows(cls.shop.sales.client, lines)
        cls.live = cls.listed(thresholds=LOOSE, **cls.shop.revisions())
        cls.counted = [counted(rule) for rule in cls.live]

    @classmethod
    def listed(cls, **fields):
        """All pages of a listing."""
        request = pb.ListAssociationRulesRequest(**fields)
        request.page_size = request.page_size or 1000
        found = []
        while True:
            page = cls.shop.bundles.client.rules.ListAssociationRules(request)
            found.extend(page.rules)
            if not page.next_page_token:
                return found
            request.page_token = page.next_page_token

    def send(self, head, rules=None, **options):
        return self.answer(self.bundles.rules.ImportRules, messages(head, self.counted if rules is None else rules, **options))

    def names(self):
        return [one.name for one in self.answer(self.bundles.rules.ListRuleSets, pb.ListRuleSetsRequest()).rule_sets]

    def delete(self, name):
        return self.answer(self.bundles.rules.DeleteRuleSet, pb.DeleteRuleSetRequest(name=name)).rule_set

    def refuse(self, refusal, head, rules=None, field=None):
        before = self.names()
        stream = messages(head, self.counted if rules is None else rules)
        got = self.refused(*refusal, self.bundles.rules.ImportRules, stream, field)
        self.assertEqual(self.names(), before)
        return got

    def test_an_imported_set_lists_as_the_live_rules_do(self):
        stored = self.send(header("same", self.counted)).rule_set
        self.addCleanup(self.delete, "same")
        self.assertEqual((stored.rule_count, stored.failed_count), (len(self.live), 0))
        *_, last = self.bundles.rules.VerifyAssociationRules(pb.VerifyAssociationRulesRequest(thresholds=LOOSE))
        self.assertEqual(stored.digest, last.verdict.digest)
        chance = random.Random(8)
        orders = ["", "lift", "confidence desc, support", "count_ab desc", "leverage", "p_value", "rule_id desc"]
        for _ in range(60):
            asked = {"min_support": chance.choice([0.01, 0.02, 0.05]), "min_lift": chance.choice([0, 0.9, 1.1]), "min_count": 2}
            if chance.random() < 0.5:
                asked["min_confidence"] = chance.choice([0.1, 0.3, 0.5])
            if chance.random() < 0.3:
                asked["max_items"] = chance.randint(2, 4)
            if chance.random() < 0.3:
                asked["max_consequents"] = chance.randint(1, 3)
            if chance.random() < 0.2:
                asked["max_p_value"] = 0.2
            if chance.random() < 0.3:
                asked["only_improving"] = True
            query = {"thresholds": asked, "order_by": chance.choice(orders), "page_size": chance.choice([7, 100, 1000])}
            query["view"] = chance.choice([pb.RULE_VIEW_BASIC, pb.RULE_VIEW_FULL])
            if chance.random() < 0.3:
                query["antecedent_skus"] = [chance.randint(7, 10)]
            if chance.random() < 0.3:
                query["consequent_external_ids"] = [f"sku-{chance.randint(1, 6)}"]
            with self.subTest(query=query):
                self.assertEqual(self.listed(rule_set="same", **query), self.listed(**query))

    def test_an_answer_says_where_the_rules_are_from(self):
        self.send(header("told", self.counted))
        self.addCleanup(self.delete, "told")
        request = pb.ListAssociationRulesRequest(rule_set="told", thresholds={"min_support": 0.001}, page_size=1)
        page = self.answer(self.bundles.rules.ListAssociationRules, request)
        source = page.rule_set.source
        self.assertEqual((source.engine, source.engine_version, source.sales_revision), ("test", "1", 3))
        self.assertEqual(source.compute_time.ToJsonString(), "2024-05-06T07:08:09Z")
        self.assertEqual((page.provenance.sales_revision, page.provenance.basket_count), (3, 500))
        self.assertIn("mined with a minimum support of 0.01", " ".join(page.hints))
        self.assertEqual(page.total_size, len(self.live))
        live = self.answer(self.bundles.rules.ListAssociationRules, pb.ListAssociationRulesRequest())
        self.assertFalse(live.HasField("rule_set"))

    def test_without_thresholds_all_of_its_rules_are_listed(self):
        self.send(header("all", self.counted))
        self.addCleanup(self.delete, "all")
        self.assertEqual(len(self.listed(rule_set="all")), len(self.live))

    def test_a_population_of_a_set_is_refused(self):
        request = pb.ListAssociationRulesRequest(rule_set="any", population={"min_age": 30})
        self.refused(*INVALID, self.bundles.rules.ListAssociationRules, request, "population")

    def test_a_set_that_is_not_there(self):
        request = pb.ListAssociationRulesRequest(rule_set="nowhere")
        self.refused(*NOT_FOUND, self.bundles.rules.ListAssociationRules, request)
        self.refused(*NOT_FOUND, self.bundles.rules.DeleteRuleSet, pb.DeleteRuleSetRequest(name="nowhere"))

    def test_an_equal_stream_is_answered_as_done_and_another_one_refused(self):
        first = self.send(header("once", self.counted))
        self.addCleanup(self.delete, "once")
        again = self.send(header("once", self.counted), size=7)
        self.assertTrue(again.replayed and not first.replayed)
        self.assertEqual(again.rule_set, first.rule_set)
        self.refuse(EXISTS, header("once", self.counted[:-1]), self.counted[:-1])
        self.refuse(EXISTS, header("once", self.counted, basket_count=501))

    def test_a_stream_that_ends_early_stores_nothing(self):
        self.refuse(INVALID, header("early", self.counted), self.counted[:-1], "header.rule_count")
        self.refuse(INVALID, header("early", self.counted[1:]), self.counted, "header.rule_count")
        self.refused(*INVALID, self.bundles.rules.ImportRules, iter([]), "header")

        def broken():
            yield from messages(header("early", self.counted), self.counted)
            raise RuntimeError("the client is gone")

        with self.assertRaises(grpc.RpcError):
            self.bundles.rules.ImportRules(broken(), timeout=20)
        self.assertNotIn("early", self.names())

    def test_bad_rules_are_left_out_and_reported(self):
        unknown = pb.CountedRule(antecedents=[1], consequents=[4711], count_a=9, count_b=9, count_ab=3)
        wrong = pb.CountedRule(antecedents=[1], consequents=[2], count_a=2, count_b=9, count_ab=3)
        rules = [unknown, *self.counted, wrong]
        got = self.send(header("mixed", rules), rules)
        self.addCleanup(self.delete, "mixed")
        self.assertEqual((got.failed_count, got.rule_set.rule_count), (2, len(self.counted)))
        self.assertEqual([error.row for error in got.errors], [1, len(rules)])
        violation = got.errors[0].violations[0]
        self.assertEqual((violation.field, violation.reason), ("consequents", "REFERENCE_MISSING"))
        self.assertIn("4711", violation.description)
        only_bad = self.send(header("bad", [unknown]), [unknown])
        self.assertFalse(only_bad.HasField("rule_set"))
        self.assertNotIn("bad", self.names())

    def test_validate_only_stores_nothing(self):
        got = self.send(header("checked", self.counted, validate_only=True))
        self.assertEqual(got.rule_set.rule_count, len(self.counted))
        self.assertNotIn("checked", self.names())

    def test_sets_outlive_the_server_and_a_damaged_one_harms_no_other(self):
        for name in ("good", "harmed"):
            self.send(header(name, self.counted))
        self.shop.bundles.restart()
        self.addCleanup(self.delete, "good")
        self.assertLessEqual({"good", "harmed"}, set(self.names()))
        self.assertEqual(len(self.listed(rule_set="good")), len(self.live))
        (file,) = self.shop.folder.rglob("harmed.rules")
        content = bytearray(file.read_bytes())
        content[len(content) // 2] ^= 1
        file.write_bytes(content)
        self.shop.bundles.restart()
        self.assertNotIn("harmed", self.names())
        self.assertEqual(len(self.listed(rule_set="good")), len(self.live))
        problems = self.answer(self.bundles.admin.GetStatus, pb.GetStatusRequest()).problems
        self.assertTrue(any("harmed.rules" in problem for problem in problems), problems)
        self.send(header("harmed", self.counted))
        self.delete("harmed")

    def test_clustrctl_imports_lists_and_deletes(self):
        file = self.shop.folder / "rules.jsonl"
        lines = [as_json(header("from-file", self.counted)), *map(as_json, self.counted)]
        file.write_text("\n".join(lines) + "\n")
        self.assertIn("could be stored as other", self.ctl("import-rules", file, "--name=other", "--validate-only").stdout)
        self.assertIn("are stored as from-file", self.ctl("import-rules", file).stdout)
        self.assertIn("as they were before", self.ctl("import-rules", file).stdout)
        self.assertIn("from-file", self.ctl("rule-sets").stdout)
        listed = self.ctl("rules", "--rule-set=from-file", "--limit=0", "--output=json").stdout.splitlines()
        self.assertEqual(sum(len(json.loads(page)["rules"]) for page in listed), len(self.live))
        self.assertIn("rule set from-file of test 1", self.ctl("rules", "--rule-set=from-file").stderr)
        self.assertIn("is deleted", self.ctl("delete-rule-set", "from-file").stdout)
        self.assertNotIn("from-file", self.names())
        file.write_text("\n".join(lines[:-1]) + "\n")
        self.assertIn("rule_count", self.ctl("import-rules", file, code=3).stderr)

    def test_an_import_that_pauses_gives_its_place_back(self):
        over = threading.Event()
        self.addCleanup(over.set)

        def idle(name):
            yield pb.ImportRulesRequest(header=header(name, [], rule_count=1))
            over.wait(60)

        def open_imports():
            queues = self.status(self.bundles).call_queues
            return next(queue for queue in queues if queue.name == "rule_imports").waiting_count

        held = [self.bundles.rules.ImportRules.future(idle(f"idle-{number}"), timeout=60) for number in range(2)]
        eventually(lambda: open_imports() == 2, 10, "the imports are not open")
        third = [pb.ImportRulesRequest(header=header("third", [], rule_count=1))]
        self.refused(StatusCode.RESOURCE_EXHAUSTED, "QUOTA", self.bundles.rules.ImportRules, iter(third))
        eventually(lambda: all(call.done() for call in held), 45, "the imports are still open")
        for call in held:
            self.assertEqual(call.code(), StatusCode.CANCELLED)
            self.assertIn("sent less than 1024 bytes a second for 30s, or needed more than 5m for one message", call.details())
        self.assertEqual(open_imports(), 0)
