#include "common/backup/backup_check.h"

#include "gtest/gtest.h"
#include "tests/testing/matchers.h"

namespace clustr::backup {
namespace {

using ops::v1::BackupChunk;
using ops::v1::BackupContent;
using testing::Fails;
using testing::IsOk;
using testing::Text;

constexpr absl::StatusCode kRefused = absl::StatusCode::kFailedPrecondition;
constexpr char kHeader[] = "header { format: 1 service: 'catalog' }";
constexpr char kTable[] =
    "table { name: 't' columns { name: 'a' type: 'BIGINT NOT NULL' } "
    "columns { name: 'b' type: 'TEXT' } shop_data: true }";
constexpr char kRows[] =
    "rows { row_count: 2 columns { integers: [1, 2] } columns { texts: ['x', ''] nulls: 1 } }";

class BackupCheckTest : public ::testing::Test {
 protected:
  absl::Status Take(const std::string& content) {
    return TakeMessage(Text<BackupContent>(content));
  }

  absl::Status TakeMessage(const BackupContent& content) {
    BackupChunk chunk;
    chain_.Seal(content.SerializeAsString(), &chunk);
    return check_.Next(chunk).status();
  }

  BackupContent End(int64_t rows, const std::vector<std::string>& shop_data) {
    Sha256 data;
    for (const std::string& content : shop_data) {
      data.Add(Text<BackupContent>(content).SerializeAsString());
    }
    BackupContent end;
    end.mutable_end()->set_row_count(rows);
    end.mutable_end()->set_data_sha256(data.Digest());
    return end;
  }

  ChunkChain chain_;
  BackupCheck check_;
};

TEST_F(BackupCheckTest, PassesWhatIsWhole) {
  EXPECT_THAT(Take(kHeader), IsOk());
  EXPECT_THAT(Take(kTable), IsOk());
  EXPECT_THAT(Take(kRows), IsOk());
  EXPECT_THAT(check_.Complete(), Fails(kRefused, "BACKUP_REFUSED", "its end is missing"));
  EXPECT_THAT(TakeMessage(End(2, {kTable, kRows})), IsOk());
  EXPECT_THAT(check_.Complete(), IsOk());
  EXPECT_EQ(check_.header().service(), "catalog");
  EXPECT_EQ(check_.rows(), 2);
}

TEST_F(BackupCheckTest, TellsThatThereIsNothing) {
  EXPECT_THAT(check_.Complete(), Fails(kRefused, "BACKUP_REFUSED", "there is no backup"));
}

TEST_F(BackupCheckTest, RefusesWhatIsNotInOrder) {
  EXPECT_THAT(Take(kTable), Fails(kRefused, "BACKUP_REFUSED", "does not begin with a header"));
}

TEST_F(BackupCheckTest, RefusesASecondHeader) {
  EXPECT_THAT(Take(kHeader), IsOk());
  EXPECT_THAT(Take(kHeader), Fails(kRefused, "BACKUP_REFUSED", "a second header"));
}

TEST_F(BackupCheckTest, RefusesWhatFollowsTheEnd) {
  EXPECT_THAT(Take(kHeader), IsOk());
  EXPECT_THAT(TakeMessage(End(0, {})), IsOk());
  EXPECT_THAT(Take(kTable), Fails(kRefused, "BACKUP_REFUSED", "something follows its end"));
}

TEST_F(BackupCheckTest, RefusesAnEndThatTellsOfOtherRows) {
  EXPECT_THAT(Take(kHeader), IsOk());
  EXPECT_THAT(Take(kTable), IsOk());
  EXPECT_THAT(Take(kRows), IsOk());
  EXPECT_THAT(TakeMessage(End(3, {kTable, kRows})),
              Fails(kRefused, "BACKUP_REFUSED", "its end tells of other rows"));
}

TEST_F(BackupCheckTest, RefusesAnotherFormat) {
  EXPECT_THAT(Take("header { format: 2 server_version: '9.0' }"),
              Fails(kRefused, "BACKUP_REFUSED", "format 2, made by version 9.0"));
}

TEST_F(BackupCheckTest, RefusesRowsThatDoNotFitTheirTable) {
  for (const char* rows : {
           "rows { row_count: 2 columns { integers: [1, 2] } }",
           "rows { row_count: 2 columns { integers: 1 } columns { texts: ['x', 'y'] } }",
           "rows { row_count: 2 columns { texts: ['x', 'y'] } columns { texts: ['x', 'y'] } }",
           "rows { row_count: 1 columns { integers: 1 } columns { texts: 'x' nulls: 1 } }",
           "rows { row_count: 1 columns { integers: 1 } columns { texts: 'x' nulls: -1 } }",
           "rows { row_count: 0 columns {} columns {} }",
           "rows { row_count: -1 columns {} columns {} }",
       }) {
    BackupCheck check;
    ChunkChain chain;
    absl::Status last;
    for (const char* content : {kHeader, kTable, rows}) {
      BackupChunk chunk;
      chain.Seal(Text<BackupContent>(content).SerializeAsString(), &chunk);
      last = check.Next(chunk).status();
    }
    EXPECT_THAT(last, Fails(kRefused, "BACKUP_REFUSED", "rows do not fit table t")) << rows;
  }
}

TEST_F(BackupCheckTest, RefusesAChunkThatIsNotTheNext) {
  BackupChunk chunk;
  chain_.Seal(Text<BackupContent>(kHeader).SerializeAsString(), &chunk);
  BackupChunk other = chunk;
  other.set_number(2);
  EXPECT_THAT(BackupCheck().Next(other),
              Fails(kRefused, "BACKUP_REFUSED", "chunk 1 of the backup is missing: chunk 2"));
  other = chunk;
  other.mutable_content()->back() ^= 1;
  EXPECT_THAT(BackupCheck().Next(other),
              Fails(kRefused, "BACKUP_REFUSED", "chunk 1 of the backup is damaged"));
  other = chunk;
  other.mutable_sha256()->back() ^= 1;
  EXPECT_THAT(BackupCheck().Next(other), Fails(kRefused, "BACKUP_REFUSED", "is damaged"));
}

}  // namespace
}  // namespace clustr::backup
