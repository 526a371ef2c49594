#include "framework/measure/time_report.h"

#include <fmt/format.h>

#include <cmath>
#include <nlohmann/json.hpp>

namespace nabla {
namespace {

using Json = nlohmann::ordered_json;

double RowsSeconds(const TimeReport& report) {
  double sum = 0;
  for (const TimeRow& row : report.rows) sum += row.seconds;
  return sum;
}

// Percentages that add up to exactly 100.0 despite rounding.
class Shares {
 public:
  explicit Shares(double total) : total_(total) {}

  std::string Next(double part) {
    sum_ += part;
    const double upto = std::round(1000 * sum_ / total_);
    const double tenths = upto - given_;
    given_ = upto;
    return fmt::format("{:.1f} %", tenths / 10);
  }

 private:
  const double total_;
  double sum_ = 0;
  double given_ = 0;
};

std::string Line(const std::string& layer, const std::string& phase, const std::string& ms,
                 const std::string& share, const std::string& dense, const std::string& effective,
                 const std::string& of_peak, const std::string& bytes) {
  // 79 columns, so that a terminal of 80 has room.
  std::string line = fmt::format("{:<15} {:<10} {:>9} {:>7} {:>7} {:>9} {:>7} {:>8}", layer, phase,
                                 ms, share, dense, effective, of_peak, bytes);
  line.erase(line.find_last_not_of(' ') + 1);
  return line + "\n";
}

std::string Milliseconds(double seconds) { return fmt::format("{:.5f}", 1e3 * seconds); }

std::string RowLine(const TimeRow& row, double steps, double peak, Shares* shares) {
  const std::string share = shares->Next(row.seconds * steps);
  const std::string bytes = fmt::format("{:.3f}", 1e-6 * row.bytes);
  if (row.flops == 0) {
    return Line(row.layer, row.phase, Milliseconds(row.seconds), share, "", "", "", bytes);
  }
  const double effective = 1e-9 * row.effective_flops / row.seconds;
  return Line(row.layer, row.phase, Milliseconds(row.seconds), share,
              fmt::format("{:.1f}", 1e-9 * row.flops / row.seconds),
              fmt::format("{:.1f}", effective), fmt::format("{:.0f} %", 100 * effective / peak),
              bytes);
}

}  // namespace

double TimeReport::EpochSeconds() const {
  return RowsSeconds(*this) * static_cast<double>(steps_per_epoch) + evaluation_seconds;
}

double TimeReport::Explained() const { return RowsSeconds(*this) / step_seconds; }

std::string TimeTable(const TimeReport& r) {
  std::string text = fmt::format(
      "{}: {}, {} steps per epoch, {} rows per step, {}, {}; peak {:.0f} GFLOP/s per core\n"
      "Times of one step on one thread; share of an epoch, evaluation included:\n",
      r.name, r.dataset, r.steps_per_epoch, r.batch_rows, r.dtype, r.simd, r.peak);
  text += Line("layer", "phase", "ms", "share", "GFLOP/s", "effective", "of peak", "MB moved");
  Shares shares(r.EpochSeconds());
  for (const TimeRow& row : r.rows) {
    text += RowLine(row, static_cast<double>(r.steps_per_epoch), r.peak, &shares);
  }
  if (r.evaluation_seconds > 0) {
    text += Line("", "evaluation", "", shares.Next(r.evaluation_seconds), "", "", "", "");
    text += fmt::format("Evaluation takes {:.3f} ms per epoch.\n", 1e3 * r.evaluation_seconds);
  }
  text += fmt::format("The step itself takes {} ms; the rows account for {:.1f} % of it.\n",
                      Milliseconds(r.step_seconds), 100 * r.Explained());
  for (size_t t = 0; t < r.by_threads.size(); ++t) {
    text += fmt::format("{} thread{}: {} ms per step, {:.2f} times as fast as one\n", t + 1,
                        t == 0 ? " " : "s", Milliseconds(r.by_threads[t]),
                        r.by_threads[0] / r.by_threads[t]);
  }
  return text +
         "GFLOP/s: two operations per product, as if rows were dense; effective: without the\n"
         "products that sparse rows skip. MB moved: bytes read and written, each counted once,\n"
         "whether cached or not.\n";
}

std::string TimeJson(const TimeReport& r) {
  Json json = {{"name", r.name},
               {"dataset", r.dataset},
               {"dtype", r.dtype},
               {"simd", r.simd},
               {"batch_rows", r.batch_rows},
               {"steps_per_epoch", r.steps_per_epoch},
               {"peak_gflops", r.peak},
               {"step_seconds", r.step_seconds},
               {"explained", r.Explained()},
               {"evaluation_seconds", r.evaluation_seconds},
               {"epoch_seconds", r.EpochSeconds()},
               {"step_seconds_by_threads", r.by_threads},
               {"rows", Json::array()}};
  const double epoch = r.EpochSeconds();
  for (const TimeRow& row : r.rows) {
    Json line = {{"layer", row.layer},
                 {"phase", row.phase},
                 {"seconds", row.seconds},
                 {"share", row.seconds * static_cast<double>(r.steps_per_epoch) / epoch},
                 {"bytes", row.bytes}};
    if (row.flops > 0) {
      line["gflops"] = 1e-9 * row.flops / row.seconds;
      line["effective_gflops"] = 1e-9 * row.effective_flops / row.seconds;
      line["of_peak"] = 1e-9 * row.effective_flops / row.seconds / r.peak;
    }
    json["rows"].push_back(std::move(line));
  }
  return json.dump(2) + "\n";
}

}  // namespace nabla
