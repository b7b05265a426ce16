"""Bad input for lines: invalid values, invalid changes of stored lines, and invalid returns."""

import math

from bad_input.case import INVALID, LATE, REUSED, UNKNOWN, Bad, not_found
from bad_input.purchases import LINES
from harness import pb

CREATE, UPDATE, RETURN = "SaleService.CreateSale", "SaleService.UpdateSale", "SaleService.ReturnSale"
#: Line 1 has 3 units at 1.25 each, all of which were returned.
LINE = {"transaction_id": 1, "product_sku": 1, "quantity": 2}
OF_PURCHASES_ALONE = ("sale_id", "transaction_id")


def create(**fields):
    return pb.CreateSaleRequest(sale={**LINE, **fields})


def update(paths=(), **fields):
    request = pb.UpdateSaleRequest(sale={"sale_id": 2, **fields})
    request.update_mask.paths.extend(paths)
    return request


TABLE = [
    *(
        Bad(f"a new line with {name}", CREATE, create(**{field: value}), *INVALID, f"sale.{field}", says)
        for name, field, value, says in LINES
        if field not in OF_PURCHASES_ALONE
    ),
    *(
        Bad(f"a line that gets {name}", UPDATE, update(**{field: value}), *INVALID, f"sale.{field}", says)
        for name, field, value, says in LINES
        if field not in OF_PURCHASES_ALONE and value != 0 and "total a cent" not in name
    ),
    Bad("a line of 10^10", CREATE, create(unit_price=9_999_999_999), *INVALID, "sale.line_total",
        "2 times 9999999999.00 is too large; give less than 10000000000 per line"),
    Bad("no transaction", CREATE, create(transaction_id=0), *INVALID, "sale.transaction_id", "is required and missing"),
    Bad("an unknown transaction", CREATE, create(transaction_id=999), *UNKNOWN, "sale.transaction_id",
        "there is no transaction 999; create it first"),
    Bad("an unknown product", CREATE, create(product_sku=999), *UNKNOWN, "sale.product_sku", "product 999; create it first"),
    Bad("a catalog revision that never comes", CREATE,
        pb.CreateSaleRequest(sale=LINE, min_catalog_revision=1 << 40), *LATE, "", "catalog"),
    Bad("a negative catalog revision", CREATE, pb.CreateSaleRequest(sale=LINE, min_catalog_revision=-1), *INVALID,
        "min_catalog_revision", "-1 is below 0; give at least 0"),
    Bad("a line that moves", UPDATE, update(transaction_id=2), *INVALID, "sale.transaction_id", "2 differs from the stored 3, and this field"),
    Bad("fewer units than came back", UPDATE, update(quantity=1), *INVALID, "sale.quantity", "1 is below the 2 units"),
    Bad("an infinite total", UPDATE, update(line_total=math.inf), *INVALID, "sale.line_total", "inf is not an amount"),
    Bad("an unknown product for a line", UPDATE, update(product_sku=999), *UNKNOWN, "sale.product_sku", "create it first"),
    Bad("a mask with what came back", UPDATE, update(["returned_quantity"], returned_quantity=0), *INVALID, "update_mask",
        "is set by the server; leave it out of the mask"),
    Bad("a mask with the net total", UPDATE, update(["net_total"]), *INVALID, "update_mask", "is set by the server"),
    Bad("no line", RETURN, pb.ReturnSaleRequest(quantity=1), *INVALID, "sale_id", "is required and missing; give an id"),
    Bad("an unknown line", RETURN, pb.ReturnSaleRequest(sale_id=999, quantity=1), *not_found("SALE"), "", "999"),
    Bad("no units", RETURN, pb.ReturnSaleRequest(sale_id=2), *INVALID, "quantity", "is required and missing; give a value"),
    Bad("units below 0", RETURN, pb.ReturnSaleRequest(sale_id=2, quantity=-1), *INVALID, "quantity", "-1 is below 1; give"),
    Bad("1,000,001 units", RETURN, pb.ReturnSaleRequest(sale_id=2, quantity=1_000_001), *INVALID, "quantity", "give at most"),
    Bad("more units than are left", RETURN, pb.ReturnSaleRequest(sale_id=2, quantity=2), *INVALID, "quantity",
        "2 is above 1, the units that were not returned yet; give at most that"),
    Bad("units of a line that came back whole", RETURN, pb.ReturnSaleRequest(sale_id=1, quantity=1), *INVALID, "quantity",
        "all 3 units were returned before"),
    Bad("a request_id of another return", RETURN, pb.ReturnSaleRequest(sale_id=2, quantity=1, request_id="taken"), *REUSED,
        "", "request_id"),
    Bad("a request_id with a space", RETURN, pb.ReturnSaleRequest(sale_id=2, quantity=1, request_id="a b"), *INVALID,
        "request_id", "give for example a UUID"),
]
