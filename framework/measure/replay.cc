#include "framework/measure/replay.h"

#include "framework/base/signals.h"
#include "framework/measure/model_summary.h"
#include "framework/record/monitored_metric.h"

namespace nabla {
namespace {

// The trainer is stopped after each step and resumed for the next one, which changes no bits.
template <typename T>
class TypedReplay : public Replay {
 public:
  TypedReplay(const ExperimentSpec<T>& spec, const Registry& registry, const DataSplits& data,
              Threads& threads, int64_t epochs)
      : experiment_(spec, registry, data, threads) {
    const Network<T>& network = experiment_.network();
    for (const Parameter<T>& p : network.parameters()) {
      tensors_.push_back({"model." + p.name, LayerName(spec, network.layers()[p.layer].path),
                          Matrix<const T>(p.value.view())});
    }
    follower_.on_batch = [this](int64_t epoch, size_t batch, size_t, const BatchMetrics& metrics) {
      const Trainer<T>& trainer = experiment_.trainer();
      at_ = {trainer.steps(), epoch, batch, metrics.loss, trainer.LastBatch()};
      stepped_ = true;
    };
    follower_.stop = [this] { return stepped_ || CaughtSignal() != 0; };
    MonitoredMetric metric;
    if (experiment_.spec().early_stop) {
      metric = Monitored(experiment_.spec().early_stop->metric, experiment_.spec());
    }
    follower_.enough = [this, epochs, metric] {
      const auto& rule = experiment_.spec().early_stop;
      return static_cast<int64_t>(history().size()) >= epochs ||
             (rule && HasStalled(*rule, metric, history()));
    };
  }

  bool Step() override {
    stepped_ = false;
    if (ended_) return false;
    try {
      ended_ = experiment_.trainer().Run(follower_);
    } catch (const Diverged& e) {
      failure_ = e.what();
      ended_ = true;
    }
    return stepped_;
  }

  bool ended() const override { return ended_; }
  const ReplayedStep& at() const override { return at_; }
  const std::vector<ReplayedTensor>& tensors() const override { return tensors_; }
  const std::vector<EpochMetrics>& history() const override {
    return experiment_.trainer().history();
  }
  const std::string& failure() const override { return failure_; }
  std::string WeightsHash() override { return experiment_.network().Hash(); }

 private:
  Experiment<T> experiment_;
  std::vector<ReplayedTensor> tensors_;
  Follower<T> follower_;
  ReplayedStep at_;
  bool stepped_ = false;
  bool ended_ = false;
  std::string failure_;
};

}  // namespace

std::unique_ptr<Replay> MakeReplay(const AnySpec& spec, const Registry& registry,
                                   const DataSplits& data, Threads& threads, int64_t epochs) {
  return std::visit(
      [&]<typename T>(const ExperimentSpec<T>& typed) -> std::unique_ptr<Replay> {
        return std::make_unique<TypedReplay<T>>(typed, registry, data, threads, epochs);
      },
      spec);
}

}  // namespace nabla
