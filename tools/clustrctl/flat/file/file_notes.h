#ifndef CLUSTR_TOOLS_CLUSTRCTL_FLAT_FILE_FILE_NOTES_H_
#define CLUSTR_TOOLS_CLUSTRCTL_FLAT_FILE_FILE_NOTES_H_

#include <string>
#include <vector>

#include "tools/clustrctl/flat/columns/baskets.h"
#include "tools/clustrctl/flat/columns/columns.h"
#include "tools/clustrctl/flat/file/file_settings.h"
#include "tools/clustrctl/flat/file/survey.h"
#include "tools/clustrctl/flat/kinds/where_survey.h"
#include "tools/clustrctl/flat/rows/conventions.h"

// What the user should know about the columns of a file, before its rows are read: whole sentences.
namespace clustr::ctl {

// What was found out about a file of order lines.
struct NotedFile {
  const FlatColumns& columns;
  const Conventions& conventions;
  const FileSettings& settings;
  const Survey& survey;
  const WhereSurvey& where;
};

std::vector<std::string> ColumnNotes(const NotedFile& in);

// The same for a file of baskets; `columns` are those of its items.
std::vector<std::string> BasketNotes(const FlatColumns& columns, const Baskets& baskets,
                                     const WhereSurvey& where);

}  // namespace clustr::ctl

#endif  // CLUSTR_TOOLS_CLUSTRCTL_FLAT_FILE_FILE_NOTES_H_
