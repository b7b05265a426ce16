#ifndef CLUSTR_TOOLS_CLUSTRCTL_FLAT_BOOK_NOTES_H_
#define CLUSTR_TOOLS_CLUSTRCTL_FLAT_BOOK_NOTES_H_

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace clustr::ctl {

// What was understood otherwise than it is written, so that the user can object.
enum class Note {
  kNullWord,          // A word such as NULL was read as an empty cell.
  kLegacyText,        // A text is not UTF-8 and was read as Windows-1252.
  kShortened,         // A text was longer than its field.
  kLineBreaks,        // A text had line breaks or control characters.
  kEmptyFraction,     // A code ended with `.0`.
  kInvisible,         // A text had marks that nobody sees.
  kComposed,          // A letter and its accent were two characters.
  kEntity,            // A text had characters in the way of HTML.
  kGroupedCode,       // A code is a number with thousands separators.
  kGuestWord,         // A customer is the guest, under another code.
  kNamedLikeGuest,    // A customer with a code of its own has a name of the guest.
  kSameAddress,       // E-mail addresses of customers differ in case only.
  kSpreadsheetMark,   // A code was written as ="..." or '...
  kNameAsCode,        // The description stands in for an empty product code.
  kWeighed,           // A quantity was no whole number.
  kTotalWins,         // The total is not quantity times price.
  kStrayQuote,        // A quote was opened and not closed.
  kContinued,         // A row without an order number belongs to the order above.
  kAfterMidnight,     // A row's day is the day after the order's first.
  kApart,             // Rows of one order are more than an hour apart.
  kScattered,         // Rows of one order are far apart in the file.
  kNoLine,            // A row is no order line: a total, a footer, a header.
  kNeverCameAbout,    // A row is of an order that was cancelled, voided or paid back.
  kFutureDay,         // A row is on a day after today.
  kTotalAsProduct,    // A product is called "Total" and sums up its orders.
  kOrderAgain,        // An order stands again below a repeated header, with the same lines.
  kRemovedReturns,    // A stored line was removed although units of it were returned.
  kReturnsStay,       // More units are registered as returned than the file accounts for.
  kSkippedIsStored,   // An order that the file skips is stored.
  kReturnTaken,       // A return was taken for one that was registered before.
  kPartOfUnit,        // A return is of goods that are weighed.
  kReturnByType,      // A row is a return by a column that says what kind of row it is.
  kOtherTill,         // A row is from another till, shop or the like than its order.
  kZeroCustomer,      // An order has the customer 0.
  kCancelledUnits,    // Units of a row were cancelled.
  kPartOfItem,        // A row stands for the same units as another one.
  kReturnByOriginal,  // A row is a return since it names the order that it takes back.
  kOriginalKept,      // A row names an original order, but is a purchase.
  kNoSale,            // A row is no sale of goods by its kind.
  kOtherHash,         // An order is stored with or without the # that its number has.
  kHashOfAnother,     // A stored order has its number but for a #, and is another one.
  kHashTwice,         // Two orders of the file have numbers that differ in a # only.
  kCaseOfProduct,     // Product codes differ in case only.
  kRoundedTotal,      // A total has a fraction of a cent.
  kTwiceEncoded,      // A text was read in the wrong encoding before it was written.
  kNoGoodsAsProduct,  // A product is called shipping, discount, deposit or the like.
  kDateAsProduct,     // A code looks like a date, which a spreadsheet may have made of it.
};
inline constexpr size_t kNoteCount = 47;

// Counts notes and keeps a few examples of each kind. Not thread-safe.
class Notes {
 public:
  // Counts one. `example` is kept if it is one of the first three different ones and not empty.
  void Add(Note note, std::string_view example);

  int64_t count(Note note) const { return notes_[static_cast<size_t>(note)].count; }

  // A whole sentence for each kind that occurred.
  std::vector<std::string> Sentences() const;

 private:
  struct Kind {
    int64_t count = 0;
    std::vector<std::string> examples;
  };
  std::array<Kind, kNoteCount> notes_;
};

}  // namespace clustr::ctl

#endif  // CLUSTR_TOOLS_CLUSTRCTL_FLAT_BOOK_NOTES_H_
