"""Who may do what: every method by every role, personal data, bearer tokens, files that change or break, rates, and the audit."""

import base64
import hashlib
import itertools
import json
import subprocess
import threading
import time
import unittest

import grpc
from harness import pb, servers
from harness.certificates import Authority, openssl
from harness.client import Client, Refusal
from harness.methods import ROLES, every_method, holds_personal

RELOAD_SECONDS = 10
#: Every set of roles.
SETS = [frozenset(some) for size in range(5) for some in itertools.combinations(ROLES, size)]
SPIFFE = "spiffe://shop.example/ns/shop/sa/"


def name_of(roles):
    return "-".join(sorted(roles)) or "nobody"


class GuardedShop(servers.Shop):
    """Three servers with mutual TLS and a policy. There is a client certificate for each set of roles."""

    def __init__(self, flags=()):
        super().__init__()
        self.authority = Authority(self.folder / "certificates")
        self.policy, self.tokens = self.folder / "policy.json", self.folder / "tokens"
        self.grants = [{"principals": [SPIFFE + name_of(roles)], "roles": sorted(roles)} for roles in SETS if roles]
        self.grants.append({"principals": [SPIFFE + "server-*"], "roles": ["writer", "personal"]})
        self.write_policy()
        self.tokens.write_text("")
        self.clients = {}
        for server in self.servers:
            certificate, key = self.issue(f"server-{server.name}")
            server.flags += [f"--tls-cert={certificate}", f"--tls-key={key}", f"--tls-client-ca={self.authority.certificate}"]
            server.flags += [f"--policy={self.policy}", f"--tokens={self.tokens}", f"--audit-log={self.audit(server)}", *flags]
            if server.upstreams:
                server.flags.append(f"--upstream-ca={self.authority.certificate}")
            server._client = self.client(server, {"admin", "personal"})

    def issue(self, name, more="DNS:localhost,IP:127.0.0.1"):
        return self.authority.issue(name, f"URI:{SPIFFE}{name},{more}")

    def write_policy(self):
        fresh = self.policy.with_suffix(".new")
        fresh.write_text(json.dumps({"grants": self.grants}))
        fresh.replace(self.policy)

    def audit(self, server):
        return self.folder / f"{server.name}.audit"

    def audited(self, server):
        """The lines of the audit; each must be JSON."""
        return [json.loads(line) for line in self.audit(server).read_text(encoding="utf-8").splitlines()]

    def client(self, server, roles=(), pair=None):
        """A client with the certificate of a set of roles."""
        key = (server.name, name_of(roles))
        if pair is None and key in self.clients:
            return self.clients[key]
        certificate, private = (path.read_bytes() for path in pair or self.issue(name_of(roles)))
        trusted = self.authority.certificate.read_bytes()
        client = Client(server.address, credentials=grpc.ssl_channel_credentials(trusted, private, certificate))
        if pair is None:
            self.clients[key] = client
        return client

    def close(self):
        for client in self.clients.values():
            client.close()
        super().close()


def encoded(some):
    """Base64 as tokens have it."""
    return base64.urlsafe_b64encode(some).decode().rstrip("=")


def outcome(call):
    """The code and the reason of a call, a function."""
    try:
        answer = call()
        if hasattr(answer, "__next__"):
            next(answer, None)
            answer.cancel()
        return grpc.StatusCode.OK, ""
    except grpc.RpcError as error:
        return error.code(), Refusal(error).reason


def send_empty(client, method, timeout=15, **options):
    """Calls the method with an empty request, or an empty stream."""
    call = client.raw(method.path, method.kind)
    request = iter([]) if method.kind.startswith("stream") else b""
    return call(request, timeout=timeout, **options)


class ContractTest(unittest.TestCase):
    def test_every_method_names_its_role(self):
        self.assertEqual([method.path for method in every_method() if not method.role], [])

    def test_a_change_stream_that_holds_personal_data_asks_for_the_role(self):
        for method in every_method():
            name = method.path.rsplit("/", 1)[1]
            if name.startswith("Stream") and holds_personal(method.answer):
                self.assertTrue(method.personal, method.path)


