package shop;

import io.grpc.ChannelCredentials;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannelBuilder;
import io.grpc.TlsChannelCredentials;
import java.io.File;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/** Channels to the servers of Clustr, as a backend should have them (docs/clients.md). */
final class Connect {
  /**
   * Calls go in turn to all servers behind a name; only to those that are ready if grpc-services is on the class path. What may be
   * repeated is repeated when a server goes away: the purchase too, since it has a request_id. It is the JSON of docs/clients.md as
   * a map, with numbers as doubles.
   */
  private static final Map<String, ?> SERVICE_CONFIG =
      Map.of(
          "loadBalancingConfig", List.of(Map.of("round_robin", Map.of())),
          "healthCheckConfig", Map.of("serviceName", ""),
          "retryThrottling", Map.of("maxTokens", 10.0, "tokenRatio", 0.1),
          "methodConfig",
              List.of(
                  Map.of(
                      "name",
                          List.of(
                              Map.of("service", "clustr.bundles.v1.RecommendationService"),
                              Map.of("service", "clustr.sales.v1.TransactionService", "method", "RecordPurchase")),
                      "timeout", "5s",
                      "retryPolicy",
                          Map.of(
                              "maxAttempts", 4.0,
                              "initialBackoff", "0.1s",
                              "maxBackoff", "1s",
                              "backoffMultiplier", 2.0,
                              "retryableStatusCodes", List.of("UNAVAILABLE")))));

  /**
   * A channel over TLS if $CLUSTR_CA names the certificate of an authority, showing those in $CLUSTR_CERT and $CLUSTR_KEY, if any; in
   * plaintext otherwise.
   */
  static ManagedChannelBuilder<?> to(String address) throws IOException {
    return Grpc.newChannelBuilder(address, credentials()).defaultServiceConfig(SERVICE_CONFIG).enableRetry();
  }

  private static ChannelCredentials credentials() throws IOException {
    String authority = System.getenv("CLUSTR_CA");
    if (authority == null) return InsecureChannelCredentials.create();
    TlsChannelCredentials.Builder tls = TlsChannelCredentials.newBuilder().trustManager(new File(authority));
    String certificate = System.getenv("CLUSTR_CERT");
    if (certificate != null) tls.keyManager(new File(certificate), new File(System.getenv("CLUSTR_KEY")));
    return tls.build();
  }

  private Connect() {}
}
