#include "framework/formats/safetensors.h"

#include <gtest/gtest.h>

#include "framework/base/bytes.h"
#include "framework/base/error.h"
#include "tests/formats/samples.h"

namespace nabla {
namespace {

SafetensorsFile Sample() { return {SampleTensors(), {{"epoch", "3"}, {"quote\"", "ü\n"}}}; }

// The file made of this header and so many bytes of numbers.
std::vector<uint8_t> Raw(const std::string& header, size_t numbers) {
  std::vector<uint8_t> file;
  file.reserve(sizeof(uint64_t) + header.size() + numbers);
  AppendBytes(uint64_t{header.size()}, &file);
  file.insert(file.end(), header.begin(), header.end());
  file.resize(file.size() + numbers, 7);
  return file;
}

std::string Refusal(std::span<const uint8_t> data) {
  return Complaint("m.safetensors", [data] { ReadSafetensors(data, "m.safetensors"); });
}

std::string Refusal(const std::string& header, size_t numbers = 0) {
  return Refusal(Raw(header, numbers));
}

// Of one tensor, "a", U8.
std::string One(const std::string& shape, const std::string& offsets) {
  return R"({"a":{"dtype":"U8","shape":[)" + shape + R"(],"data_offsets":[)" + offsets + "]}}";
}

TEST(Safetensors, RoundTrip) {
  const std::vector<uint8_t> data = WriteSafetensors(Sample());
  EXPECT_EQ(ReadSafetensors(data, "m"), Sample());
  EXPECT_EQ(ReadSafetensors(WriteSafetensors({}), "m"), SafetensorsFile{});
  std::span<const uint8_t> rest = data;
  EXPECT_EQ(TakeBytes<uint64_t>(&rest) % 8, 0u);
  EXPECT_EQ(rest[0], '{');
}

TEST(Safetensors, PythonReadsOurs) {
  const std::string path = FreshFolder() + "/m.safetensors";
  Put(path, WriteSafetensors(Sample()));
  EXPECT_EQ(Oracle({"read_safetensors", path}), "epoch=3\nquote\"=ü\n\n" + Show(SampleTensors()));
}

TEST(Safetensors, WeReadPythons) {
  const std::string path = FreshFolder() + "/m.safetensors";
  const std::string shown = Oracle({"write_safetensors", path});
  const SafetensorsFile file = ReadSafetensors(Content(path), path);
  EXPECT_EQ(Show(file.tensors), shown);
  EXPECT_EQ(file.tensors.size(), 6u);
  EXPECT_EQ(file.metadata.at("by"), "python");
}

TEST(Safetensors, TensorsStandInTheOrderOfTheirNumbers) {
  const std::string header = R"({"b":{"dtype":"U8","shape":[2],"data_offsets":[1,3]},)"
                             R"("a":{"dtype":"U8","shape":[],"data_offsets":[0,1]}}  )";
  const SafetensorsFile file = ReadSafetensors(Raw(header, 3), "m");
  ASSERT_EQ(file.tensors.size(), 2u);
  EXPECT_EQ(file.tensors[0].name, "a");
  EXPECT_EQ(file.tensors[1].name, "b");
}

TEST(Safetensors, NoDamageGoesUnseen) {
  const SafetensorsFile sample = Sample();
  size_t accepted = 0;
  Damage(
      WriteSafetensors(sample),
      [&](size_t position, std::span<const uint8_t> data) {
        if (!Refusal(data).empty()) return;
        ++accepted;
        const SafetensorsFile read = ReadSafetensors(data, "m");
        ASSERT_NE(read, sample) << position;
        ASSERT_NE(ContentHash(read, ""), ContentHash(sample, "")) << position;
      },
      [](size_t length, std::span<const uint8_t> data) { ASSERT_NE(Refusal(data), "") << length; });
  EXPECT_GT(accepted, 255 * 77u);  // at least those in the numbers
  std::vector<uint8_t> longer = WriteSafetensors(sample);
  longer.push_back(0);
  EXPECT_EQ(Refusal(longer), "1 bytes at the end belong to no tensor");
}

TEST(Safetensors, Layout) {
  EXPECT_EQ(Refusal(One("3", "0,3"), 3), "");
  EXPECT_EQ(Refusal(One("3", "0,4"), 4), "tensor \"a\": 4 bytes do not match U8 [3]");
  EXPECT_EQ(Refusal(One("3", "0,3"), 2),
            "tensor \"a\": bytes 0 to 3 are not within the file's 2 bytes");
  EXPECT_EQ(Refusal(One("3", "3,0"), 3),
            "tensor \"a\": bytes 3 to 0 are not within the file's 3 bytes");
  EXPECT_EQ(Refusal(One("3", "1,4"), 4),
            "tensor \"a\": begins at byte 1, but the one before it ends at 0");
  EXPECT_EQ(Refusal(One("3", "0,18446744073709551615"), 3),
            "tensor \"a\": bytes 0 to 18446744073709551615 are not within the file's 3 bytes");
  EXPECT_EQ(Refusal(One("4294967296,4294967296", "0,0"), 0),
            "tensor \"a\": 0 bytes do not match U8 [4294967296, 4294967296]");
  EXPECT_EQ(Refusal(R"({"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]},)"
                    R"("b":{"dtype":"U8","shape":[2],"data_offsets":[1,3]}})",
                    3),
            "tensor \"b\": begins at byte 1, but the one before it ends at 2");
  EXPECT_EQ(Refusal("{}", 1), "1 bytes at the end belong to no tensor");
}