class EveryMethodTest(unittest.TestCase):
    def test_by_every_set_of_roles(self):
        with GuardedShop() as shop:
            count = 0
            for method in every_method():
                server = getattr(shop, method.server)
                for roles in SETS:
                    with self.subTest(method=method.path, server=method.server, roles=sorted(roles)):
                        code, reason = outcome(lambda: send_empty(shop.client(server, roles), method))
                        refused = (code, reason) == (grpc.StatusCode.PERMISSION_DENIED, "ROLE_MISSING")
                        self.assertEqual(refused, not method.admits(roles), (code, reason))
                        self.assertNotEqual(code, grpc.StatusCode.UNAUTHENTICATED)
                        count += 1
            self.assertGreater(count, 16 * 60)
            # A refused call did nothing: there is still no row.
            status = shop.catalog.client.admin.GetStatus(pb.GetStatusRequest())
            self.assertEqual(set(status.row_counts.values()), {0})


class PolicyTest(unittest.TestCase):
    def setUp(self):
        self.shop = GuardedShop()
        self.addCleanup(self.shop.close)
        self.catalog = self.shop.catalog.start()
        ada = pb.Customer(first_name="Ada", last_name="Lovelace", email="ada@example.com", city="London", external_id="c-1")
        request = pb.CreateCustomerRequest(customer=ada, request_id="first")
        self.catalog.client.customers.CreateCustomer(request)

    def client(self, *roles):
        return self.shop.client(self.catalog, roles)

    def test_a_refusal_says_who_lacks_what_where(self):
        with self.assertRaises(grpc.RpcError) as raised:
            self.client("reader").products.CreateProduct(pb.CreateProductRequest())
        refusal = Refusal(raised.exception)
        self.assertEqual((refusal.code, refusal.reason), (grpc.StatusCode.PERMISSION_DENIED, "ROLE_MISSING"))
        method = "clustr.catalog.v1.ProductService/CreateProduct"
        self.assertEqual(dict(refusal.info.metadata), {"principal": refusal.info.metadata["principal"], "role": "writer", "method": method})
        self.assertTrue((SPIFFE + "reader").startswith(refusal.info.metadata["principal"].rstrip("…")))
        self.assertIn("needs the role writer", refusal.message)

    def test_a_caller_who_may_not_restore_or_import_is_told_before_sending_anything(self):
        """Such a caller used to hold the one place of Restore for 30 s."""
        release = threading.Event()
        self.addCleanup(release.set)

        def nothing():
            release.wait(60)
            yield from ()

        reader = self.client("reader")
        for call in (reader.admin.Restore, reader.products.ImportProducts):
            begin = time.monotonic()
            error = call.future(nothing(), timeout=50).exception(timeout=50)
            self.assertEqual(error.code(), grpc.StatusCode.PERMISSION_DENIED)
            self.assertEqual(Refusal(error).reason, "ROLE_MISSING")
            self.assertLess(time.monotonic() - begin, 10)

    def test_answers_lack_personal_data_without_the_role(self):
        full = self.client("reader", "personal").customers.GetCustomer(pb.GetCustomerRequest(customer_id=1)).customer
        self.assertEqual((full.email, full.city), ("ada@example.com", "London"))
        client = self.client("writer").customers
        answers = [
            client.GetCustomer(pb.GetCustomerRequest(customer_id=1)).customer,
            client.GetCustomer(pb.GetCustomerRequest(customer_id=1)).customer,  # From memory.
            client.GetCustomer(pb.GetCustomerRequest(external_id="c-1")).customer,
            client.BatchGetCustomers(pb.BatchGetCustomersRequest(customer_ids=[1])).customers[0],
            client.ListCustomers(pb.ListCustomersRequest()).customers[0],
            next(client.ExportCustomers(pb.ExportCustomersRequest())).customers[0],
            client.CreateCustomer(pb.CreateCustomerRequest(customer=pb.Customer(first_name="Ada", last_name="Lovelace", email="ada@example.com", city="London", external_id="c-1"), request_id="first")).customer,
            client.UpdateCustomer(pb.UpdateCustomerRequest(customer=pb.Customer(customer_id=1, email="ada@example.com"), update_mask={"paths": ["email"]})).customer,
        ]
        for answer in answers:
            self.assertEqual(answer.customer_id, 1)
            self.assertGreater(answer.revision, 0)
            for field, value in answer.ListFields():
                if field.GetOptions().Extensions[pb.modules["clustr/options/v1/options.proto"].field].personal:
                    self.fail(f"{field.name} is {value!r}")
            self.assertNotIn("Ada", str(answer))
            self.assertNotIn("London", str(answer))
        # What such a caller wrote is there.
        full = self.client("reader", "personal").customers.GetCustomer(pb.GetCustomerRequest(customer_id=1)).customer
        self.assertEqual(full.email, "ada@example.com")

    def test_lists_cannot_be_asked_about_what_is_hidden(self):
        for field, asked in (
            ("filter", pb.ListCustomersRequest(filter='email = "ada@example.com"')),
            ("filter", pb.ListCustomersRequest(filter='customer_id = 1 OR NOT (city: "Lon")')),
            ("order_by", pb.ListCustomersRequest(order_by="age desc")),
            ("filter", pb.ExportCustomersRequest(filter="age > 30")),
        ):
            with self.subTest(asked=str(asked)):
                client = self.client("reader").customers
                call = client.ListCustomers if isinstance(asked, pb.ListCustomersRequest) else lambda request: next(client.ExportCustomers(request))
                with self.assertRaises(grpc.RpcError) as raised:
                    call(asked)
                refusal = Refusal(raised.exception)
                self.assertEqual((refusal.code, refusal.reason), (grpc.StatusCode.PERMISSION_DENIED, "ROLE_MISSING"))
                self.assertEqual((refusal.info.metadata["field"], refusal.info.metadata["role"]), (field, "personal"))
        self.assertEqual(len(self.client("reader").customers.ListCustomers(pb.ListCustomersRequest(filter="customer_id = 1", order_by="customer_id desc")).customers), 1)

    def test_a_changed_policy_applies_and_a_broken_one_does_not(self):
        code = lambda: outcome(lambda: self.client("reader").products.CreateProduct(pb.CreateProductRequest()))[0]
        self.assertEqual(code(), grpc.StatusCode.PERMISSION_DENIED)
        self.shop.grants.append({"principals": [SPIFFE + "reader"], "roles": ["writer"]})
        self.shop.write_policy()
        servers.eventually(lambda: code() == grpc.StatusCode.INVALID_ARGUMENT, RELOAD_SECONDS, "the new policy")
        good = self.shop.policy.read_text()
        problems = lambda: [one for one in self.catalog.client.admin.GetStatus(pb.GetStatusRequest()).problems if "policy" in one]
        for text, words in (
            ("{", "is not a policy in JSON"),
            ('{"grant": []}', "is not a policy in JSON"),
            ('{"grants": [{"principals": ["cn:a"], "roles": ["raeder"]}]}', 'the role "raeder" is not known'),
            ('{"grants": [{"principals": ["checkout"], "roles": ["reader"]}]}', 'the principal "checkout" is not one of'),
            ('{"grants": [{"principals": ["cn:*a"], "roles": ["reader"]}]}', 'the principal "cn:*a" is not one of'),
            ('{"grants": [{"principals": [], "roles": ["reader"]}]}', "without principals or without roles"),
            ("x" * (2 << 20), "longer than 1 MiB"),
        ):
            with self.subTest(words):
                self.shop.policy.write_text(text)
                servers.eventually(lambda: any(words in one for one in problems()), RELOAD_SECONDS, words)
                self.assertEqual(code(), grpc.StatusCode.INVALID_ARGUMENT, "the last good policy is in force")
        self.shop.policy.write_text(good)
        servers.eventually(lambda: not problems(), RELOAD_SECONDS, "the problem to end")

    def test_certificates_without_a_spiffe_id_are_known_by_their_name(self):
        self.shop.grants += [{"principals": ["dns:checkout.example"], "roles": ["writer"]}, {"principals": ["cn:nightly"], "roles": ["reader"]}]
        self.shop.write_policy()
        for name, alternatives, role in (("checkout", "DNS:checkout.example,DNS:other.example", "writer"), ("nightly", "IP:127.0.0.1", "reader"), ("stranger", "IP:127.0.0.1", "")):
            with self.subTest(name):
                client = self.shop.client(self.catalog, pair=self.shop.authority.issue(name, alternatives))
                self.addCleanup(client.close)
                reads = lambda: outcome(lambda: client.products.ListProducts(pb.ListProductsRequest()))[0] == grpc.StatusCode.OK
                if role:
                    servers.eventually(reads, RELOAD_SECONDS, "the new policy")
                self.assertEqual(reads(), bool(role))
                code, _ = outcome(lambda: client.products.CreateProduct(pb.CreateProductRequest()))
                self.assertEqual(code == grpc.StatusCode.INVALID_ARGUMENT, role == "writer", code)

    def test_bearer_tokens(self):
        token = "s3cret-of-the-checkout"
        self.shop.tokens.write_text(f"# Tokens of the shop.\ncheckout {hashlib.sha256(token.encode()).hexdigest()}\n")
        self.shop.grants.append({"principals": ["token:checkout"], "roles": ["writer"]})
        self.shop.write_policy()
        client = self.client()

        def create(value):
            metadata = [("authorization", value)]
            return outcome(lambda: client.products.CreateProduct(pb.CreateProductRequest(), metadata=metadata))

        servers.eventually(lambda: create(f"Bearer {token}")[0] == grpc.StatusCode.INVALID_ARGUMENT, RELOAD_SECONDS, "the token")
        self.assertEqual(create(f"bearer {token}")[0], grpc.StatusCode.INVALID_ARGUMENT)
        for wrong in ("Bearer x", f"Bearer {token}x", f"Bearer {token[:-1]}"):
            self.assertEqual(create(wrong), (grpc.StatusCode.UNAUTHENTICATED, "TOKEN_INVALID"), wrong)
        self.assertEqual(create("Basic x")[0], grpc.StatusCode.PERMISSION_DENIED)
        self.shop.tokens.write_text("checkout abc\n")
        problems = lambda: [one for one in self.catalog.client.admin.GetStatus(pb.GetStatusRequest()).problems if "has a line 1" in one]
        servers.eventually(problems, RELOAD_SECONDS, "the problem")
        self.assertEqual(create(f"Bearer {token}")[0], grpc.StatusCode.INVALID_ARGUMENT, "the last good tokens are in force")

    def test_the_audit_has_refusals_and_writes_without_personal_data(self):
        client = self.client("writer")
        product = client.products.CreateProduct(pb.CreateProductRequest(product=pb.Product(product_name="Tea", price=1, in_stock=True), request_id="tea-1")).product
        client.customers.DeleteCustomer(pb.DeleteCustomerRequest(customer_id=1))
        rows = [pb.Product(product_sku=sku, product_name="Cup", price=2, in_stock=True) for sku in (*range(130, 100, -1), 0)]
        client.products.ImportProducts(iter([pb.ImportProductsRequest(products=rows[at : at + 25]) for at in (0, 25)]))
        outcome(lambda: client.products.CreateProduct(pb.CreateProductRequest()))
        outcome(lambda: self.client("reader").customers.DeleteCustomer(pb.DeleteCustomerRequest(customer_id=1)))
        outcome(lambda: self.client("reader").products.CreateProduct(pb.CreateProductRequest(request_id="no")))
        outcome(lambda: self.client("reader").customers.ListCustomers(pb.ListCustomersRequest(filter='email = "ada@example.com"')))
        self.client("reader").products.GetProduct(pb.GetProductRequest(product_sku=1))
        servers.eventually(lambda: len(self.shop.audited(self.catalog)) >= 8, RELOAD_SECONDS, "the lines")
        lines = self.shop.audited(self.catalog)
        text = self.shop.audit(self.catalog).read_text()
        for word in ("Ada", "example.com", "London", "c-1"):
            self.assertNotIn(word, text)
        told = [(line["method"].rsplit("/", 1)[1], line["code"], line["principal"][len(SPIFFE) :], line.get("request_id"), line.get("ids")) for line in lines]
        self.assertEqual(told, [
            ("CreateCustomer", "OK", "admin-personal", "first", {"customer_id": [1]}),
            ("CreateProduct", "OK", "writer", "tea-1", {"product_sku": [1]}),
            ("DeleteCustomer", "OK", "writer", None, {"customer_id": [1]}),
            ("ImportProducts", "OK", "writer", None, {"product_sku": list(range(111, 131))}),
            ("CreateProduct", "INVALID_ARGUMENT", "writer", None, None),
            ("DeleteCustomer", "PERMISSION_DENIED", "reader", None, {"customer_id": [1]}),
            ("CreateProduct", "PERMISSION_DENIED", "reader", "no", None),
            ("ListCustomers", "PERMISSION_DENIED", "reader", None, None),
        ])
        self.assertEqual(lines[1]["revision"], product.revision)
        for line in lines:
            self.assertEqual((line["event"], line["service"], line["peer"]), ("audit", "catalog", "127.0.0.1"))
            self.assertRegex(line["trace_id"], "^[0-9a-f]{32}$")


