#include "framework/terminal/console.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <limits>
#include <optional>

#include "framework/base/error.h"

namespace nabla {
namespace {

using Clock = std::chrono::steady_clock;

constexpr auto kBarInterval = std::chrono::milliseconds(100);
constexpr auto kLookInterval = std::chrono::milliseconds(1);
constexpr int kMostCallsALook = 1 << 16;

// "place: note: what", and neither an error nor a warning that speaks of a note.
bool IsNote(const std::string& text) {
  return text.find(": note: ") < std::min(text.find("error: "), text.find("warning: "));
}

std::string NameOf(MetricName metric) { return FieldType<MetricName>::Print(metric).text; }

}  // namespace

Console::Console(bool quiet, bool silent, bool json)
    : quiet_(quiet || silent),
      silent_(silent),
      stream_(json ? Stream::kError : Stream::kOutput),
      terminal_(MovesCursor(stream_)) {}

Console::~Console() { ClearBar(); }

void Console::ClearBar() {
  if (!bar_shown_) return;
  PrintMoves("\r\x1b[K");
  bar_shown_ = false;
}

void Console::KeepIn(const std::string& file) {
  log_.open(file, std::ios::app);
  log_ << said_ << std::flush;
}

void Console::Keep(const std::string& text) {
  if (log_.is_open()) {
    log_ << PlainText(text) << std::endl;
  } else {
    said_ += PlainText(text) + "\n";
  }
}

void Console::Line(const std::string& text) {
  Keep(text);
  Show(text);
}

void Console::Show(const std::string& text) {
  if (quiet_) return;
  ClearBar();
  stream_ == Stream::kError ? PrintError(text + "\n") : PrintFolded(text + "\n");
}

size_t Console::Columns() const { return LineColumns(stream_); }

size_t Console::BarColumns() const { return std::max<size_t>(Columns(), 3) - 2; }

void Console::PrintMoves(const std::string& text) const {
  stream_ == Stream::kError ? PrintErrorToTerminal(text) : PrintToTerminal(text);
}

void Console::Warn(const std::string& text) {
  Keep(text);
  if (silent_ || (quiet_ && IsNote(text))) return;
  ClearBar();
  PrintError(text + "\n");
}

bool Console::BarIsDue() {
  if (quiet_ || !terminal_ || --calls_to_look_ > 0) return false;
  const auto now = Clock::now();
  calls_a_look_ = now - last_look_ < kLookInterval ? std::min(2 * calls_a_look_, kMostCallsALook)
                                                   : std::max(calls_a_look_ / 2, 1);
  calls_to_look_ = calls_a_look_;
  last_look_ = now;
  return now >= next_bar_;
}

void Console::Progress(const std::string& what, double fraction, const std::string& metrics) {
  const auto left = left_.At(fraction, Clock::now());
  Draw(BarText({what, fraction, metrics, left}, BarColumns()));
}

void Console::Status(const std::string& text) { Draw(text.substr(0, BarColumns())); }

void Console::Draw(const std::string& text) {
  if (quiet_ || !terminal_) return;
  next_bar_ = Clock::now() + kBarInterval;
  PrintMoves(fmt::format("\r{}\x1b[K", PlainText(text)));
  bar_shown_ = true;
}

FilesOptions Console::WithDownloadsShown(FilesOptions options) {
  options.progress = [this](const nabla::Progress& p) { ShowDownload(p); };
  return options;
}

void Console::ShowDownload(const nabla::Progress& p) {
  if (!terminal_ && p.url != downloading_) Line("downloading " + p.url);
  downloading_ = p.url;
  const std::string bytes = BytesText(p.received, p.total);
  if (p.total == 0) return Status("downloading " + p.url + "  " + bytes);
  const double fraction = static_cast<double>(p.received) / static_cast<double>(p.total);
  Progress("downloading", fraction, bytes + "  " + p.url);
}

void Console::Epoch(const EpochMetrics& e, int64_t epochs) {
  Keep(EpochText(e, epochs, std::numeric_limits<size_t>::max()));
  Show(EpochText(e, epochs, Columns()));
}

void Console::Compare(const RunMetrics& run, const std::vector<Reference>& references) {
  if (references.empty() || (run.epochs.empty() && run.initial_losses.empty())) return;
  Line(fmt::format("{:<16} {:>5}  {:>12}  {:>12}  {:>12}", "metric", "epoch", "ours", "notebook",
                   "difference"));
  std::string list;
  for (const Reference& reference : references) {
    if (reference.list != list) Line(reference.list + ":");
    list = reference.list;
    const std::vector<std::optional<double>> ours = ValuesOf(reference, run);
    if (reference.metric == MetricName::kConfusionMatrix) {
      CompareMatrix(reference, ours);
    } else {
      CompareCurve(reference, ours);
    }
  }
}

void Console::CompareCurve(const Reference& reference,
                           const std::vector<std::optional<double>>& ours) {
  for (size_t i = 0; i < ours.size(); ++i) {
    const PrintedValue& printed = reference.printed[i];
    if (!ours[i]) continue;
    const std::string epoch = reference.IsCurve() ? std::to_string(reference.epochs.list[i]) : "0";
    Line(fmt::format("{:<16} {:>5}  {:>12}  {:>12}  {:>12}", NameOf(reference.metric), epoch,
                     fmt::format("{:.6g}", *ours[i]), printed.text,
                     fmt::format("{:+.2g}", *ours[i] - printed.value)));
  }
}

void Console::CompareMatrix(const Reference& reference,
                            const std::vector<std::optional<double>>& ours) {
  if (std::find(ours.begin(), ours.end(), std::nullopt) != ours.end()) return;
  const auto side = static_cast<size_t>(std::sqrt(static_cast<double>(ours.size())));
  Line("confusion_matrix: ours, with the difference from the notebook's (true classes down):");
  double total = 0;
  for (size_t row = 0; row < side; ++row) {
    std::string line;
    for (size_t column = 0; column < side; ++column) {
      const double cell = *ours[row * side + column];
      const double difference = cell - reference.printed[row * side + column].value;
      line += fmt::format("{:>6.0f} {:<5}", cell,
                          difference == 0 ? "" : fmt::format("{:+.0f}", difference));
      total += std::abs(difference);
    }
    Line(line);
  }
  Line(fmt::format("sum of absolute differences: {:.0f}", total));
}

void WarnOfShortage(const Threads& threads, Console& console) {
  const std::string shortage = threads.Shortage();
  if (!shortage.empty()) console.Warn("warning: " + shortage);
}

}  // namespace nabla
