#include "framework/formats/complaint.h"

#include <algorithm>

#include "framework/base/error.h"
#include "framework/base/utf8.h"

namespace nabla {
namespace {

constexpr size_t kShown = 60;

}  // namespace

void Refuse(const std::string& file, const std::string& message) {
  throw InputError({Problem{{file}, message}});
}

std::string Quoted(std::string_view text) {
  size_t shown = std::min(text.size(), kShown);
  // No character is cut in two.
  while (shown > 0 && shown < text.size() && (text[shown] & '\xc0') == '\x80') --shown;
  return "\"" + Escaped(text.substr(0, shown)) + (shown < text.size() ? "...\"" : "\"");
}

}  // namespace nabla
