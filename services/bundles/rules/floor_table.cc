#include "services/bundles/rules/floor_table.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "clustr/bundles/v1/bundle_rule.pb.h"
#include "common/schema/field.h"
#include "common/storage/table.h"
#include "services/bundles/rules/rule_message.h"

namespace clustr::rules {
namespace {

using bundles::v1::BundleRule;
using schema::CellType;
using schema::Column;

constexpr char kCreate[] = R"sql(
    CREATE TABLE IF NOT EXISTS bundle_floor (
      sales_revision BIGINT NOT NULL,
      catalog_revision BIGINT NOT NULL,
      basket_count BIGINT NOT NULL,
      sales_store_id TEXT NOT NULL,
      catalog_store_id TEXT NOT NULL))sql";

constexpr char kSelect[] = R"sql(
    SELECT sales_revision, catalog_revision, basket_count, sales_store_id, catalog_store_id
    FROM bundle_floor)sql";

constexpr char kInsert[] = R"sql(
    INSERT INTO bundle_floor
      (sales_revision, catalog_revision, basket_count, sales_store_id, catalog_store_id)
    VALUES (:s, :c, :n, :i, :j))sql";

// Types of the columns of kSelect and kInsert.
const std::vector<CellType>& FloorTypes() {
  static const auto* types = new std::vector<CellType>{
      CellType::kInteger, CellType::kInteger, CellType::kInteger, CellType::kText, CellType::kText};
  return *types;
}

// The stored floor without its rules.
std::optional<Floor> LoadWithoutRules(storage::Session& session) {
  storage::Statement& query = session.Prepared(kSelect, {}, FloorTypes());
  query.Execute();
  std::optional<Floor> floor;
  while (query.Fetch()) {
    floor = Floor{SkuRules(query.integer(2)), query.integer(0), query.integer(1), query.text(3),
                  query.text(4)};
  }
  return floor;
}

void LoadRules(storage::Session& session, SkuRules* rules) {
  const storage::Table table(*BundleRule::descriptor());
  std::vector<std::string> names;
  std::vector<CellType> types;
  for (const Column& column : table.columns()) {
    names.push_back(column.name);
    types.push_back(column.type);
  }
  storage::Statement& query =
      session.Prepared(absl::StrCat("SELECT ", absl::StrJoin(names, ", "), " FROM ", table.name()),
                       {}, types, storage::Reading::kInPieces);
  query.Execute();
  while (query.Fetch()) {
    BundleRule rule;
    for (size_t i = 0; i < types.size(); ++i) {
      schema::WriteCell(query.result(i), table.columns()[i], &rule);
    }
    rules->Add(rule.antecedents(), rule.consequents(),
               {rule.count_a(), rule.count_b(), rule.count_ab(), rule.basket_count()});
  }
}

}  // namespace

std::string FloorTable() { return kCreate; }

std::optional<Floor> LoadFloor(storage::Session& session) {
  std::optional<Floor> floor = LoadWithoutRules(session);
  if (floor) LoadRules(session, &floor->rules);
  return floor;
}

bool IsStoredFloorAsNew(storage::Session& session, const Floor& floor) {
  const std::optional<Floor> stored = LoadWithoutRules(session);
  return stored && stored->sales_store_id == floor.sales_store_id &&
         stored->catalog_store_id == floor.catalog_store_id &&
         stored->sales_revision >= floor.sales_revision &&
         stored->catalog_revision >= floor.catalog_revision;
}

void ReplaceFloor(storage::WriteContext& context, const Floor& floor) {
  storage::Session& session = context.session();
  const storage::Table table(*BundleRule::descriptor());
  const int64_t rows_before = table.Count(session);
  session.Run(absl::StrCat("DELETE FROM ", table.name()));
  BundleRule rule;
  for (size_t i = 0; i < floor.rules.size(); ++i) {
    FillRule(floor.rules, i, &rule);
    table.Insert(session, rule);
  }
  context.AddRows(table.name(), static_cast<int64_t>(floor.rules.size()) - rows_before);

  session.Run("DELETE FROM bundle_floor");
  storage::Statement& insert = session.Prepared(kInsert, FloorTypes());
  insert.SetInteger(0, floor.sales_revision);
  insert.SetInteger(1, floor.catalog_revision);
  insert.SetInteger(2, floor.rules.basket_count());
  insert.SetText(3, floor.sales_store_id);
  insert.SetText(4, floor.catalog_store_id);
  insert.Change();
}

}  // namespace clustr::rules
