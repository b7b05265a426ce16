#ifndef CLUSTR_TESTS_FUZZ_MESSAGES_MESSAGE_MAKER_H_
#define CLUSTR_TESTS_FUZZ_MESSAGES_MESSAGE_MAKER_H_

#include "google/protobuf/message.h"
#include "tests/fuzz/messages/input.h"
#include "tests/fuzz/messages/value_maker.h"

namespace clustr::fuzz {

// Makes messages of any type from the bytes of an input, so that a change of a byte changes one
// decision. Knows a type by its descriptor alone. Without bytes, a message has its required fields
// alone, with plain values. Not thread-safe.
class MessageMaker {
 public:
  // Borrows the input.
  explicit MessageMaker(Input* input) : input_(*input), values_(input) {}

  // Fills `message`, which must be empty.
  void Fill(google::protobuf::Message* message) { Fill(message, 0); }

  // Lets later messages repeat the values of `answer`.
  void Remember(const google::protobuf::Message& answer) { values_.Remember(answer); }

 private:
  void Fill(google::protobuf::Message* message, int depth);
  void AddValue(google::protobuf::Message* message, const google::protobuf::FieldDescriptor& field,
                int depth);

  Input& input_;
  ValueMaker values_;
};

}  // namespace clustr::fuzz

#endif  // CLUSTR_TESTS_FUZZ_MESSAGES_MESSAGE_MAKER_H_
