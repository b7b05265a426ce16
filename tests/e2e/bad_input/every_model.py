"""Bad input that every stored model refuses: ids, pages, filters, orders, masks, preconditions, imports, exports."""

import base64

from bad_input.case import FILTER, INVALID, MAX_ID, ROW_INVALID, STALE, TOKEN, Bad, not_found
from harness import pb

#: Name of the model, its id field, its plural, fields that are sufficient for a row, and one that is required.
MODELS = [
    ("Product", "product_sku", "products", {"product_name": "Tee", "price": 1}, "product_name"),
    ("Customer", "customer_id", "customers", {"first_name": "Ada", "last_name": "L"}, "last_name"),
    ("Timeframe", "time_id", "timeframes", {"date": "2031-01-01"}, "date"),
    ("Transaction", "transaction_id", "transactions", {"customer_id": 1, "time_id": 1}, "customer_id"),
    ("Sale", "sale_id", "sales", {"transaction_id": 1, "product_sku": 1, "quantity": 1}, "quantity"),
]
UNKNOWN_ID = 987_654_321
#: An import that brought the last id used to leave none for new rows.
RESERVED_ID = f"{MAX_ID} is left for rows that the server numbers; give an id of at most 9006099743113215"


def request(verb, model, **fields):
    return getattr(pb, f"{verb}{model}Request")(**fields)


def middle_changed(token):
    half = len(token) // 2
    return token[:half] + ("A" if token[half] != "A" else "B") + token[half + 1 :]


def reads(model, key, plural):
    get, batch, missing = f"Get{model}", f"BatchGet{plural.capitalize()}", not_found(model.upper())
    for value, says in (
        (0, "is required and missing; give an id"),
        (-1, "-1 is below 1; give an id from 1 to 9007199254740991"),
        (MAX_ID + 1, "9007199254740992 is above 9007199254740991 (2^53 - 1); give a smaller id"),
        (-(1 << 63), "-9223372036854775808 is below 1; give an id"),
    ):
        yield get, f"id {value}", request("Get", model, **{key: value}), INVALID, key, says
    yield get, "an unknown id", request("Get", model, **{key: UNKNOWN_ID}), missing, "", str(UNKNOWN_ID)
    name, value, empty = ("date", "2031-07-31", "") if model == "Timeframe" else ("external_id", "no such row", "")
    both = request("Get", model, **{key: 1, name: value})
    yield get, "both names of a row", both, INVALID, name, f"names what {key} names; give one of the two"
    yield get, "an unknown name", request("Get", model, **{name: value}), missing, "", f'with {name} "{value}"'
    yield get, "a name that is too long", request("Get", model, **{name: "x" * 257}), INVALID, name, "give"
    nameless = request("BatchGet", plural.capitalize(), **{f"{name}s": [value, empty]})
    yield batch, "an empty name", nameless, INVALID, f"{name}s[1]", "is empty; leave it unset, or give a value"
    for ids, name, place, says in (
        ([], "no ids", "", "0 entries; give at least 1"),
        ([1] * 1001, "1001 ids", "", "more than 1000 entries; give at most 1000"),
        ([1, 0], "id 0 after a good one", "[1]", "0 is not an id; give an id from 1"),
        ([MAX_ID + 1], "an id beyond 2^53 - 1", "[0]", "give a smaller id"),
    ):
        yield batch, name, request("BatchGet", plural.capitalize(), **{f"{key}s": ids}), INVALID, f"{key}s{place}", says
    one_missing = request("BatchGet", plural.capitalize(), **{f"{key}s": [1, UNKNOWN_ID]})
    yield batch, "one unknown id", one_missing, missing, "", str(UNKNOWN_ID)


