#include "framework/formats/complaint.h"

#include "framework/base/error.h"

namespace nabla {
namespace {

constexpr size_t kShown = 60;

}  // namespace

void Refuse(const std::string& file, const std::string& message) {
  throw InputError({Problem{{file}, message}});
}

std::string Quoted(std::string_view text) {
  std::string quoted = "\"";
  for (const char c : text.substr(0, kShown)) quoted += c >= ' ' && c <= '~' ? c : '?';
  return quoted + (text.size() > kShown ? "...\"" : "\"");
}

}  // namespace nabla
