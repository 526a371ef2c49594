// Checks of activations and losses: functions of rows.
#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "framework/base/philox.h"
#include "framework/check/conformance_checks.h"

namespace nabla {
namespace {

constexpr const char* kSplit = "same bits for any split of the rows";
constexpr const char* kOutput = "writes all of its output and nothing else";
constexpr const char* kGradient = "gradient equals finite differences";
constexpr const char* kTargets = "accepts labels or values";
constexpr const char* kPieces = "with the rows in pieces";

template <typename T>
ProbeMatrix<T> Copy(const std::vector<double>& values, size_t rows) {
  const size_t cols = values.size() / rows;
  ProbeMatrix<T> matrix(rows, cols);
  for (size_t i = 0; i < values.size(); ++i) {
    matrix.view()(i / cols, i % cols) = static_cast<T>(values[i]);
  }
  return matrix;
}

bool IsFinite(double value) { return std::isfinite(value); }

Matrix<const double> RowOf(const std::vector<double>& values) {
  return {values.data(), 1, values.size(), values.size()};
}

std::string RowsText(size_t rows, size_t cols) { return fmt::format("{} rows of {}", rows, cols); }

// Ways to cut the rows: not at all, at one random row, and into single rows from last to first.
std::vector<std::vector<std::pair<size_t, size_t>>> CutsOf(size_t rows, Dice& dice) {
  const size_t middle = dice.Size(0, rows);
  std::vector<std::pair<size_t, size_t>> halves;
  if (middle > 0) halves.emplace_back(0, middle);
  if (middle < rows) halves.emplace_back(middle, rows);
  std::vector<std::pair<size_t, size_t>> single;
  for (size_t r = rows; r-- > 0;) single.emplace_back(r, r + 1);
  return {{{0, rows}}, halves, single};
}

// Inputs and outputs of an activation, computed with any cuts of the rows.
template <typename T>
struct ActivationRun {
  ActivationRun(const std::vector<double>& x, const std::vector<double>& dy, size_t rows)
      : x(Copy<T>(x, rows)),
        dy(Copy<T>(dy, rows)),
        y(rows, x.size() / rows),
        dx(rows, x.size() / rows) {}

  void Go(const Activation<T>& f, const std::vector<std::pair<size_t, size_t>>& cuts) {
    for (const auto& [begin, end] : cuts) {
      f.Forward(x.view().Rows(begin, end), y.view().Rows(begin, end));
    }
    for (const auto& [begin, end] : cuts) {
      f.Backward(x.view().Rows(begin, end), y.view().Rows(begin, end), dy.view().Rows(begin, end),
                 dx.view().Rows(begin, end));
    }
  }

