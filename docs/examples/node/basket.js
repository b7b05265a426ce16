// A shop's backend: registers a product, records a purchase of it, and asks what to offer with it.
//
//   node basket.js PROTOSET CATALOG SALES BUNDLES CUSTOMER_ID     addresses as HOST:PORT
//
// PROTOSET is share/clustr/clustr.protoset of an installed Clustr; the stubs are made from it at run time.
"use strict";

const fs = require("node:fs");
const grpc = require("@grpc/grpc-js");
const protoLoader = require("@grpc/proto-loader");
const protobuf = require("protobufjs");
const { connection } = require("./connect");
require("protobufjs/ext/descriptor");

const TIMEOUT_MS = 10_000; // Every call has a deadline; without one, a call to a lost server would never end.

// Returns a function that calls a method with a request and promises the answer. Ids and revisions are strings, because
// no number in JavaScript has all 64 bits.
function connect(protoset, service, address) {
  const definitions = protoLoader.loadFileDescriptorSetFromBuffer(protoset, { keepCase: true, longs: String });
  const Client = grpc.makeGenericClientConstructor(definitions[service], service);
  const client = new Client(address, ...connection());
  return (method, request) =>
    new Promise((resolve, reject) => {
      const options = { deadline: Date.now() + TIMEOUT_MS };
      client[method](request, options, (error, answer) => (error ? reject(error) : resolve(answer)));
    });
}

// Prints what was wrong, field by field.
function explain(protoset, error) {
  console.error(error.details ?? error.message);
  const types = protobuf.Root.fromDescriptor(protoset);
  for (const packed of error.metadata?.get("grpc-status-details-bin") ?? []) {
    for (const detail of types.lookupType("google.rpc.Status").decode(packed).details) {
      if (!detail.type_url.endsWith("/google.rpc.BadRequest")) continue;
      for (const violation of types.lookupType("google.rpc.BadRequest").decode(detail.value).field_violations) {
        console.error(`  ${violation.field}: ${violation.description}`);
      }
    }
  }
}

async function main(protoset, catalog, sales, bundles, customerId) {
  const products = connect(protoset, "clustr.catalog.v1.ProductService", catalog);
  const transactions = connect(protoset, "clustr.sales.v1.TransactionService", sales);
  const recommendations = connect(protoset, "clustr.bundles.v1.RecommendationService", bundles);

  const { product } = await products("CreateProduct", {
    product: { product_name: "Tea cosy", price: 12.5, in_stock: true },
  });

  // A request_id makes the purchase safe to send again after any failure.
  const recorded = await transactions("RecordPurchase", {
    request_id: `order-${product.product_sku}`,
    transaction: { customer_id: customerId, purchase_date: "2024-01-02" },
    sales: [{ product_sku: product.product_sku, quantity: 2 }],
    min_catalog_revision: product.revision,
  });
  console.log("recorded", recorded.transaction.transaction_amount);

  // The answer includes this purchase, because the request names its revision.
  const answer = await recommendations("RecommendProducts", {
    basket_skus: [product.product_sku],
    min_sales_revision: recorded.revision,
  });
  for (const offered of answer.recommendations) {
    console.log(offered.product_sku, offered.product_name, offered.price);
  }
}

if (process.argv.length !== 7) {
  console.error("usage: node basket.js PROTOSET CATALOG SALES BUNDLES CUSTOMER_ID");
  process.exit(2);
}
const protoset = fs.readFileSync(process.argv[2]);
main(protoset, ...process.argv.slice(3)).then(
  () => process.exit(0),
  (error) => {
    explain(protoset, error);
    process.exit(1);
  },
);
