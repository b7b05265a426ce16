#include "tools/clustrctl/commands/commands.h"

#include "tools/clustrctl/commands/backup/migrate.h"
#include "tools/clustrctl/commands/completion.h"

namespace clustr::ctl {

const std::vector<CommandEntry>& AllCommands() {
  static const auto* const kCommands = new std::vector<CommandEntry>{
      {"import", "DIR | --flat=FILE",
       "imports five CSV or JSON Lines files, or one file of order lines, into catalog and sales",
       MakeImportCommand},
      {"export", "DIR",
       "exports catalog and sales to five CSV or JSON Lines files, or the baskets alone by month",
       MakeExportCommand},
      {"backup", "FILE", "writes a backup of catalog and sales, which go on working, to a file",
       MakeBackupCommand},
      {"restore", "FILE", "restores a backup into an empty catalog and an empty sales",
       MakeRestoreCommand},
      {"migrate", "", "copies all rows to an empty catalog and an empty sales, on any database",
       MakeMigrateCommand},
      {"generate", "DIR", "writes the CSV files of a synthetic shop", MakeGenerateCommand},
      {"get", "KIND ID...", "shows rows: a product, customer, timeframe, transaction, sale or rule",
       MakeGetCommand},
      {"list", "KIND", "lists products, customers, timeframes, transactions or sales",
       MakeListCommand},
      {"rules", "", "lists the association rules of a population, or of an imported rule set",
       MakeRulesCommand},
      {"import-rules", "FILE", "stores rules that another engine mined as a rule set",
       MakeImportRulesCommand},
      {"rule-sets", "", "lists the imported rule sets and where they come from",
       MakeRuleSetsCommand},
      {"delete-rule-set", "NAME", "removes an imported rule set", MakeDeleteRuleSetCommand},
      {"recommend", "", "lists the best bundles, or products for an intent or for all customers",
       MakeRecommendCommand},
      {"complete", "[SKU...]", "lists the best products to add to a basket", MakeCompleteCommand},
      {"why", "A,B[,...]", "shows why a bundle is recommended or what keeps it out",
       MakeWhyCommand},
      {"why-product", "SKU [BASKET_SKU...]",
       "shows why a product is recommended or what keeps it out", MakeWhyProductCommand},
      {"explain", "A[,B...] C[,D...]", "shows the evidence for a rule between two sets of products",
       MakeExplainCommand},
      {"verify", "", "compares the served rules with those of an independent miner",
       MakeVerifyCommand},
      {"populations", "", "lists the values that select a population, with their basket counts",
       MakePopulationsCommand},
      {"models", "", "lists the versions of the scoring model", MakeModelsCommand},
      {"train", "", "trains a model on all purchases, and activates it if it is better",
       MakeTrainCommand},
      {"evaluate", "[MODEL]", "shows how a model did beside simpler methods", MakeEvaluateCommand},
      {"activate", "MODEL", "makes a model the one that answers", MakeActivateCommand},
      {"traffic", "MODEL=PERCENT... | --end",
       "divides the requests between models, to compare them", MakeTrafficCommand},
      {"purchase", "SKU[:QUANTITY[:UNIT_PRICE]]...", "records a purchase", MakePurchaseCommand},
      {"return", "SALE_ID | --transaction=ID --product=SKU", "registers returned units of a sale",
       MakeReturnCommand},
      {"erase-customer", "ID --yes", "removes a customer and every trace of their personal data",
       MakeEraseCustomerCommand},
      {"top-products", "", "lists the products with the highest revenue", MakeTopProductsCommand},
      {"revenue", "DIMENSION",
       "sums revenue by category, brand, segment, channel, payment-type, month or customer",
       MakeRevenueCommand},
      {"summary", "", "shows the totals of all sales", MakeSummaryCommand},
      {"verify-figures", "", "compares the figures of sales with a scan of all sales",
       MakeVerifyFiguresCommand},
      {"status", "", "shows the state of all three services", MakeStatusCommand},
      {"completion", "bash|zsh|fish",
       "prints a script by which the shell completes commands and flags", MakeCompletionCommand},
      {"watch", "", "prints revisions, throughput and lag continuously", MakeWatchCommand},
  };
  return *kCommands;
}

}  // namespace clustr::ctl
