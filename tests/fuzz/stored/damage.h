#ifndef CLUSTR_TESTS_FUZZ_STORED_DAMAGE_H_
#define CLUSTR_TESTS_FUZZ_STORED_DAMAGE_H_

#include <string>
#include <vector>

#include "tests/fuzz/messages/input.h"

namespace clustr::fuzz {

// One cell that was overwritten.
struct DamagedCell {
  std::string table;
  std::string column;
  std::string value;         // In words, for findings.
  bool broken_text = false;  // A text that is not UTF-8 in a column of texts.

  std::string Text() const { return table + "." + column + " = " + value; }
};

// Overwrites up to four cells of a SQLite file, in any table, with values of any type, as another
// program could. Cells whose constraints refuse the value stay as they are. No server may have the
// file open.
std::vector<DamagedCell> DamageCells(const std::string& path, Input& input);

}  // namespace clustr::fuzz

#endif  // CLUSTR_TESTS_FUZZ_STORED_DAMAGE_H_
