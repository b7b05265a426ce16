#!/usr/bin/python3
"""A shop's backend: registers a product, records a purchase of it, and asks what to offer with it.

  basket.py CATALOG SALES BUNDLES CUSTOMER_ID     addresses as HOST:PORT

Needs python3-grpcio, and the stubs of the contract on PYTHONPATH. Make them from an installed Clustr (see docs/api.md):

  mkdir stubs
  protoc --plugin=protoc-gen-grpc=$(which grpc_python_plugin) --descriptor_set_in=PREFIX/share/clustr/clustr.protoset \\
      --python_out=stubs --grpc_out=stubs $(cd PREFIX/share/clustr/proto && find clustr -name '*.proto') \\
      google/rpc/status.proto google/rpc/error_details.proto
"""

import sys

import grpc
from clustr.bundles.v1 import recommendation_service_pb2, recommendation_service_pb2_grpc
from clustr.catalog.v1 import product_pb2, product_service_pb2, product_service_pb2_grpc
from clustr.sales.v1 import sale_pb2, transaction_pb2, transaction_service_pb2, transaction_service_pb2_grpc
from connect import connect
from google.rpc import error_details_pb2, status_pb2

TIMEOUT = 10  # Seconds. Every call has a deadline; without one, a call to a lost server would never end.


def explain(error):
    """Prints what was wrong, field by field."""
    print(error.details(), file=sys.stderr)
    for key, value in error.trailing_metadata() or ():
        if key != "grpc-status-details-bin":
            continue
        for detail in status_pb2.Status.FromString(value).details:
            bad = error_details_pb2.BadRequest()
            if detail.Unpack(bad):
                for violation in bad.field_violations:
                    print(f"  {violation.field}: {violation.description}", file=sys.stderr)


def main(catalog, sales, bundles, customer_id):
    products = product_service_pb2_grpc.ProductServiceStub(connect(catalog))
    transactions = transaction_service_pb2_grpc.TransactionServiceStub(connect(sales))
    recommendations = recommendation_service_pb2_grpc.RecommendationServiceStub(connect(bundles))

    product = products.CreateProduct(
        product_service_pb2.CreateProductRequest(
            product=product_pb2.Product(product_name="Tea cosy", price=12.5, in_stock=True)
        ),
        timeout=TIMEOUT,
    ).product

    # A request_id makes the purchase safe to send again after any failure.
    recorded = transactions.RecordPurchase(
        transaction_service_pb2.RecordPurchaseRequest(
            request_id=f"order-{product.product_sku}",
            transaction=transaction_pb2.Transaction(customer_id=customer_id, purchase_date="2024-01-02"),
            sales=[sale_pb2.Sale(product_sku=product.product_sku, quantity=2)],
            min_catalog_revision=product.revision,
        ),
        timeout=TIMEOUT,
    )
    print("recorded", recorded.transaction.transaction_amount)

    # The answer includes this purchase, because the request names its revision.
    answer = recommendations.RecommendProducts(
        recommendation_service_pb2.RecommendProductsRequest(
            basket_skus=[product.product_sku], min_sales_revision=recorded.revision
        ),
        timeout=TIMEOUT,
    )
    for offered in answer.recommendations:
        print(offered.product_sku, offered.product_name, offered.price)


if __name__ == "__main__":
    if len(sys.argv) != 5:
        sys.exit("usage: basket.py CATALOG SALES BUNDLES CUSTOMER_ID")
    try:
        main(*sys.argv[1:4], int(sys.argv[4]))
    except grpc.RpcError as failure:
        explain(failure)
        sys.exit(1)
