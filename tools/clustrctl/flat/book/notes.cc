#include "tools/clustrctl/flat/book/notes.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "common/base/errors.h"
#include "tools/clustrctl/print/numbers.h"

namespace clustr::ctl {
namespace {

constexpr size_t kExamples = 3;

// For each note, its sentence with one and with several: `#` is the number, `@` the examples.
struct Sentence {
  const char* one;
  const char* several;
};
constexpr std::array<Sentence, kNoteCount> kSentences = {{
    {"the word @ was read as an empty cell", "the words @ were read as empty cells"},
    {"1 text is not UTF-8 and was read as Windows-1252: @; if it looks wrong, name its encoding "
     "with --encoding",
     "# texts are not UTF-8 and were read as Windows-1252, for example @; if they look wrong, name "
     "their encoding with --encoding"},
    {"1 text was too long and was shortened: @", "# texts were too long and were shortened: @"},
    {"1 text had line breaks or control characters, which became spaces: @",
     "# texts had line breaks or control characters, which became spaces, for example @"},
    {"1 code ended with .0, as spreadsheets write whole numbers, and was read without it: @",
     "# codes ended with .0, as spreadsheets write whole numbers, and were read without it, for "
     "example @"},
    {"1 text had marks that nobody sees, and was read without them: @",
     "# texts had marks that nobody sees, and were read without them, for example @"},
    {"1 text had letters and their accents as two characters, as Macs write them, and was read "
     "with "
     "one for both: @",
     "# texts had letters and their accents as two characters, as Macs write them, and were read "
     "with one for both, for example @"},
    {"1 text had characters in the way of HTML, such as &amp;, and was read with the characters "
     "themselves: @",
     "# texts had characters in the way of HTML, such as &amp;, and were read with the characters "
     "themselves, for example @"},
    {"1 code is a number in groups of three digits, and was read as it is written: @; if other "
     "rows "
     "have it without the marks, format the column as text, and export again",
     "# codes are numbers in groups of three digits, and were read as they are written, for "
     "example "
     "@; if other rows have them without the marks, format the column as text, and export again"},
    {"the customer @ was taken for the guest; if it is one person, give it another code or name",
     "# customers were taken for the guest, for example @; if one of them is a person, give it "
     "another code or name"},
    {"1 customer has a name that shops give to customers whom they do not know, but a code of its "
     "own: @; if that stands for nobody, say --guest=CODE",
     "# customers have names that shops give to customers whom they do not know, but codes of "
     "their "
     "own, for example @; if one of them stands for nobody, say --guest=CODE"},
    {"1 customer's e-mail address differs from another one in case only: @; both are customers of "
     "their own",
     "# customers' e-mail addresses differ from others in case only, for example @; all are "
     "customers of their own"},
    {"1 text was written as ="
     "\"...\" or with a leading apostrophe, as spreadsheets keep digits, and was read without: @",
     "# texts were written as =\"...\" or with a leading apostrophe, as spreadsheets keep digits, "
     "and were read without, for example @"},
    {"1 row has no product code, and the description stands in for it: @",
     "# rows have no product code, and the description stands in for it, for example @"},
    {"1 quantity is not a whole number, and counts as one unit at the total of its line, if it has "
     "one: @",
     "# quantities are not whole numbers, and each counts as one unit at the total of its line, if "
     "it has one, for example @"},
    {"1 total is not quantity times price, and the total was taken: @",
     "# totals are not quantity times price, and the totals were taken, for example @"},
    {"1 quote is opened and never closed, and was read as text: @",
     "# quotes are opened and never closed, and were read as text: @"},
    {"1 row has no order number, and belongs to the order above it: @",
     "# rows have no order number, and belong to the order above them, for example @"},
    {"1 row of an order is from the following day, and belongs to the day on which the order "
     "began: @",
     "# rows of orders are from the following day, and belong to the day on which the order began, "
     "for example @"},
    {"1 order has rows that are more than an hour apart: @; if order numbers are unique only with "
     "a till, shop or day, give all of them, for example --columns=order=till+receipt+date",
     "# orders have rows that are more than an hour apart, for example @; if order numbers are "
     "unique only with a till, shop or day, give all of them, for example "
     "--columns=order=till+receipt+date"},
    {"1 order has rows that are far apart in the file: @; if order numbers are unique only with a "
     "till, shop or day, give all of them, for example --columns=order=till+receipt+date",
     "# orders have rows that are far apart in the file, for example @; if order numbers are "
     "unique only with a till, shop or day, give all of them, for example "
     "--columns=order=till+receipt+date"},
    {"1 row is no order line but a total, a footer or a header, and was skipped: @",
     "# rows are no order lines but totals, footers or headers, and were skipped: @"},
    {"1 row is of an order that was cancelled, voided or refunded, and was skipped: @; "
     "--with-cancelled takes it as a purchase",
     "# rows are of orders that were cancelled, voided or refunded, and were skipped, for example "
     "@; --with-cancelled takes them as purchases"},
    {"1 row is on a day after today: @; if that is wrong, correct it, or choose another "
     "--date-format",
     "# rows are on days after today, for example @; if that is wrong, correct them, or choose "
     "another --date-format"},
    {"the product @ stands in 1 order with the sum of its other lines, so it seems to be a total "
     "and no product; leave it out with a --where for the column of products",
     "the product @ stands in # orders with the sum of their other lines, so it seems to be a "
     "total and no product; leave it out with a --where for the column of products"},
    {"1 order stands again below a repeated header, with the same lines, and counts twice: @; if "
     "the files that were joined overlap, import them one after the other",
     "# orders stand again below a repeated header, with the same lines, and count twice, for "
     "example @; if the files that were joined overlap, import them one after the other"},
    {"1 stored line that the file lacks was removed although units of it were returned, and these "
     "returns went with it: @; if it stands in the file with another code, register them with "
     "`clustrctl return`",
     "# stored lines that the file lacks were removed although units of them were returned, and "
     "these returns went with them, for example @; if they stand in the file with other codes, "
     "register them with `clustrctl return`"},
    {"1 stored line has more returned units than the returns of the file account for, and keeps "
     "them: @",
     "# stored lines have more returned units than the returns of the file account for, and keep "
     "them, for example @"},
    {"1 order that the file skips is stored, and still counts as a purchase: @; if it never came "
     "about, call DeleteTransaction, or register its returns with `clustrctl return`",
     "# orders that the file skips are stored, and still count as purchases, for example @; if "
     "they never came about, call DeleteTransaction, or register their returns with "
     "`clustrctl return`"},
    {"1 return was taken for one that is registered already: @; if it is another one, import it "
     "with --returns=add, or register it with `clustrctl return`",
     "# returns were taken for ones that are registered already, for example @; if they are other "
     "ones, import them with --returns=add, or register them with `clustrctl return`"},
    {"1 return is of goods that are weighed, and counts for the whole line even if it is of a "
     "part: @",
     "# returns are of goods that are weighed, and each counts for a whole line even if it is of a "
     "part, for example @"},
    {"1 row is a return by its kind, and was read so: @; to leave it out, use --where",
     "# rows are returns by their kind, and were read so: @; to leave them out, use --where"},
    {"1 row is of an order whose other rows name another till, shop or the like: @; if order "
     "numbers are unique only there, give both, for example --columns=order=receipt+till",
     "# rows are of orders whose other rows name another till, shop or the like, for example @; "
     "if order numbers are unique only there, give both, for example --columns=order=receipt+till"},
    {"1 order has the customer \"0\": @; if that stands for nobody, say --guest=0",
     "# orders have the customer \"0\", for example @; if that stands for nobody, say --guest=0"},
    {"1 row has units that were cancelled, which do not count as sold: @; --with-cancelled counts "
     "them",
     "# rows have units that were cancelled, which do not count as sold, for example @; "
     "--with-cancelled counts them"},
    {"1 row stands for the same units as another row of its order, as the simple product of a "
     "configurable one does, and was skipped: @",
     "# rows stand for the same units as other rows of their orders, as the simple products of "
     "configurable ones do, and were skipped, for example @"},
    {"1 row names the order that it takes back, and was read as a return: @; if it is a purchase, "
     "rename that column",
     "# rows name the orders that they take back, and were read as returns, for example @; if they "
     "are purchases, rename that column"},
    {"1 row names an original order, but has no number below 0, and was read as a purchase: @; if "
     "it "
     "is a return, give its quantity below 0",
     "# rows name an original order, but have no number below 0, and were read as purchases, for "
     "example @; if they are returns, give their quantities below 0"},
    {"1 row is no sale of goods by its kind, and was skipped: @; --with-cancelled takes it",
     "# rows are no sales of goods by their kind, and were skipped, for example @; "
     "--with-cancelled takes them"},
    {"1 order is stored with a hash in front of its number or without one, otherwise than in the "
     "file, and was taken for the stored one: @; if they are two orders, give one of them another "
     "number",
     "# orders are stored with a hash in front of their numbers or without one, otherwise than in "
     "the file, and were taken for the stored ones, for example @; if they are others, give them "
     "other "
     "numbers"},
    {"1 order has the number of a stored one but for a hash in front, and another day, customer or "
     "lines, so it is an order of its own: @; if they are one, write its number as it is stored",
     "# orders have the numbers of stored ones but for a hash in front, and other days, customers "
     "or lines, so they are orders of their own, for example @; if they are the stored ones, write "
     "their numbers as they are stored"},
    {"1 order has a number that another one has with a hash in front: @; they were read as two "
     "orders, so write the number alike if they are one",
     "# orders have numbers that others have with a hash in front, for example @; they were read "
     "as "
     "orders of their own, so write the numbers alike if they are one"},
    {"1 product code differs from another one in case only: @; they are two products, so write the "
     "code alike if they are one",
     "# product codes differ from others in case only, for example @; all are products of their "
     "own, so write the codes alike if they are one"},
    {"1 total has a fraction of a cent, and was rounded: @",
     "# totals have fractions of a cent, and were rounded, for example @"},
    {"1 text was encoded twice, as KÃ¤se for Käse, and was decoded: @",
     "# texts were encoded twice, as KÃ¤se for Käse, and were decoded, for example @"},
    {"the product @ seems to be no goods, and stands in 1 row; if so, leave it out with a --where "
     "for the column of products, as in --where='COLUMN!=VALUE'",
     "# rows have products that seem to be no goods: @; if so, leave them out with a --where for "
     "the column of products, as in --where='COLUMN!=VALUE,VALUE'"},
    {"1 code looks like a date: @; if a spreadsheet made it of a code such as 3-1, format the "
     "column as text there, correct the code, and export again",
     "# codes look like dates, for example @; if a spreadsheet made them of codes such as 3-1, "
     "format the column as text there, correct the codes, and export again"},
}};

}  // namespace

void Notes::Add(Note note, std::string_view example) {
  Kind& kind = notes_[static_cast<size_t>(note)];
  ++kind.count;
  if (example.empty() || kind.examples.size() == kExamples) return;
  if (std::find(kind.examples.begin(), kind.examples.end(), example) != kind.examples.end()) return;
  kind.examples.emplace_back(example);
}

std::vector<std::string> Notes::Sentences() const {
  std::vector<std::string> sentences;
  for (size_t i = 0; i < kNoteCount; ++i) {
    const Kind& kind = notes_[i];
    if (kind.count == 0) continue;
    const std::string examples =
        absl::StrJoin(kind.examples, ", ", [](std::string* out, const std::string& example) {
          absl::StrAppend(out, Quoted(example));
        });
    // Null words are counted by different words, everything else one by one.
    const bool one =
        kind.count == 1 || (static_cast<Note>(i) == Note::kNullWord && kind.examples.size() == 1);
    sentences.push_back(absl::StrReplaceAll(one ? kSentences[i].one : kSentences[i].several,
                                            {{"#", WithSeparators(kind.count)}, {"@", examples}}));
  }
  return sentences;
}

}  // namespace clustr::ctl
