// Makes one call with each of several deadlines, all at once, and prints how each ended.
//
//	deadlines ADDRESS METHOD REQUEST MILLISECONDS...     REQUEST is the message in base64
//
// A line is: milliseconds, code, details. The code is a number; the details are a google.rpc.Status in base64, or `-`.
package main

import (
	"context"
	"encoding/base64"
	"fmt"
	"os"
	"strconv"
	"sync"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/encoding"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"
)

// Passes messages on as bytes.
type bytesCodec struct{}

func (bytesCodec) Marshal(message any) ([]byte, error) { return *message.(*[]byte), nil }
func (bytesCodec) Unmarshal(bytes []byte, message any) error {
	*message.(*[]byte) = bytes
	return nil
}
func (bytesCodec) Name() string { return "proto" }

var _ encoding.Codec = bytesCodec{}

func end(err error) {
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}

func outcome(connection *grpc.ClientConn, method string, request []byte, timeout time.Duration) string {
	ctx, cancel := context.WithTimeout(context.Background(), timeout)
	defer cancel()
	var answer []byte
	err := connection.Invoke(ctx, method, &request, &answer, grpc.ForceCodec(bytesCodec{}))
	failure := status.Convert(err)
	details := "-"
	if packed := failure.Proto(); packed != nil && len(packed.GetDetails()) > 0 {
		bytes, err := proto.Marshal(packed)
		if err != nil {
			end(err)
		}
		details = base64.StdEncoding.EncodeToString(bytes)
	}
	return fmt.Sprint(timeout.Milliseconds(), " ", int(failure.Code()), " ", details)
}

func main() {
	connection, err := grpc.NewClient(os.Args[1], grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		end(err)
	}
	request, err := base64.StdEncoding.DecodeString(os.Args[3])
	if err != nil {
		end(err)
	}
	// The first call connects, which would take a part of a short deadline.
	outcome(connection, "/grpc.health.v1.Health/Check", nil, 10*time.Second)
	var calls sync.WaitGroup
	for _, argument := range os.Args[4:] {
		milliseconds, err := strconv.Atoi(argument)
		if err != nil {
			end(err)
		}
		calls.Add(1)
		go func() {
			defer calls.Done()
			fmt.Println(outcome(connection, os.Args[2], request, time.Duration(milliseconds)*time.Millisecond))
		}()
	}
	calls.Wait()
}
