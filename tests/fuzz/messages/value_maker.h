#ifndef CLUSTR_TESTS_FUZZ_MESSAGES_VALUE_MAKER_H_
#define CLUSTR_TESTS_FUZZ_MESSAGES_VALUE_MAKER_H_

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"
#include "tests/fuzz/messages/input.h"

namespace clustr::fuzz {

// Makes the values of scalar fields from the bytes of an input: from what the options of the field
// say (meaning, bounds), from earlier answers, from a list of awkward values, and from the bytes
// themselves. Not thread-safe.
class ValueMaker {
 public:
  using Field = google::protobuf::FieldDescriptor;

  // Borrows the input.
  explicit ValueMaker(Input* input) : input_(*input) {}

  // Lets later values repeat those of `answer`: a field repeats what a field of its name held, and
  // `page_token` what `next_page_token` held.
  void Remember(const google::protobuf::Message& answer) { Remember(answer, 0); }

  int64_t AnyInteger(const Field& field);
  double AnyReal(const Field& field);
  // Mostly a value of the enum, sometimes any number.
  int AnyEnum(const Field& field);
  // Always UTF-8, since no protobuf client can send another text.
  std::string AnyText(const Field& field);

 private:
  void Remember(const google::protobuf::Message& answer, int depth);
  // A text made of field names, operators and values, as filters, orders and masks are.
  std::string AnyExpression(const Field& field);

  Input& input_;
  std::map<std::string, std::vector<std::string>> texts_;  // Remembered, by field name.
  std::map<std::string, std::vector<int64_t>> integers_;   // Remembered, by field name.
};

}  // namespace clustr::fuzz

#endif  // CLUSTR_TESTS_FUZZ_MESSAGES_VALUE_MAKER_H_