class JwtTest(unittest.TestCase):
    def setUp(self):
        self.shop = GuardedShop()
        self.addCleanup(self.shop.close)
        self.key, self.keys = self.shop.folder / "issuer.key", self.shop.folder / "jwks.json"
        self.publish()
        catalog = self.shop.catalog
        catalog.flags += [f"--jwt-keys={self.keys}", "--jwt-issuer=https://id.shop", "--jwt-audience=clustr"]
        self.shop.grants.append({"principals": ["jwt:till-*"], "roles": ["writer"]})
        self.shop.write_policy()
        catalog.start()
        self.client = self.shop.client(catalog)

    def publish(self):
        """Makes a new key, and writes the set that holds it alone."""
        openssl("genrsa", "-out", self.key, 2048)
        text = subprocess.run(["openssl", "rsa", "-in", str(self.key), "-noout", "-modulus"], capture_output=True, text=True, check=True).stdout
        modulus = bytes.fromhex(text.strip().split("=")[1])
        fresh = self.keys.with_suffix(".new")
        fresh.write_text(json.dumps({"keys": [{"kty": "RSA", "kid": "1", "use": "sig", "n": encoded(modulus), "e": "AQAB"}]}))
        fresh.replace(self.keys)

    def token(self, **changed):
        claims = {"iss": "https://id.shop", "aud": "clustr", "sub": "till-7", "exp": int(time.time()) + 60, **changed}
        head = encoded(json.dumps({"alg": "RS256", "kid": "1"}).encode())
        text = f"{head}.{encoded(json.dumps(claims).encode())}"
        sign = ["openssl", "dgst", "-sha256", "-sign", str(self.key)]
        return f"{text}.{encoded(subprocess.run(sign, input=text.encode(), capture_output=True, check=True).stdout)}"

    def create(self, token):
        metadata = [("authorization", f"Bearer {token}")]
        return outcome(lambda: self.client.products.CreateProduct(pb.CreateProductRequest(), metadata=metadata))

    def test_a_signed_token_names_its_caller(self):
        admitted, refused = (grpc.StatusCode.INVALID_ARGUMENT, "FIELD_INVALID"), (grpc.StatusCode.UNAUTHENTICATED, "TOKEN_INVALID")
        good = self.token()
        for _ in range(2):
            self.assertEqual(self.create(good), admitted)
        self.assertEqual(self.create(self.token(sub="stranger")), (grpc.StatusCode.PERMISSION_DENIED, "ROLE_MISSING"))
        for changed in ({"iss": "https://other"}, {"aud": "web"}, {"exp": int(time.time()) - 60}, {"sub": ""}):
            self.assertEqual(self.create(self.token(**changed)), refused, changed)
        for bad in (good[:-4], good.replace(".", "", 1), "x", f"{good}.x"):
            self.assertEqual(self.create(bad), refused)
        self.publish()
        servers.eventually(lambda: self.create(self.token()) == admitted, RELOAD_SECONDS, "the new key")
        self.assertEqual(self.create(good), refused, "signed by a key that is gone")