  ProbeMatrix<T> x, dy, y, dx;
};

template <typename T>
void CheckActivationRows(const Activation<T>& f, const std::vector<double>& x,
                         const std::vector<double>& dy, size_t rows, Dice& dice,
                         Findings& findings) {
  ActivationRun<T> whole(x, dy, rows);
  whole.Go(f, {{0, rows}});
  const std::string y = whole.y.Complaint();
  const std::string dx = whole.dx.Complaint();
  findings.Expect(y.empty(), kOutput, "Forward " + y);
  findings.Expect(dx.empty(), kOutput, "Backward " + dx);
  for (const auto& cuts : CutsOf(rows, dice)) {
    ActivationRun<T> cut(x, dy, rows);
    cut.Go(f, cuts);
    ExpectSame<T>(findings, kSplit, "y of Forward", kPieces, whole.y.view(), cut.y.view());
    ExpectSame<T>(findings, kSplit, "dx of Backward", kPieces, whole.dx.view(), cut.dx.view());
  }
}

void CompareActivation(const Activation<double>& f, const std::vector<double>& x,
                       const std::vector<double>& dy, size_t rows, Findings& findings) {
  ActivationRun<double> run(x, dy, rows);
  run.Go(f, {{0, rows}});
  ActivationRun<double> probe(x, dy, rows);
  const size_t cols = x.size() / rows;
  const auto value = [&] {
    f.Forward(probe.x.view(), probe.y.view());
    double sum = 0;
    for (size_t i = 0; i < dy.size(); ++i) sum += dy[i] * probe.y.view()(i / cols, i % cols);
    return sum;
  };
  SlopeJudge judge;
  for (size_t i = 0; i < x.size(); ++i) {
    judge.Compare(&probe.x.view()(i / cols, i % cols), run.dx.view()(i / cols, i % cols), value,
                  [&]() -> SlopeJudge::Place {
                    return {"dx" + PlaceText(rows, i / cols, i % cols),
                            fmt::format("x = {:.8g}, dy = {:.8g}", x[i], dy[i])};
                  });
  }
  findings.Expect(judge.Complaint().empty(), kGradient, judge.Complaint(), judge.badness());
}

// Moves x away from every kink, where finite differences would be wrong.
double AwayFrom(const std::vector<double>& kinks, double x) {
  constexpr double kDistance = 1e-2;
  for (const double kink : kinks) {
    if (std::abs(x - kink) < kDistance) x = kink + (x < kink ? -kDistance : kDistance);
  }
  return x;
}

// Input rows of a loss and their targets: labels if `labelled`, values otherwise.
struct LossData {
  LossData(size_t row_count, size_t cols, bool with_labels, LossDomain domain, Dice& dice)
      : rows(row_count), labelled(with_labels) {
    const auto probability = [&] { return dice.Uniform(0.02, 0.98); };
    for (size_t i = 0; i < rows * cols; ++i) {
      z.push_back(domain == LossDomain::kProbabilities ? probability() : 2 * dice.Normal());
      values.push_back(domain == LossDomain::kAny ? dice.Normal() : probability());
    }
    for (size_t r = 0; r < rows; ++r) {
      labels.push_back(static_cast<int32_t>(dice.Size(0, cols - 1)));
    }
  }

  // The target that z[i] is compared with.
  std::string TargetText(size_t i, size_t cols) const {
    return labelled ? fmt::format("label {}", labels[i / cols])
                    : fmt::format("target {:.8g}", values[i]);
  }

  size_t rows;
  bool labelled;
  std::vector<double> z;
  std::vector<double> values;
  std::vector<int32_t> labels;
};

template <typename T>
struct LossRun {
  explicit LossRun(const LossData& data)
      : source(data),
        z(Copy<T>(data.z, data.rows)),
        values(Copy<T>(data.values, data.rows)),
        dz(data.rows, data.z.size() / data.rows),
        row_losses(data.rows, std::numeric_limits<double>::quiet_NaN()) {}

  double Go(const Loss<T>& loss, const std::vector<std::pair<size_t, size_t>>& cuts) {
    Targets<T> targets;
    if (source.labelled) {
      targets.labels = source.labels.data();
    } else {
      targets.values = values.view();
    }
    for (const auto& [begin, end] : cuts) {
      loss.Rows(z.view().Rows(begin, end), targets.Rows(begin, end), source.rows,
                row_losses.data() + begin, dz.view().Rows(begin, end));
    }
    return loss.Weight(source.rows) * std::accumulate(row_losses.begin(), row_losses.end(), 0.0);
  }

