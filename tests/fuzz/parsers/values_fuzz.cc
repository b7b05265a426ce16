// Dates, money, texts and the text form of every field: what a parser accepts is written back and
// read again without a change. The first byte selects what is read from the rest.

#include <algorithm>
#include <bit>
#include <cmath>
#include <string>
#include <vector>

#include "common/importing/field_text.h"
#include "common/schema/annotations.h"
#include "common/schema/date.h"
#include "common/schema/money.h"
#include "common/schema/text.h"
#include "common/schema/validator.h"
#include "google/protobuf/util/message_differencer.h"
#include "tests/fuzz/messages/check.h"
#include "tests/fuzz/messages/input.h"
#include "tests/fuzz/messages/models.h"

namespace clustr::fuzz {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

void CheckDate(const std::string& text) {
  const std::optional<schema::Date> date = schema::ParseDate(text);
  if (!date) return;
  Check(schema::DateText(schema::EpochDay(*date)) == text, "a date is written as it was read",
        text);
  Check(schema::EpochDayOf(text) == schema::EpochDay(*date), "a date has one day", text);
}

void CheckMoney(double amount) {
  const std::optional<int64_t> cents = schema::CentsOf(amount);
  const std::string why = schema::WhyNotMoney(amount);
  Check(cents.has_value() == why.empty(), "an amount is accepted or explained", why);
  if (!cents) return;
  Check(*cents >= 0 && *cents < schema::kMoneyLimitCents, "an amount is within its limits");
  Check(std::abs(schema::AmountOf(*cents) - amount) <= 0.00002,
        "an amount is rounded to its cents");
  Check(schema::CentsOf(schema::AmountOf(*cents)) == cents, "cents survive the wire");
}

void CheckText(const std::string& text) {
  const std::string readable = schema::ReplaceInvalidUtf8(text);
  Check(schema::IsUtf8(readable), "a mended text is UTF-8");
  Check(schema::IsUtf8(text) == (readable == text), "only a damaged text is mended");
  for (const size_t max_length : {size_t{0}, size_t{3}, size_t{256}}) {
    const std::string why = schema::WhyNotText(text, max_length);
    Check(schema::IsUtf8(why), "an error is UTF-8");
    if (why.empty()) Check(schema::CodePoints(text) <= max_length, "an accepted text fits");
  }
}

// Reads the text into every field of a model and writes what was read.
void CheckFields(Input& input) {
  const google::protobuf::Descriptor& model = AnyModel(input);
  const std::string text = input.Rest();
  for (const FieldDescriptor* field : schema::InputFields(model)) {
    const std::unique_ptr<Message> first = NewMessage(model);
    std::string why;
    if (!importing::SetFieldFromText(text, *field, first.get(), &why)) {
      Check(!why.empty() && schema::IsUtf8(why), "a refused cell is explained", why);
      continue;
    }
    std::vector<Violation> violations;
    schema::Validator(model).Check(*first, "", &violations);
    if (field->is_repeated() || !violations.empty()) continue;
    std::string written;
    importing::AppendFieldText(*first, *field, &written);
    const std::unique_ptr<Message> second = NewMessage(model);
    Check(written.empty() || importing::SetFieldFromText(written, *field, second.get(), &why),
          "what was written can be read", why);
    Check(written.empty() || google::protobuf::util::MessageDifferencer::Equals(*first, *second),
          "a value survives its text form", written);
  }
}

void Run(Input input) {
  switch (input.Below(4)) {
    case 0:
      return CheckDate(input.Rest());
    case 1:
      return CheckMoney(std::bit_cast<double>(input.Word()));
    case 2:
      return CheckText(input.Rest());
    default:
      return CheckFields(input);
  }
}

}  // namespace
}  // namespace clustr::fuzz

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  clustr::fuzz::Run({data, size});
  return 0;
}
