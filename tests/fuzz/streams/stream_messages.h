#ifndef CLUSTR_TESTS_FUZZ_STREAMS_STREAM_MESSAGES_H_
#define CLUSTR_TESTS_FUZZ_STREAMS_STREAM_MESSAGES_H_

#include <string>

#include "clustr/catalog/v1/catalog_stream_service.pb.h"
#include "clustr/sales/v1/sales_stream_service.pb.h"
#include "tests/fuzz/messages/input.h"
#include "tests/fuzz/messages/message_maker.h"

// What sales and catalog stream to their followers.
namespace clustr::fuzz {

// The streams of an honest shop: three baskets, two products, one customer, one timeframe.
sales::v1::StreamSalesResponse HonestSales();
catalog::v1::StreamCatalogResponse HonestCatalog();

// A message that no honest upstream sends: any revisions, ids, days and texts, rows that repeat or
// are missing. In half of the cases it claims to be complete, so that followers publish it.
template <class Response>
Response AnyMessage(Input& input, MessageMaker& maker) {
  Response message;
  const bool complete = !input.OneIn(2);
  maker.Fill(&message);
  if (complete) message.set_head_revision(message.revision());
  return message;
}

}  // namespace clustr::fuzz

#endif  // CLUSTR_TESTS_FUZZ_STREAMS_STREAM_MESSAGES_H_
