#include "tools/clustrctl/commands/commands.h"

namespace clustr::ctl {

const std::vector<CommandEntry>& AllCommands() {
  static const auto* const kCommands = new std::vector<CommandEntry>{
      {"import", "DIR | --flat=FILE",
       "reads five files of CSV or JSON lines, or one of order lines, into catalog and sales",
       MakeImportCommand},
      {"export", "DIR", "writes catalog and sales to five files of CSV or JSON lines",
       MakeExportCommand},
      {"generate", "DIR", "makes the CSV files of a synthetic shop", MakeGenerateCommand},
      {"rules", "", "lists association rules of a population", MakeRulesCommand},
      {"recommend", "", "lists the best bundles for a population or a customer",
       MakeRecommendCommand},
      {"complete", "[SKU...]", "lists the best products to add to a basket", MakeCompleteCommand},
      {"why", "A,B[,...]", "shows why a bundle is recommended, or what keeps it out",
       MakeWhyCommand},
      {"explain", "A[,B...] C[,D...]", "shows the evidence for any two sets of products",
       MakeExplainCommand},
      {"verify", "", "compares the served rules with an independent count", MakeVerifyCommand},
      {"populations", "", "lists what populations can be made of, with baskets",
       MakePopulationsCommand},
      {"models", "", "lists the versions of the scoring model", MakeModelsCommand},
      {"purchase", "SKU[:QUANTITY[:UNIT_PRICE]]...", "records a purchase", MakePurchaseCommand},
      {"return", "SALE_ID", "registers units of a line that came back", MakeReturnCommand},
      {"top-products", "", "lists the products with the most revenue", MakeTopProductsCommand},
      {"revenue", "DIMENSION",
       "sums revenue by category, brand, segment, channel, payment-type, month or customer",
       MakeRevenueCommand},
      {"summary", "", "shows the totals of all sales", MakeSummaryCommand},
      {"status", "", "shows all three services at a glance", MakeStatusCommand},
      {"watch", "", "shows revisions, throughput and lag, live", MakeWatchCommand},
  };
  return *kCommands;
}

}  // namespace clustr::ctl
