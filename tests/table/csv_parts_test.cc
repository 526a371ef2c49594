#include "framework/table/csv_parts.h"

#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "framework/data/files.h"
#include "framework/model/dataset.h"
#include "tests/base/complaint.h"
#include "tests/data/samples.h"
#include "tests/plugins/made.h"

namespace nabla {
namespace {

using Lines = std::vector<std::string>;
using Texts = std::vector<std::pair<std::string, std::string>>;  // names and contents

CsvTable Joined(const Texts& texts, const CsvFormat& format) {
  CsvParts parts(format);
  for (const auto& [name, text] : texts) parts.Read(AsBytes(text), name);
  if (!parts.Stands()) {
    for (const auto& [name, text] : texts) parts.Add(AsBytes(text), name);
  }
  return parts.Take();
}

std::string JoinComplaint(const Texts& texts, const CsvFormat& format = {.targets = {"l"}}) {
  return ComplaintOf([&] { Joined(texts, format); });
}

// Whatever a file alone would be taken for, the files are what their lines in one file are.
TEST(CsvPartsTest, FilesAreTheTableOfAllTheirLines) {
  const std::string bytes = "0,1,2\n1,3,4\n";
  const std::string fractions = "1,0.5,7\n0,8,9\n";
  const std::string large = "1,300,-1\n";
  const std::string targets = "2.5,1,2\n";
  const CsvFormat format{.targets = {"l"}, .missing = MissingValues::kMean};
  for (const Lines& parts : {Lines{bytes, bytes},
                             {bytes, fractions},
                             {fractions, bytes},
                             {bytes, large, bytes},
                             {targets, bytes},
                             {bytes, targets},
                             {bytes, "1,,3\n"},
                             {"1,NA,3\n", bytes}}) {
    Texts texts;
    std::string all = "l,p,q\n";
    for (const std::string& part : parts) {
      texts.emplace_back("f" + std::to_string(texts.size()), "l,p,q\n" + part);
      all += part;
    }
    const CsvTable joined = Joined(texts, format);
    const CsvTable whole = ParseCsv(AsBytes(all), "all", format);
    EXPECT_EQ(joined.source, "f0");
    EXPECT_EQ(joined.rows, whole.rows);
    EXPECT_EQ(joined.pixels, whole.pixels);
    ASSERT_EQ(joined.numbers.size(), whole.numbers.size()) << all;
    for (size_t i = 0; i < whole.numbers.size(); ++i) {
      EXPECT_TRUE(joined.numbers[i] == whole.numbers[i] || std::isnan(whole.numbers[i])) << all;
    }
    EXPECT_EQ(joined.values, whole.values);
    EXPECT_EQ(bool{joined.targets[0].fraction}, bool{whole.targets[0].fraction});
    EXPECT_EQ(joined.inputs[0].missing, whole.inputs[0].missing);
    EXPECT_EQ(joined.remarks.size(), 1u) << "the note on the header is said once";
  }
}

TEST(CsvPartsTest, ColumnsOfFilesAreMatchedByTheirNames) {
  const Texts texts = {{"a", "l,w,p\n0,a,1\n1,b,2\n"}, {"b", "w;l;p\nb;1;0,5\nc;0;3\n"}};
  const CsvTable table = Joined(texts, {.targets = {"l"}});
  EXPECT_EQ(table.rows, 4u);
  EXPECT_EQ(table.values, (std::vector<double>{0, 1, 1, 0}));
  EXPECT_EQ(table.numbers, (std::vector<double>{0, 1, 1, 2, 1, 0.5, 2, 3}));
  EXPECT_EQ(table.inputs[0].seen[1].count, 2u);
  EXPECT_EQ(table.inputs[0].seen[2].text, "c");
  EXPECT_EQ(table.inputs[1].field, 2u);
  EXPECT_EQ(JoinComplaint({{"a", "l,p,q\n0,1,2\n"}, {"b", "l,p,r\n0,1,2\n"}}),
            "b:1: error: there is no column \"q\", which a has; known: l, p, r");
  EXPECT_EQ(JoinComplaint({{"a", "l,p\n0,1\n"}, {"b", "\nl,size,p\n0,1,2\n"}}),
            "b:2: error: the column \"size\" is one too many: a has none; known: l, p");
  EXPECT_EQ(JoinComplaint({{"a", "0,1\n"}, {"b", "0,1,2\n"}}, {.targets = {"0"}}),
            "b:1: error: expected 2 columns, as a has, found 3");
  EXPECT_EQ(JoinComplaint({{"a", "l,p,p\n0,1,2\n"}, {"b", "p,l,p\n0,1,2\n"}},
                          {.targets = {"l"}, .ignore = {"2"}}),
            "b:1: error: more than one column is named \"p\", so those of all files must stand in "
            "the order of a");
  // What is not used may differ.
  EXPECT_EQ(Joined({{"a", "l,p,q\n0,1,2\n"}, {"b", "p,r,l\n1,2,0\n"}},
                   {.targets = {"l"}, .columns = {"p"}})
                .rows,
            2u);
  EXPECT_EQ(
      Joined({{"a", "l,p,id\n0,1,2\n"}, {"b", "p,l\n1,0\n"}}, {.targets = {"l"}, .ignore = {"id"}})
          .rows,
      2u);
}

TEST(CsvPartsTest, AllFilesTellWhatAColumnIs) {
  const std::string numbers = "l,code\n0,17\n1,18\n";
  const std::string words = "l,code\n0,A1\n1,B2\n0,17\n1,C3\n0,D4\n";
  for (const Texts& texts : {Texts{{"a", numbers}, {"b", words}}, {{"a", words}, {"b", numbers}}}) {
    const CsvTable table = Joined(texts, {.targets = {"l"}});
    EXPECT_TRUE(table.inputs[0].words);
    EXPECT_EQ(table.inputs[0].seen.size(), 6u);
  }
  EXPECT_EQ(JoinComplaint({{"a", numbers}, {"b", "l,code\n0,17\n1,odd\n"}}),
            "b:3:3: error: expected a number, found \"odd\"");
  // A file of one line and words: its header is known.
  const CsvTable named =
      Joined({{"a", "l,w\nx,u\ny,v\n"}, {"b", "w,l\nu,x\n"}}, {.targets = {"l"}});
  EXPECT_EQ(named.rows, 3u);
  EXPECT_EQ(named.targets[0].seen.size(), 2u);
  // A file without any row that is whole is none.
  const CsvFormat drop{.targets = {"l"}, .missing = MissingValues::kDrop};
  EXPECT_EQ(Joined({{"a", "l,p\n0,?\n"}, {"b", "l,p\n0,2\n1,\n"}}, drop).pixels,
            std::vector<uint8_t>{2});
  EXPECT_EQ(JoinComplaint({{"a", "l,p\n0,?\n"}, {"b", "l,p\n1,\n"}}, drop),
            "b:3:1: error: every row has a missing value: none is left");
}

TEST(CsvPartsTest, AFolderOfFilesIsOneTable) {
  const TemporaryFolder folder;
  folder.Put("t/b.csv", "p,l\n2.5,1\n");
  folder.Put("t/a.csv.gz", Gzip("l,p\n0,1\n"));
  folder.Put("t/C.TSV", "l\tp\n1\t7\n");
  folder.Put("t/.a.csv", "hidden");
  folder.Put("t/README", "no table");
  folder.Put("none/README", "no table");
  FilesOptions options;
  options.working_directory = folder.path();
  Files files(options);
  const DataSplits data =
      Made<Dataset>("{name: csv, train: t, test: [t/, t/b.csv], target: l}")->Load(files);
  EXPECT_EQ(std::vector<double>(data.train.numbers.begin(), data.train.numbers.end()),
            (std::vector<double>{7, 1, 2.5}));
  EXPECT_EQ(std::vector<int32_t>(data.train.labels.begin(), data.train.labels.end()),
            (std::vector<int32_t>{1, 0, 1}));
  EXPECT_EQ(data.test.count, 4u);
  EXPECT_EQ(data.remarks[0],
            "t: note: the 3 tables of the folder are read as one; 2 others are left "
            "out");
  EXPECT_EQ(ComplaintOf([&] { Made<Dataset>("{name: csv, train: none}")->Load(files); }),
            "none: error: the folder has no tables (.csv, .tsv, .csv.gz)");
}

}  // namespace
}  // namespace nabla