def pages(model, key, plural):
    call, service = f"List{plural.capitalize()}", f"{model}Service"
    other = "ProductService.ListProducts" if model != "Product" else "CustomerService.ListCustomers"

    def ask(**fields):
        return request("List", plural.capitalize(), **fields)

    yield call, "a negative page_size", ask(page_size=-1), INVALID, "page_size", "-1 is below 0; give at least 0"
    for name, damage in (
        ("a truncated token", lambda token: token[:-1]),
        ("a token with an extra letter", lambda token: token + "A"),
        ("a token with a changed letter", middle_changed),
        ("a token backwards", lambda token: token[::-1]),
        ("base64 of nothing", lambda token: "===="),
        ("base64 of an id", lambda token: base64.b64encode(b"300001").decode()),
        ("a token in emoji", lambda token: "💥"),
    ):
        bad = lambda held, damage=damage: ask(page_token=damage(held.tokens[f"{service}.{call}"]))
        yield call, name, bad, TOKEN, "page_token", "is not a token of this request; give the next_page_token of the page"
    foreign = lambda held: ask(page_token=held.tokens[other])
    yield call, "a token of another service", foreign, TOKEN, "page_token", "leave the other fields as they were"
    filtered = lambda held: ask(page_token=held.tokens[f"{service}.{call}"], filter=f"{key} > 0")
    yield call, "a token of another filter", filtered, TOKEN, "page_token", "leave the other fields as they were"
    for name, text, says in (
        ("a filter by an unknown field", "colour = 1", "position 1:"),
        ("a filter followed by SQL", f"{key} = 1; DELETE", 'position'),
        ("a filter that is never closed", f"({key} = 1", "position 1:"),
        ("a filter with a wrong literal", f"{key} = one", '"one" is not a whole number; give one, for example 42'),
    ):
        yield call, name, ask(filter=text), FILTER, "filter", says
    for name, text, says in (
        ("an order by an unknown field", "colour desc", '"colour"'),
        ("an order followed by SQL", f"{key}; DROP", "is not a field of"),
        ("an order by one field twice", f"{key}, {key}", "is named twice; name it once"),
    ):
        yield call, name, ask(order_by=text), INVALID, "order_by", says
    export = f"Export{plural.capitalize()}"
    behind = request("Export", plural.capitalize(), **{f"after_{key}": -1})
    yield export, "a negative place to continue from", behind, INVALID, f"after_{key}", "-1 is below 0; give at least 0"
    wrong = request("Export", plural.capitalize(), filter=f"{key} >")
    yield export, "a filter without a value", wrong, FILTER, "filter", "position"


