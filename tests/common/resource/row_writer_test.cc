#include "common/resource/row_writer.h"

#include "clustr/catalog/v1/product.pb.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/matchers.h"
#include "tests/testing/store_access.h"
#include "tests/testing/temp_folder.h"

namespace clustr::resource {
namespace {

using catalog::v1::Product;
using storage::WriteContext;
using ::testing::ElementsAre;
using testing::EqualsText;
using ::testing::IsEmpty;
using testing::IsOk;
using testing::Text;
using testing::Texts;

// Fills the category, and refuses one brand.
class TestRules final : public RowRules {
 public:
  void Complete(WriteContext& context, const google::protobuf::Message* stored,
                const google::protobuf::Message& given, google::protobuf::Message* row,
                absl::string_view path, std::vector<Violation>* violations) override {
    auto& product = static_cast<Product&>(*row);
    product.set_category(stored == nullptr ? "new" : "old");
    if (product.brand() == "Bad") violations->push_back({"brand", "is bad"});
  }
  void Stored(WriteContext& context, const google::protobuf::Message& row) override {
    stored_.push_back(static_cast<const Product&>(row).product_sku());
  }
  void Removed(WriteContext& context, const google::protobuf::Message& row) override {
    removed_.push_back(static_cast<const Product&>(row).product_sku());
  }
  const std::vector<int64_t>& stored() const { return stored_; }
  const std::vector<int64_t>& removed() const { return removed_; }

 private:
  std::vector<int64_t> stored_;
  std::vector<int64_t> removed_;
};

class RowWriterTest : public ::testing::Test {
 protected:
  RowOutcome Create(const std::string& text, RowRules* rules = nullptr) {
    return Run([&](WriteContext& context) {
      row_ = Text<Product>(text);
      return writer_.Create(context, rules, &row_, "product", &violations_);
    });
  }

  RowOutcome Upsert(const std::string& text, RowRules* rules = nullptr) {
    return Run([&](WriteContext& context) {
      std::vector<Violation> mask_violations;
      const schema::RowUpdate update(*Product::descriptor(), {}, "update_mask",
                                     schema::RowUpdate::Kind::kImport, &mask_violations);
      return writer_.Upsert(context, rules, update, Text<Product>(text), "", &row_, &violations_);
    });
  }
  RowOutcome Run(const std::function<RowOutcome(WriteContext&)>& write) {
    RowOutcome outcome = RowOutcome::kRefused;
    violations_.clear();
    EXPECT_THAT(testing::Write(*store_,
                               [&](WriteContext& context) {
                                 outcome = write(context);
                                 return absl::OkStatus();
                               }),
                IsOk());
    return outcome;
  }

