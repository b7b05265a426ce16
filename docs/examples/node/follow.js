// Follows the purchases of a shop: prints every basket that was recorded or changed, and goes on where it stopped.
//
//   node follow.js PROTOSET SALES POSITION_FILE [COUNT]     SALES as HOST:PORT; ends after COUNT baskets, or else never
//
// The position is written after each batch that was printed. So this program may be stopped at any time, and the server
// restarted: no basket is lost, and at most the last batch is printed again.
"use strict";

const fs = require("node:fs");
const grpc = require("@grpc/grpc-js");
const protoLoader = require("@grpc/proto-loader");
const { connection } = require("./connect");

const PAUSE_MS = 500; // Before the next attempt after the connection was lost.

// Returns the revision to resume from, and the history that it belongs to. Revisions are strings, because no number in
// JavaScript has all 64 bits.
function load(path) {
  if (!fs.existsSync(path)) return { after_revision: "0", store_id: "" };
  const [after_revision, store_id] = fs.readFileSync(path, "utf8").trim().split(" ");
  return { after_revision, store_id };
}

// Replaces the file as a whole, so that a crash leaves the old position or the new one.
function save(path, revision, storeId) {
  const file = fs.openSync(`${path}.new`, "w");
  fs.writeSync(file, `${revision} ${storeId}\n`);
  fs.fsyncSync(file);
  fs.closeSync(file);
  fs.renameSync(`${path}.new`, path);
}

function show(change) {
  if (change.deleted) return `basket ${change.transaction_id} was voided`;
  const lines = change.product_sku.map((sku, i) => `${change.quantity[i]} x ${sku}`).join(", ");
  return `basket ${change.transaction_id} of customer ${change.customer_id}: ${lines}`;
}

// Without keepalive, a server whose machine has gone away would never be noticed.
const OPTIONS = { "grpc.keepalive_time_ms": 30_000, "grpc.max_reconnect_backoff_ms": 1000 };

function main(protoset, sales, path, count) {
  const name = "clustr.sales.v1.SalesStreamService";
  const settings = { keepCase: true, longs: String, defaults: true };
  const definitions = protoLoader.loadFileDescriptorSetFromBuffer(fs.readFileSync(protoset), settings);
  const Client = grpc.makeGenericClientConstructor(definitions[name], name);
  const client = new Client(sales, ...connection(OPTIONS));
  let printed = 0;

  function follow() {
    const stream = client.StreamSales({ ...load(path), follow: true }); // No deadline: it never ends by itself.
    stream.on("data", (answer) => {
      if (count > 0 && printed >= count) return;
      for (const change of answer.changes) console.log(show(change));
      save(path, answer.revision, answer.store_id);
      printed += answer.changes.length;
      if (count > 0 && printed >= count) {
        stream.cancel();
        client.close();
      }
    });
    stream.on("end", () => {}); // An error or the status follows.
    stream.on("error", (error) => {
      if (count > 0 && printed >= count) return;
      if (error.code === grpc.status.OUT_OF_RANGE) {
        // The server lost this history, for example by a restored backup: drop what was built, and begin anew.
        console.error("starting over:", error.details);
        fs.rmSync(path);
      } else if (error.code !== grpc.status.UNAVAILABLE) {
        console.error(error.details);
        process.exit(1);
      }
      setTimeout(follow, PAUSE_MS);
    });
    stream.on("status", (status) => {
      if (status.code === grpc.status.OK) setTimeout(follow, PAUSE_MS);
    });
  }
  follow();
}

if (process.argv.length !== 5 && process.argv.length !== 6) {
  console.error("usage: node follow.js PROTOSET SALES POSITION_FILE [COUNT]");
  process.exit(2);
}
main(...process.argv.slice(2, 5), Number(process.argv[5] ?? 0));