TEST(Safetensors, LengthOfTheHeader) {
  EXPECT_EQ(Refusal(FromText("{}")), "too short for a safetensors file");
  std::vector<uint8_t> file = Raw("{}", 0);
  file[0] = 3;
  EXPECT_EQ(Refusal(file), "the file ends within its header");
  file[7] = 0xff;
  EXPECT_EQ(Refusal(file),
            "not a safetensors file: its header would take 18374686479671623683 bytes");
  EXPECT_EQ(Refusal(""), "the header does not begin with \"{\"");
  EXPECT_EQ(Refusal(" {}"), "the header does not begin with \"{\"");
  EXPECT_EQ(Refusal("{}\n"), "the header does not end with \"}\" and spaces");
}

TEST(Safetensors, FormOfTheHeader) {
  EXPECT_EQ(Refusal("{}{}"), "the header is not valid JSON at byte 3");
  EXPECT_EQ(Refusal("{\"\xff\":{}}"), "the header is not valid JSON at byte 3");
  EXPECT_EQ(Refusal(R"({"a":{}})"), "tensor \"a\": \"dtype\" is missing");
  EXPECT_EQ(Refusal(R"({"a":{"dtype":"U8","shape":[]}})"),
            "tensor \"a\": \"data_offsets\" is missing");
  EXPECT_EQ(Refusal(R"({"a":{"dtype":"BF16"}})"),
            "tensor \"a\": unknown type \"BF16\"; known: F32, F64, U8, I32, I64");
  EXPECT_EQ(Refusal(R"({"a":{"type":"U8"}})"), "tensor \"a\": unknown key \"type\"");
  EXPECT_EQ(Refusal(R"({"a":{"dtype":"U8","dtype":"U8"}})"),
            "tensor \"a\": \"dtype\" occurs twice");
  EXPECT_EQ(Refusal(R"({"":{}})"), "a tensor has no name");
  EXPECT_EQ(Refusal(R"({"__metadata__":{"k":"","k":""}})"), "metadata \"k\" occurs twice");
  EXPECT_EQ(Refusal(R"({"__metadata__":{},"__metadata__":{}})"),
            "tensor \"__metadata__\" occurs twice");
  const std::string entry = R"({"dtype":"U8","shape":[0],"data_offsets":[0,0]})";
  EXPECT_EQ(Refusal("{\"a\":" + entry + "}"), "");
  EXPECT_EQ(Refusal("{\"a\":" + entry + ",\"a\":" + entry + "}"), "tensor \"a\" occurs twice");
}

