#ifndef CLUSTR_TOOLS_CLUSTRCTL_FLAT_KINDS_KIND_OF_ROW_H_
#define CLUSTR_TOOLS_CLUSTRCTL_FLAT_KINDS_KIND_OF_ROW_H_

#include <string_view>

#include "tools/clustrctl/flat/columns/columns.h"

namespace clustr::ctl {

// What the names and values of columns without a role say about the kind of a row. Pure functions,
// thread-safe, O(length).

// Whether a column with this name says what kind of row or document each row is, such as `type`,
// `Document type`, `Action`, `Belegart` or `Mouvement`. `Product type` does not.
bool NamesAType(std::string_view column);

// Whether it says what each line of an order is: `line_type`, `Positionstyp`.
bool NamesALineType(std::string_view column);

// Whether a column with this name says yes for returns: `is_return`, `Returned?`.
bool NamesAReturnFlag(std::string_view column);

// Whether a column with this name has a minus for returns: `Sign`, `Vorzeichen`.
bool NamesASign(std::string_view column);

// Whether a column with this name says which rows are sales and which are returns, and nothing
// else, so that codes such as S and R are plain: `transaction type`, `S/R`, `Belegart`. `type` may
// say anything.
bool NamesATransactionType(std::string_view column);

// Whether a column with this name says which goods went out and which came in.
bool NamesAMovement(std::string_view column);

// Whether a column with this name says whether an amount is a debit or a credit, such as `S/H`.
bool NamesASide(std::string_view column);

// Whether a value of a column of kinds says that goods came back or money was paid back: `Return`,
// `Credit note (Refund)`, `Gutschrift`, `Avoir`.
bool NamesAReturn(std::string_view value);

// Whether a value is exactly such a word.
bool IsWordForReturn(std::string_view value);

// Whether a value is a code for sales or for returns, beside the other one: SL and RT.
bool IsCodeForSale(std::string_view value);
bool IsCodeForReturn(std::string_view value);

// Whether a value is exactly a word for a sale, an invoice or the like; or for goods.
bool IsWordForSale(std::string_view value);
bool IsWordForGoods(std::string_view value);

// Whether a value says that the row is of a document by which nothing is sold: `Delivery note`,
// `Auftragsbestätigung`, `Training`, `Copy`.
bool NamesNoSale(std::string_view value);

// Whether a value is exactly a word for what is on a receipt and is no goods: `TAX`, `Versand`.
bool IsWordForNoGoods(std::string_view value);

// Whether a value is such a word in one language, and goods in another or in another sense: `Pant`
// is a deposit in Norway. It counts only beside a word for goods.
bool MayBeNoGoods(std::string_view value);

// Whether a column with this name holds discounts: `Discount`, `Rabatt`. `Discount code` does not.
bool NamesADiscount(std::string_view column);

// Whether a value says that goods came in, or went out.
bool SaysIn(std::string_view value);
bool SaysOut(std::string_view value);

// Whether these two values are debit and credit, as `S` and `H`, in either order.
bool AreSides(std::string_view one, std::string_view other);

// Whether rows that name an original order are returns even where no number is below 0: if the name
// of that column, or that of the order, says so (`Credit note for`, `Return ID`), or if it names an
// original and the file has no number below 0. `has_signs` says whether it has one.
bool OriginalsAreReturns(const FlatColumns& columns, bool has_signs);

// The first column without a role that names the till, shop or branch of a row; -1 if none does.
int TillColumn(const FlatColumns& columns);

}  // namespace clustr::ctl

#endif  // CLUSTR_TOOLS_CLUSTRCTL_FLAT_KINDS_KIND_OF_ROW_H_
