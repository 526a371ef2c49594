#include "framework/data/split.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <map>
#include <memory>
#include <numeric>
#include <string>
#include <utility>
#include <vector>

#include "framework/base/error.h"
#include "framework/base/generator.h"

namespace nabla {
namespace {

SplitOrder PermutationOf(const SplitSettings& settings) {
  if (settings.permutation != SplitOrder::kAuto) return settings.permutation;
  const bool divides = settings.Divides() || settings.validation_fraction > 0;
  return divides ? SplitOrder::kNabla : SplitOrder::kAsRead;
}

RngKind KindOf(SplitOrder permutation) {
  switch (permutation) {
    case SplitOrder::kTorch:
      return RngKind::kTorch;
    case SplitOrder::kNumpy:
      return RngKind::kNumpy;
    case SplitOrder::kNumpyDefault:
      return RngKind::kNumpyDefault;
    default:
      return RngKind::kNabla;
  }
}

// The order of n rows before they are divided.
std::vector<uint32_t> Order(const SplitSettings& settings, size_t n) {
  std::vector<uint32_t> order(n);
  std::iota(order.begin(), order.end(), 0u);
  const SplitOrder permutation = PermutationOf(settings);
  if (permutation == SplitOrder::kAsRead) return order;
  MakeGenerator(KindOf(permutation), static_cast<uint64_t>(settings.seed))->Permutation(order);
  return order;
}

// How many of `draws` rows each class gives, in proportion to `counts`; rows that rounding leaves
// go to the classes with the largest remainders, equal ones by lot
// (sklearn.utils._approximate_mode).
std::vector<size_t> Shares(const std::vector<size_t>& counts, size_t draws, Generator& generator) {
  const auto total = static_cast<double>(std::accumulate(counts.begin(), counts.end(), size_t{0}));
  if (draws == 0) return std::vector<size_t>(counts.size());  // of no rows, where total is 0
  std::vector<size_t> shares;
  std::map<double, std::vector<size_t>, std::greater<>> by_remainder;
  size_t left = draws;
  for (size_t c = 0; c < counts.size(); ++c) {
    const double share = static_cast<double>(counts[c]) / total * static_cast<double>(draws);
    shares.push_back(static_cast<size_t>(share));
    left -= shares.back();
    by_remainder[share - std::floor(share)].push_back(c);
  }
  for (const auto& [remainder, classes] : by_remainder) {
    if (left == 0) break;
    std::vector<uint32_t> lucky(std::min(left, classes.size()));
    Choose(generator, classes.size(), lucky);
    for (const uint32_t i : lucky) ++shares[classes[i]];
    left -= lucky.size();
  }
  return shares;
}

void Permute(Generator& generator, std::vector<uint32_t>* rows) {
  std::vector<uint32_t> order(rows->size());
  generator.Permutation(order);
  for (uint32_t& row : order) row = (*rows)[row];
  *rows = std::move(order);
}

// sklearn.model_selection.StratifiedShuffleSplit, with `tested` rows to test on.
void Stratify(const std::vector<int32_t>& labels, size_t tested, Generator& generator,
              std::vector<uint32_t>* train, std::vector<uint32_t>* test) {
  std::map<int32_t, std::vector<uint32_t>> rows_of;
  for (uint32_t r = 0; r < labels.size(); ++r) rows_of[labels[r]].push_back(r);
  std::vector<size_t> counts;
  for (const auto& [label, rows] : rows_of) counts.push_back(rows.size());
  const std::vector<size_t> to_train = Shares(counts, labels.size() - tested, generator);
  for (size_t c = 0; c < counts.size(); ++c) counts[c] -= to_train[c];
  const std::vector<size_t> to_test = Shares(counts, tested, generator);
  size_t c = 0;
  for (auto& [label, rows] : rows_of) {
    Permute(generator, &rows);
    const auto middle = rows.begin() + static_cast<ptrdiff_t>(to_train[c]);
    train->insert(train->end(), rows.begin(), middle);
    test->insert(test->end(), middle, middle + static_cast<ptrdiff_t>(to_test[c]));
    ++c;
  }
  Permute(generator, train);
  Permute(generator, test);
}

struct OwnedRows {
  std::vector<uint8_t> pixels;
  std::vector<double> numbers;
  std::vector<int32_t> labels;
  std::vector<double> values;
  std::vector<double> weights;
};

// Copies the rows that `order` lists, of `width` elements each. Indices run through `a`, then
// continue through `b`.
template <typename E>
void CopyRows(std::span<const E> a, std::span<const E> b, size_t width,
              std::span<const uint32_t> order, std::vector<E>* out) {
  if (a.empty()) return;
  const size_t in_a = a.size() / width;
  out->resize(order.size() * width);
  for (size_t r = 0; r < order.size(); ++r) {
    const size_t row = order[r];
    const E* from = row < in_a ? a.data() + row * width : b.data() + (row - in_a) * width;
    std::copy_n(from, width, out->data() + r * width);
  }
}

// Rows of two data sets; indices of `b` follow those of `a`.
Samples TakeRows(const Samples& a, const Samples& b, std::span<const uint32_t> order) {
  auto owned = std::make_shared<OwnedRows>();
  CopyRows(a.pixels, b.pixels, a.shape.size(), order, &owned->pixels);
  CopyRows(a.numbers, b.numbers, a.shape.size(), order, &owned->numbers);
  CopyRows(a.labels, b.labels, 1, order, &owned->labels);
  CopyRows(a.values, b.values, a.values_per_row, order, &owned->values);
  CopyRows(a.weights, b.weights, 1, order, &owned->weights);
  Samples taken = a;
  taken.count = order.size();
  taken.pixels = owned->pixels;
  taken.sparse = nullptr;
  taken.numbers = owned->numbers;
  taken.labels = owned->labels;
  taken.values = owned->values;
  taken.weights = owned->weights;
  taken.keep_alive = owned;
  return taken;
}

}  // namespace

Samples TakeRows(const Samples& samples, std::span<const uint32_t> order) {
  return TakeRows(samples, {}, order);
}

Samples FirstRows(const Samples& samples, size_t first) {
  Samples part = samples;
  part.count = std::min(first, samples.count);
  if (!part.pixels.empty()) part.pixels = part.pixels.first(part.count * part.shape.size());
  if (!part.numbers.empty()) part.numbers = part.numbers.first(part.count * part.shape.size());
  if (!part.labels.empty()) part.labels = part.labels.first(part.count);
  if (!part.weights.empty()) part.weights = part.weights.first(part.count);
  if (!part.values.empty()) part.values = part.values.first(part.count * part.values_per_row);
  return part;
}

namespace {

// Positions of rows.
struct Division {
  std::vector<uint32_t> train;
  std::vector<uint32_t> test;
};

Division Divide(const SplitSettings& settings, const std::vector<int32_t>& labels, size_t rows) {
  const auto count = static_cast<double>(rows);
  const bool by_fraction = settings.test_fraction > 0 || settings.train_fraction > 0;
  if (settings.stratify.value_or(false) && by_fraction) {
    const auto tested = settings.train_fraction > 0
                            ? rows - static_cast<size_t>(settings.train_fraction * count)
                            : static_cast<size_t>(std::ceil(settings.test_fraction * count));
    const auto generator =
        MakeGenerator(KindOf(PermutationOf(settings)), static_cast<uint64_t>(settings.seed));
    Division d;
    Stratify(labels, std::min(tested, rows), *generator, &d.train, &d.test);
    return d;
  }
  const std::vector<uint32_t> order = Order(settings, rows);
  const auto at = [&](size_t i) { return order.begin() + static_cast<ptrdiff_t>(i); };
  if (settings.folds > 0) {
    const auto folds = static_cast<size_t>(settings.folds);
    const auto fold = static_cast<size_t>(settings.fold);
    // The first parts have one row more.
    const size_t begin = fold * (rows / folds) + std::min(fold, rows % folds);
    const size_t end = begin + rows / folds + (fold < rows % folds ? 1 : 0);
    Division d{{order.begin(), at(begin)}, {at(begin), at(end)}};
    d.train.insert(d.train.end(), at(end), order.end());
    std::ranges::sort(d.train);
    std::ranges::sort(d.test);
    return d;
  }
  if (settings.train_fraction > 0) {
    const auto trained = static_cast<size_t>(settings.train_fraction * count);
    return {{order.begin(), at(trained)}, {at(trained), order.end()}};
  }
  const auto tested = static_cast<size_t>(std::ceil(settings.test_fraction * count));
  const size_t first = std::min(tested, rows);
  return {{at(first), order.end()}, {order.begin(), at(first)}};
}

void CheckSettings(const SplitSettings& s, const DataSplits& data) {
  if (s.merge && !s.Divides()) {
    throw InputError("split.merge needs a test_fraction: the fraction of all rows to test on");
  }
  std::vector<std::string> given;
  if (s.test_fraction > 0) given.emplace_back("split.test_fraction");
  if (s.train_fraction > 0) given.emplace_back("split.train_fraction");
  if (s.folds > 0) given.emplace_back("split.folds");
  if (given.size() > 1) throw InputError(given[0] + " and " + given[1] + " exclude each other");
  if (s.folds == 1 || (s.folds > 0 && s.fold >= s.folds)) {
    throw InputError("split.fold is " + std::to_string(s.fold) + " of " + std::to_string(s.folds) +
                     (s.folds == 1 ? " fold" : " folds") +
                     ": there must be 2 folds or more, counted from 0");
  }
  const size_t rows = data.train.count + (s.merge ? data.test.count : 0);
  if (s.folds > 0 && static_cast<size_t>(s.folds) > rows) {
    throw InputError("split.folds is " + std::to_string(s.folds) + ", but there are only " +
                     std::to_string(rows) + " rows: some folds would have none to test on");
  }
  const bool divides = s.test_fraction > 0 || s.train_fraction > 0 || s.validation_fraction > 0;
  if (s.stratify.value_or(false) &&
      (!divides || data.train.classes == 0 || s.permutation == SplitOrder::kAsRead)) {
    throw InputError(
        "split.stratify needs a test_fraction, train_fraction or validation_fraction, classes "
        "and a permutation");
  }
  if (s.tested == TestedPart::kValidation && s.validation_fraction == 0) {
    throw InputError("split.tested is validation, but split.validation_fraction is 0");
  }
}

// Divides the rows of data.train, followed by those of data.test if `merge` is set.
DataSplits DivideOnce(const SplitSettings& settings, DataSplits data,
                      const char* fraction = "split.test_fraction") {
  const Samples other = settings.merge ? data.test : Samples{};
  const size_t rows = data.train.count + other.count;
  std::vector<int32_t> labels(data.train.labels.begin(), data.train.labels.end());
  labels.insert(labels.end(), other.labels.begin(), other.labels.end());
  const Division division = Divide(settings, labels, rows);
  if (division.train.empty()) {
    const char* key = settings.folds > 0            ? "split.folds"
                      : settings.train_fraction > 0 ? "split.train_fraction"
                                                    : fraction;
    throw InputError(std::string(key) + " leaves no rows to train on");
  }
  const Samples train = TakeRows(data.train, other, division.train);
  data.test = TakeRows(data.train, other, division.test);
  data.train = train;
  return data;
}

// Puts some of the training rows aside.
DataSplits PutAside(const SplitSettings& settings, DataSplits data, bool validates) {
  const bool first = settings.train_fraction > 0;
  const SplitOrder permutation = PermutationOf(settings);
  const bool by_class =
      validates && !first && data.train.classes > 0 && permutation != SplitOrder::kAsRead;
  SplitSettings again{.stratify = settings.stratify.value_or(by_class),
                      .permutation = permutation,
                      .seed = settings.validation_seed};
  (first ? again.train_fraction : again.test_fraction) =
      first ? 1 - settings.validation_fraction : settings.validation_fraction;
  DataSplits parts = DivideOnce(again, data, "split.validation_fraction");
  if (validates) parts.validation = parts.test;
  if (settings.tested == TestedPart::kTest) parts.test = data.test;
  return parts;
}

}  // namespace

DataSplits Split(const SplitSettings& settings, DataSplits data, bool validates) {
  CheckSettings(settings, data);
  if (settings.Divides()) {
    data = DivideOnce(settings, std::move(data));
  } else if (settings.validation_fraction == 0 && PermutationOf(settings) != SplitOrder::kAsRead) {
    data.train = TakeRows(data.train, Order(settings, data.train.count));
  }
  if (settings.validation_fraction > 0) data = PutAside(settings, std::move(data), validates);
  return data;
}

}  // namespace nabla
