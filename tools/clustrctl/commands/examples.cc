#include "tools/clustrctl/commands/examples.h"

#include <map>

namespace clustr::ctl {

const std::vector<const char*>& ExamplesOf(const std::string& command) {
  using Lines = std::vector<const char*>;
  static const auto* const kExamples = new std::map<std::string, Lines>{
      {"import",
       {"clustrctl import shop/", "clustrctl import --flat=orders.csv --validate-only",
        "clustrctl import --flat=orders.csv --date-format=dmy --orders=replace"}},
      {"export",
       {"clustrctl export copy/", "clustrctl export copy/ --format=jsonl",
        "clustrctl export copy/ --format=baskets"}},
      {"backup", {"clustrctl backup shop.backup", "clustrctl backup shop.backup --force"}},
      {"restore", {"clustrctl restore shop.backup --check"}},
      {"migrate", {"clustrctl migrate --to-catalog=$NEW_CATALOG --to-sales=$NEW_SALES"}},
      {"erase-customer", {"clustrctl erase-customer 2 --yes"}},
      {"generate",
       {"clustrctl generate shop/ --products=50 --customers=100 --baskets=500",
        "clustrctl generate shop/ --patterns --seed=7"}},
      {"get",
       {"clustrctl get product 1001", "clustrctl get product mug pot",
        "clustrctl get transaction 1 --output=json"}},
      {"list",
       {"clustrctl list products --filter='price < 50' --order-by='price desc' --limit=10",
        "clustrctl list transactions --filter='purchase_date >= 2024-01-01' --output=csv"}},
      {"rules",
       {"clustrctl rules --min-support=1% --min-confidence=20% --limit=10",
        "clustrctl rules --product=1001 --order-by='confidence desc'",
        "clustrctl rules --city=Bern --from=2024-01-01 --output=csv > rules.csv"}},
      {"import-rules",
       {"clustrctl import-rules rules.jsonl --validate-only",
        "clustrctl import-rules rules.jsonl"}},
      {"rule-sets", {"clustrctl rule-sets", "clustrctl rule-sets --output=csv"}},
      {"delete-rule-set", {"clustrctl delete-rule-set year-2024"}},
      {"recommend",
       {"clustrctl recommend --limit=5", "clustrctl recommend --customer=1 --max-total-price=50",
        "clustrctl recommend --anchor=1001 --min-support=0.1% --output=csv",
        "clustrctl recommend --intent=trending --recent-days=14",
        "clustrctl recommend --intent=similar --basket=1001",
        "clustrctl recommend --all-customers --output=csv > newsletter.csv"}},
      {"complete", {"clustrctl complete 1001 1002", "clustrctl complete --customer=1 --limit=5"}},
      {"why", {"clustrctl why 1001,1002", "clustrctl why 1001,1002 --in-stock-only=false"}},
      {"why-product",
       {"clustrctl why-product 1002 1001", "clustrctl why-product 1002 --customer=1 --limit=50"}},
      {"explain",
       {"clustrctl explain 1001 1002 --examples=3",
        "clustrctl explain 1001,1002 1003 --channel=Online"}},
      {"verify", {"clustrctl verify", "clustrctl verify --city=Bern --min-support=2%"}},
      {"populations", {"clustrctl populations", "clustrctl populations --output=csv"}},
      {"models", {"clustrctl models"}},
      {"train", {"clustrctl train", "clustrctl train --split-date=2024-10-01 --keep-inactive"}},
      {"evaluate", {"clustrctl evaluate", "clustrctl evaluate heuristic-v0 --report=model.html"}},
      {"activate", {"clustrctl activate heuristic-v0"}},
      {"traffic", {"clustrctl traffic heuristic-v0=100", "clustrctl traffic --end"}},
      {"purchase",
       {"clustrctl purchase --customer=1 1001 1002:3",
        "clustrctl purchase --customer=1 --date=2024-01-05 "
        "--channel=Online 1001:2:4.50 --validate-only"}},
      {"return",
       {"clustrctl return 1", "clustrctl return 1 --quantity=2",
        "clustrctl return --transaction=@1 --product=mug --quantity=2"}},
      {"top-products", {"clustrctl top-products --limit=5 --from=2024-01-01 --to=2024-12-31"}},
      {"revenue", {"clustrctl revenue month", "clustrctl revenue category --limit=5 --output=csv"}},
      {"summary", {"clustrctl summary", "clustrctl summary --from=2024-01-01 --to=2024-01-31"}},
      {"verify-figures",
       {"clustrctl verify-figures", "clustrctl verify-figures --from=2024-01-01"}},
      {"status", {"clustrctl status", "clustrctl status --wait=60 || echo 'not ready'"}},
      {"completion",
       {"source <(clustrctl completion bash)", "clustrctl completion fish > clustrctl.fish"}},
      {"watch", {"clustrctl watch --every=0.5 --count=3"}},
  };
  static const auto* const kNone = new Lines();
  const auto found = kExamples->find(command);
  return found == kExamples->end() ? *kNone : found->second;
}

}  // namespace clustr::ctl
