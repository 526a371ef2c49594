#include "framework/formats/npz.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <utility>

#include "framework/base/error.h"
#include "framework/formats/npy.h"
#include "framework/formats/zip.h"
#include "tests/formats/samples.h"

namespace nabla {
namespace {

std::string Refusal(std::span<const uint8_t> data) {
  return Complaint("m.npz", [data] { ReadNpz(data, "m.npz"); });
}

std::vector<NamedTensor> Small() {
  return {{"a", ElementType::kU8, {3}, {1, 2, 3}}, {"b", ElementType::kI32, {}, {9, 0, 0, 0}}};
}

std::vector<uint8_t> NumpyFile(const std::string& how) {
  const std::string path = FreshFolder() + "/m.npz";
  Oracle({"write_npz", path, how});
  return Content(path);
}

TEST(Npz, RoundTrip) {
  EXPECT_EQ(ReadNpz(WriteNpz(SampleTensors()), "m"), SampleTensors());
  EXPECT_EQ(ReadNpz(WriteNpz({}), "m"), std::vector<NamedTensor>{});
  std::vector<NamedTensor> deep = {{"deep", ElementType::kU8, std::vector<size_t>(32, 1), {5}}};
  EXPECT_EQ(ReadNpz(WriteNpz(deep), "m"), deep);
}

TEST(Npz, NumpyReadsOurs) {
  const std::string path = FreshFolder() + "/m.npz";
  Put(path, WriteNpz(SampleTensors()));
  EXPECT_EQ(Oracle({"read_npz", path}), Show(SampleTensors()));
}

TEST(Npz, WeReadNumpys) {
  for (const std::string how : {"stored", "compressed"}) {
    const std::string path = FreshFolder() + "/m.npz";
    const std::string shown = Oracle({"write_npz", path, how});
    EXPECT_EQ(Show(ReadNpz(Content(path), path)), shown);
  }
}

TEST(Npz, OtherTypesAndOrdersAreConverted) {
  const std::string path = FreshFolder() + "/m.npz";
  const std::string shown = Oracle({"write_wide_npz", path});
  EXPECT_EQ(Show(ReadNpz(Content(path), path)), shown);
}

TEST(Npz, NumbersBeginAtMultiplesOf64) {
  for (const NamedTensor& tensor : SampleTensors()) {
    EXPECT_EQ((WriteNpy(tensor).size() - tensor.bytes.size()) % 64, 0u);
  }
}

TEST(Npz, OtherArraysAreRefused) {
  const std::string folder = FreshFolder();
  Oracle({"write_odd_npz", folder});
  const auto refusal = [&](const std::string& name) { return Refusal(Content(folder + name)); };
  EXPECT_EQ(refusal("/complex.npz"),
            "array \"a\": unknown type \"<c8\", complex numbers: save a.real or numpy.abs(a)");
  EXPECT_EQ(refusal("/long.npz"),
            "array \"a\": unknown type \"<f16\": save a.astype(numpy.float64)");
  EXPECT_EQ(refusal("/large.npz"),
            "array \"a\": it has numbers from 2^63 on: save a.astype(numpy.float64)");
  EXPECT_EQ(refusal("/text.npz"),
            "array \"a\": unknown type \"<U1\", text: save numbers instead, of classes "
            "numpy.unique(a, return_inverse=True)[1]");
  EXPECT_EQ(refusal("/object.npz"),
            "array \"a\": unknown type \"|O\", Python objects: save numbers instead, "
            "a.astype(numpy.float64)");
  EXPECT_EQ(refusal("/dates.npz"),
            "array \"a\": unknown type \"<M8[D]\", dates or times: save a.astype(numpy.int64)");
  EXPECT_EQ(refusal("/record.npz"),
            "array \"a\": it has named fields: save a plain one, "
            "numpy.lib.recfunctions.structured_to_unstructured(a)");
  EXPECT_EQ(refusal("/zeros.npz"), "");  // deflated to less than a thousandth
}

// What a change may leave unseen: versions, and attributes of files on a disk.
bool CarriesNothing(std::span<const uint8_t> file, size_t position) {
  const auto record = [&](const char* signature, size_t begin, size_t end) {
    for (size_t at = begin; at < end; ++at) {
      if (at <= position && Text(file.subspan(position - at, 4)) == signature) return true;
    }
    return false;
  };
  return record("PK\3\4", 4, 6) || record("PK\1\2", 4, 8) || record("PK\1\2", 36, 42);
}

TEST(Npz, DamageIsRefused) {
  const std::vector<uint8_t> sound = WriteNpz(Small());
  Damage(
      sound,
      [&](size_t position, std::span<const uint8_t> data) {
        ASSERT_TRUE(CarriesNothing(sound, position) || !Refusal(data).empty()) << position;
      },
      [](size_t length, std::span<const uint8_t> data) { ASSERT_NE(Refusal(data), "") << length; });
}

TEST(Npz, DamageNeverChangesTheContent) {
  const std::vector<uint8_t> sound = NumpyFile("compressed");
  const std::vector<NamedTensor> content = ReadNpz(sound, "m");
  Damage(
      sound,
      [&](size_t position, std::span<const uint8_t> data) {
        if (Refusal(data).empty()) {
          ASSERT_EQ(ReadNpz(data, "m"), content) << position;
        }
      },
      [](size_t length, std::span<const uint8_t> data) { ASSERT_NE(Refusal(data), "") << length; });
}

TEST(Zip, Members) {
  const std::vector<ZipMember> members = {{"a.npy", {1}}, {"ö", {}}};
  EXPECT_EQ(ReadZip(WriteZip(members), "m"), members);
  EXPECT_EQ(Refusal(WriteZip(std::vector<ZipMember>{{"a.txt", {}}})),
            "member \"a.txt\": expected a name that ends with .npy");
  EXPECT_EQ(Refusal(WriteZip(std::vector<ZipMember>{{"a.npy", {}}, {"a.npy", {}}})),
            "member \"a.npy\": occurs twice");
  EXPECT_THROW(WriteZip(std::vector<ZipMember>(0xffff)), RunError);
  EXPECT_THROW(WriteZip(std::vector<ZipMember>{{std::string(0x10000, 'x'), {}}}), RunError);
}

// Zip's fields, of the first entry of the directory.
struct Field {
  size_t offset;
  uint32_t value;
  size_t bytes;
};

std::string RefusalWith(std::vector<uint8_t> file, const Field& field) {
  const std::string signature = "PK\1\2";
  const auto entry = std::search(file.begin(), file.end(), signature.begin(), signature.end());
  for (size_t i = 0; i < field.bytes; ++i) {
    entry[static_cast<ptrdiff_t>(field.offset + i)] = static_cast<uint8_t>(field.value >> 8 * i);
  }
  return Refusal(file);
}

// `packed` as a deflated member that claims to unpack to 1, 2, 3 in `size` bytes.
std::vector<uint8_t> Deflated(const std::vector<uint8_t>& packed, uint8_t size) {
  std::vector<uint8_t> file = WriteZip(std::vector<ZipMember>{{"a", packed}});
  const std::array<uint8_t, 4> checksum = {0x1d, 0x80, 0xbc, 0x55};  // of 1, 2, 3
  for (const auto& [signature, method] : {std::pair("PK\3\4", 8), std::pair("PK\1\2", 10)}) {
    const std::string text = signature;
    const auto record = std::search(file.begin(), file.end(), text.begin(), text.end());
    record[method] = 8;
    std::ranges::copy(checksum, record + method + 6);
    record[method + 14] = size;
  }
  return file;
}

TEST(Zip, DeflatedDataEndsWhereItSays) {
  const auto refusal = [](const std::vector<uint8_t>& file) {
    return Complaint("m", [&] { ReadZip(file, "m"); });
  };
  // One stored block, the last.
  std::vector<uint8_t> packed = {1, 3, 0, 0xfc, 0xff, 1, 2, 3};
  EXPECT_EQ(ReadZip(Deflated(packed, 3), "m")[0].bytes, (std::vector<uint8_t>{1, 2, 3}));
  const std::string wrong = "member \"a\": the compressed data is damaged or has the wrong size";
  std::vector<uint8_t> best = Deflated(packed, 3);
  for (const auto& [signature, flags] : {std::pair("PK\3\4", 6), std::pair("PK\1\2", 8)}) {
    const std::string text = signature;
    std::search(best.begin(), best.end(), text.begin(), text.end())[flags] = 2;
  }
  EXPECT_EQ(refusal(best), "");
  EXPECT_EQ(refusal(Deflated(packed, 2)), wrong);
  EXPECT_EQ(refusal(Deflated(packed, 4)), wrong);
  packed.push_back(0);
  EXPECT_EQ(refusal(Deflated(packed, 3)), wrong);
  packed = {1, 3, 0, 0xfc, 0xff, 1, 2, 4};
  EXPECT_EQ(refusal(Deflated(packed, 3)), "member \"a\": the checksum does not match the data");
}

TEST(Zip, DirectoryIsNotTrusted) {
  const std::vector<uint8_t> file = WriteNpz(Small());
  EXPECT_EQ(RefusalWith(file, {8, 1, 2}), "member \"a.npy\": is encrypted or in an unknown form");
  EXPECT_EQ(RefusalWith(file, {10, 12, 2}), "member \"a.npy\": unknown compression method 12");
  EXPECT_EQ(RefusalWith(file, {16, 0, 4}),
            "member \"a.npy\": its header and the zip directory contradict each other");
  EXPECT_EQ(RefusalWith(file, {20, 5, 4}), "member \"a.npy\": is stored, but its two sizes differ");
  EXPECT_EQ(RefusalWith(file, {28, 0xffff, 2}), "the zip directory is damaged");
  EXPECT_EQ(RefusalWith(file, {42, 1, 4}),
            "member \"a.npy\": begins at byte 1, but the one before it ends at 0");
  EXPECT_EQ(RefusalWith(file, {34, 1, 2}), "member \"a.npy\": is on another disk");
  EXPECT_EQ(RefusalWith(file, {46, 'b', 1}), "member \"b.npy\": occurs twice");
  EXPECT_EQ(RefusalWith(file, {46, 'c', 1}),
            "member \"c.npy\": has a different name in its own header");
  EXPECT_EQ(RefusalWith(file, {46, 0xff, 1}),
            "member \"\\xff.npy\": the name is neither ASCII nor marked as UTF-8");
}

TEST(Zip, BombsAreRefusedBeforeMemoryIsTaken) {
  std::vector<uint8_t> file =
      WriteZip(std::vector<ZipMember>{{"a.npy", std::vector<uint8_t>(2 << 20)}});
  const std::string signature = "PK\1\2";
  const auto entry = std::search(file.begin(), file.end(), signature.begin(), signature.end());
  entry[10] = 8;  // deflated
  EXPECT_EQ(RefusalWith(file, {24, 0x40000001, 4}), "unpacks to more than 1 GiB");
  EXPECT_EQ(RefusalWith(file, {24, 0xffffffff, 4}),
            "member \"a.npy\": claims to unpack to more than 1032 times its size");
}

TEST(Npy, Headers) {
  const auto refusal = [](const std::string& header, size_t numbers = 0) {
    std::vector<uint8_t> file = FromText(std::string("\x93NUMPY\x01\x00", 8));
    file.push_back(static_cast<uint8_t>(header.size()));
    file.push_back(0);
    for (const char c : header) file.push_back(static_cast<uint8_t>(c));
    file.resize(file.size() + numbers);
    return Complaint("f", [&] { ReadNpy(file, "t", "f"); });
  };
  const std::string start = "{'descr': '|u1', 'fortran_order': False, 'shape': ";
  EXPECT_EQ(refusal(start + "(), }\n", 1), "");
  EXPECT_EQ(refusal(start + "(2,), }   \n", 2), "");
  EXPECT_EQ(refusal(start + "(2, 3), }\n", 6), "");
  EXPECT_EQ(refusal(start + "(2, 3), }\n", 5), "array \"t\": 5 bytes do not match U8 [2, 3]");
  EXPECT_EQ(refusal(start + "(4294967296, 4294967296), }\n"),
            "array \"t\": 0 bytes do not match U8 [4294967296, 4294967296]");
  EXPECT_EQ(refusal("{'descr': '<f2', 'fortran_order': True, 'shape': (2, 3), }\n", 11),
            "array \"t\": 11 bytes do not match <f2 (2, 3)");
  EXPECT_NE(refusal("{'descr': '>f8', 'fortran_order': True, 'shape': (2305843009213693952,), }\n"),
            "");
  EXPECT_NE(refusal("{'descr': '<u1', 'fortran_order': False, 'shape': (1,), }\n", 1), "");
  EXPECT_NE(refusal("{'descr': '', 'fortran_order': False, 'shape': (1,), }\n", 1), "");
  EXPECT_NE(refusal(start + "(18446744073709551616,), }\n"), "");
  EXPECT_NE(refusal(start + "(-1,), }\n"), "");
  EXPECT_NE(refusal(start + "(2), }\n", 2), "");
  EXPECT_NE(refusal(start + "(2, ), }\n", 2), "");
  EXPECT_NE(refusal(start + "(2,3), }\n", 6), "");
  EXPECT_NE(refusal(start + "(2, 3, ), }\n", 6), "");
  EXPECT_NE(refusal(start + "(), }", 1), "");
  EXPECT_NE(refusal(start + "(), } x\n", 1), "");
  EXPECT_NE(refusal(start, 1), "");
  std::string many = "(1";
  for (int i = 0; i < 32; ++i) many += ", 1";
  EXPECT_EQ(refusal(start + many + "), }\n", 1), "array \"t\": more than 32 dimensions");
  EXPECT_NE(Complaint("f", [] { ReadNpy({}, "t", "f"); }), "");
}

}  // namespace
}  // namespace nabla
