// Makes one call with each of several deadlines, all at once, and prints how each ended.
//
//   node deadlines.js ADDRESS METHOD REQUEST MILLISECONDS...     REQUEST is the message in base64
//
// A line is: milliseconds, code, details. The code is a number; the details are a google.rpc.Status in base64, or `-`.
"use strict";

const grpc = require("@grpc/grpc-js");

const [address, method, request, ...deadlines] = process.argv.slice(2);
const client = new grpc.Client(address, grpc.credentials.createInsecure());
const asBytes = (bytes) => bytes;

// Resolves with the line of one call.
function outcome(path, bytes, milliseconds) {
  return new Promise((resolve) => {
    const options = { deadline: Date.now() + milliseconds };
    client.makeUnaryRequest(path, asBytes, asBytes, bytes, new grpc.Metadata(), options, (error) => {
      const details = error?.metadata?.get("grpc-status-details-bin")[0];
      resolve(`${milliseconds} ${error?.code ?? 0} ${details ? details.toString("base64") : "-"}`);
    });
  });
}

async function main() {
  // The first call connects, which would take a part of a short deadline.
  await outcome("/grpc.health.v1.Health/Check", Buffer.alloc(0), 10_000);
  const bytes = Buffer.from(request, "base64");
  await Promise.all(deadlines.map(async (text) => console.log(await outcome(method, bytes, Number(text)))));
}

main().then(() => process.exit(0));