class RateTest(unittest.TestCase):
    def test_one_caller_above_its_rate_is_told_to_wait_and_another_is_not(self):
        shop = GuardedShop(flags=["--max-calls-per-second=5"])
        self.addCleanup(shop.close)
        catalog = shop.catalog.start()
        greedy, modest = shop.client(catalog, {"reader"}), shop.client(catalog, {"writer"})
        outcomes = [outcome(lambda: greedy.products.ListProducts(pb.ListProductsRequest())) for _ in range(40)]
        self.assertEqual(set(outcomes), {(grpc.StatusCode.OK, ""), (grpc.StatusCode.RESOURCE_EXHAUSTED, "RATE_LIMIT")})
        self.assertGreaterEqual(outcomes.count((grpc.StatusCode.OK, "")), 5)
        with self.assertRaises(grpc.RpcError) as raised:
            for _ in range(40):
                greedy.products.ListProducts(pb.ListProductsRequest())
        refusal = Refusal(raised.exception)
        self.assertEqual(refusal.info.metadata["limit"], "5")
        self.assertEqual(refusal.retry_info.retry_delay.seconds, 1)
        self.assertEqual(outcome(lambda: modest.products.ListProducts(pb.ListProductsRequest()))[0], grpc.StatusCode.OK)


class FollowersTest(unittest.TestCase):
    def test_followers_with_their_roles_follow_and_buy(self):
        with GuardedShop() as shop:
            catalog, sales = shop.catalog.client, shop.sales.client
            catalog.products.CreateProduct(pb.CreateProductRequest(product=pb.Product(product_name="Tea", price=1, in_stock=True)))
            catalog.customers.CreateCustomer(pb.CreateCustomerRequest(customer=pb.Customer(first_name="Ada", last_name="L")))
            purchase = pb.RecordPurchaseRequest(transaction=pb.Transaction(customer_id=1, purchase_date="2024-01-02"), sales=[pb.Sale(product_sku=1, quantity=1)])
            revision = sales.transactions.RecordPurchase(purchase).revision
            follows = lambda: shop.bundles.client.admin.GetStatus(pb.GetStatusRequest()).revision >= revision
            servers.eventually(follows, 30, "bundles to follow")


