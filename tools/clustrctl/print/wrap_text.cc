#include "tools/clustrctl/print/wrap_text.h"

#include "common/importing/utf8.h"

namespace clustr::ctl {

std::string WrapText(std::string_view text, size_t indent, size_t width) {
  if (width == 0) return std::string(text);
  std::string wrapped;
  size_t column = indent;
  while (!text.empty()) {
    const std::string_view word = text.substr(0, text.find(' '));
    text.remove_prefix(word.size() == text.size() ? text.size() : word.size() + 1);
    const size_t length = importing::CountCodePoints(word);
    if (column > indent) {
      const bool fits = column + 1 + length <= width;
      wrapped += fits ? " " : "\n" + std::string(indent, ' ');
      column = fits ? column + 1 : indent;
    }
    wrapped += word;
    column += length;
  }
  return wrapped;
}

}  // namespace clustr::ctl
