package shop;

import clustr.bundles.v1.RecommendProductsRequest;
import clustr.bundles.v1.RecommendationServiceGrpc;
import clustr.catalog.v1.CreateProductRequest;
import clustr.catalog.v1.Product;
import clustr.catalog.v1.ProductServiceGrpc;
import clustr.sales.v1.RecordPurchaseRequest;
import clustr.sales.v1.Sale;
import clustr.sales.v1.Transaction;
import clustr.sales.v1.TransactionServiceGrpc;
import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.BadRequest;
import com.google.rpc.Status;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import io.grpc.stub.AbstractStub;
import java.util.concurrent.TimeUnit;

/**
 * A shop's backend: registers a product, records a purchase of it, and asks what to offer with it.
 *
 * <p>Arguments: CATALOG SALES BUNDLES CUSTOMER_ID, addresses as HOST:PORT.
 */
public final class Basket {
  /** Every call has a deadline; without one, a call to a lost server would never end. */
  private static <S extends AbstractStub<S>> S soon(S stub) {
    return stub.withDeadlineAfter(10, TimeUnit.SECONDS);
  }

  /** Prints what was wrong, field by field. */
  private static void explain(StatusRuntimeException error) throws InvalidProtocolBufferException {
    System.err.println(error.getStatus().getDescription());
    Status status = StatusProto.fromThrowable(error);
    for (Any detail : status.getDetailsList()) {
      if (!detail.is(BadRequest.class)) continue;
      for (BadRequest.FieldViolation violation : detail.unpack(BadRequest.class).getFieldViolationsList()) {
        System.err.println("  " + violation.getField() + ": " + violation.getDescription());
      }
    }
  }

  private static void trade(ManagedChannel catalog, ManagedChannel sales, ManagedChannel bundles, long customer) {
    Product product =
        soon(ProductServiceGrpc.newBlockingStub(catalog))
            .createProduct(
                CreateProductRequest.newBuilder()
                    .setProduct(Product.newBuilder().setProductName("Tea cosy").setPrice(12.5).setInStock(true))
                    .build())
            .getProduct();

    // A request_id makes the purchase safe to send again after any failure.
    var recorded =
        soon(TransactionServiceGrpc.newBlockingStub(sales))
            .recordPurchase(
                RecordPurchaseRequest.newBuilder()
                    .setRequestId("order-" + product.getProductSku())
                    .setTransaction(Transaction.newBuilder().setCustomerId(customer).setPurchaseDate("2024-01-02"))
                    .addSales(Sale.newBuilder().setProductSku(product.getProductSku()).setQuantity(2))
                    .setMinCatalogRevision(product.getRevision())
                    .build());
    System.out.println("recorded " + recorded.getTransaction().getTransactionAmount());

    // The answer includes this purchase, because the request names its revision.
    var answer =
        soon(RecommendationServiceGrpc.newBlockingStub(bundles))
            .recommendProducts(
                RecommendProductsRequest.newBuilder()
                    .addBasketSkus(product.getProductSku())
                    .setMinSalesRevision(recorded.getRevision())
                    .build());
    for (var offered : answer.getRecommendationsList()) {
      System.out.println(offered.getProductSku() + " " + offered.getProductName() + " " + offered.getPrice());
    }
  }

  public static void main(String[] arguments) throws Exception {
    if (arguments.length != 4) {
      System.err.println("usage: Basket CATALOG SALES BUNDLES CUSTOMER_ID");
      System.exit(2);
    }
    ManagedChannel catalog = Connect.to(arguments[0]).build();
    ManagedChannel sales = Connect.to(arguments[1]).build();
    ManagedChannel bundles = Connect.to(arguments[2]).build();
    try {
      trade(catalog, sales, bundles, Long.parseLong(arguments[3]));
    } catch (StatusRuntimeException error) {
      explain(error);
      System.exit(1);
    }
    catalog.shutdown();
    sales.shutdown();
    bundles.shutdown();
  }
}
