#include "tools/clustrctl/flat/flat_import.h"

#include <filesystem>
#include <initializer_list>
#include <system_error>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/errors.h"
#include "common/base/status_macros.h"
#include "tools/clustrctl/flat/file/order_file.h"
#include "tools/clustrctl/flat/file_profile.h"
#include "tools/clustrctl/flat/flat_report.h"
#include "tools/clustrctl/flat/returns/book_returns.h"
#include "tools/clustrctl/flat/returns/earlier_lines.h"
#include "tools/clustrctl/flat/returns/return_sender.h"
#include "tools/clustrctl/flat/returns/stored_comparison.h"
#include "tools/clustrctl/flat/returns/stored_orders.h"
#include "tools/clustrctl/flat/send/catalog_import.h"
#include "tools/clustrctl/flat/send/order_sender.h"
#include "tools/clustrctl/flat/values/currency.h"
#include "tools/clustrctl/print/numbers.h"
#include "tools/clustrctl/print/progress.h"

namespace clustr::ctl {
namespace {

// How often orders are sent; before each round, those that other clients stored are looked up.
constexpr int kRounds = 3;

absl::Status ReadFile(const FlatSettings& settings, const std::string& name, OrderFile* file,
                      OrderBook* book, Refusals* refused) {
  std::error_code error;
  const auto bytes = static_cast<double>(std::filesystem::file_size(settings.path, error));
  const bool packed = settings.path.ends_with(".gz") || settings.path.ends_with(".zip");
  Progress progress(name);
  return file->Read(
      [&](int64_t rows, int64_t done) {
        progress.Update(rows, packed ? -1 : static_cast<double>(done) / bytes);
      },
      book, refused);
}

absl::Status SendOrders(const Context& context, int64_t catalog_revision,
                        const FlatColumns& columns, bool replace, OrderBook* book,
                        Refusals* refused, SentOrders* sent, StoredOrders* stored) {
  OrderSender sender(&context, catalog_revision, &columns, book, refused);
  for (int round = 1; round <= kRounds; ++round) {
    CLUSTR_RETURN_IF_ERROR(LearnStoredOrders(context, replace, book, stored));
    sent->conflicts = 0;
    CLUSTR_RETURN_IF_ERROR(sender.Send(sent));
    if (sent->conflicts == 0) return absl::OkStatus();
  }
  return absl::UnavailableError(absl::StrCat(WithSeparators(sent->conflicts.load()),
                                             " orders are being stored by another client"));
}

absl::Status SendAllReturns(const Context& context, const FlatColumns& columns, bool replace,
                            bool new_returns, OrderBook* book, Refusals* refused,
                            MatchedReturns* matched) {
  BookReturns returns(&columns, new_returns, book);
  const std::vector<ReturnKey> open = returns.MatchInFile();
  CLUSTR_RETURN_IF_ERROR(LearnEarlierLines(context, open, book));
  returns.MatchWithEarlier(open);
  CLUSTR_RETURN_IF_ERROR(SendReturns(context, book, refused));
  returns.Report(replace, matched);
  return absl::OkStatus();
}

// Adds the counts of the orders and lines that are stored now.
void AddOrders(const OrderBook& book, const SentOrders& sent, FlatReport* report) {
  int64_t orders = 0;
  int64_t lines = 0;
  for (const FlatOrder& order : book.orders) {
    if (order.transaction_id == 0) continue;
    ++orders;
    lines += static_cast<int64_t>(order.lines.size());
  }
  report->kinds.push_back(
      {"transactions", sent.created, sent.updated, orders - sent.created - sent.updated});
  const int64_t stored = sent.lines_created + sent.lines_replaced;
  report->kinds.push_back({"sales", sent.lines_created, sent.lines_replaced, lines - stored});
  report->stored = stored;
  report->unchanged = lines - stored;
  report->removed_lines = sent.lines_removed;
}

// Amounts are stored without a currency, so nobody else can tell two files in two of them.
std::string CurrencyNote(const std::string& currency) {
  return absl::StrCat("the amounts are in ", currency,
                      "; a shop has one currency, and amounts are "
                      "stored without it, so import no file with amounts in another one; "
                      "--currency=CODE refuses such a file");
}

absl::Status CheckCurrency(const FlatSettings& settings, const std::string& name,
                           const OrderFile& file) {
  const std::string& wanted = settings.file.currency;
  if (wanted.empty() || file.currency().empty()) return absl::OkStatus();
  if (MayBeWrittenAs(wanted, file.currency())) return absl::OkStatus();
  return absl::FailedPreconditionError(
      absl::StrCat(name, ": the amounts are in ", file.currency(), ", but --currency says ", wanted,
                   "; import amounts in the currency of the shop, or correct --currency"));
}

void PrintNotes(const std::string& name, const std::vector<std::string>& notes,
                const Context& context) {
  for (const std::string& note : notes) context.err << name << ": " << note << '\n';
}

// Refuses a file of baskets without numbers if another one was imported under the same name.
absl::Status CheckBaskets(const Context& context, const std::string& file, CatalogImport* catalog,
                          OrderBook* book) {
  StoredOrders stored;
  CLUSTR_RETURN_IF_ERROR(catalog->Learn());
  CLUSTR_RETURN_IF_ERROR(LearnStoredOrders(context, /*replace=*/false, book, &stored));
  const std::string why = WhyOtherBaskets(file, stored);
  if (!why.empty()) return absl::FailedPreconditionError(absl::StrCat(file, ": ", why));
  return absl::OkStatus();
}

absl::StatusOr<ExitCode> Validate(const FlatSettings& settings, const OrderFile& file,
                                  const std::string& name, std::vector<std::string> notes,
                                  OrderBook* book, Refusals* refused, const Context& context) {
  FileProfile profile(file, *book, *refused);
  CatalogImport catalog(&context, settings.guest, book);
  StoredComparison comparison;
  CLUSTR_RETURN_IF_ERROR(CompareWithStored(context, file.columns(), settings.replace,
                                           settings.new_returns, &catalog, book, refused,
                                           &comparison));
  profile.Compare(comparison);
  const std::initializer_list<const Notes*> compared = {&catalog.notes(), &comparison.stored.notes,
                                                        &comparison.returns.notes};
  for (const Notes* found : compared) {
    const std::vector<std::string> sentences = found->Sentences();
    PrintNotes(name, sentences, context);
    notes.insert(notes.end(), sentences.begin(), sentences.end());
  }
  const std::string other_baskets = WhyOtherBaskets(name, comparison.stored);
  if (!other_baskets.empty() && !settings.replace) {
    return absl::FailedPreconditionError(absl::StrCat(name, ": ", other_baskets));
  }
  if (context.json) {
    profile.PrintJson(notes, context);
    PrintRows(name, *refused, book->line_numbers, "were refused", context);
  } else {
    profile.Print(context);
  }
  const bool failed = refused->count() > 0 || file.leaves_nothing();
  return failed ? ExitCode::kRowsFailedOrDiffers : ExitCode::kOk;
}

void PrintExtraLines(const std::string& name, const StoredOrders& stored, const Context& context) {
  for (const std::string& line : stored.extra_shown) {
    context.err << name << " lacks a stored line, which is kept: " << line << '\n';
  }
  const auto shown = static_cast<int64_t>(stored.extra_shown.size());
  if (stored.extra_lines > shown) {
    context.err << name << " lacks " << WithSeparators(stored.extra_lines - shown)
                << " more stored lines, which are kept\n";
  }
}

}  // namespace

absl::StatusOr<ExitCode> ImportFlat(const FlatSettings& settings, const Context& context) {
  Progress clock("");
  const std::string name = std::filesystem::path(settings.path).filename().string();
  CLUSTR_ASSIGN_OR_RETURN(const std::unique_ptr<OrderFile> file,
                          OrderFile::Open(settings.path, settings.file));
  std::vector<std::string> notes = file->Notes();
  PrintNotes(name, notes, context);
  Refusals refused;
  OrderBook book;
  CLUSTR_RETURN_IF_ERROR(ReadFile(settings, name, file.get(), &book, &refused));
  CLUSTR_RETURN_IF_ERROR(CheckCurrency(settings, name, *file));
  book.FoldGuests(settings.guest);
  std::vector<std::string> row_notes = book.notes.Sentences();
  if (!file->currency().empty() && settings.file.currency.empty())
    row_notes.push_back(CurrencyNote(file->currency()));
  PrintNotes(name, row_notes, context);
  notes.insert(notes.end(), row_notes.begin(), row_notes.end());
  if (settings.validate_only) {
    return Validate(settings, *file, name, std::move(notes), &book, &refused, context);
  }
  if (settings.new_returns && file->columns().Has(Role::kReturned)) {
    return absl::FailedPreconditionError(absl::StrCat(
        name, ": the column ", Quoted(file->columns().Name(Role::kReturned)),
        " says how many units came back in all, so some may be registered already; leave "
        "--returns=add out"));
  }
  FlatReport report;
  report.rows = book.rows;
  report.skipped = book.skipped();
  report.notes = notes;
  MatchedReturns returns;
  absl::Status status;
  CatalogImport catalog(&context, settings.guest, &book);
  SentOrders sent;
  StoredOrders stored;
  if (book.orders_are_numbered && !settings.replace) {
    CLUSTR_RETURN_IF_ERROR(CheckBaskets(context, name, &catalog, &book));
  }
  status = catalog.Run();
  report.Add("products", catalog.products());
  report.Add("customers", catalog.customers());
  report.Add("timeframe", catalog.timeframes());
  report.catalog_revision = catalog.revision();
  if (report.refused_by_catalog > 0) {
    context.err << name << ": catalog refused " << WithSeparators(report.refused_by_catalog)
                << " products, customers or days; rows that refer to new ones of them are refused "
                   "below\n";
  }
  if (status.ok()) {
    status = SendOrders(context, catalog.revision(), file->columns(), settings.replace, &book,
                        &refused, &sent, &stored);
  }
  if (status.ok()) {
    status = SendAllReturns(context, file->columns(), settings.replace, settings.new_returns, &book,
                            &refused, &returns);
  }
  AddOrders(book, sent, &report);
  report.kinds.push_back({"returns", returns.registered, 0, returns.unchanged});
  report.returned = returns.rows;
  report.extra_lines = stored.extra_lines;
  PrintExtraLines(name, stored, context);
  const auto add_notes = [&](const Notes& found) {
    const std::vector<std::string> sentences = found.Sentences();
    PrintNotes(name, sentences, context);
    report.notes.insert(report.notes.end(), sentences.begin(), sentences.end());
  };
  add_notes(catalog.notes());
  add_notes(stored.notes);
  {
    absl::MutexLock lock(&sent.mutex);
    add_notes(sent.notes);
  }
  add_notes(returns.notes);
  report.seconds = clock.Finish();
  PrintRows(name, refused, book.line_numbers, "were refused", context);
  PrintRows(name, returns.unmatched, book.line_numbers, "are unmatched returns", context);
  if (!status.ok()) {
    return absl::Status(
        status.code(),
        absl::StrCat(status.message(), ". The import can be run again; it adds what is missing"));
  }
  PrintReport(report, refused, returns.unmatched, context);
  const bool failed =
      refused.count() > 0 || report.refused_by_catalog > 0 || file->leaves_nothing();
  return failed ? ExitCode::kRowsFailedOrDiffers : ExitCode::kOk;
}

}  // namespace clustr::ctl
