// Package connect has connections to the servers of Clustr, as a backend should have them (docs/clients.md).
package connect

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"os"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/credentials/insecure"
	_ "google.golang.org/grpc/health" // Asks servers whether they are ready.
)

// Calls go in turn to all servers behind a name that are ready. What may be repeated is repeated when a server goes away: the purchase too,
// since it has a request_id.
const serviceConfig = `{
  "loadBalancingConfig": [{"round_robin": {}}],
  "healthCheckConfig": {"serviceName": ""},
  "retryThrottling": {"maxTokens": 10, "tokenRatio": 0.1},
  "methodConfig": [
    {
      "name": [
        {"service": "clustr.bundles.v1.RecommendationService"},
        {"service": "clustr.sales.v1.TransactionService", "method": "RecordPurchase"}
      ],
      "timeout": "5s",
      "retryPolicy": {
        "maxAttempts": 4,
        "initialBackoff": "0.1s",
        "maxBackoff": "1s",
        "backoffMultiplier": 2,
        "retryableStatusCodes": ["UNAVAILABLE"]
      }
    }
  ]
}`

// To connects over TLS if $CLUSTR_CA names the certificate of an authority, showing those in $CLUSTR_CERT and $CLUSTR_KEY, if any; in
// plaintext otherwise.
func To(address string, options ...grpc.DialOption) (*grpc.ClientConn, error) {
	transport, err := transport()
	if err != nil {
		return nil, err
	}
	options = append(options, grpc.WithTransportCredentials(transport), grpc.WithDefaultServiceConfig(serviceConfig))
	return grpc.NewClient(address, options...)
}

func transport() (credentials.TransportCredentials, error) {
	if os.Getenv("CLUSTR_CA") == "" {
		return insecure.NewCredentials(), nil
	}
	authority, err := os.ReadFile(os.Getenv("CLUSTR_CA"))
	if err != nil {
		return nil, err
	}
	config := tls.Config{RootCAs: x509.NewCertPool()}
	if !config.RootCAs.AppendCertsFromPEM(authority) {
		return nil, errors.New("CLUSTR_CA names a file without a certificate")
	}
	if os.Getenv("CLUSTR_CERT") != "" {
		pair, err := tls.LoadX509KeyPair(os.Getenv("CLUSTR_CERT"), os.Getenv("CLUSTR_KEY"))
		if err != nil {
			return nil, err
		}
		config.Certificates = []tls.Certificate{pair}
	}
	return credentials.NewTLS(&config), nil
}