def writes(model, key, good, required):
    row, missing = model.lower(), not_found(model.upper())
    create, update, delete = f"Create{model}", f"Update{model}", f"Delete{model}"
    yield create, "no row", request("Create", model), INVALID, row, "is required and missing; give it"
    empty = request("Create", model, **{row: {}})
    yield create, "an empty row", empty, INVALID, f"{row}.{required}", "is required and missing; give"
    given = request("Create", model, **{row: {**good, key: 7}})
    yield create, "a given id", given, INVALID, f"{row}.{key}", "assigned by the server; leave it unset"
    spaced = request("Create", model, **{row: good}, request_id="with space")
    yield create, "a request_id with a space", spaced, INVALID, "request_id", "is not 1 to 64 visible ASCII characters"

    def change(paths=(), **fields):
        made = request("Update", model, **{row: fields})
        made.update_mask.paths.extend(paths)
        return made

    yield update, "no row", request("Update", model), INVALID, row, "is required and missing; give it"
    nameless = {name: value for name, value in good.items() if name != "date"}
    yield update, "no id", change(**nameless), INVALID, f"{row}.{key}", "is required and missing; give the id of the row"
    yield update, "an unknown id", change(**{**good, key: UNKNOWN_ID}), missing, "", str(UNKNOWN_ID)
    yield update, "a stale revision", change(**good, **{key: 1}, revision=1 << 40), STALE, "", str(1 << 40)
    yield update, "a revision below 0", change(**good, **{key: 1}, revision=-1), STALE, "", "-1"
    far = request("Update", model, **{row: {**good, key: MAX_ID + 1}}, allow_missing=True)
    yield update, "a new row with an id beyond 2^53 - 1", far, INVALID, f"{row}.{key}", "give a smaller id"
    reserved = request("Update", model, **{row: {**good, key: MAX_ID}}, allow_missing=True)
    yield update, "a new row with an id that is left for the server", reserved, INVALID, f"{row}.{key}", RESERVED_ID
    bare = request("Update", model, **{row: {key: UNKNOWN_ID}}, allow_missing=True)
    yield update, "a new row without a required field", bare, INVALID, f"{row}.{required}", "is required and missing; give"
    cleared = change([required], **{key: 1})
    remedy = "and this field never changes" if required == "date" else "is required and missing; give"
    yield update, "a mask that clears a required field", cleared, INVALID, f"{row}.{required}", remedy
    for name, path, says in (
        ("a mask with an unknown path", "colour", '"colour" is not a field of'),
        ("a mask with the id", key, "is the id, which never changes; leave it out of the mask"),
        ("a mask with an output field", "revision", "is set by the server; leave it out of the mask"),
        ("a mask with a path inside a field", f"{required}.x", "is not a field of"),
    ):
        yield update, name, change([path], **{key: 1}), INVALID, "update_mask", says
    for value, says in ((0, "is required and missing; give an id"), (-5, "-5 is below 1; give an id")):
        yield delete, f"id {value}", request("Delete", model, **{key: value}), INVALID, key, says
    yield delete, "an unknown id", request("Delete", model, **{key: UNKNOWN_ID}), missing, "", str(UNKNOWN_ID)
    name, value = ("date", "2031-07-31") if model == "Timeframe" else ("external_id", "no such row")
    both = request("Delete", model, **{key: 1, name: value})
    yield delete, "both names of a row", both, INVALID, name, f"names what {key} names; give one of the two"
    yield delete, "an unknown name", request("Delete", model, **{name: value}), missing, "", f'with {name} "{value}"'
    stale = request("Delete", model, **{key: 1}, revision=1 << 40)
    yield delete, "a stale revision", stale, STALE, "", str(1 << 40)
    negative = request("Delete", model, **{key: 1}, revision=-1)
    yield delete, "a negative revision", negative, INVALID, "revision", "-1 is below 0; give at least 0"


def imports(model, key, plural, good):
    call = f"Import{plural.capitalize()}"
    most = 10_000 if model in ("Transaction", "Sale") else 1_000

    def batch(count=1, paths=(), **fields):
        made = request("Import", plural.capitalize(), **{plural: [{**good, **fields}] * count})
        made.update_mask.paths.extend(paths)
        return [made]

    too_many = f"more than {most} entries; give at most {most}"
    yield call, "too many rows", batch(most + 1, **{key: 1}), INVALID, plural, too_many
    for name, path in (("a mask with an unknown path", "colour"), ("a mask with the id", key)):
        yield call, name, batch(paths=[path], **{key: 1}), INVALID, "update_mask", f'"{path}" is'
    if model != "Timeframe":  # Its date identifies it.
        yield call, "a row without id", batch(), ROW_INVALID, key, "is required in an import; give the row's id"
    yield call, "a row with id -1", batch(**{key: -1}), ROW_INVALID, key, "-1 is below 1; give an id from 1"
    beyond = batch(**{key: MAX_ID + 1})
    yield call, "a row with an id beyond 2^53 - 1", beyond, ROW_INVALID, key, "give a smaller id"
    yield call, "a row with an id that is left for the server", batch(**{key: MAX_ID}), ROW_INVALID, key, RESERVED_ID


def table():
    for model, key, plural, good, required in MODELS:
        for cases in (
            reads(model, key, plural),
            pages(model, key, plural),
            writes(model, key, good, required),
            imports(model, key, plural, good),
        ):
            for method, name, sent, outcome, field, says in cases:
                rpc = f"{model}Service.{method}"
                yield Bad(name, rpc, sent, *outcome, field, says)


TABLE = list(table())
