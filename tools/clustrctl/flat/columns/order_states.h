#ifndef CLUSTR_TOOLS_CLUSTRCTL_FLAT_COLUMNS_ORDER_STATES_H_
#define CLUSTR_TOOLS_CLUSTRCTL_FLAT_COLUMNS_ORDER_STATES_H_

#include <string_view>

// What shops call the state of an order, in the common languages. Pure functions, thread-safe,
// O(length).
namespace clustr::ctl {

enum class OrderState {
  kUnknown,    // Nothing that is known.
  kOpen,       // `pending`, `unbezahlt`, `en attente`: it may come about.
  kCancelled,  // `cancelled`, `voided`, `storniert`, `annulé`, `payment failed`.
  kNoOrder,    // `draft`, `abandoned`, `quotation`, `test`: it never was an order.
  kPaidBack,   // `refunded`, `returned`, `erstattet`: as a whole.
};

// The state that a value says. A value that says only a part (`partially refunded`), a wish
// (`cancellation requested`) or the contrary (`not cancelled`) is kUnknown, and so is a long text.
OrderState StateOf(std::string_view value);

// Whether the value is exactly a word for kCancelled.
bool IsWordForCancelled(std::string_view value);

// Whether the value is such a word that it says the same in any column: `storniert`, but not
// `void`, which may be the name of something.
bool SaysCancelledAnywhere(std::string_view value);

// Whether the value is exactly a word for an offer, as in a column of kinds of documents.
bool IsQuotation(std::string_view value);

// Whether a column with this name says the state of an order or of a part of it (payment,
// fulfilment).
bool NamesAState(std::string_view column);

// Whether a column with this name says whether, or when, an order was cancelled, deleted or made
// for a test: `cancelled`, `voided at`, `storniert`, `is_test`.
bool NamesACancellation(std::string_view column);

// Whether a column with this name says why or by whom an order was cancelled, so that whatever
// stands in it says that it was: `Void reason`, `storniert von`. A wish (`cancel request reason`)
// is none.
bool NamesATraceOfCancellation(std::string_view column);

// Whether the value of such a column says yes (`true`, `ja`, `1`), or is a day or a time of day; or
// says no, as an empty cell does and the day 0000-00-00.
bool SaysYes(std::string_view value);
bool SaysNo(std::string_view value);

// Whether the value of a column that says why an order was cancelled says that it was not: it says
// no, or it is a word for no reason (`none`, `keine`, `not applicable`) or says the contrary (`not
// cancelled`). `No longer needed` is a reason.
bool SaysNotCancelled(std::string_view value);

}  // namespace clustr::ctl

#endif  // CLUSTR_TOOLS_CLUSTRCTL_FLAT_COLUMNS_ORDER_STATES_H_
