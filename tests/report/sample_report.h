// Made-up reports, with every part of the page filled.
#ifndef NABLA_TESTS_REPORT_SAMPLE_REPORT_H_
#define NABLA_TESTS_REPORT_SAMPLE_REPORT_H_

#include "framework/report/report.h"

namespace nabla {

inline constexpr size_t kSampleEpochs = 12;
inline constexpr size_t kSampleClasses = 10;

// One run with all parts and printed values.
Report SampleRun();

// One of a single input, whose curve is drawn.
Report SampleRegression();

// `groups` groups of `seeds` runs each; the first run of each group has all parts.
Report SampleComparison(size_t groups, size_t seeds);

// `settings` settings of four keys: a number that spans decades, whole numbers, words, and one that
// only some have; two seeds each. Some runs diverged, one was left behind, one goes on.
Report SampleSweep(size_t settings);

// Every text tries to become a part of the page, is not UTF-8 and ends in a loss that is not
// finite; not every epoch is tested.
Report HostileReport();

// SampleSweep(8) with such texts as keys and values.
Report HostileSweep();

}  // namespace nabla

#endif  // NABLA_TESTS_REPORT_SAMPLE_REPORT_H_
