// Checks of optimizers, schedules, initializers and metrics.
#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <set>

#include "framework/base/philox.h"
#include "framework/check/conformance_checks.h"

namespace nabla {
namespace {

// ---- optimizers

constexpr const char* kElements =
    "updates each element on its own: same bits for any cut of a span";
constexpr const char* kMemory = "remembers nothing but its states";
constexpr const char* kMinimum = "reaches the minimum of ";

template <typename T>
Matrix<const T> RowOf(const std::vector<T>& values) {
  return {values.data(), 1, values.size(), values.size()};
}

// Numbers and their optimizer states, updated step by step.
template <typename T>
class Trajectory {
 public:
  Trajectory(const Optimizer<T>& optimizer, std::vector<T> start)
      : optimizer_(optimizer),
        value_(std::move(start)),
        states_(optimizer.States(), std::vector<T>(value_.size())) {}

  const std::vector<T>& value() const { return value_; }

  // One step, done in pieces that end at `ends`.
  void Step(const std::vector<T>& gradient, double lr, int64_t step,
            const std::vector<size_t>& ends) {
    size_t begin = 0;
    for (const size_t end : ends) {
      std::vector<T*> states;
      for (std::vector<T>& state : states_) states.push_back(state.data() + begin);
      optimizer_.Update({.value = value_.data() + begin,
                         .gradient = gradient.data() + begin,
                         .states = states.data(),
                         .size = end - begin,
                         .lr = lr,
                         .step = step});
      begin = end;
    }
  }

