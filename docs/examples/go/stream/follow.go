// Follows the purchases of a shop: prints every basket that was recorded or changed, and goes on where it stopped.
//
//	follow SALES POSITION_FILE [COUNT]     SALES as HOST:PORT; ends after COUNT baskets, or else never
//
// The position is written after each batch that was printed. So this program may be stopped at any time, and the server
// restarted: no basket is lost, and at most the last batch is printed again.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strconv"
	"time"

	"basket/connect"
	sales "clustr/sales/v1"

	"google.golang.org/grpc"
	"google.golang.org/grpc/backoff"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/keepalive"
	"google.golang.org/grpc/status"
)

const pause = 500 * time.Millisecond // Before the next attempt after the connection was lost.

func expect(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// Returns the revision to resume from, and the history that it belongs to.
func load(path string) (revision int64, storeID string) {
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return 0, ""
	}
	expect(err)
	_, err = fmt.Sscan(string(text), &revision, &storeID)
	expect(err)
	return revision, storeID
}

// Replaces the file as a whole, so that a crash leaves the old position or the new one.
func save(path string, revision int64, storeID string) {
	file, err := os.Create(path + ".new")
	expect(err)
	_, err = fmt.Fprintln(file, revision, storeID)
	expect(err)
	expect(file.Sync())
	expect(file.Close())
	expect(os.Rename(path+".new", path))
}

func show(change *sales.BasketChange) {
	if change.GetDeleted() {
		fmt.Printf("basket %d was voided\n", change.GetTransactionId())
		return
	}
	fmt.Printf("basket %d of customer %d: ", change.GetTransactionId(), change.GetCustomerId())
	for i, sku := range change.GetProductSku() {
		if i > 0 {
			fmt.Print(", ")
		}
		fmt.Printf("%d x %d", change.GetQuantity()[i], sku)
	}
	fmt.Println()
}

// Prints baskets until `count` of them are printed or the stream ends, and adds them to `printed`.
func follow(client sales.SalesStreamServiceClient, path string, count int, printed *int) error {
	ctx, cancel := context.WithCancel(context.Background()) // No deadline: the stream never ends by itself.
	defer cancel()
	revision, storeID := load(path)
	stream, err := client.StreamSales(ctx, &sales.StreamSalesRequest{AfterRevision: revision, StoreId: storeID, Follow: true})
	for err == nil {
		var answer *sales.StreamSalesResponse
		if answer, err = stream.Recv(); err != nil {
			break
		}
		for _, change := range answer.GetChanges() {
			show(change)
		}
		save(path, answer.GetRevision(), answer.GetStoreId())
		*printed += len(answer.GetChanges())
		if count > 0 && *printed >= count {
			return nil
		}
	}
	return err
}

func main() {
	if len(os.Args) != 3 && len(os.Args) != 4 {
		fmt.Fprintln(os.Stderr, "usage: follow SALES POSITION_FILE [COUNT]")
		os.Exit(2)
	}
	count := 0
	if len(os.Args) == 4 {
		var err error
		count, err = strconv.Atoi(os.Args[3])
		expect(err)
	}
	// Without keepalive, a server whose machine has gone away would never be noticed.
	connection, err := connect.To(os.Args[1],
		grpc.WithKeepaliveParams(keepalive.ClientParameters{Time: 30 * time.Second}),
		grpc.WithConnectParams(grpc.ConnectParams{Backoff: backoff.Config{BaseDelay: pause, Multiplier: 1, MaxDelay: time.Second}}))
	expect(err)
	client := sales.NewSalesStreamServiceClient(connection)
	for printed := 0; ; time.Sleep(pause) {
		err := follow(client, os.Args[2], count, &printed)
		if err == nil {
			return
		}
		if status.Code(err) == codes.OutOfRange {
			// The server lost this history, for example by a restored backup: drop what was built, and begin anew.
			fmt.Fprintln(os.Stderr, "starting over:", status.Convert(err).Message())
			expect(os.Remove(os.Args[2]))
		} else if status.Code(err) != codes.Unavailable && err != io.EOF {
			expect(err)
		}
	}
}