TEST(Safetensors, TypesInTheHeader) {
  EXPECT_EQ(Refusal(R"({"a":1})"), "header: unexpected number in \"a\"");
  EXPECT_EQ(Refusal(R"({"a":null})"), "header: unexpected null in \"a\"");
  EXPECT_EQ(Refusal(R"({"a":[]})"), "header: unexpected array in \"a\"");
  EXPECT_EQ(Refusal(R"({"a":"b"})"), "header: unexpected text in \"a\"");
  EXPECT_EQ(Refusal(R"({"a":{"dtype":true}})"), "tensor \"a\": unexpected boolean in \"dtype\"");
  EXPECT_EQ(Refusal(R"({"__metadata__":{"a":{}}})"), "header: unexpected object in \"a\"");
  EXPECT_EQ(Refusal(R"({"__metadata__":{"a":1}})"), "header: unexpected number in \"a\"");
  EXPECT_EQ(Refusal(One("-1", "0,0")), "tensor \"a\": unexpected negative number in \"shape\"");
  EXPECT_EQ(Refusal(One("1.0", "0,0")),
            "tensor \"a\": unexpected number that is too large or not an integer in \"shape\"");
  EXPECT_EQ(Refusal(One("18446744073709551616", "0,0")),
            "tensor \"a\": unexpected number that is too large or not an integer in \"shape\"");
  EXPECT_EQ(Refusal(One("0", "0")), "tensor \"a\": \"data_offsets\" must be two numbers");
  EXPECT_EQ(Refusal(One("0", "0,0,0")), "tensor \"a\": \"data_offsets\" has more than 2 numbers");
  std::string many = "0";
  for (int i = 0; i < 32; ++i) many += ",0";
  EXPECT_EQ(Refusal(One(many, "0,0")), "tensor \"a\": \"shape\" has more than 32 numbers");
}

TEST(Safetensors, NestingIsRefusedAtOnce) {
  std::string deep = R"({"a":{"shape":)";
  deep += std::string(1'000'000, '[') + "}";
  EXPECT_EQ(Refusal(deep), "tensor \"a\": unexpected array in \"shape\"");
}

TEST(Safetensors, WriterRefusesWhatReadersWould) {
  const NamedTensor tensor{"__metadata__", ElementType::kU8, {}, {1}};
  EXPECT_EQ(Complaint("",
                      [&] {
                        WriteSafetensors({{tensor}, {}});
                      }),
            "a tensor cannot be called \"__metadata__\"");
  EXPECT_EQ(Complaint("",
                      [] {
                        WriteSafetensors({{}, {{"k", "\xc3"}}});
                      }),
            "metadata \"k\" is not UTF-8");
  EXPECT_EQ(Complaint("",
                      [] {
                        WriteSafetensors({{{"", ElementType::kU8, {}, {1}}}, {}});
                      }),
            "a tensor has no name");
  EXPECT_EQ(Complaint("",
                      [] {
                        WriteSafetensors({{}, {{"k", std::string(100'000'000, 'x')}}});
                      }),
            "names and metadata take more than the 100 MB that the format allows");
}

TEST(Safetensors, ContentHashCoversAllButOneKey) {
  SafetensorsFile file = Sample();
  const std::string hash = ContentHash(file, "checksum");
  file.metadata["checksum"] = hash;
  EXPECT_EQ(ContentHash(ReadSafetensors(WriteSafetensors(file), "m"), "checksum"), hash);
  EXPECT_NE(ContentHash(file, ""), hash);
  std::swap(file.tensors[0], file.tensors[1]);
  EXPECT_NE(ContentHash(file, "checksum"), hash);
}

}  // namespace
}  // namespace nabla
