#include "framework/terminal/progress.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "framework/record/finite.h"
#include "framework/record/run_metrics.h"

namespace nabla {
namespace {

constexpr size_t kWidestBar = 30;
constexpr size_t kNarrowestBar = 5;

double Seconds(std::chrono::steady_clock::duration duration) {
  return std::chrono::duration<double>(duration).count();
}

// "loss 0.3123", "train accuracy 0.9123", "test f1 0.91".
std::string MetricText(const std::string& name, double value, const char* accuracy) {
  const size_t rows = name.find('_');
  const std::string what = name.substr(rows + 1);
  const std::string of = name == "train_loss" ? "" : name.substr(0, rows) + " ";
  if (what == "loss") return fmt::format("{}loss {:.6g}", of, Shown(value));
  if (what == "accuracy") return fmt::format("{}{} {:.4f}", of, accuracy, Shown(value));
  return fmt::format("{}{} {:.4g}", of, what, Shown(value));
}

std::string EpochMetricsText(const EpochMetrics& e, int64_t epochs, const char* accuracy) {
  std::string line = fmt::format("epoch {:>{}}/{}", e.epoch, std::to_string(epochs).size(), epochs);
  for (const auto& [name, value] : MetricsOf(e)) line += "  " + MetricText(name, value, accuracy);
  return line;
}

}  // namespace

std::string EpochText(const EpochMetrics& e, int64_t epochs, size_t columns) {
  const std::string line = EpochMetricsText(e, epochs, "accuracy") +
                           fmt::format("  {:.0f} samples/s", e.samples_per_second);
  return line.size() <= columns ? line : EpochMetricsText(e, epochs, "acc");
}

std::string BarText(const Bar& bar, size_t columns) {
  const double fraction = std::clamp(bar.fraction, 0.0, 1.0);
  // Rounded down, so that 100 % appears only at the end of the work.
  std::string text = fmt::format(" {:3.0f} %", std::floor(100 * fraction));
  if (!bar.metrics.empty()) text += "  " + bar.metrics;
  if (bar.seconds_left) text += "  " + DurationText(*bar.seconds_left) + " left";
  const size_t taken = bar.what.size() + 3 + text.size();
  const size_t room = columns > taken ? columns - taken : 0;
  const size_t width = std::clamp(room, kNarrowestBar, kWidestBar);
  const auto full = static_cast<size_t>(fraction * static_cast<double>(width));
  text = fmt::format("{} [{}{}]{}", bar.what, std::string(full, '='),
                     std::string(width - full, ' '), text);
  return text.substr(0, columns);
}

std::string DurationText(double seconds) {
  const auto whole = static_cast<int64_t>(std::ceil(std::clamp(seconds, 0.0, 1e9)));
  if (whole < 60) return fmt::format("{} s", whole);
  if (whole < 3600) return fmt::format("{}:{:02} min", whole / 60, whole % 60);
  return fmt::format("{}:{:02}:{:02} h", whole / 3600, whole / 60 % 60, whole % 60);
}

std::string CountText(double count) {
  const char* unit = "";
  for (const char* next : {"k", "M", "G"}) {
    if (count < 999.5) break;
    count /= 1000;
    unit = next;
  }
  const int digits = *unit == 0 || count >= 99.95 ? 0 : count >= 9.995 ? 1 : 2;
  return fmt::format("{:.{}f}{}", count, digits, unit);
}

std::string BytesText(uint64_t received, uint64_t total) {
  const auto mega = [](uint64_t bytes) {
    return fmt::format("{:.1f}", 1e-6 * static_cast<double>(bytes));
  };
  return mega(received) + (total > 0 ? " of " + mega(total) : "") + " MB";
}

std::optional<double> TimeLeft::At(double fraction, Time now) {
  if (!begin_ || fraction < last_fraction_) {
    begin_ = now;
    begin_fraction_ = fraction;
  }
  last_fraction_ = fraction;
  const double done = fraction - begin_fraction_;
  if (done <= 0) return std::nullopt;
  return Seconds(now - *begin_) * (1 - fraction) / done;
}

void EpochMeter::Begin(Time now) {
  *this = {};
  begin_ = now;
}

void EpochMeter::Add(const BatchMetrics& batch) {
  if (batch.weight > 0) {
    loss_sum_ += batch.loss;
    ++batches_;
  }
  rows_ += batch.rows;
  right_ += batch.right;
}

std::string EpochMeter::Text(bool classes, Time now) const {
  std::string text =
      fmt::format("loss {:.4g}", loss_sum_ / static_cast<double>(std::max<size_t>(batches_, 1)));
  const auto rows = static_cast<double>(rows_);
  if (classes) text += fmt::format("  accuracy {:.3f}", static_cast<double>(right_) / rows);
  return text + fmt::format("  {} samples/s", CountText(rows / Seconds(now - begin_)));
}

}  // namespace nabla