 private:
  const Optimizer<T>& optimizer_;
  std::vector<T> value_;
  std::vector<std::vector<T>> states_;
};

template <typename T>
void CheckUpdates(const Optimizer<T>& optimizer, uint64_t seed, Findings& findings) {
  Dice dice(seed);
  const size_t size = dice.Size(1, 70);
  std::vector<T> start(size);
  for (T& value : start) value = static_cast<T>(dice.Normal());
  std::vector<size_t> pieces;
  for (size_t end = 0; end < size;) pieces.push_back(end = std::min(size, end + dice.Size(1, 9)));
  Trajectory<T> whole(optimizer, start);
  Trajectory<T> cut(optimizer, start);
  std::vector<std::vector<T>> gradients;
  for (int64_t step = 1; step <= 6; ++step) {
    std::vector<T>& gradient = gradients.emplace_back(size);
    for (T& g : gradient) g = static_cast<T>(dice.Normal());
    whole.Step(gradient, 0.05, step, {size});
    cut.Step(gradient, 0.05, step, pieces);
  }
  ExpectSame<T>(findings, kElements, "the value", "with the span in pieces", RowOf(whole.value()),
                RowOf(cut.value()));
  Trajectory<T> again(optimizer, start);
  for (size_t i = 0; i < gradients.size(); ++i) {
    again.Step(gradients[i], 0.05, static_cast<int64_t>(i) + 1, {size});
  }
  ExpectSame<T>(findings, kMemory, "the value", "when the same steps are done again",
                RowOf(whole.value()), RowOf(again.value()));
}

// A convex function of p with its minimum 0 at kMinimumAt: value and derivative for one element i.
struct Convex {
  const char* name;
  double (*value)(size_t i, double distance);
  double (*slope)(size_t i, double distance);
};

constexpr size_t kElementsOfConvex = 8;

double Curvature(size_t i) { return std::ldexp(0.125, static_cast<int>(i)); }  // 1/8 .. 16

constexpr Convex kConvex[] = {
    {"a sphere", [](size_t, double d) { return d * d / 2; }, [](size_t, double d) { return d; }},
    {"an ellipsoid", [](size_t i, double d) { return Curvature(i) * d * d / 2; },
     [](size_t i, double d) { return Curvature(i) * d; }},
    {"a rounded cone", [](size_t, double d) { return std::sqrt(1 + d * d) - 1; },
     [](size_t, double d) { return d / std::sqrt(1 + d * d); }}};

// What is left of f after many steps.
struct Remainder {
  double share = 1;  // of f before them
  double lr = 0;     // at the start
  size_t farthest = 0;
  double value = 0;  // of that element, and where its minimum is
  double target = 0;
};

// The rate falls linearly from `lr`.
Remainder RemainderOf(const Optimizer<double>& optimizer, const Convex& f, double lr) {
  constexpr int64_t kSteps = 3000;
  std::vector<double> target;
  std::vector<double> start;
  for (size_t i = 0; i < kElementsOfConvex; ++i) {
    target.push_back(i % 2 == 0 ? 0.5 : -1);
    start.push_back(target[i] + (i % 3 == 0 ? 1 : -1.5));
  }
  const auto value = [&](const std::vector<double>& p) {
    double sum = 0;
    for (size_t i = 0; i < p.size(); ++i) sum += f.value(i, p[i] - target[i]);
    return sum;
  };
  Trajectory<double> way(optimizer, start);
  std::vector<double> gradient(start.size());
  for (int64_t step = 1; step <= kSteps; ++step) {
    for (size_t i = 0; i < gradient.size(); ++i) {
      gradient[i] = f.slope(i, way.value()[i] - target[i]);
    }
    const double rate = lr * static_cast<double>(kSteps + 1 - step) / static_cast<double>(kSteps);
    way.Step(gradient, rate, step, {gradient.size()});
  }
  Remainder left{.share = value(way.value()) / value(start), .lr = lr};
  for (size_t i = 0; i < start.size(); ++i) {
    const auto apart = [&](size_t e) { return std::abs(way.value()[e] - target[e]); };
    if (!(apart(i) <= apart(left.farthest))) left.farthest = i;
  }
  left.value = way.value()[left.farthest];
  left.target = target[left.farthest];
  return left;
}

// ---- the others

constexpr const char* kRates = "finite rates, none negative";
constexpr const char* kPure = "the same step always has the same rate";
constexpr const char* kFills = "fills every number";
constexpr const char* kRepeats = "the same seed gives the same values";
constexpr const char* kMoments = "moments within bounds";
constexpr const char* kRange = "results within their range";
constexpr const char* kNames = "results have unique names";
constexpr const char* kBatches = "the same results for any blocks of rows";

template <typename T>
void CheckFill(const Subject& subject, size_t trial, Findings& findings) {
  const auto initializer = subject.Make<T, Initializer<T>>(trial, Vary::kChoices);
  const uint64_t seed = Key(6, {trial});
  Dice dice(seed);
  Fans fans{dice.Size(20, 60), dice.Size(20, 60)};
  auto fill = [&](uint64_t key) {
    ProbeMatrix<T> w(fans.in, fans.out);
    Dice numbers(key);
    initializer->Fill(w.view(), fans, numbers.generator());
    return w;
  };
  ProbeMatrix<T> w(1, 1);
  try {
    w = fill(seed);
  } catch (const InputError&) {
    fans = {1, 1};  // values written out in YAML fit only the shape of their example
    w = fill(seed);
  }
  findings.SetTrial(
      subject.Trial<T>(fmt::format("w {} x {}", fans.in, fans.out), trial, Vary::kChoices));
  findings.Expect(w.Complaint().empty(), kFills, w.Complaint());
  ProbeMatrix<T> again = fill(seed);
  ExpectSame<T>(findings, kRepeats, "w", "in a second call", w.view(), again.view());
  ProbeMatrix<T> other = fill(seed + 1);
  const bool random = !SameBits<T>(w.view(), other.view());
  double sums[2] = {};
  double squares[2] = {};
  double counts[2] = {};
  for (size_t r = 0; r < fans.in; ++r) {
    for (size_t c = 0; c < fans.out; ++c) {
      const size_t half = 2 * r < fans.in ? 0 : 1;
      const double value = static_cast<double>(w.view()(r, c));
      sums[half] += value;
      squares[half] += value * value;
      counts[half] += 1;
    }
  }
  const double mean = (sums[0] + sums[1]) / (counts[0] + counts[1]);
  const double square = (squares[0] + squares[1]) / (counts[0] + counts[1]);
  // How many times the most that is allowed it is, so that the worst of either kind is said.
  findings.Expect(std::abs(mean) <= 10 && square <= 100, kMoments,
                  fmt::format("mean {:.6g}, mean square {:.6g}: more than 10 or 100", mean, square),
                  std::max(std::abs(mean) / 10, square / 100));
  if (!random || counts[1] == 0) return;
  const double deviation = std::sqrt(std::max(0.0, square - mean * mean));
  const double gap = std::abs(sums[0] / counts[0] - sums[1] / counts[1]);
  const double error = deviation * std::sqrt(1 / counts[0] + 1 / counts[1]);
  findings.Expect(
      gap <= 6 * error, kMoments,
      fmt::format("the mean of the first half of the rows, {:.6g}, differs from that of "
                  "the second, {:.6g}, by {:.1f} standard errors",
                  sums[0] / counts[0], sums[1] / counts[1], gap / error),
      gap / error / 6);
}

template <typename T>
std::vector<std::pair<std::string, double>> Judge(const Metric<T>& metric, Matrix<const T> z,
                                                  const std::vector<int32_t>& labels, size_t block,
                                                  Findings& findings) {
  const auto pass = metric.Start({.classes = z.cols});
  for (size_t begin = 0; begin < z.rows; begin += block) {
    const size_t end = std::min(z.rows, begin + block);
    pass->Add(z.Rows(begin, end), Targets<T>{.labels = labels.data() + begin});
  }
  std::vector<std::pair<std::string, double>> all;
  std::set<std::string> names;
  const auto [least, most] = metric.Range();
  for (const auto& [name, value] : pass->Results()) {
    findings.Expect(!name.empty() && names.insert(name).second, kNames, "\"" + name + "\"");
    findings.Expect(value >= least && value <= most, kRange,
                    fmt::format("{} is {:.8g}, outside {} .. {}", name, value, least, most),
                    std::max(Apart(value, least), Apart(value, most)));
    all.emplace_back(name, value);
  }
  for (const NamedMatrix& matrix : pass->Matrices()) {
    const bool whole = matrix.values.size() == matrix.row_names.size() * matrix.column_names.size();
    findings.Expect(!matrix.name.empty() && names.insert(matrix.name).second && whole, kNames,
                    "the matrix \"" + matrix.name + "\"");
    for (size_t i = 0; i < matrix.values.size(); ++i) {
      const size_t cols = std::max<size_t>(1, matrix.column_names.size());
      all.emplace_back(matrix.name + PlaceText(matrix.row_names.size(), i / cols, i % cols),
                       matrix.values[i]);
    }
  }
  findings.Expect(!all.empty(), kNames, "there are no results");
  for (const auto& [name, value] : metric.Start({.classes = z.cols})->Results()) {
    names.erase(name);
  }
  for (const NamedMatrix& matrix : pass->Matrices()) names.erase(matrix.name);
  for (const std::string& name : names) {
    findings.Expect(false, kNames, "\"" + name + "\" has no name before there are rows");
  }
  return all;
}

template <typename T>
void CheckJudgement(const Subject& subject, size_t trial, Findings& findings) {
  const auto metric = subject.Make<T, Metric<T>>(trial, Vary::kAll);
  Dice dice(Key(7, {trial}));
  const size_t rows = dice.Size(1, 60);
  const size_t classes = dice.Size(2, 12);
  ProbeMatrix<T> z(rows, classes);
  std::vector<int32_t> labels;
  for (size_t r = 0; r < rows; ++r) {
    labels.push_back(static_cast<int32_t>(dice.Size(0, classes - 1)));
    // Probabilities are also valid logits, so any metric accepts them.
    double sum = 0;
    std::vector<double> row;
    for (size_t c = 0; c < classes; ++c) sum += row.emplace_back(dice.Uniform(0.01, 1));
    for (size_t c = 0; c < classes; ++c) z.view()(r, c) = static_cast<T>(row[c] / sum);
  }
  metric->Check({{classes}}, classes);
  findings.SetTrial(
      subject.Trial<T>(fmt::format("{} rows of {} classes", rows, classes), trial, Vary::kAll));
  const auto at_once = Judge<T>(*metric, z.view(), labels, rows, findings);
  const size_t block = dice.Size(1, 5);
  const auto in_blocks = Judge<T>(*metric, z.view(), labels, block, findings);
  findings.Expect(at_once.size() == in_blocks.size(), kBatches,
                  fmt::format("{} results at once, {} in blocks of {}", at_once.size(),
                              in_blocks.size(), block));
  for (size_t i = 0; i < std::min(at_once.size(), in_blocks.size()); ++i) {
    const double whole = at_once[i].second;
    const double parts = in_blocks[i].second;
    findings.Expect(whole == parts, kBatches,
                    fmt::format("{} is {:.8g} at once, {:.8g} in blocks of {} rows",
                                at_once[i].first, whole, parts, block),
                    Apart(whole, parts));
  }
}

}  // namespace

void CheckOptimizer(const Subject& subject, Findings& findings) {
  for (size_t trial = 0; trial < subject.trials; ++trial) {
    findings.SetTrial("");
    const auto optimizer = subject.Make<double, Optimizer<double>>(trial, Vary::kAll);
    const auto in_float = subject.Make<float, Optimizer<float>>(trial, Vary::kAll);
    if (optimizer == nullptr || in_float == nullptr) continue;
    findings.SetTrial(subject.Trial<double>("6 steps", trial, Vary::kAll));
    CheckUpdates(*optimizer, Key(4, {trial}), findings);
    findings.SetTrial(subject.Trial<float>("6 steps", trial, Vary::kAll));
    CheckUpdates(*in_float, Key(4, {trial}), findings);
  }
  const auto optimizer = subject.Make<double, Optimizer<double>>(0, Vary::kNothing);
  findings.SetTrial(subject.Trial<double>("8 numbers, 3000 steps", 0, Vary::kNothing));
  for (const Convex& f : kConvex) {
    std::optional<Remainder> best;
    for (const double lr : {3.0, 1.0, 0.3, 0.1, 0.03, 0.01, 0.003, 0.001}) {
      const Remainder left = RemainderOf(*optimizer, f, lr);
      if (!best || !(best->share <= left.share)) best = left;
    }
    findings.Expect(
        best->share < 1e-3, kMinimum + std::string(f.name),
        fmt::format("{:.3g} % of the start value is left at the best rate, {}: number "
                    "{} is {:.4g} instead of {}",
                    100 * best->share, best->lr, best->farthest, best->value, best->target));
  }
}

void CheckSchedule(const Subject& subject, Findings& findings) {
  for (size_t trial = 0; trial < subject.trials; ++trial) {
    findings.SetTrial("");
    const auto schedule = subject.Make<double, Schedule>(trial, Vary::kAll);
    if (schedule == nullptr) continue;
    Dice dice(Key(5, {trial}));
    const auto total = static_cast<int64_t>(dice.Size(1, 400));
    const auto steps_per_epoch = static_cast<int64_t>(dice.Size(1, 50));
    findings.SetTrial(subject.Trial<double>(
        fmt::format("{} steps, {} an epoch, base rate 0.1", total, steps_per_epoch), trial,
        Vary::kAll));
    std::vector<double> rates;
    const auto rate = [&](int64_t t) {
      return schedule->Rate(0.1, {.t = t, .total = total, .steps_per_epoch = steps_per_epoch});
    };
    for (int64_t t = 0; t < total; ++t) {
      rates.push_back(rate(t));
      const bool good = std::isfinite(rates.back()) && rates.back() >= 0;
      findings.Expect(
          good, kRates, fmt::format("step {} has the rate {:.8g}", t, rates.back()),
          std::isfinite(rates.back()) ? -rates.back() : std::numeric_limits<double>::infinity());
    }
    for (int64_t t = total; t-- > 0;) {
      const double first = rates[static_cast<size_t>(t)];
      const double second = rate(t);
      findings.Expect(
          second == first, kPure,
          fmt::format("step {} has the rate {:.8g}, in a second call {:.8g}", t, first, second),
          Apart(first, second));
    }
  }
}

void CheckInitializer(const Subject& subject, Findings& findings) {
  for (size_t trial = 0; trial < subject.trials; ++trial) {
    findings.SetTrial("");
    const auto initializer = subject.Make<double, Initializer<double>>(trial, Vary::kChoices);
    const auto in_float = subject.Make<float, Initializer<float>>(trial, Vary::kChoices);
    if (initializer == nullptr || in_float == nullptr) continue;
    CheckFill<double>(subject, trial, findings);
    CheckFill<float>(subject, trial, findings);
  }
}

void CheckMetric(const Subject& subject, Findings& findings) {
  for (size_t trial = 0; trial < subject.trials; ++trial) {
    findings.SetTrial("");
    const auto metric = subject.Make<double, Metric<double>>(trial, Vary::kAll);
    const auto in_float = subject.Make<float, Metric<float>>(trial, Vary::kAll);
    if (metric == nullptr || in_float == nullptr) continue;
    CheckJudgement<double>(subject, trial, findings);
    CheckJudgement<float>(subject, trial, findings);
  }
}

}  // namespace nabla
