// Forward passes over a whole data set, with its loss and metrics.
#ifndef NABLA_FRAMEWORK_ENGINE_EVALUATION_H_
#define NABLA_FRAMEWORK_ENGINE_EVALUATION_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "framework/engine/network.h"
#include "framework/engine/ranks.h"
#include "framework/engine/rows.h"
#include "framework/engine/threads.h"
#include "framework/model/dataset.h"
#include "framework/model/loss.h"
#include "framework/model/metric.h"

namespace nabla {

struct EvaluationResult {
  double loss = 0;  // over all rows at once
  std::vector<std::pair<std::string, double>> metrics;
  std::vector<NamedMatrix> matrices;
};

template <typename T>
class Evaluation {
 public:
  // All arguments must outlive the evaluation. Ranks (a power of two) share the rows. Of two
  // classes, a single output above `threshold` means class 1. `class_weights` (C) are those of the
  // loss, or empty.
  Evaluation(const Network<T>& network, const Loss<T>& loss,
             std::vector<std::shared_ptr<const Metric<T>>> metrics, const Samples& samples,
             Threads& threads, Ranks* ranks = nullptr, double threshold = 0.5,
             std::vector<double> class_weights = {});

  // Returns the same bits on every rank and for any number of ranks.
  EvaluationResult Run();
  // The same, or nothing once `stop` says so; it may be empty. This thread asks it between blocks
  // of rows.
  std::optional<EvaluationResult> RunUnless(const std::function<bool()>& stop);

 private:
  // Computes outputs and losses of `rows` samples from `first` on: at most one chunk per rank.
  // Returns false if stopped.
  bool RunChunks(size_t first, size_t rows, const std::function<bool()>& stop);
  // Sends this rank's `part` rows to all ranks and receives theirs.
  void Share(size_t part);
  void RunBlock(size_t first_sample, size_t begin, size_t end, size_t worker);
  // The first layer of rows order[0 .. R), of which the first is `first_row`, where it takes sparse
  // ones: y (R, O). Rows held as numbers that are no bytes stay dense.
  void RunSparse(std::span<const uint32_t> order, size_t first_row, Matrix<T> y, size_t worker);
  // Gives outputs and targets of the first rows the units of the data set, for the metrics, if the
  // targets are standardised.
  void Restore(size_t rows);

  const Network<T>& network_;
  const Loss<T>& loss_;
  const std::vector<std::shared_ptr<const Metric<T>>> metrics_;
  const Samples& samples_;
  Threads& threads_;
  Ranks* const ranks_;
  const size_t rank_count_;
  const double threshold_;
  const std::vector<double> class_weights_;

  const bool sparse_;              // whether the first layer takes sparse rows
  const ByteTable<T> byte_table_;  // the numbers that sparse bytes represent
  std::vector<bool> no_bytes_;     // (N): which rows are not sparse; empty: all are
  // Per worker: the inputs and every layer's outputs for one block.
  std::vector<std::vector<OwnedMatrix<T>>> blocks_;
  std::vector<Storage<T>> scratch_;  // per worker
  // For one chunk of every rank:
  OwnedMatrix<T> outputs_;
  OwnedMatrix<T> unused_gradient_;
  std::vector<int32_t> labels_;
  OwnedMatrix<T> target_values_;
  std::vector<double> row_losses_;
  std::vector<uint32_t> order_;
};

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_ENGINE_EVALUATION_H_
