"""Bad input for recommendations, scores and models: invalid bounds, invalid bundles, unknown models."""

import math

from bad_input.case import INVALID, LATE, MAX_ID, TOKEN, Bad, not_found
from harness import pb

BUNDLES, PRODUCTS = "RecommendationService.RecommendBundles", "RecommendationService.RecommendProducts"
SCORE, EXPLAIN = "RecommendationService.ScoreBundles", "RecommendationService.ExplainBundle"
WHY, MANY = "RecommendationService.ExplainProduct", "RecommendationService.RecommendForMany"
GET_MODEL, LIST_MODELS = "ModelService.GetModel", "ModelService.ListModels"
TRAIN, ACTIVATE, TRAFFIC = "ModelService.TrainModel", "ModelService.ActivateModel", "ModelService.SetTraffic"
SHARE, NO_DATE = "is not between 0 and 1; give 0 to 1", '"2024-02-30" is not a date that exists; give YYYY-MM-DD'
CENT = "has a fraction of a cent; give at most two decimals"

#: Field of the constraints, its value, and the text of the refusal.
BUNDLE_BOUNDS = [
    ("min_items", 1, "1 is below 2; give at least 2"),
    ("max_items", 6, "6 is above 5; give at most 5"),
    *(
        (field, value, f"{value:g} {SHARE}")
        for field in ("min_support", "min_confidence", "max_overlap")
        for value in (math.nan, math.inf, -0.5, 1.01)
    ),
    ("min_count", 0, "0 is below 1; give at least 1"),
    ("min_total_price", -1, "-1 is below 0; give at least 0"),
    ("min_total_price", 0.005, f"0.005 {CENT}"),
    ("max_total_price", math.nan, "nan is not an amount; give a number"),
    ("max_total_price", 1e10, "is too large; give less than 10000000000"),
    ("excluded_skus", [1] * 10_001, "more than 10000 entries; give at most 10000"),
]
BOUNDS_OF_BOTH = [
    ("min_margin_ratio", math.nan, "nan is not a finite number; give a finite number"),
    ("min_margin_ratio", math.inf, "inf is not a finite number; give a finite number"),
    ("excluded_skus", [0], "0 is not an id; give an id from 1"),
    ("exclude_purchased_days", -1, "-1 is below 0; give at least 0"),
    ("exclude_purchased_days", 36_501, "36501 is above 36500; give at most 36500"),
    ("exclude_purchased_days", 30, "30 is about a customer's purchases, but customer_id is unset; give customer_id or customer_external_id, or 0"),
    ("categories", ["x"] * 1001, "more than 1000 entries; give at most 1000"),
    ("brands", ["x" * 257], "257 characters; give at most 256"),
]
PRODUCT_BOUNDS = [
    ("min_price", -1, "-1 is below 0; give at least 0"),
    ("max_price", math.inf, "inf is not an amount; give a number"),
    ("max_price", 0.001, f"0.001 {CENT}"),
]


def place(field, value, says):
    return f"constraints.{field}" + ("[0]" if isinstance(value, list) and "entries" not in says else "")


def scores(*bundles, **fields):
    return pb.ScoreBundlesRequest(bundles=[{"product_skus": skus} for skus in bundles], **fields)


def explain(bundle=(1, 2), **request):
    return pb.ExplainBundleRequest(bundle=bundle, request=request)