  testing::TempFolder folder_;
  ThreadPool pool_{2};
  std::unique_ptr<storage::Store> store_ =
      *storage::Store::Open(folder_.DatabaseUrl(), {Product::descriptor()}, 1, &pool_);
  const storage::Table products_{*Product::descriptor()};
  const RowWriter writer_{&products_, &schema::ValidatorOf<Product>()};
  TestRules rules_;
  Product row_;
  std::vector<Violation> violations_;
};

TEST_F(RowWriterTest, ANewRowGetsAnIdAndARevision) {
  EXPECT_EQ(Create("product_name: 'Cap' price: 5 revision: 99"), RowOutcome::kCreated);
  EXPECT_THAT(row_, EqualsText("product_sku: 1 product_name: 'Cap' price: 5 revision: 1"));
  EXPECT_EQ(store_->RowCount("products"), 1);
}

TEST_F(RowWriterTest, ANewRowIsAnsweredInWholeCents) {
  EXPECT_EQ(Create("product_name: 'Cap' price: 0.30000000000000004"), RowOutcome::kCreated);
  EXPECT_EQ(row_.price(), 0.3);
}

TEST_F(RowWriterTest, ANewRowHasItsRequiredFields) {
  EXPECT_EQ(Create("product_name: ' '"), RowOutcome::kRefused);
  EXPECT_THAT(Texts(violations_),
              ElementsAre("product.product_name: has nothing but spaces; give a text",
                          "product.price: is required and missing; give an amount, for example "
                          "12.50"));
  EXPECT_EQ(store_->head_revision(), 0);
}

TEST_F(RowWriterTest, AnImportedIdMovesTheCounterPastIt) {
  EXPECT_EQ(Upsert("product_sku: 40 product_name: 'Cap' price: 5"), RowOutcome::kCreated);
  EXPECT_EQ(Upsert("product_sku: 7 product_name: 'Cap' price: 5"), RowOutcome::kCreated);
  EXPECT_EQ(Create("product_name: 'Hat' price: 1"), RowOutcome::kCreated);
  EXPECT_EQ(row_.product_sku(), 41);
}

// An imported id of 2^53 - 1 used to move the counter to its end: no later row got an id, not even
// after the row was deleted and the server restarted.
TEST_F(RowWriterTest, AnIdThatLeavesNoneForNewRowsIsRefused) {
  EXPECT_EQ(Upsert("product_sku: 9007199254740991 product_name: 'Cap' price: 5"),
            RowOutcome::kRefused);
  EXPECT_THAT(Texts(violations_),
              ElementsAre("product_sku: 9007199254740991 is left for rows that the server numbers; "
                          "give an id of at most 9006099743113215"));
  EXPECT_EQ(Create("product_name: 'Hat' price: 1"), RowOutcome::kCreated);
  EXPECT_EQ(row_.product_sku(), 1);
}

TEST_F(RowWriterTest, TheGreatestGivenIdLeavesIdsForNewRows) {
  EXPECT_EQ(Upsert("product_sku: 9006099743113215 product_name: 'Cap' price: 5"),
            RowOutcome::kCreated);
  EXPECT_EQ(Create("product_name: 'Hat' price: 1"), RowOutcome::kCreated);
  EXPECT_EQ(row_.product_sku(), 9006099743113216);
  EXPECT_EQ(Upsert("product_sku: 9006099743113216 product_name: 'Hat' price: 2"),
            RowOutcome::kUpdated);
}

TEST_F(RowWriterTest, ARowThatStaysAsItIsKeepsItsRevision) {
  EXPECT_EQ(Create("product_name: 'Cap' price: 5"), RowOutcome::kCreated);
  EXPECT_EQ(Upsert("product_sku: 1 product_name: 'Cap' price: 5.000001 revision: 8"),
            RowOutcome::kUnchanged);
  EXPECT_THAT(row_, EqualsText("product_sku: 1 product_name: 'Cap' price: 5 revision: 1"));
  EXPECT_EQ(store_->head_revision(), 1);
  EXPECT_EQ(Upsert("product_sku: 1 price: 6"), RowOutcome::kUpdated);
  EXPECT_THAT(row_, EqualsText("product_sku: 1 product_name: 'Cap' price: 6 revision: 2"));
}

TEST_F(RowWriterTest, AUniqueValueIsStoredOnce) {
  EXPECT_EQ(Create("product_name: 'Cap' price: 5 external_id: 'A-1'"), RowOutcome::kCreated);
  EXPECT_EQ(Create("product_name: 'Hat' price: 5"), RowOutcome::kCreated);
  EXPECT_EQ(Create("product_name: 'Tie' price: 5"), RowOutcome::kCreated);
  EXPECT_EQ(Create("product_name: 'Bag' price: 5 external_id: 'A-1'"), RowOutcome::kRefused);
  EXPECT_THAT(Texts(violations_),
              ElementsAre("product.external_id: \"A-1\" is already taken by product 1; use that "
                          "one, or give another value"));
  EXPECT_EQ(violations_[0].reason, common::v1::ERROR_REASON_EXTERNAL_ID_EXISTS);
  EXPECT_EQ(Upsert("product_sku: 2 external_id: 'A-1'"), RowOutcome::kRefused);
  EXPECT_EQ(Upsert("product_sku: 1 external_id: 'A-1' price: 6"), RowOutcome::kUpdated);
  EXPECT_EQ(Upsert("product_sku: 1 external_id: 'a-1'"), RowOutcome::kUpdated);
  EXPECT_EQ(Upsert("product_sku: 2 external_id: 'A-1'"), RowOutcome::kUpdated);
}

TEST_F(RowWriterTest, ARowOfCellsMustHaveUniqueValues) {
  EXPECT_EQ(Create("product_name: 'Cap' price: 5 external_id: 'A-1'"), RowOutcome::kCreated);
  const auto insert = [&](const std::string& text) {
    const auto row = Text<Product>(text);
    std::vector<schema::Cell> cells(products_.columns().size());
    for (size_t i = 0; i < cells.size(); ++i) {
      schema::ReadCell(row, products_.columns()[i], &cells[i]);
    }
    return Run([&](WriteContext& context) {
      return writer_.Insert(context, nullptr, row, absl::MakeSpan(cells), &violations_);
    });
  };
  EXPECT_EQ(insert("product_sku: 8 product_name: 'Hat' price: 1 external_id: 'A-1'"),
            RowOutcome::kRefused);
  ASSERT_EQ(violations_.size(), 1u);
  EXPECT_EQ(violations_[0].reason, common::v1::ERROR_REASON_EXTERNAL_ID_EXISTS);
  EXPECT_EQ(insert("product_sku: 8 product_name: 'Hat' price: 1"), RowOutcome::kCreated);
}

TEST_F(RowWriterTest, AnEmptyTextIsAValue) {
  EXPECT_EQ(Create("product_name: 'Cap' price: 5 external_id: ''"), RowOutcome::kCreated);
  EXPECT_EQ(Create("product_name: 'Hat' price: 5 external_id: ''"), RowOutcome::kRefused);
}

TEST_F(RowWriterTest, RulesCompleteWhatIsStored) {
  EXPECT_EQ(Create("product_name: 'Cap' price: 5", &rules_), RowOutcome::kCreated);
  EXPECT_EQ(row_.category(), "new");
  EXPECT_EQ(Upsert("product_sku: 1 price: 6", &rules_), RowOutcome::kUpdated);
  EXPECT_EQ(row_.category(), "old");
  EXPECT_EQ(Upsert("product_sku: 1 price: 6", &rules_), RowOutcome::kUnchanged);
  EXPECT_THAT(rules_.stored(), ElementsAre(1, 1));
}

TEST_F(RowWriterTest, RulesRefuse) {
  EXPECT_EQ(Create("product_name: 'Cap' price: 5 brand: 'Bad'", &rules_), RowOutcome::kRefused);
  EXPECT_THAT(Texts(violations_), ElementsAre("brand: is bad"));
  EXPECT_THAT(rules_.stored(), IsEmpty());
  EXPECT_EQ(store_->RowCount("products"), 0);
}

TEST_F(RowWriterTest, ARemovedRowLeavesATombstoneAndIsReportedToItsRules) {
  EXPECT_EQ(Create("product_name: 'Cap' price: 5", &rules_), RowOutcome::kCreated);
  Run([&](WriteContext& context) {
    writer_.Delete(context, &rules_, row_);
    EXPECT_EQ(products_.RemovedAt(context.session(), 1), context.Revision());
    return RowOutcome::kUpdated;
  });
  EXPECT_THAT(rules_.removed(), ElementsAre(1));
  EXPECT_EQ(store_->RowCount("products"), 0);
  EXPECT_EQ(store_->head_revision(), 2);
}

}  // namespace
}  // namespace clustr::resource
