#include "framework/engine/shard_sums.h"

#include <algorithm>
#include <bit>

#include "framework/kernels/add.h"

namespace nabla {
namespace {

// Like the bits of a binary counter: this rank's shards 0 .. s form one finished subtree for each 1
// bit of s + 1. Shard s ends the subtree at this level, which takes in those of all lower levels.
size_t Level(size_t shard) { return static_cast<size_t>(std::countr_one(shard)); }

ShardMetrics operator+(const ShardMetrics& a, const ShardMetrics& b) {
  return {a.loss + b.loss, a.right + b.right, a.stop + b.stop};
}

}  // namespace

template <typename T>
ShardSums<T>::ShardSums(Network<T>& network, const Sharding& sharding)
    : network_(network), sharding_(sharding) {
  const std::vector<size_t> coupled = network.coupled_layers();
  size_t sent = 0;
  size_t changed = 0;
  for (size_t p = 0; p < network.parameters().size(); ++p) {
    const Parameter<T>& parameter = network.parameters()[p];
    const Matrix<T> value = parameter.value.view();
    offsets_.push_back(sent);
    if (parameter.trained) {
      sent += value.rows * value.cols;
    } else if (std::count(coupled.begin(), coupled.end(), parameter.layer) > 0) {
      buffers_.push_back(p);
      changed += value.rows * value.cols;
    }
  }
  offsets_.push_back(sent);
  before_.resize(changed);
  own_.numbers.resize(changed);
  for (size_t level = 0; level < Level(sharding.own() - 1); ++level) {
    std::vector<OwnedMatrix<T>>& gradients = levels_.emplace_back();
    for (const Parameter<T>& p : network.parameters()) {
      gradients.emplace_back(p.trained ? p.value.view().rows : 0, p.value.view().cols);
    }
    buffer_levels_.push_back(own_);
  }
  if (sharding.rank_count() > 1) ranks_.emplace(*sharding.ranks, sent + changed, 3);
}

template <typename T>
void ShardSums<T>::Begin(size_t shard) {
  // Every shard changes the buffers from their values before the batch, never from another shard's,
  // so it does not matter which rank computes it.
  if (shard == 0) {
    ReadBuffers(&before_);
  } else {
    WriteBuffers(before_.data());
  }
}

template <typename T>
bool ShardSums<T>::AddTile(size_t shard, const Tile& tile, Matrix<T> gradient) {
  const size_t level = Level(shard);
  const size_t size = gradient.rows * gradient.stride;
  for (size_t below = 0; below < level; ++below) {
    const T* sum = levels_[below][tile.parameter].view().Row(tile.begin);
    AddSpan(sum, gradient.data, gradient.data, size);
  }
  if (!IsLast(shard)) {
    std::copy_n(gradient.data, size, levels_[level][tile.parameter].view().Row(tile.begin));
    return false;
  }
  if (!ranks_) return true;
  T* to = Sent(tile);
  for (size_t r = 0; r < gradient.rows; ++r) {
    std::copy_n(gradient.Row(r), gradient.cols, to + r * gradient.cols);
  }
  return false;
}

template <typename T>
void ShardSums<T>::End(size_t shard, double share, ShardMetrics* metrics) {
  // Weighted by rows, so that the sum over shards is the mean.
  ReadBuffers(&own_.numbers);
  for (T& number : own_.numbers) number = static_cast<T>(share * double{number});
  own_.metrics = *metrics;
  const size_t level = Level(shard);
  for (size_t below = 0; below < level; ++below) {
    const Buffers& sum = buffer_levels_[below];
    AddSpan(sum.numbers.data(), own_.numbers.data(), own_.numbers.data(), own_.numbers.size());
    own_.metrics = sum.metrics + own_.metrics;
  }
  *metrics = own_.metrics;
  if (!IsLast(shard)) {
    buffer_levels_[level] = own_;
  } else if (!ranks_) {
    WriteBuffers(own_.numbers.data());
  }
}

template <typename T>
void ShardSums<T>::Exchange(ShardMetrics* metrics) {
  std::copy(own_.numbers.begin(), own_.numbers.end(), ranks_->numbers().data() + offsets_.back());
  double* sums = ranks_->metrics().data();
  sums[0] = metrics->loss;
  sums[1] = metrics->right;
  sums[2] = metrics->stop;
  ranks_->Run();
  *metrics = {sums[0], sums[1], sums[2]};
  WriteBuffers(ranks_->numbers().data() + offsets_.back());
}

template <typename T>
void ShardSums<T>::TakeTile(const Tile& tile, Matrix<T> gradient) {
  const T* from = Sent(tile);
  for (size_t r = 0; r < gradient.rows; ++r) {
    std::copy_n(from + r * gradient.cols, gradient.cols, gradient.Row(r));
  }
}

template <typename T>
T* ShardSums<T>::Sent(const Tile& tile) {
  const size_t cols = network_.parameters()[tile.parameter].value.view().cols;
  return ranks_->numbers().data() + offsets_[tile.parameter] + tile.begin * cols;
}

template <typename T>
void ShardSums<T>::ReadBuffers(std::vector<T>* numbers) const {
  T* to = numbers->data();
  for (const size_t p : buffers_) {
    const Matrix<T> value = network_.parameters()[p].value.view();
    for (size_t r = 0; r < value.rows; ++r) to = std::copy_n(value.Row(r), value.cols, to);
  }
}

template <typename T>
void ShardSums<T>::WriteBuffers(const T* numbers) {
  for (const size_t p : buffers_) {
    const Matrix<T> value = network_.parameters()[p].value.view();
    for (size_t r = 0; r < value.rows; ++r) {
      std::copy_n(numbers, value.cols, value.Row(r));
      numbers += value.cols;
    }
  }
}

template class ShardSums<float>;
template class ShardSums<double>;

}  // namespace nabla