class FlagsTest(unittest.TestCase):
    def test_files_that_cannot_be_used_end_with_2_and_a_sentence(self):
        shop = servers.Shop()
        self.addCleanup(shop.close)
        bad = shop.folder / "bad"
        bad.write_text("{")
        for flags, words in (
            (["--policy=/no/such"], "/no/such cannot be read"),
            ([f"--policy={bad}"], "is not a policy in JSON"),
            ([f"--tokens={bad}"], "--tokens needs --tls-cert"),
            ([f"--jwt-keys={bad}"], "--jwt-keys needs --tls-cert"),
            (["--audit-log=/no/such/file"], "--audit-log=/no/such/file: cannot be written"),
            (["--max-calls-per-second=-1"], "--max-calls-per-second"),
            (["--log-level=loud"], "--log-level=loud is not known"),
        ):
            with self.subTest(flags):
                shop.catalog.flags = flags
                done = subprocess.run(shop.catalog.command(), capture_output=True, text=True, timeout=30, check=False)
                self.assertEqual(done.returncode, 2, done.stderr)
                self.assertIn(words, done.stderr.splitlines()[-1])

    def test_plaintext_callers_are_anonymous(self):
        shop = servers.Shop()
        self.addCleanup(shop.close)
        policy = shop.folder / "policy.json"
        policy.write_text('{"grants": [{"principals": ["anonymous"], "roles": ["reader"]}]}')
        shop.catalog.flags = [f"--policy={policy}"]
        products = shop.catalog.start().client.products
        self.assertEqual(outcome(lambda: products.ListProducts(pb.ListProductsRequest()))[0], grpc.StatusCode.OK)
        self.assertEqual(outcome(lambda: products.CreateProduct(pb.CreateProductRequest()))[1], "ROLE_MISSING")
