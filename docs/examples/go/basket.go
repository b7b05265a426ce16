// A shop's backend: registers a product, records a purchase of it, and asks what to offer with it.
//
//	basket CATALOG SALES BUNDLES CUSTOMER_ID     addresses as HOST:PORT
package main

import (
	"context"
	"fmt"
	"os"
	"strconv"
	"time"

	"basket/connect"
	bundles "clustr/bundles/v1"
	catalog "clustr/catalog/v1"
	sales "clustr/sales/v1"

	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"
)

// Every call has a deadline; without one, a call to a lost server would never end.
const timeout = 10 * time.Second

// Makes one unary call of a stub and returns its answer.
func call[Request, Answer any](method func(context.Context, *Request, ...grpc.CallOption) (*Answer, error), request *Request) *Answer {
	ctx, cancel := context.WithTimeout(context.Background(), timeout)
	defer cancel()
	answer, err := method(ctx, request)
	expect(err)
	return answer
}

// Prints what was wrong, field by field, and ends the program.
func expect(err error) {
	if err == nil {
		return
	}
	failure := status.Convert(err)
	fmt.Fprintln(os.Stderr, failure.Message())
	for _, detail := range failure.Details() {
		if bad, ok := detail.(*errdetails.BadRequest); ok {
			for _, violation := range bad.GetFieldViolations() {
				fmt.Fprintf(os.Stderr, "  %s: %s\n", violation.GetField(), violation.GetDescription())
			}
		}
	}
	os.Exit(1)
}

func to(address string) *grpc.ClientConn {
	connection, err := connect.To(address)
	expect(err)
	return connection
}

func main() {
	if len(os.Args) != 5 {
		fmt.Fprintln(os.Stderr, "usage: basket CATALOG SALES BUNDLES CUSTOMER_ID")
		os.Exit(2)
	}
	products := catalog.NewProductServiceClient(to(os.Args[1]))
	transactions := sales.NewTransactionServiceClient(to(os.Args[2]))
	recommendations := bundles.NewRecommendationServiceClient(to(os.Args[3]))
	customer, err := strconv.ParseInt(os.Args[4], 10, 64)
	expect(err)

	product := call(products.CreateProduct, &catalog.CreateProductRequest{
		Product: &catalog.Product{ProductName: "Tea cosy", Price: proto.Float64(12.5), InStock: proto.Bool(true)},
	}).GetProduct()

	// A request_id makes the purchase safe to send again after any failure.
	recorded := call(transactions.RecordPurchase, &sales.RecordPurchaseRequest{
		RequestId:          fmt.Sprintf("order-%d", product.GetProductSku()),
		Transaction:        &sales.Transaction{CustomerId: customer, PurchaseDate: "2024-01-02"},
		Sales:              []*sales.Sale{{ProductSku: product.GetProductSku(), Quantity: 2}},
		MinCatalogRevision: product.GetRevision(),
	})
	fmt.Println("recorded", recorded.GetTransaction().GetTransactionAmount())

	// The answer includes this purchase, because the request names its revision.
	answer := call(recommendations.RecommendProducts, &bundles.RecommendProductsRequest{
		BasketSkus:       []int64{product.GetProductSku()},
		MinSalesRevision: recorded.GetRevision(),
	})
	for _, offered := range answer.GetRecommendations() {
		fmt.Println(offered.GetProductSku(), offered.GetProductName(), offered.GetPrice())
	}
}
