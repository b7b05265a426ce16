"""Bytes that are not a message, and messages over 4 MiB, which gRPC itself refuses, also on streams."""

from bad_input.case import INVALID, TOO_LARGE, UNDECODABLE, Bad
from harness import pb

IMPORTS = ["Product", "Customer", "Timeframe", "Transaction", "Sale"]
GARBAGE = b"\xff\xff\xff"
HUGE = "x" * (10 << 20)
NOT_UTF8 = [b"\xff", b"\xc3\x28", b"\xed\xa0\x80", b"\xf8\x88\x80\x80\x80", b"\xc0\x80"]


def field(number, packed):
    """Encodes a field of fewer than 128 bytes."""
    return bytes([number << 3 | 2, len(packed)]) + packed


def product(name, price=b"\x29" + bytes(8)):
    """Encodes a CreateProductRequest (and an ImportProductsRequest) with these bytes as the name of the product."""
    return field(1, b"\x08\x07" + field(2, name) + price)


def import_of(model):
    return f"{model}Service.Import{model}s"


TABLE = [
    *(
        Bad("bytes that are not a message", rpc, GARBAGE, *UNDECODABLE)
        for rpc in (
            "ProductService.CreateProduct",
            "TransactionService.RecordPurchase",
            "SalesStreamService.StreamSales",
            "AssociationRuleService.ListAssociationRules",
            "AssociationRuleService.VerifyAssociationRules",
            "AdminService.GetStatus",
            "AdminService.Backup",
        )
    ),
    *(
        Bad("bytes that are not a message", import_of(model), [GARBAGE], *UNDECODABLE, "", "message 1 of the stream cannot be decoded")
        for model in IMPORTS
    ),
    *(
        Bad("bytes that are not a message, after a message", import_of(model), [b"", GARBAGE], *UNDECODABLE, "", "message 2 of the stream")
        for model in IMPORTS
    ),
    *(Bad(f"a name of {raw.hex()}", "ProductService.CreateProduct", product(raw), *UNDECODABLE) for raw in NOT_UTF8),
    *(
        Bad(f"a name of {raw.hex()}", import_of("Product"), [product(raw)], *UNDECODABLE, "", "its texts in UTF-8")
        for raw in NOT_UTF8
    ),
    Bad("a message that is cut off", "ProductService.CreateProduct", product(b"Tee")[:-3], *UNDECODABLE),
    Bad("a name that is a number", "ProductService.CreateProduct", field(1, b"\x10\x07\x29" + bytes(8)), *INVALID,
        "product.product_name", "is required and missing; give a value"),
    Bad("a name of 10 MB", "ProductService.CreateProduct", pb.CreateProductRequest(product={"product_name": HUGE}), *TOO_LARGE),
    Bad("a name of 10 MB", import_of("Product"), [pb.ImportProductsRequest(products=[{"product_name": HUGE}])], *TOO_LARGE),
    Bad("a name of 10 MB, after a message", import_of("Customer"),
        [pb.ImportCustomersRequest(), pb.ImportCustomersRequest(customers=[{"first_name": HUGE}])], *TOO_LARGE),
    Bad("a channel of 10 MB", "TransactionService.RecordPurchase", pb.RecordPurchaseRequest(transaction={"channel": HUGE}),
        *TOO_LARGE),
    Bad("a city of 10 MB", "AssociationRuleService.ListAssociationRules",
        pb.ListAssociationRulesRequest(population={"cities": [HUGE]}), *TOO_LARGE),
    Bad("a model of 10 MB", "ModelService.GetModel", pb.GetModelRequest(model_id=HUGE), *TOO_LARGE),
    Bad("a store_id of 10 MB", "CatalogStreamService.StreamCatalog", pb.StreamCatalogRequest(store_id=HUGE), *TOO_LARGE),
]