  const LossData& source;
  ProbeMatrix<T> z, values, dz;
  std::vector<double> row_losses;
};

template <typename T>
void CheckLossRows(const Loss<T>& loss, const LossData& data, Dice& dice, Findings& findings) {
  LossRun<T> whole(data);
  const double value = whole.Go(loss, {{0, data.rows}});
  const auto bad = std::ranges::find_if_not(whole.row_losses, IsFinite);
  findings.Expect(
      std::isfinite(value), kOutput,
      bad == whole.row_losses.end()
          ? "the sum of the losses is not finite"
          : fmt::format("the loss of row {} is {}", bad - whole.row_losses.begin(), *bad));
  const std::string complaint = whole.dz.Complaint();
  findings.Expect(complaint.empty(), kOutput, "dz: " + complaint);
  for (const auto& cuts : CutsOf(data.rows, dice)) {
    LossRun<T> cut(data);
    cut.Go(loss, cuts);
    ExpectSame<T>(findings, kSplit, "the gradient dz", kPieces, whole.dz.view(), cut.dz.view());
    ExpectSame<double>(findings, kSplit, "the loss of a row", kPieces, RowOf(whole.row_losses),
                       RowOf(cut.row_losses));
  }
}

void CompareLoss(const Loss<double>& loss, const LossData& data, Findings& findings) {
  LossRun<double> run(data);
  run.Go(loss, {{0, data.rows}});
  LossRun<double> probe(data);
  const size_t cols = data.z.size() / data.rows;
  SlopeJudge judge;
  for (size_t i = 0; i < data.z.size(); ++i) {
    judge.Compare(
        &probe.z.view()(i / cols, i % cols), run.dz.view()(i / cols, i % cols),
        [&] {
          return probe.Go(loss, {{0, data.rows}});
        },
        [&]() -> SlopeJudge::Place {
          return {"dz" + PlaceText(data.rows, i / cols, i % cols),
                  fmt::format("z = {:.8g}, {}", data.z[i], data.TargetText(i, cols))};
        });
  }
  findings.Expect(judge.Complaint().empty(), kGradient, judge.Complaint(), judge.badness());
}

bool Takes(const Loss<double>& loss, size_t outputs, size_t classes, size_t values) {
  try {
    loss.Check({{outputs}}, classes, values);
  } catch (const InputError&) {
    return false;
  }
  return true;
}

}  // namespace

void CheckActivation(const Subject& subject, Findings& findings) {
  for (size_t trial = 0; trial < subject.trials; ++trial) {
    findings.SetTrial("");
    const auto f = subject.Make<double, Activation<double>>(trial, Vary::kAll);
    const auto in_float = subject.Make<float, Activation<float>>(trial, Vary::kAll);
    if (f == nullptr || in_float == nullptr) continue;
    Dice dice(Key(1, {trial}));
    const size_t rows = dice.Size(1, 9);
    const size_t cols = dice.Size(1, 40);
    std::vector<double> x(rows * cols);
    std::vector<double> dy(rows * cols);
    for (double& value : x) value = AwayFrom(f->Kinks(), 3 * dice.Normal());
    for (double& value : dy) value = dice.Normal();
    const std::string data = RowsText(rows, cols);
    const std::string in_double = subject.Trial<double>(data, trial, Vary::kAll);
    findings.SetTrial(in_double);
    CheckActivationRows<double>(*f, x, dy, rows, dice, findings);
    findings.SetTrial(subject.Trial<float>(data, trial, Vary::kAll));
    CheckActivationRows<float>(*in_float, x, dy, rows, dice, findings);
    findings.SetTrial(in_double);
    CompareActivation(*f, x, dy, rows, findings);
  }
}

void CheckLoss(const Subject& subject, Findings& findings) {
  for (size_t trial = 0; trial < subject.trials; ++trial) {
    findings.SetTrial("");
    const auto loss = subject.Make<double, Loss<double>>(trial, Vary::kChoices);
    const auto in_float = subject.Make<float, Loss<float>>(trial, Vary::kChoices);
    if (loss == nullptr || in_float == nullptr) continue;
    Dice dice(Key(2, {trial}));
    const size_t rows = dice.Size(1, 9);
    const size_t cols = dice.Size(2, 20);
    bool taken = false;
    for (const bool labelled : {true, false}) {
      if (!Takes(*loss, cols, labelled ? cols : 0, labelled ? 0 : cols)) continue;
      taken = true;
      const LossData data(rows, cols, labelled, loss->Domain(), dice);
      const std::string text = RowsText(rows, cols) + (labelled ? " with labels" : " with values");
      const std::string in_double = subject.Trial<double>(text, trial, Vary::kChoices);
      findings.SetTrial(in_double);
      CheckLossRows<double>(*loss, data, dice, findings);
      findings.SetTrial(subject.Trial<float>(text, trial, Vary::kChoices));
      CheckLossRows<float>(*in_float, data, dice, findings);
      findings.SetTrial(in_double);
      CompareLoss(*loss, data, findings);
    }
    findings.SetTrial(subject.Trial<double>(RowsText(rows, cols), trial, Vary::kChoices));
    findings.Expect(taken, kTargets, "Check rejects both");
    findings.Expect(!Takes(*loss, cols, cols + 1, 0) && !Takes(*loss, cols, 0, cols + 1), kTargets,
                    "Check accepts targets that do not fit");
  }
}

}  // namespace nabla
