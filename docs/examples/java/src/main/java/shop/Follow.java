package shop;

import clustr.sales.v1.BasketChange;
import clustr.sales.v1.SalesStreamServiceGrpc;
import clustr.sales.v1.StreamSalesRequest;
import clustr.sales.v1.StreamSalesResponse;
import io.grpc.Context;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Iterator;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Follows the purchases of a shop: prints every basket that was recorded or changed, and goes on where it stopped.
 *
 * <p>Arguments: SALES POSITION_FILE [COUNT]; SALES as HOST:PORT. Ends after COUNT baskets, or else never.
 *
 * <p>The position is written after each batch that was printed. So this program may be stopped at any time, and the
 * server restarted: no basket is lost, and at most the last batch is printed again.
 */
public final class Follow {
  private static final long PAUSE_MS = 500; // Before the next attempt after the connection was lost.

  /** What to resume from; a file that is missing means everything. */
  private static StreamSalesRequest resume(Path position) throws IOException {
    StreamSalesRequest.Builder request = StreamSalesRequest.newBuilder().setFollow(true);
    if (Files.exists(position)) {
      String[] parts = Files.readString(position).trim().split(" ");
      request.setAfterRevision(Long.parseLong(parts[0])).setStoreId(parts[1]);
    }
    return request.build();
  }

  /** Replaces the file as a whole, so that a crash leaves the old position or the new one. */
  private static void save(Path position, StreamSalesResponse answer) throws IOException {
    Path next = Path.of(position + ".new");
    Files.writeString(next, answer.getRevision() + " " + answer.getStoreId() + "\n");
    Files.move(next, position, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
  }

  private static String show(BasketChange change) {
    if (change.getDeleted()) return "basket " + change.getTransactionId() + " was voided";
    String lines =
        IntStream.range(0, change.getProductSkuCount())
            .mapToObj(i -> change.getQuantity(i) + " x " + change.getProductSku(i))
            .collect(Collectors.joining(", "));
    return "basket " + change.getTransactionId() + " of customer " + change.getCustomerId() + ": " + lines;
  }

  public static void main(String[] arguments) throws Exception {
    if (arguments.length != 2 && arguments.length != 3) {
      System.err.println("usage: Follow SALES POSITION_FILE [COUNT]");
      System.exit(2);
    }
    Path position = Path.of(arguments[1]);
    long count = arguments.length == 3 ? Long.parseLong(arguments[2]) : 0;
    // Without keepalive, a server whose machine has gone away would never be noticed.
    ManagedChannel channel =
        Connect.to(arguments[0]).keepAliveTime(30, TimeUnit.SECONDS).build();
    var stub = SalesStreamServiceGrpc.newBlockingStub(channel);
    long printed = 0;
    while (true) {
      // Cancelling the context ends the stream, which has no deadline because it never ends by itself.
      Context.CancellableContext context = Context.current().withCancellation();
      Context before = context.attach();
      try {
        Iterator<StreamSalesResponse> stream = stub.streamSales(resume(position));
        while (stream.hasNext()) {
          StreamSalesResponse answer = stream.next();
          answer.getChangesList().forEach(change -> System.out.println(show(change)));
          save(position, answer);
          printed += answer.getChangesCount();
          if (count > 0 && printed >= count) {
            context.cancel(null);
            channel.shutdownNow();
            return;
          }
        }
      } catch (StatusRuntimeException error) {
        if (error.getStatus().getCode() == Status.Code.OUT_OF_RANGE) {
          // The server lost this history, for example by a restored backup: drop what was built, and begin anew.
          System.err.println("starting over: " + error.getStatus().getDescription());
          Files.delete(position);
        } else if (error.getStatus().getCode() != Status.Code.UNAVAILABLE) {
          System.err.println(error.getStatus().getDescription());
          System.exit(1);
        }
      } finally {
        context.detach(before);
        context.cancel(null);
      }
      channel.resetConnectBackoff(); // The pause below is the only one.
      Thread.sleep(PAUSE_MS);
    }
  }
}
