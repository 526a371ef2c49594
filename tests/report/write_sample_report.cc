// Writes a made-up report.html: write_sample_report KIND FILE, KIND as below.
#include <fstream>
#include <iostream>
#include <string>

#include "framework/report/report.h"
#include "tests/report/sample_report.h"

int main(int argc, char** argv) {
  if (argc != 3) {
    std::cerr << "usage: write_sample_report run|regression|seeds|comparison|sweep|many|hostile|"
                 "hostile_sweep|empty FILE\n";
    return 2;
  }
  const std::string kind = argv[1];
  nabla::Report report;
  report.title = "empty";
  if (kind == "run") report = nabla::SampleRun();
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
