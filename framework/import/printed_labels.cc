#include "framework/import/printed_labels.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdlib>

namespace nabla {

bool IsFinite(const std::string& text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && end == text.data() + text.size() && std::isfinite(value);
}

namespace {

// The split that the names of rows end with: xtrain, yte.
std::string WithoutRows(const std::string& name) {
  if (name.size() < 3 || (name[0] != 'x' && name[0] != 'y')) return name;
  const std::string rest = name.substr(1);
  if (rest == "te") return "test";
  return LabelOf({rest}).split != MetricSplit::kUnknown ? rest : name;
}

}  // namespace

MetricLabel LabelOfNames(const std::vector<std::string>& names) {
  MetricLabel label;
  bool train = false, test = false, loss = false, accuracy = false;
  for (const std::string& whole : names) {
    const std::string name = WithoutRows(whole);
    const MetricLabel one = LabelOf({name});
    train = train || one.split == MetricSplit::kTrain || name.starts_with("train");
    test = test || one.split == MetricSplit::kTest || name.starts_with("test") ||
           name.starts_with("valid") || name.starts_with("valload") || name.starts_with("valset");
    loss = loss || (one.kind == MetricKind::kLoss && name.size() > 1);
    accuracy = accuracy || one.kind == MetricKind::kAccuracy;
  }
  if (train != test) label.split = train ? MetricSplit::kTrain : MetricSplit::kTest;
  if (accuracy || loss) label.kind = accuracy ? MetricKind::kAccuracy : MetricKind::kLoss;
  return label;
}

bool IsLess(const std::string& a, const std::string& b) {
  return std::strtod(a.c_str(), nullptr) < std::strtod(b.c_str(), nullptr);
}

bool AreWhole(const std::vector<std::string>& values) {
  return std::all_of(values.begin(), values.end(), [](const std::string& v) {
    return v.find_first_not_of("0123456789") == std::string::npos;
  });
}

std::string PlainNumber(const std::string& text) {
  const bool negative = text.starts_with('-');
  std::string digits = text.substr(negative ? 1 : 0);
  while (digits.size() > 1 && digits[0] == '0' && digits[1] >= '0' && digits[1] <= '9') {
    digits.erase(0, 1);
  }
  if (digits.starts_with('.')) digits.insert(0, 1, '0');
  return (negative ? "-" : "") + digits;
}

bool HasTests(const std::map<int, std::vector<std::string>>& names, const CodeFacts& facts) {
  for (const char* both : {"mnist", "fashion_mnist", "kmnist", "cifar10"}) {
    if (facts.dataset.text == both) return true;
  }
  return !facts.split.empty() || std::any_of(names.begin(), names.end(), [](const auto& cell) {
    const std::vector<std::string>& parts = cell.second;
    for (size_t i = 0; i < parts.size(); ++i) {
      // Test cases check the program.
      const bool cases = i + 1 < parts.size() && parts[i + 1].starts_with("case");
      if (!cases && LabelOfNames({parts[i]}).split == MetricSplit::kTest) return true;
    }
    return false;
  });
}

}  // namespace nabla
