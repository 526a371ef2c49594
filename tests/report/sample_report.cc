#include "tests/report/sample_report.h"

#include <cmath>
#include <optional>
#include <random>
#include <string>
#include <utility>

namespace nabla {
namespace {

constexpr size_t kSide = 28;

constexpr const char* kHostile =
    "</title></script><!--<script><b id=\"injected\" onclick='1'>&lt; {{data}} \\u003c \xff";

double Uniform(std::mt19937& random) { return static_cast<double>(random()) / 4294967296.0; }

ReportEpoch SampleEpoch(int64_t epoch, double speed, std::mt19937& random) {
  const double left =
      std::exp(-0.35 * speed * static_cast<double>(epoch)) * (0.9 + 0.2 * Uniform(random));
  ReportEpoch e;
  e.epoch = epoch;
  const auto add = [&](const char* name, double value) { e.metrics.emplace_back(name, value); };
  add("train_loss", 0.02 + 2.2 * left + 0.05 * left * Uniform(random));
  add("train_accuracy", 0.998 - 0.5 * left - 0.01 * Uniform(random));
  add("test_loss", 0.09 + 2.1 * left + 0.03 * Uniform(random));
  add("test_accuracy", 0.975 - 0.48 * left - 0.012 * Uniform(random));
  e.learning_rate = 0.1 * (1 + std::cos(0.26 * static_cast<double>(epoch)));
  e.seconds = 0.8 + 0.05 * Uniform(random);
  e.samples_per_second = 60000 / *e.seconds;
  for (size_t k = 0; k < 4; ++k) {
    e.weight_norms.push_back(static_cast<double>(k + 1) * (3 - left));
    e.gradient_norms.push_back(left * (0.5 + Uniform(random)) / static_cast<double>(k + 1));
  }
  return e;
}

ConfusionTable SampleMatrix(std::mt19937& random) {
  ConfusionTable m;
  for (size_t k = 0; k < kSampleClasses; ++k) m.classes.push_back(std::to_string(k));
  for (size_t i = 0; i < kSampleClasses * kSampleClasses; ++i) {
    const bool right = i / kSampleClasses == i % kSampleClasses;
    const double u = Uniform(random);
    m.counts.push_back(right ? 940 + static_cast<int64_t>(60 * u)
                             : static_cast<int64_t>(28 * u * u * u * u));
  }
  return m;
}

// x and y of a pixel.
std::pair<double, double> FromMiddle(size_t pixel) {
  const size_t row = pixel / kSide;
  const size_t column = pixel % kSide;
  return {static_cast<double>(column) - 13.5, static_cast<double>(row) - 13.5};
}

// A ring of a random size.
WorstPicture SamplePicture(size_t at, std::mt19937& random) {
  WorstPicture w;
  w.width = w.height = kSide;
  const double radius = 4 + 7 * Uniform(random);
  for (size_t i = 0; i < kSide * kSide; ++i) {
    const auto [x, y] = FromMiddle(i);
    const double off = std::hypot(1.4 * x, y) - radius;
    w.pixels.push_back(static_cast<uint8_t>(255 * std::exp(-off * off / 3)));
  }
  w.truth = std::to_string(at % 10);
  w.predicted = std::to_string((at + 3) % 10);
  w.truth_probability = 0.0004 * static_cast<double>(at);
  w.predicted_probability = 0.999 - 0.01 * static_cast<double>(at);
  w.loss = -std::log(w.truth_probability + 1e-6);
  return w;
}

WeightPictures SampleWeights(size_t units, std::mt19937& random) {
  WeightPictures w;
  w.parameter = "0.linear.weight";
  w.width = w.height = kSide;
  for (size_t n = 0; n < units; ++n) {
    const double fx = 0.6 * Uniform(random);
    const double fy = 0.6 * Uniform(random);
    const double phase = 6 * Uniform(random);
    for (size_t i = 0; i < kSide * kSide; ++i) {
      const auto [x, y] = FromMiddle(i);
      const double value = std::exp(-(x * x + y * y) / 120) * std::sin(fx * x + fy * y + phase);
      w.values.push_back(static_cast<float>(0.3 * value + 0.05 * (Uniform(random) - 0.5)));
    }
  }
  return w;
}

// Two classes that a line parts, which turns from frame to frame.
DrawnFunction SampleClasses(std::mt19937& random) {
  DrawnFunction f{.names = {"width", "height"},
                  .classes = {"setosa", std::string(80, 'v')},  // wider than a phone
                  .low = {-1, 10},
                  .high = {1, 30},
                  .side = 24,
                  .points = {},
                  .frames = {}};
  for (int64_t epoch = 1; epoch <= 4; ++epoch) {
    DrawnFunction::Frame& frame = f.frames.emplace_back(DrawnFunction::Frame{.epoch = 3 * epoch});
    for (size_t at = 0; at < f.side * f.side; ++at) {
      const double x = static_cast<double>(at % f.side) / 23 - 0.5;
      const double y = static_cast<double>(at / f.side) / 23 - 0.5;
      const double z = 4 * x + (static_cast<double>(epoch) - 2) * y;
      const double p = 1 / (1 + std::exp(-4 * std::abs(z)));
      frame.cells.push_back(static_cast<uint8_t>((z > 0 ? 16 : 0) + std::lround(15 * p)));
    }
  }
  for (int i = 0; i < 60; ++i) {
    const double x = 2 * Uniform(random) - 1;
    f.points.push_back({x, 10 + 20 * Uniform(random), x > 0.1 ? 1.0 : 0.0});
  }
  return f;
}

DrawnFunction SampleCurve(std::mt19937& random) {
  DrawnFunction f{.names = {"dose", "effect"},
                  .classes = {},
                  .low = {0},
                  .high = {10},
                  .side = 100,
                  .points = {},
                  .frames = {{.epoch = 1}, {.epoch = 12}}};
  for (size_t i = 0; i < f.side; ++i) {
    const double x = static_cast<double>(i) / 9.9;
    f.frames[0].values.push_back(0.1 * x);
    f.frames[1].values.push_back(std::sin(x));
  }
  for (int i = 0; i < 80; ++i) {
    const double x = 10 * Uniform(random);
    f.points.push_back({x, std::sin(x) + 0.4 * Uniform(random) - 0.2});
  }
  return f;
}

void AddLayers(ReportRun& run) {
  run.look.layers = {{"0", "linear", {120}, 94080, 0, 94080},
                     {"1", "relu", {120}},
                     {"2", "linear", {10}, 1200, 0, 1200}};
  run.look.values = {{"0", 1000, 120, 0, -0.31, 1.27},
                     {"1", 1000, 120, 66, 0.412, 0.71},
                     {"2", 1000, 10, 0, 0.02, 3.1}};
  for (int64_t e = 1; e <= static_cast<int64_t>(kSampleEpochs); ++e) {
    const auto t = static_cast<double>(e);
    run.look.scales.push_back(
        {e, {1 + 0.1 * t, 0.6 + 0.05 * t, 2 + 0.3 * t}, {0.1 / t, 0.08 / t, 0.3 / t}});
  }
  run.standouts = {
      {"66 of the 120 units of layer 1 (relu) are dead: they give the same value for all "
       "of 1000 rows.",
       "model.1=leaky_relu", true},
      {"The training loss was still falling: the last fifth of the epochs brought "
       "7.0 % of its whole fall.",
       "train.epochs=24", false}};
}

void AddParts(ReportRun& run, std::mt19937& random) {
  run.look.confusion = SampleMatrix(random);
  for (size_t i = 0; i < 30; ++i) run.look.worst.push_back(SamplePicture(i, random));
  run.look.weights = SampleWeights(100, random);
  AddLayers(run);
  run.look.function = SampleClasses(random);
  run.look.time = {{"0 linear", "forward", 210.4},  {"0 linear", "backward", 0},
                   {"0 linear", "gradient", 340.9}, {"1 relu", "forward", 12.2},
                   {"1 relu", "backward", 9.8},     {"2 linear", "forward", 25.3},
                   {"2 linear", "backward", 31.7},  {"2 linear", "gradient", 28.1},
                   {"loss", "forward", 18.6}};
  run.look.plots = {{"ROC curves",
                     "false positive rate",
                     "true positive rate",
                     false,
                     PlotGuide::kDiagonal,
                     {{"3, AUC 0.81", {{0, 0}, {0.1, 0.6}, {0.5, 0.9}, {1, 1}}},
                      {"7, AUC 0.94", {{0, 0}, {0, 0.8}, {0.4, 1}, {1, 1}}}}},
                    {"Residuals",
                     "price, predicted",
                     "true - predicted",
                     true,
                     PlotGuide::kZero,
                     {{"price", {{1, 0.2}, {2, -0.1}, {3, 0.4}}}}}};
  run.environment = {{"nabla", "0.1"},
                     {"compiler", "g++ 12.2.0 -O2"},
                     {"processor", "a processor with a long name, 2 cores at 2.6 GHz"},
                     {"SIMD", "avx512"},
                     {"threads", "2"}};
  run.config = "name: sample\nseed: 0\noptimizer:\n  name: sgd\n  lr: 0.1\n";
}

ReportRun SampleSeed(double speed, uint32_t seed) {
  std::mt19937 random(seed * 1000 + static_cast<uint32_t>(100 * speed));
  ReportRun run;
  run.name = "runs/sample/" + std::to_string(seed);
  run.label = "seed " + std::to_string(seed);
  run.status = "complete";
  run.weights_hash = "a517615d48302f731bc90ff16ae5dc13";
  run.parameters = {"0.linear.weight", "0.linear.bias", "2.linear.weight", "2.linear.bias"};
  for (size_t e = 1; e <= kSampleEpochs; ++e) {
    run.epochs.push_back(SampleEpoch(static_cast<int64_t>(e), speed, random));
  }
  return run;
}

}  // namespace

Report SampleRun() {
  Report report;
  report.title = "mnist_sample";
  report.description = "Two linear layers with ReLU on handwritten digits, made up for a test.";
  report.source = "000_sample.txt";
  report.verdicts = {{.text = "reproduced: 81 of 199 runs lie as far out or farther, p = 0.41.",
                      .tone = Tone::kGood,
                      .power = {{"rate / 2", 1}, {"no bias", 0.05}}},
                     {.list = "second run",
                      .text = "not reproduced: farther out than all of 199 runs, p < 0.0051.",
                      .tone = Tone::kBad}};
  report.version = "0.1";
  report.runs.push_back(SampleSeed(1, 0));
  std::mt19937 random(7);
  AddParts(report.runs[0], random);
  for (const int64_t epoch : {1, 3, 6, 9, 12}) {
    const double left = std::exp(-0.35 * static_cast<double>(epoch));
    const double value = 0.03 + 2.2 * left;
    report.printed.push_back(
        {"", "train_loss", epoch, value, std::to_string(value), value * 0.9, value * 1.1});
  }
  report.printed.push_back({"", "test_accuracy", 12, 0.9731, "0.9731", 0.955, 0.978});
  report.printed.push_back({"", "initial_loss", std::nullopt, 2.3026, "2.3026", {}, {}});
  return report;
}

Report SampleRegression() {
  Report report;
  report.title = "dose";
  report.version = "0.1";
  std::mt19937 random(3);
  ReportRun& run = report.runs.emplace_back();
  run.name = "runs/dose";
  for (int64_t e = 1; e <= static_cast<int64_t>(kSampleEpochs); ++e) {
    run.epochs.push_back({.epoch = e, .metrics = {{"train_loss", 1.0 / static_cast<double>(e)}}});
  }
  run.look.function = SampleCurve(random);
  return report;
}

Report SampleComparison(size_t groups, size_t seeds) {
  Report report;
  report.title = "lr sweep";
  report.version = "0.1";
  for (size_t g = 0; g < groups; ++g) {
    const double speed = 0.4 + 0.25 * static_cast<double>(g);
    const std::string group = "optimizer.lr=" + std::to_string(speed).substr(0, 4);
    for (size_t s = 0; s < seeds; ++s) {
      ReportRun run = SampleSeed(speed, static_cast<uint32_t>(s));
      run.group = group;
      run.label = group + ", " + run.label;
      std::mt19937 random(static_cast<uint32_t>(g));
      if (s == 0) AddParts(run, random);
      report.runs.push_back(std::move(run));
    }
  }
  return report;
}

Report SampleSweep(size_t settings) {
  Report report;
  report.title = "sweep";
  report.version = "0.1";
  report.keys = {"optimizer.lr", "model.0.units", "model.1", "optimizer.momentum"};
  std::mt19937 random(11);
  for (size_t at = 0; at < settings; ++at) {
    const double rate = std::pow(10, -4 + 4 * Uniform(random));
    const std::vector<std::optional<std::string>> values = {
        std::to_string(rate), std::to_string(16 << (at % 4)), at % 3 == 0 ? "relu" : "tanh",
        at % 3 == 1 ? std::nullopt : std::optional<std::string>(at % 2 == 0 ? "0" : "0.9")};
    for (uint32_t seed = 0; seed < 2; ++seed) {
      ReportRun run = SampleSeed(0.1 + 2 * rate, seed);
      run.group = "setting " + std::to_string(at);
      run.label = run.group + ", " + run.label;
      run.seed = seed;
      run.settings = values;
      run.ended = 1.7e9 + 60 * Uniform(random);
      if (at == 1) {
        run.status = "diverged";
        run.epochs.back().metrics = {{"train_loss", std::nan("")}};
      }
      if (at == 2) run.status = "running";
      if (at == 3) {
        run.status = "left at epoch 0.5";
        run.left_behind = true;
        run.epochs.clear();
        run.ended.reset();
        run.pauses = {{0.5, {{"train_loss", 2.2}, {"test_loss", 2.3}, {"test_accuracy", 0.2}}}};
      } else if (run.status != "diverged") {
        run.pauses = {
            {0.5, {{"train_loss", 2.2 - 0.1 * rate}, {"test_accuracy", 0.2 + 0.1 * rate}}}};
      }
      report.runs.push_back(std::move(run));
    }
  }
  return report;
}

Report HostileReport() {
  const std::string text = kHostile;
  Report report;
  report.title = report.description = report.source = report.version = text;
  ReportRun run;
  run.name = run.label = run.group = run.status = run.weights_hash = run.config = text;
  run.parameters = {text};
  for (int64_t e = 1; e <= 3; ++e) {
    ReportEpoch epoch;
    epoch.epoch = e;
    epoch.metrics = {{"train_loss", e < 3 ? static_cast<double>(e) : std::nan("")}, {text, 1}};
    if (e != 2) epoch.metrics.emplace_back("test_loss", 2);
    epoch.weight_norms = {1};
    run.epochs.push_back(epoch);
  }
  run.look.confusion = {{text, text}, {1, 2, 0, 4}};
  run.look.worst.push_back({1, 1, 1, {7}, text, text, 0, 1, 3});
  run.look.weights = {text, 1, 1, 1, {0}};
  run.look.layers = {{text, text, {1}}};
  run.look.values = {{text, 1, 1, 1, 0, 0}};
  run.look.scales = {{1, {1}, {0}}};
  run.standouts = {{text, text, true}};
  run.look.function = {.names = {text, text},
                       .classes = {text, text},
                       .low = {0, 0},
                       .high = {1, 1},
                       .side = 2,
                       .points = {{0, 0, 1}},
                       .frames = {{1, {255, 0, 16, 31}, {}}}};
  run.look.time = {{text, text, 1}};
  report.runs.push_back(run);
  report.printed.push_back({text, text, 1, 2, text, 1, 3});
  report.verdicts = {{text, text, Tone::kBad, {{text, 0.5}}}};
  return report;
}

Report HostileSweep() {
  Report report = SampleSweep(8);
  for (std::string& key : report.keys) key = kHostile + key;
  for (ReportRun& run : report.runs) {
    run.group += kHostile;
    run.label += kHostile;
    run.settings[2] = kHostile + *run.settings[2];
    run.status = run.left_behind || run.status == "diverged" ? run.status : kHostile;
  }
  return report;
}

}  // namespace nabla
