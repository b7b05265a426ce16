"""Channels to the servers of Clustr, as a backend should have them (docs/clients.md)."""

import os

import grpc

#: Calls go in turn to all servers behind a name that are ready. What may be repeated is repeated when a server goes away: the
#: purchase too, since it has a request_id.
SERVICE_CONFIG = """{
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
}"""


def connect(address, *options):
    """A channel over TLS if $CLUSTR_CA names the certificate of an authority, showing those in $CLUSTR_CERT and $CLUSTR_KEY, if any;
    in plaintext otherwise."""
    options = [("grpc.service_config", SERVICE_CONFIG), *options]
    ca, certificate, key = (read(os.environ.get(name)) for name in ("CLUSTR_CA", "CLUSTR_CERT", "CLUSTR_KEY"))
    if ca is None:
        return grpc.insecure_channel(address, options)
    return grpc.secure_channel(address, grpc.ssl_channel_credentials(ca, key, certificate), options)


def read(path):
    if not path:
        return None
    with open(path, "rb") as file:
        return file.read()
