"""Base class of the tests that correct purchases: a shop, and the calls that change one header or one line."""

from grpc import StatusCode

from harness import pb, rows
from harness.case import ShopTest

INVALID, MISSING = StatusCode.INVALID_ARGUMENT, StatusCode.NOT_FOUND
#: Refusal of a reference to a row that catalog or sales does not have.
UNKNOWN = {"code": StatusCode.FAILED_PRECONDITION, "reason": "REFERENCE_MISSING"}
OPTIONS = ("allow_missing", "request_id", "validate_only")


class Corrections(ShopTest):
    """A shop with products 1 to 20 (product N costs N + 0.25), customers 1 to 5, and the days of January 2024."""

    @classmethod
    def populate(cls):
        cls.catalog_revision = rows.import_catalog(cls.shop, rows.products(20), rows.customers(5), rows.timeframes(31))

    @property
    def headers(self):
        return self.sales.transactions

    @property
    def lines(self):
        return self.sales.sales

    def buy(self, *lines, **fields):
        """Records a purchase of (sku, quantity) lines; product N costs N + 0.25."""
        fields.setdefault("min_catalog_revision", self.catalog_revision)
        return self.answer(self.headers.RecordPurchase, rows.purchase(1, lines or [(1, 2), (2, 1)], **fields))

    def read(self, transaction_id):
        return self.answer(
            self.headers.GetTransaction, pb.GetTransactionRequest(transaction_id=transaction_id, include_sales=True)
        )

    def line(self, sale_id):
        return self.answer(self.lines.GetSale, pb.GetSaleRequest(sale_id=sale_id)).sale

    def update_header(self, paths=(), **fields):
        options = {name: fields.pop(name) for name in OPTIONS if name in fields}
        request = pb.UpdateTransactionRequest(transaction=pb.Transaction(**fields), **options)
        request.update_mask.paths.extend(paths)
        return request

    def update_line(self, paths=(), **fields):
        options = {name: fields.pop(name) for name in OPTIONS if name in fields}
        request = pb.UpdateSaleRequest(sale=pb.Sale(**fields), **options)
        request.update_mask.paths.extend(paths)
        return request

    def changed_header(self, *args, **fields):
        return self.answer(self.headers.UpdateTransaction, self.update_header(*args, **fields)).transaction

    def changed_line(self, *args, **fields):
        return self.answer(self.lines.UpdateSale, self.update_line(*args, **fields)).sale

    def refused_header(self, field, *args, code=INVALID, reason="FIELD_INVALID", **fields):
        request = self.update_header(*args, **fields)
        return self.refused(code, reason, self.headers.UpdateTransaction, request, field=field)

    def refused_line(self, field, *args, code=INVALID, reason="FIELD_INVALID", **fields):
        return self.refused(code, reason, self.lines.UpdateSale, self.update_line(*args, **fields), field=field)

    def head(self):
        return self.status(self.sales).revision
