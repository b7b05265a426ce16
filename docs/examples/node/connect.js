// Connections to the servers of Clustr, as a backend should have them (docs/clients.md).
"use strict";

const fs = require("node:fs");
const grpc = require("@grpc/grpc-js");

// Calls go in turn to all servers behind a name. What may be repeated is repeated when a server goes away: the purchase too, since it has
// a request_id. @grpc/grpc-js does not ask for health, so it notices a server that ends by its connection alone.
const SERVICE_CONFIG = `{
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
}`;

const read = (path) => (path ? fs.readFileSync(path) : null);

// Returns the credentials and options of a client: TLS if $CLUSTR_CA names the certificate of an authority, showing those in $CLUSTR_CERT
// and $CLUSTR_KEY, if any; plaintext otherwise.
function connection(options = {}) {
  const [ca, certificate, key] = ["CLUSTR_CA", "CLUSTR_CERT", "CLUSTR_KEY"].map((name) => read(process.env[name]));
  const credentials = ca ? grpc.credentials.createSsl(ca, key, certificate) : grpc.credentials.createInsecure();
  return [credentials, { "grpc.service_config": SERVICE_CONFIG, ...options }];
}

module.exports = { connection };
