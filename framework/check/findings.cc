#include "framework/check/findings.h"

#include <fmt/format.h>

#include <cstring>
#include <limits>

namespace nabla {
namespace {

// YAML on one line.
std::string Flow(const Node& node) {
  std::string text;
  if (node.IsScalar()) return node.text.empty() ? "\"\"" : node.text;
  if (node.IsMap()) {
    for (const Node::Entry& entry : node.entries) {
      text += fmt::format("{}{}: {}", text.empty() ? "" : ", ", entry.key, Flow(entry.value));
    }
    return "{" + text + "}";
  }
  if (node.IsList()) {
    for (const Node& item : node.items) text += (text.empty() ? "" : ", ") + Flow(item);
    return "[" + text + "]";
  }
  return "null";
}

}  // namespace

CheckFinding& Findings::Find(const std::string& check) {
  for (CheckFinding& finding : all_) {
    if (finding.check == check) return finding;
  }
  return all_.emplace_back(CheckFinding{.check = check, .message = ""});
}

void Findings::Fail(const std::string& check, const std::string& message, double badness) {
  CheckFinding& kept = Find(check);
  if (!kept.message.empty() && !(badness > kept.badness)) return;
  kept.message = trial_.empty() ? message : message + "; " + trial_;
  kept.badness = badness;
}

std::string PlaceText(size_t rows, size_t row, size_t col) {
  return rows == 1 ? fmt::format("[{}]", col) : fmt::format("[{}, {}]", row, col);
}

double Apart(double a, double b) {
  const double apart = std::abs(a - b);
  if (!std::isfinite(apart)) return std::numeric_limits<double>::infinity();
  return apart / std::max({1.0, std::abs(a), std::abs(b)});
}

std::string ParametersText(const Node& config) {
  Node parameters = Node::Map();
  for (const Node::Entry& entry : config.entries) {
    if (entry.key != "name") parameters.entries.push_back(entry);
  }
  return parameters.entries.empty() ? "no parameters" : Flow(parameters);
}

template <typename T>
void ExpectSame(Findings& findings, const std::string& check, const std::string& what,
                const std::string& how, Matrix<const T> whole, Matrix<const T> other) {
  findings.Check(check);
  if (whole.rows != other.rows || whole.cols != other.cols) {
    return findings.Fail(check, what + " has another size " + how);
  }
  double worst = -1;
  std::string message;
  for (size_t r = 0; r < whole.rows; ++r) {
    for (size_t c = 0; c < whole.cols; ++c) {
      const T a = whole(r, c);
      const T b = other(r, c);
      if (std::memcmp(&a, &b, sizeof(T)) == 0) continue;
      const double apart = Apart(static_cast<double>(a), static_cast<double>(b));
      if (apart <= worst) continue;
      worst = apart;
      message = fmt::format("{} differs, most at {}: {} at once, {} {}", what,
                            PlaceText(whole.rows, r, c), a, b, how);
    }
  }
  if (worst >= 0) findings.Fail(check, message, worst);
}

template void ExpectSame(Findings&, const std::string&, const std::string&, const std::string&,
                         Matrix<const float>, Matrix<const float>);
template void ExpectSame(Findings&, const std::string&, const std::string&, const std::string&,
                         Matrix<const double>, Matrix<const double>);

std::string SlopeJudge::Complaint() const {
  if (!message_.empty()) return message_;
  if (4 * judged_ >= 3 * seen_) return "";
  return fmt::format("the value is NaN or not smooth at {} of {} points, such as {}",
                     seen_ - judged_, seen_, rough_.inputs);
}

std::string SlopeJudge::Deviation(double slope, double expected, const Place& place) {
  return fmt::format("gives {} = {:.8g}, but finite differences give {:.8g}, at {}",
                     place.derivative, slope, expected, place.inputs);
}

}  // namespace nabla
