#include "framework/training/event_writer.h"

#include <gtest/gtest.h>
#include <sys/resource.h>

#include <csignal>
#include <filesystem>
#include <optional>
#include <sstream>

#include "framework/base/error.h"
#include "framework/formats/crc32c.h"
#include "framework/formats/tfrecord.h"
#include "tests/formats/samples.h"

namespace nabla {
namespace {

constexpr double kNow = 1.7e9 + 0.25;

std::string Path() { return FreshFolder() + "/events.out.tfevents.1"; }

std::vector<std::string> Records(const std::string& path) {
  std::istringstream lines(Oracle({"read_records", path}));
  std::vector<std::string> records;
  for (std::string line; std::getline(lines, line);) records.push_back(line);
  return records;
}

// Of a record in hex; nothing if there is no protoc.
std::optional<std::string> Decoded(const std::string& hex) {
  if (!std::filesystem::exists("/usr/bin/protoc")) return std::nullopt;
  std::string bytes;
  for (size_t i = 0; i < hex.size(); i += 2) bytes += "\\x" + hex.substr(i, 2);
  return Shell("bash -c \"printf '" + bytes + "' | protoc --decode_raw\"");
}

TEST(Crc32c, KnownAnswers) {
  EXPECT_EQ(Crc32c(FromText("123456789")), 0xe3069283u);
  // RFC 3720, appendix B.4.
  EXPECT_EQ(Crc32c(std::vector<uint8_t>(32, 0)), 0x8a9136aau);
  EXPECT_EQ(Crc32c(std::vector<uint8_t>(32, 0xff)), 0x62a8ab43u);
  EXPECT_EQ(Crc32c({}), 0u);
}

TEST(EventWriter, ProtocReadsIt) {
  const std::string path = Path();
  EventWriter writer(path, kNow);
  const EventScalar scalars[] = {{"train/loss", 0.5f}, {"größe", -3}};
  writer.Write(kNow + 1, 300, scalars);
  const std::vector<std::string> records = Records(path);
  ASSERT_EQ(records.size(), 2u);
  const std::optional<std::string> version = Decoded(records[0]);
  if (!version) GTEST_SKIP() << "protobuf-compiler is not installed";
  // The bits of the doubles 1700000000.25 and 1700000001.25, and of the floats 0.5 and -3.
  EXPECT_EQ(*version, "1: 0x41d954fc40100000\n3: \"brain.Event:2\"\n");
  EXPECT_EQ(*Decoded(records[1]),
            "1: 0x41d954fc40500000\n2: 300\n5 {\n"
            "  1 {\n    1: \"train/loss\"\n    2: 0x3f000000\n  }\n"
            "  1 {\n    1: \"gr\\303\\266\\303\\237e\"\n    2: 0xc0400000\n  }\n}\n");
}

TEST(EventWriter, GoesOnWithAFile) {
  const std::string path = Path();
  const EventScalar scalar[] = {{"a", 1}};
  for (int64_t step = 0; step < 3; ++step) EventWriter(path, kNow).Write(kNow, step, scalar);
  EXPECT_EQ(Records(path).size(), 4u);
}

TEST(EventWriter, EveryEventIsThereAtOnce) {
  const std::string path = Path();
  EventWriter writer(path, kNow);
  const EventScalar scalar[] = {{"a", 1}};
  for (size_t step = 1; step < 4; ++step) {
    writer.Write(kNow, static_cast<int64_t>(step), scalar);
    EXPECT_EQ(Records(path).size(), step + 1);
  }
}

TEST(EventWriter, CutsOffWhatACrashLeft) {
  const std::string path = Path();
  const EventScalar scalar[] = {{"a", 1}};
  EventWriter writer(path, kNow);
  const ptrdiff_t version = std::ssize(Content(path));
  writer.Write(kNow, 1, scalar);
  const std::vector<uint8_t> whole = Content(path);
  const std::vector<uint8_t> record(whole.begin() + version, whole.end());
  for (size_t length = 0; length < record.size(); ++length) {
    std::vector<uint8_t> torn = whole;
    torn.insert(torn.end(), record.begin(), record.begin() + static_cast<ptrdiff_t>(length));
    Put(path, torn);
    EventWriter(path, kNow).Write(kNow, 1, scalar);
    std::vector<uint8_t> expected = whole;
    expected.insert(expected.end(), record.begin(), record.end());
    ASSERT_EQ(Content(path), expected) << length;
  }
}

TEST(EventWriter, LeavesOtherFilesAlone) {
  const std::string path = Path();
  Put(path, FromText("a shopping list, at least as long as a record"));
  EXPECT_EQ(Complaint(path, [&] { EventWriter(path, kNow); }), "is not a TensorBoard event file");
  EXPECT_EQ(Text(Content(path)), "a shopping list, at least as long as a record");
  EXPECT_THROW(EventWriter("/nowhere/events", kNow), RunError);
}

TEST(EventWriter, FullDiskLeavesWholeEvents) {
  const std::string path = Path();
  EventWriter writer(path, kNow);
  const EventScalar scalar[] = {{"a", 1}};
  writer.Write(kNow, 1, scalar);
  const std::vector<uint8_t> before = Content(path);
  std::signal(SIGXFSZ, SIG_IGN);
  rlimit limit;
  ASSERT_EQ(getrlimit(RLIMIT_FSIZE, &limit), 0);
  const rlimit full = {before.size() + 20, limit.rlim_max};
  ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &full), 0);
  std::string message;
  try {
    writer.Write(kNow, 2, scalar);
  } catch (const RunError& error) {
    message = error.what();
  }
  ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &limit), 0);
  EXPECT_EQ(message, "cannot write " + path + ": File too large");
  EXPECT_EQ(Content(path), before);
  writer.Write(kNow, 2, scalar);
  EXPECT_EQ(Records(path).size(), 3u);
}

TEST(TfRecord, DamageEndsTheWholePart) {
  const std::vector<uint8_t> first = TfRecord(FromText("first"));
  const std::vector<uint8_t> second = TfRecord({});
  std::vector<uint8_t> file = first;
  file.insert(file.end(), second.begin(), second.end());
  EXPECT_EQ(WholeTfRecords(file), file.size());
  Damage(
      file,
      [&](size_t position, std::span<const uint8_t> data) {
        ASSERT_EQ(WholeTfRecords(data), position < first.size() ? 0 : first.size()) << position;
      },
      [&](size_t length, std::span<const uint8_t> data) {
        ASSERT_EQ(WholeTfRecords(data), length < first.size() ? 0 : first.size()) << length;
      });
}

}  // namespace
}  // namespace nabla