#: RPC, a good request for it, and the paths of its population, limit and model.
CALLS = [
    (BUNDLES, pb.RecommendBundlesRequest, ""),
    (PRODUCTS, pb.RecommendProductsRequest, ""),
    (SCORE, lambda **fields: scores([1, 2], **fields), ""),
    (EXPLAIN, explain, "request."),
]
SCORED = [
    (SCORE, "no bundle", scores(), "bundles", "0 entries; give at least 1"),
    (SCORE, "an empty bundle", scores([1, 2], []), "bundles[1].product_skus", "0 entries; give at least 2"),
    (SCORE, "a bundle of one", scores([1]), "bundles[0].product_skus", "1 entry; give at least 2"),
    (SCORE, "a bundle of six", scores(range(1, 7)), "bundles[0].product_skus", "more than 5 entries; give at most 5"),
    (SCORE, "one product twice", scores([1, 2, 1]), "bundles[0].product_skus", "names a product twice; give each once"),
    (SCORE, "a product below 0", scores([1, -2]), "bundles[0].product_skus[1]", "-2 is below 1; give an id"),
    (SCORE, "1001 bundles", scores(*[[1, 2]] * 1001), "bundles", "more than 1000 entries; give at most 1000"),
    (EXPLAIN, "an empty bundle", explain([]), "bundle", "0 entries; give at least 2"),
    (EXPLAIN, "a bundle of one", explain([1]), "bundle", "1 entry; give at least 2"),
    (EXPLAIN, "one product twice", explain([2, 2]), "bundle", "names a product twice; give each once"),
    (EXPLAIN, "a bundle of six", explain(range(1, 7)), "bundle", "more than 5 entries; give at most 5"),
    (EXPLAIN, "a product beyond 2^53 - 1", explain([1, MAX_ID + 1]), "bundle[1]", "give a smaller id"),
    (EXPLAIN, "NaN in its question", explain(constraints={"max_overlap": math.nan}), "request.constraints.max_overlap", SHARE),
    (BUNDLES, "max_items below min_items", pb.RecommendBundlesRequest(constraints={"min_items": 4, "max_items": 3}),
     "constraints.min_items", "4 is above max_items, 3; lower min_items or raise max_items"),
    (BUNDLES, "min_total_price above max_total_price",
     pb.RecommendBundlesRequest(constraints={"min_total_price": 50, "max_total_price": 20}),
     "constraints.min_total_price", "50.00 is above max_total_price, 20.00; lower min_total_price or raise max_total_price"),
    (EXPLAIN, "min_total_price above max_total_price", explain(constraints={"min_total_price": 50, "max_total_price": 20}),
     "request.constraints.min_total_price", "50.00 is above max_total_price, 20.00"),
    (PRODUCTS, "min_price above max_price", pb.RecommendProductsRequest(constraints={"min_price": 5, "max_price": 4.99}),
     "constraints.min_price", "5.00 is above max_price, 4.99; lower min_price or raise max_price"),
    (BUNDLES, "more anchors than max_items", pb.RecommendBundlesRequest(anchor_skus=[1, 2, 3], constraints={"max_items": 2}),
     "constraints.max_items", "2 allows no bundle with the 3 products of anchor_skus; raise it, or name fewer products"),
    (EXPLAIN, "more anchors than max_items", explain(anchor_skus=[1, 2, 3], constraints={"max_items": 2}),
     "request.constraints.max_items", "2 allows no bundle with the 3 products of anchor_skus"),
    (BUNDLES, "one anchor twice", pb.RecommendBundlesRequest(anchor_skus=[1, 1]), "anchor_skus", "give each once"),
    (BUNDLES, "five anchors", pb.RecommendBundlesRequest(anchor_skus=range(1, 6)), "anchor_skus", "more than 4 entries; give at most 4"),
    (BUNDLES, "anchor 0", pb.RecommendBundlesRequest(anchor_skus=[0]), "anchor_skus[0]", "0 is not an id; give an id from 1"),
    (BUNDLES, "customer 0", pb.RecommendBundlesRequest(customer_id=0), "customer_id", "0 is not an id; give an id from 1"),
    (BUNDLES, "a customer below 0", pb.RecommendBundlesRequest(customer_id=-1), "customer_id", "-1 is below 1; give an id"),
    (PRODUCTS, "product 0 in the basket", pb.RecommendProductsRequest(basket_skus=[0]), "basket_skus[0]", "give an id from 1"),
    (PRODUCTS, "10001 products in the basket", pb.RecommendProductsRequest(basket_skus=[1] * 10_001), "basket_skus", "at most 10000"),
    (PRODUCTS, "buying again without a customer", pb.RecommendProductsRequest(intent=pb.PRODUCT_INTENT_BUY_AGAIN), "customer_id",
     "is unset, but intent PRODUCT_INTENT_BUY_AGAIN is about a customer; give customer_id"),
    (PRODUCTS, "discovery without a trained model",
     pb.RecommendProductsRequest(customer_id=1, intent=pb.PRODUCT_INTENT_DISCOVER), "intent", "needs a trained model"),
    (PRODUCTS, "a customer beyond 2^53 - 1", pb.RecommendProductsRequest(customer_id=MAX_ID + 1), "customer_id", "smaller id"),
    (PRODUCTS, "a replacement for two products",
     pb.RecommendProductsRequest(basket_skus=[1, 2], intent=pb.PRODUCT_INTENT_SIMILAR), "basket_skus",
     "2 entries, but intent PRODUCT_INTENT_SIMILAR is about one product; give one in basket_skus or basket_external_ids"),
    (PRODUCTS, "days after for a basket", pb.RecommendProductsRequest(basket_skus=[1], within_days=5), "within_days",
     "5 is for intent PRODUCT_INTENT_AFTER only; set that intent, or leave it 0"),
    (PRODUCTS, "recent days for a basket", pb.RecommendProductsRequest(basket_skus=[1], recent_days=5), "recent_days",
     "5 is for intent PRODUCT_INTENT_TRENDING only; set that intent, or leave it 0"),
    (PRODUCTS, "366 recent days", pb.RecommendProductsRequest(intent=pb.PRODUCT_INTENT_TRENDING, recent_days=366), "recent_days",
     "366 is above 365; give at most 365"),
    (WHY, "no product", pb.ExplainProductRequest(), "product_sku", "is unset, and so is product_external_id; give one of them"),
    (WHY, "product -1", pb.ExplainProductRequest(product_sku=-1), "product_sku", "-1 is below 1; give an id"),
    (WHY, "a replacement for nothing", pb.ExplainProductRequest(product_sku=1, request={"intent": pb.PRODUCT_INTENT_SIMILAR}),
     "request.basket_skus", "0 entries, but intent PRODUCT_INTENT_SIMILAR is about one product"),
    (MANY, "one customer", pb.RecommendForManyRequest(request={"customer_id": 1}), "request.customer_id",
     "is set, but the call sets it for each of its customers or products; leave it unset"),
    (MANY, "a condition on baskets", pb.RecommendForManyRequest(customers={"channels": ["Online"]}), "customers.channels",
     "is a condition on baskets, but customers are selected here; put it into request.population, or leave it unset"),
    (MANY, "a negative after_id", pb.RecommendForManyRequest(after_id=-1), "after_id", "-1 is below 0; give at least 0"),
    (MANY, "customer 0", pb.RecommendForManyRequest(ids=[0]), "ids[0]", "0 is not an id; give an id from 1"),
    (TRAFFIC, "half of the traffic", pb.SetTrafficRequest(shares=[{"model_id": "heuristic-v0", "percent": 50}]), "shares",
     "the percentages add up to 50; give percentages that add up to 100, or no share to end the division"),
    (TRAFFIC, "a model twice", pb.SetTrafficRequest(shares=[{"model_id": "heuristic-v0", "percent": 50}] * 2), "shares[1].model_id",
     '"heuristic-v0" is named twice; give each model once'),
    (LIST_MODELS, "a negative page_size", pb.ListModelsRequest(page_size=-1), "page_size", "-1 is below 0; give at least 0"),
    (GET_MODEL, "a NUL in the name", pb.GetModelRequest(model_id="a\0"), "model_id", "has the control character U+0000"),
    (TRAIN, "a split on 2024-02-30", pb.TrainModelRequest(split_date="2024-02-30"), "split_date", NO_DATE),
    (TRAIN, "a negative seed", pb.TrainModelRequest(seed=-1), "seed", "-1 is below 0; give at least 0"),
    (ACTIVATE, "no name", pb.ActivateModelRequest(), "model_id", "is required and missing; give a value"),
    (GET_MODEL, "a name of 257 letters", pb.GetModelRequest(model_id="x" * 257), "model_id", "give at most 256"),
]
TABLE = [
    *(
        Bad(f"{field} of {str(value)[-20:]}", rpc, request(constraints={field: value}), *INVALID, place(field, value, says), says)
        for rpc, request, bounds in (
            (BUNDLES, pb.RecommendBundlesRequest, BUNDLE_BOUNDS + BOUNDS_OF_BOTH),
            (PRODUCTS, pb.RecommendProductsRequest, PRODUCT_BOUNDS + BOUNDS_OF_BOTH),
        )
        for field, value, says in bounds
    ),
    *(Bad(name, rpc, request, *INVALID, field, says) for rpc, name, request, field, says in SCORED),
    *(
        Bad(name, rpc, ask(**fields), *outcome, f"{inside}{field}" if field else "", says)
        for rpc, ask, inside in CALLS
        for name, fields, outcome, field, says in (
            ("a population of 2024-02-30", {"population": {"end_date": "2024-02-30"}}, INVALID, "population.end_date", NO_DATE),
            ("a population from 40 to 30", {"population": {"min_age": 40, "max_age": 30}}, INVALID, "population.min_age",
             "40 is above max_age, 30; lower min_age or raise max_age"),
            ("a population that ends first", {"population": {"start_date": "2024-02-01", "end_date": "2024-01-31"}}, INVALID,
             "population.start_date", '"2024-02-01" is after end_date "2024-01-31"; give a day on or before it'),
            ("an age of 151", {"population": {"min_age": 151}}, INVALID, "population.min_age", "give at most 150"),
            ("an unknown model", {"model_id": "nobody"}, not_found("MODEL"), "", 'no model "nobody"; give heuristic-v0'),
            ("a negative sales revision", {"min_sales_revision": -1}, INVALID, "min_sales_revision", "give at least 0"),
            ("a sales revision that never comes", {"min_sales_revision": 1 << 40}, LATE, "", str(1 << 40)),
        )
    ),
    *(
        Bad("a negative limit", rpc, ask(limit=-3), *INVALID, f"{inside}limit", "-3 is below 0; give at least 0")
        for rpc, ask, inside in CALLS
        if rpc != SCORE
    ),
    Bad("an unknown anchor", BUNDLES, pb.RecommendBundlesRequest(anchor_skus=[999]), *not_found("PRODUCT"), "", "999"),
    Bad("a deleted anchor", BUNDLES, pb.RecommendBundlesRequest(anchor_skus=[21]), *not_found("PRODUCT"), "", "21"),
    Bad("an unknown model", ACTIVATE, pb.ActivateModelRequest(model_id="nobody"), *not_found("MODEL"), "", "give heuristic-v0"),
    Bad("an unknown model", TRAFFIC, pb.SetTrafficRequest(shares=[{"model_id": "nobody", "percent": 100}]), *not_found("MODEL"), "",
        "give heuristic-v0"),
    Bad("an unknown model", MANY, pb.RecommendForManyRequest(request={"model_id": "nobody"}), *not_found("MODEL"), "", "nobody"),
    Bad("an unknown product", WHY, pb.ExplainProductRequest(product_sku=999), *not_found("PRODUCT"), "", "999"),
    Bad("an unknown product to replace", PRODUCTS,
        pb.RecommendProductsRequest(basket_skus=[999], intent=pb.PRODUCT_INTENT_SIMILAR), *not_found("PRODUCT"), "", "999"),
    Bad("an unknown model", GET_MODEL, pb.GetModelRequest(model_id="nobody"), *not_found("MODEL"), "", "give heuristic-v0"),
    *(
        Bad(f"the token {token!r}", LIST_MODELS, pb.ListModelsRequest(page_token=token), *TOKEN, "page_token", "give")
        for token in ("nonsense", "AAAA", "====")
    ),
    Bad("a token of a list of products", LIST_MODELS,
        lambda held: pb.ListModelsRequest(page_token=held.tokens["ProductService.ListProducts"]), *TOKEN, "page_token", "give"),
]
