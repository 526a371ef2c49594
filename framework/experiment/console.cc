#include "framework/experiment/console.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace nabla {
namespace {

constexpr auto kBarInterval = std::chrono::milliseconds(100);
constexpr int kBarWidth = 30;

const std::optional<double> kAbsent;

std::optional<double> FigureOf(const EpochFigures& e, FigureName name) {
  switch (name) {
    case FigureName::kTrainLoss:
      return e.train_loss;
    case FigureName::kTrainAccuracy:
      return e.train_accuracy;
    case FigureName::kTestLoss:
      return e.test_loss;
    case FigureName::kTestAccuracy:
      return e.test_accuracy;
  }
  return kAbsent;
}

std::string NameOf(FigureName figure) { return FieldType<FigureName>::Print(figure).text; }

}  // namespace

Console::Console(bool quiet) : quiet_(quiet), terminal_(isatty(STDOUT_FILENO) == 1) {}

Console::~Console() { ClearBar(); }

void Console::ClearBar() {
  if (!bar_shown_) return;
  fmt::print("\r\x1b[K");
  std::fflush(stdout);
  bar_shown_ = false;
}

void Console::Line(const std::string& text) {
  if (quiet_) return;
  ClearBar();
  fmt::print("{}\n", text);
  std::fflush(stdout);
}

void Console::Warn(const std::string& text) {
  ClearBar();
  fmt::print(stderr, "{}\n", text);
}

void Console::Progress(const std::string& what, double fraction, const std::string& figures) {
  if (quiet_ || !terminal_) return;
  const auto now = std::chrono::steady_clock::now();
  if (now < next_bar_) return;
  next_bar_ = now + kBarInterval;
  const int full = static_cast<int>(std::clamp(fraction, 0.0, 1.0) * kBarWidth);
  fmt::print("\r{} [{:=<{}}{: <{}}] {:3.0f} % {}\x1b[K", what, "", full, "", kBarWidth - full,
             100 * fraction, figures);
  std::fflush(stdout);
  bar_shown_ = true;
}

void Console::Epoch(const EpochFigures& e, int64_t epochs) {
  std::string line = fmt::format("epoch {:>{}}/{}  loss {:.6g}", e.epoch,
                                 std::to_string(epochs).size(), epochs, e.train_loss);
  if (e.train_accuracy) line += fmt::format("  train accuracy {:.4f}", *e.train_accuracy);
  if (e.test_loss) line += fmt::format("  test loss {:.6g}", *e.test_loss);
  if (e.test_accuracy) line += fmt::format("  test accuracy {:.4f}", *e.test_accuracy);
  Line(line + fmt::format("  {:.0f} samples/s", e.samples_per_second));
}

void Console::Compare(const std::vector<EpochFigures>& history,
                      const std::vector<Reference>& references) {
  if (references.empty()) return;
  Line(fmt::format("{:<16} {:>5}  {:>12}  {:>12}  {:>12}", "figure", "epoch", "ours", "notebook",
                   "difference"));
  for (const Reference& reference : references) {
    for (size_t i = 0; i < reference.printed.size(); ++i) {
      const int64_t epoch = reference.epochs.first + static_cast<int64_t>(i);
      const PrintedFigure& printed = reference.printed[i];
      std::string ours = "-";
      std::string difference = "-";
      if (epoch <= static_cast<int64_t>(history.size())) {
        if (const auto value = FigureOf(history[epoch - 1], reference.figure)) {
          ours = fmt::format("{:.6g}", *value);
          difference = fmt::format("{:+.2g}", *value - printed.value);
        }
      }
      Line(fmt::format("{:<16} {:>5}  {:>12}  {:>12}  {:>12}", NameOf(reference.figure), epoch,
                       ours, printed.text, difference));
    }
  }
}

}  // namespace nabla
