// Writes a made-up report.html: write_sample_report KIND FILE, KIND as below.
#include <fstream>
#include <iostream>
#include <string>

#include "framework/report/report.h"
#include "tests/report/sample_report.h"

namespace {

// All rows are predicted as the first class.
void PredictOneClass(nabla::ConfusionTable* confusion) {
  const size_t size = confusion->classes.size();
  for (size_t i = 0; i < confusion->counts.size(); ++i) {
    if (i % size == 0) continue;
    confusion->counts[i - i % size] += confusion->counts[i];
    confusion->counts[i] = 0;
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) {
    std::cerr << "usage: write_sample_report "
                 "run|one_class|regression|seeds|comparison|sweep|many|hostile|"
                 "hostile_sweep|empty FILE\n";
    return 2;
  }
  const std::string kind = argv[1];
  nabla::Report report;
  report.title = "empty";
  if (kind == "run") report = nabla::SampleRun();
  if (kind == "one_class") {
    report = nabla::SampleRun();
    PredictOneClass(&report.runs[0].look.confusion);
  }
  if (kind == "regression") report = nabla::SampleRegression();
  if (kind == "seeds") report = nabla::SampleComparison(1, 5);
  if (kind == "comparison") report = nabla::SampleComparison(3, 5);
  if (kind == "sweep") report = nabla::SampleSweep(12);
  if (kind == "many") report = nabla::SampleSweep(150);
  if (kind == "hostile_sweep") report = nabla::HostileSweep();
  if (kind == "hostile") report = nabla::HostileReport();
  std::ofstream file(argv[2]);
  file << nabla::RenderReport(report);
  return file.flush() ? 0 : 1;
}
