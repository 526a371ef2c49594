#include "framework/measure/parting.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <ranges>
#include <type_traits>

#include "framework/record/finite.h"
#include "framework/record/run_metrics.h"

namespace nabla {
namespace {

bool Differ(double a, double b) { return a != b && !(std::isnan(a) && std::isnan(b)); }

// Infinite beside a number that is not finite.
double Distance(double a, double b) {
  const double distance = std::abs(a - b);
  return std::isnan(distance) ? std::numeric_limits<double>::infinity() : distance;
}

double RelativeDistance(double a, double b) {
  const double distance = Distance(a, b);
  return std::isinf(distance) ? distance : distance / std::max(std::abs(a), std::abs(b));
}

template <typename A, typename B>
void CompareNumbers(Matrix<const A> a, Matrix<const B> b, TensorDifference* d) {
  double farthest = -1;
  for (size_t r = 0; r < a.rows; ++r) {
    for (size_t c = 0; c < a.cols; ++c) {
      const auto x = static_cast<double>(a(r, c));
      const auto y = static_cast<double>(b(r, c));
      d->largest = std::max({d->largest, std::abs(x), std::abs(y)});
      if (!Differ(x, y)) continue;
      ++d->differing;
      d->relative = std::max(d->relative, RelativeDistance(x, y));
      if (Distance(x, y) <= farthest) continue;
      farthest = Distance(x, y);
      d->row = r;
      d->column = c;
      d->a = x;
      d->b = y;
    }
  }
}

// What a few roundings to the coarser of two types come to, as a share of a number.
template <typename A, typename B>
double RoundingOf(Matrix<const A>, Matrix<const B>) {
  return std::is_same_v<A, double> && std::is_same_v<B, double> ? 0x1p-50 : 0x1p-21;
}

std::string ShapeOf(const ReplayedTensor& tensor) {
  return std::visit([](const auto& m) { return fmt::format("{} x {}", m.rows, m.cols); },
                    tensor.value);
}

std::string Described(const std::vector<ReplayedTensor>& tensors, size_t i) {
  if (i >= tensors.size()) return "no tensor";
  return fmt::format("{} ({}), {}", tensors[i].name, tensors[i].layer, ShapeOf(tensors[i]));
}

std::string FirstShapes(const std::vector<ReplayedTensor>& a,
                        const std::vector<ReplayedTensor>& b) {
  for (size_t i = 0; i < std::max(a.size(), b.size()); ++i) {
    const bool both = i < a.size() && i < b.size();
    if (both && a[i].name == b[i].name && ShapeOf(a[i]) == ShapeOf(b[i])) continue;
    return fmt::format("{} in a, {} in b", Described(a, i), Described(b, i));
  }
  return "";
}

// How the batches of the last steps differ; "" = not.
std::string CompareBatches(const ReplayedStep& a, const ReplayedStep& b) {
  if (a.epoch != b.epoch || a.batch != b.batch) {
    return fmt::format("batch {} of epoch {} in a, batch {} of epoch {} in b", a.batch, a.epoch,
                       b.batch, b.epoch);
  }
  if (a.rows.size() != b.rows.size()) {
    return fmt::format("{} rows in a, {} in b", a.rows.size(), b.rows.size());
  }
  const auto [x, y] = std::ranges::mismatch(a.rows, b.rows);
  if (x == a.rows.end()) return "";
  return fmt::format("row {} of the batch is training row {} in a, {} in b", x - a.rows.begin(), *x,
                     *y);
}

Parting PartingAt(const Replay& a, const Replay& b, std::string rows, TensorsDifference tensors) {
  return {.step = a.at().step,
          .epoch = a.at().epoch,
          .batch = a.at().batch,
          .rows = std::move(rows),
          .loss_a = a.at().loss,
          .loss_b = b.at().loss,
          .tensors = std::move(tensors)};
}

}  // namespace

TensorsDifference CompareTensors(const Replay& a, const Replay& b) {
  TensorsDifference difference{.shapes = FirstShapes(a.tensors(), b.tensors()), .tensors = {}};
  if (!difference.shapes.empty()) return difference;
  for (size_t i = 0; i < a.tensors().size(); ++i) {
    const ReplayedTensor& x = a.tensors()[i];
    const ReplayedTensor& y = b.tensors()[i];
    TensorDifference d{.name = x.name,
                       .layer = x.layer == y.layer ? x.layer : x.layer + " and " + y.layer};
    std::visit(
        [&](const auto& m, const auto& n) {
          d.size = m.rows * m.cols;
          CompareNumbers(m, n, &d);
          d.rounding = Distance(d.a, d.b) <= d.largest * RoundingOf(m, n);
        },
        x.value, y.value);
    if (d.differing > 0) difference.tensors.push_back(d);
  }
  return difference;
}

bool TensorsDifference::OnlyRounding() const {
  return shapes.empty() &&
         std::ranges::all_of(tensors, [](const TensorDifference& d) { return d.rounding; });
}

Lockstep ReplayTogether(Replay& a, Replay& b, const std::function<bool(int64_t)>& go_on) {
  Lockstep together;
  // Returns whether the two have parted by more than rounding.
  const auto compare = [&](std::string rows) {
    TensorsDifference tensors = CompareTensors(a, b);
    if (rows.empty() && !tensors.any()) return false;
    Parting here = PartingAt(a, b, std::move(rows), std::move(tensors));
    const bool apart = !here.OnlyRounding();
    if (!together.parting) {
      together.parting = std::move(here);
    } else if (apart) {
      together.beyond = std::move(here);
    }
    return apart;
  };
  bool apart = compare("");
  while (!apart && go_on(together.taken)) {
    const bool has_a = a.Step();
    const bool has_b = b.Step();
    if (!has_a || !has_b) {
      together.cut = !a.ended() && !b.ended();
      break;
    }
    ++together.taken;
    apart = compare(CompareBatches(a.at(), b.at()));
    if (together.parting) continue;
    ++together.steps;
    if (together.loss_step > 0 || !Differ(a.at().loss, b.at().loss)) continue;
    together.loss_step = a.at().step;
    together.loss_a = a.at().loss;
    together.loss_b = b.at().loss;
  }
  together.ended = a.ended() || b.ended();
  return together;
}

std::optional<RecordDifference> CompareRecord(const std::vector<EpochMetrics>& recorded,
                                              const std::vector<EpochMetrics>& replayed) {
  for (size_t e = 0; e < std::min(recorded.size(), replayed.size()); ++e) {
    const auto ours = MetricsOf(replayed[e]);
    for (const auto& [name, value] : MetricsOf(recorded[e])) {
      const auto same = std::ranges::find(ours, name, [](const auto& own) { return own.first; });
      if (same == ours.end() || !Differ(Shown(value), Shown(same->second))) continue;
      return RecordDifference{recorded[e].epoch, name, value, same->second};
    }
  }
  return std::nullopt;
}

}  // namespace nabla
