#include "framework/base/error.h"

#include <algorithm>
#include <cstddef>
#include <tuple>
#include <utility>

namespace nabla {
namespace {

// Nobody reads more, and a file of 1 MiB can hold 100000 mistakes.
constexpr size_t kMostShown = 100;

std::string Join(const std::vector<Problem>& problems) {
  std::string text;
  for (const Problem& problem : problems) {
    if (!text.empty()) text += '\n';
    text += problem.ToString();
  }
  return text;
}

}  // namespace

std::string Place::ToString() const {
  if (line == 0) return origin;
  const std::string place = origin + ":" + std::to_string(line);
  return column == 0 ? place : place + ":" + std::to_string(column);
}

std::string Problem::ToString() const {
  const std::string where = place.ToString();
  return (where.empty() ? "" : where + ": ") + "error: " + message;
}

InputError::InputError(std::vector<Problem> problems)
    : std::runtime_error(Join(problems)), problems_(std::move(problems)) {}

InputError::InputError(const std::string& message)
    : InputError(std::vector<Problem>{Problem{Place{}, message}}) {}

void Problems::Add(Place place, std::string message) {
  if (list_.size() < kMostShown) {
    list_.push_back({std::move(place), std::move(message)});
  } else {
    list_.emplace_back();  // counted, not kept
  }
}

void Problems::ThrowIfAny() const {
  if (list_.empty()) return;
  const size_t shown = std::min(list_.size(), kMostShown);
  std::vector<Problem> sorted(list_.begin(), list_.begin() + static_cast<std::ptrdiff_t>(shown));
  std::stable_sort(sorted.begin(), sorted.end(), [](const Problem& a, const Problem& b) {
    return std::tie(a.place.origin, a.place.line, a.place.column) <
           std::tie(b.place.origin, b.place.line, b.place.column);
  });
  if (shown < list_.size()) {
    sorted.push_back({{}, std::to_string(list_.size() - shown) + " more problems are not shown"});
  }
  throw InputError(std::move(sorted));
}

}  // namespace nabla
