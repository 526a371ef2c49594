#include "framework/base/nearest.h"

#include <algorithm>
#include <limits>
#include <tuple>

namespace nabla {
namespace {

// Removes the differences that count least: letter case, and '-' or ' ' for '_'.
std::string Plain(std::string_view name) {
  std::string plain(name);
  for (char& c : plain) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    if (c == '-' || c == ' ') c = '_';
  }
  return plain;
}

size_t CommonPrefix(std::string_view a, std::string_view b) {
  return std::mismatch(a.begin(), a.end(), b.begin(), b.end()).first - a.begin();
}

}  // namespace

int EditDistance(std::string_view a, std::string_view b) {
  // Rows i - 2, i - 1 and i of the table of distances between beginnings of a and of b.
  std::vector<int> before(b.size() + 1), above(b.size() + 1), row(b.size() + 1);
  for (size_t j = 0; j <= b.size(); ++j) row[j] = static_cast<int>(j);
  for (size_t i = 1; i <= a.size(); ++i) {
    before.swap(above);
    above.swap(row);
    row[0] = static_cast<int>(i);
    for (size_t j = 1; j <= b.size(); ++j) {
      const int replaced = above[j - 1] + (a[i - 1] != b[j - 1]);
      row[j] = std::min({above[j] + 1, row[j - 1] + 1, replaced});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
        row[j] = std::min(row[j], before[j - 2] + 1);
      }
    }
  }
  return row[b.size()];
}

std::string Nearest(std::string_view name, const std::vector<std::string>& known) {
  const std::string plain = Plain(name);
  const int limit = std::max(2, static_cast<int>(name.size()) / 3);
  auto best = std::tuple(std::numeric_limits<int>::max(), 0, 0);
  std::string nearest;
  for (const std::string& candidate : known) {
    const std::string other = Plain(candidate);
    const int distance = EditDistance(plain, other);
    // As many edits as characters would replace everything: the names have nothing in common.
    if (distance > limit || distance >= static_cast<int>(std::max(plain.size(), other.size()))) {
      continue;
    }
    const auto rank = std::tuple(distance, EditDistance(name, candidate),
                                 -static_cast<int>(CommonPrefix(plain, other)));
    if (rank < best) {
      best = rank;
      nearest = candidate;
    }
  }
  return nearest;
}

std::string Suggest(std::string_view name, const std::vector<std::string>& known) {
  if (known.empty()) return "";
  const std::string nearest = Nearest(name, known);
  std::string text = nearest.empty() ? "; known: " : "; did you mean \"" + nearest + "\"? known: ";
  // All plugins of a kind and all keys of a map are worth reading; not all words of a column.
  constexpr size_t kMostNames = 100;
  constexpr size_t kMostBytes = 2000;
  constexpr size_t kFewNames = 20;
  size_t bytes = 0;
  for (const std::string& name : known) bytes += name.size();
  const bool all = known.size() <= kMostNames && bytes <= kMostBytes;
  const size_t most = all ? known.size() : std::min(kFewNames, known.size());
  size_t shown = 0;
  for (size_t shown_bytes = 0; shown < most; ++shown) {
    shown_bytes += known[shown].size();
    if (!all && shown > 0 && shown_bytes > kMostBytes) break;
    text += (shown == 0 ? "" : ", ") + known[shown];
  }
  if (shown < known.size()) text += " and " + std::to_string(known.size() - shown) + " more";
  return text;
}

}  // namespace nabla
