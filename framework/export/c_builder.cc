#include "framework/export/c_builder.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <cmath>
#include <utility>

#include "framework/base/error.h"
#include "framework/export/c_text.h"

namespace nabla {
namespace {

// A compiler takes about a second and 100 MB for a million numbers.
constexpr size_t kMostNumbers = size_t{1} << 24;
// A thread has 8 MB on Linux, often less elsewhere.
constexpr size_t kMostStackBytes = size_t{1} << 22;
constexpr size_t kNumbersPerLine = 6;

const CFunction& Find(std::string_view name) {
  const auto& layers = CLayerFunctions();
  const auto found = std::ranges::find(layers, name, &CFunction::name);
  return found != layers.end() ? *found
                               : *std::ranges::find(CActivationFunctions(), name, &CFunction::name);
}

bool IsWord(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }

template <typename T>
std::vector<double> Unpacked(const NamedTensor& tensor) {
  std::vector<T> values(tensor.bytes.size() / sizeof(T));
  UnpackTensor<T>(tensor, {values.data(), 1, values.size(), values.size()}, tensor.name);
  return {values.begin(), values.end()};
}

}  // namespace

std::string CRow::Pointer() const {
  return offset == 0 ? array : fmt::format("{} + {}", array, offset);
}

std::string CRow::Element(const std::string& i) const {
  return offset == 0 ? fmt::format("{}[{}]", array, i)
                     : fmt::format("{}[{} + {}]", array, offset, i);
}

CBuilder::CBuilder(std::string name, bool wide)
    : prefix_(std::move(name) + "_"), wide_(wide), real_(wide ? "double" : "float") {}

std::string CBuilder::Number(double value) const {
  return CNumber(wide_ ? value : double{static_cast<float>(value)}, wide_);
}

std::string CBuilder::Table(const std::string& what, const std::vector<double>& numbers) {
  if (!std::ranges::all_of(numbers, [](double x) { return std::isfinite(x); })) {
    throw InputError(what + " of the model has numbers that are not finite: its training diverged");
  }
  return AddTable(what, numbers, wide_);
}

std::string CBuilder::DoubleTable(const std::string& what, const std::vector<double>& numbers) {
  if (std::ranges::any_of(numbers, [](double x) { return std::isnan(x); })) {
    throw InputError("the model has a " + what + " that is not a number");
  }
  return AddTable(what, numbers, true);
}

std::string CBuilder::Table(const NamedTensor& tensor) {
  std::string name = tensor.name;
  std::ranges::replace(name, '.', '_');
  return Table(name, wide_ ? Unpacked<double>(tensor) : Unpacked<float>(tensor));
}

std::string CBuilder::AddTable(const std::string& what, const std::vector<double>& numbers,
                               bool wide) {
  numbers_ += numbers.size();
  if (numbers_ > kMostNumbers) {
    throw InputError(fmt::format(
        "the model has more than {} numbers, too many for a compiler: use another --format",
        kMostNumbers));
  }
  tables_ += fmt::format("\nstatic const {} {}{}[{}] = {{", wide ? "double" : "float", prefix_,
                         what, numbers.size());
  for (size_t i = 0; i < numbers.size(); ++i) {
    tables_ += i % kNumbersPerLine == 0 ? "\n  " : " ";
    tables_ += CNumber(wide ? numbers[i] : double{static_cast<float>(numbers[i])}, wide) + ",";
  }
  tables_ += "\n};\n";
  return prefix_ + what;
}

void CBuilder::Names(const std::string& what, const std::vector<std::string>& names) {
  if (names.empty()) return;
  tables_ += fmt::format("\nstatic const char *const {}{}[{}] = {{", prefix_, what, names.size());
  for (const std::string& name : names) tables_ += "\n  " + CString(name) + ",";
  tables_ += "\n};\n";
}

std::string CBuilder::Function(std::string_view name) {
  if (added_.insert(std::string(name)).second) {
    const CFunction& function = Find(name);
    for (const std::string_view needed : function.needs) Function(needed);
    rounded_ |= function.rounded;
    AddText(function.text);
  }
  return prefix_ + std::string(name);
}

void CBuilder::AddText(std::string_view text) {
  constexpr std::string_view kReal = "real";
  for (size_t i = 0; i < text.size(); ++i) {
    const bool starts = i == 0 || !IsWord(text[i - 1]);
    const size_t end = i + kReal.size();
    const bool ends = end >= text.size() || !IsWord(text[end]);
    if (text[i] == '@') {
      functions_ += prefix_;
    } else if (text[i] == '$') {
      functions_ += wide_ ? "" : "f";
    } else if (starts && ends && text.substr(i).starts_with(kReal)) {
      functions_ += real_;
      i = end - 1;
    } else {
      functions_ += text[i];
    }
  }
}

CRow CBuilder::Take(size_t size) {
  size_t at = 0;
  for (const auto& [offset, length] : taken_) {
    if (offset - at >= size) break;
    at = offset + length;
  }
  taken_[at] = size;
  scratch_ = std::max(scratch_, at + size);
  if (scratch_ > kMostStackBytes / (wide_ ? sizeof(double) : sizeof(float))) {
    throw InputError(fmt::format(
        "a row of the model needs more than {} bytes on the stack: use another --format",
        kMostStackBytes));
  }
  return {"s", at, size, true};
}

void CBuilder::Give(const CRow& row) {
  if (row.scratch) taken_.erase(row.offset);
}

void CBuilder::Line(const std::string& statement) { body_ += "  " + statement + "\n"; }

void CBuilder::Each(const CRow& row, const std::string& value) {
  Line(fmt::format("for (size_t i = 0; i < {}; ++i) {} = {};", row.size, row.Element(), value));
}

}  // namespace nabla
