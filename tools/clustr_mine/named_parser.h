#ifndef CLUSTR_TOOLS_CLUSTR_MINE_NAMED_PARSER_H_
#define CLUSTR_TOOLS_CLUSTR_MINE_NAMED_PARSER_H_

#include <string_view>

#include "absl/status/status.h"
#include "tools/clustr_mine/fimi_parser.h"

namespace clustr::mine {

// True if the first basket of a text cannot be FIMI: it has names, numbers of more than 32 bits,
// separators other than blanks, tabs and commas, or a comment (`@`, `%` or `#`) before it.
bool HasNames(std::string_view text);

// Parses baskets whose items are any texts, one basket per line. Items are separated by tabs,
// semicolons, bars or commas, whichever the text has first of these, or else by blanks. With other
// separators than blanks, an item may contain blanks, or stand in double quotes. Lines that begin
// with @, % or # are comments; `@ITEM=1=milk` (SPMF) is the name of the item 1. Repeated items
// count once, and an empty line is an empty basket. Sets Transactions::labels, in the order of the
// items: numbers by their value, then texts. Cannot fail. Memory: the text of each distinct item
// and about 100 bytes.
Transactions ParseNamed(std::string_view text);

// Names the items of baskets whose items are numbers. Each line of `names` is the number of an
// item, a blank, tab, comma or semicolon, and its name, up to a further tab; or it is a name alone,
// and its item is the number of the line, from 1 on. Items without a name keep their number.
// INVALID_ARGUMENT, with the line, if an item has two names.
absl::Status NameItems(std::string_view names, Transactions* transactions);

}  // namespace clustr::mine

#endif  // CLUSTR_TOOLS_CLUSTR_MINE_NAMED_PARSER_H_
