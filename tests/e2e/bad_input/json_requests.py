"""JSON that grpcurl cannot convert to a message, or converts to one that the server refuses."""

from typing import NamedTuple


class BadJson(NamedTuple):
    #: What is wrong with the JSON; unique in the whole table.
    name: str
    #: Service.Method.
    rpc: str
    json: str
    #: Error that grpcurl prints: its own or the server's.
    says: str


CREATE, LIST = "ProductService.CreateProduct", "ProductService.ListProducts"
TABLE = [
    BadJson("no JSON", CREATE, '{"product": ', "error getting request data"),
    BadJson("an array", CREATE, "[1]", "error getting request data"),
    BadJson("an unknown field", CREATE, '{"produkt": {}}', "produkt"),
    BadJson("an unknown field inside", CREATE, '{"product": {"colour": "red"}}', "colour"),
    BadJson("a number for a text", CREATE, '{"product": {"product_name": 5}}', "error getting request data"),
    BadJson("an array for a message", CREATE, '{"product": []}', "product: is required and missing; give it"),
    BadJson("true for an amount", CREATE, '{"product": {"price": true}}', "error getting request data"),
    BadJson("text for an amount", CREATE, '{"product": {"price": "cheap"}}', "error getting request data"),
    BadJson("NaN for an amount", CREATE, '{"product": {"product_name": "x", "price": "NaN"}}', "nan is not an amount"),
    BadJson("null for a name", CREATE, '{"product": {"product_name": null, "price": 1}}', "is required and missing"),
    BadJson("text for a size", LIST, '{"page_size": "many"}', "error getting request data"),
    BadJson("a fraction for a size", LIST, '{"page_size": 1.5}', "error getting request data"),
    BadJson("a size beyond 32 bits", LIST, '{"page_size": 4294967296}', "error getting request data"),
    BadJson("an id beyond 64 bits", "ProductService.GetProduct", '{"product_sku": 18446744073709551616}', "error getting"),
    BadJson("an unknown dimension", "AnalyticsService.QueryRevenue", '{"dimension": "WEEKDAY"}', "WEEKDAY"),
    BadJson("a mask that is a number", "CustomerService.UpdateCustomer", '{"update_mask": 7}', "error getting request data"),
    BadJson("a side that is a text", "AssociationRuleService.ExplainAssociationRule", '{"antecedents": "one"}', "error getting"),
]
