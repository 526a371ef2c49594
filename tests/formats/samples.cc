#include "tests/formats/samples.h"

#include <gtest/gtest.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>

#include <fstream>
#include <iterator>
#include <stdexcept>

#include "framework/base/bytes.h"
#include "framework/base/error.h"

namespace nabla {
namespace {

template <typename T>
NamedTensor Make(const std::string& name, std::vector<size_t> shape, const std::vector<T>& values) {
  return PackTensor<T>(name, std::move(shape), {values.data(), 1, values.size(), values.size()});
}

std::string InQuotes(const std::string& word) { return "'" + word + "'"; }

}  // namespace

std::vector<NamedTensor> SampleTensors() {
  return {Make<float>("0.weight", {2, 3}, {1, -2.5f, 3e-40f, 4e30f, -0.0f, 6}),
          Make<uint8_t>("pixels", {5}, {0, 1, 127, 128, 255}),
          Make<double>("exact", {1, 2, 2}, {0.1, 1e300, -1e-310, 7}),
          Make<int32_t>("count", {}, {-7}),
          Make<float>("empty", {0, 4}, {}),
          Make<int64_t>("schritt/größe", {2}, {int64_t{1} << 62, -1})};
}

std::string Show(const std::vector<NamedTensor>& tensors) {
  std::string text;
  for (const NamedTensor& tensor : tensors) {
    std::string shape;
    for (const size_t dim : tensor.shape) shape += (shape.empty() ? "" : ",") + std::to_string(dim);
    text += tensor.name + "|" + ElementName(tensor.dtype) + "|" + shape + "|" + Hex(tensor.bytes) +
            "\n";
  }
  return text;
}

std::string FreshFolder() {
  std::string folder = testing::TempDir() + "formats_XXXXXX";
  if (mkdtemp(folder.data()) == nullptr) throw std::runtime_error("no temporary folder");
  return folder;
}

void Put(const std::string& path, std::span<const uint8_t> content) {
  std::ofstream out(path, std::ios::binary);
  out.write(reinterpret_cast<const char*>(content.data()),
            static_cast<std::streamsize>(content.size()));
  if (!out.flush()) throw std::runtime_error("cannot write " + path);
}

std::vector<uint8_t> Content(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) throw std::runtime_error("cannot read " + path);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

std::vector<uint8_t> FromText(const std::string& text) { return {text.begin(), text.end()}; }

std::string Text(std::span<const uint8_t> bytes) { return {bytes.begin(), bytes.end()}; }

std::string Hex(std::span<const uint8_t> bytes) {
  constexpr char kDigits[] = "0123456789abcdef";
  std::string text;
  for (const uint8_t byte : bytes) {
    text += kDigits[byte >> 4];
    text += kDigits[byte & 15];
  }
  return text;
}

std::string Shell(const std::string& command) {
  FILE* pipe = popen((command + " 2>&1").c_str(), "r");
  if (pipe == nullptr) throw std::runtime_error("no shell");
  std::string printed;
  char part[4096];
  for (size_t got; (got = fread(part, 1, sizeof(part), pipe)) > 0;) printed.append(part, got);
  const int status = pclose(pipe);
  EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0) << command << "\n" << printed;
  return printed;
}

std::string Oracle(const std::vector<std::string>& words) {
  // Not whatever python3 comes first in PATH: NumPy is Debian's.
  std::string command =
      "PYTHONIOENCODING=utf-8 /usr/bin/python3 " +
      InQuotes(std::string(getenv("TEST_SRCDIR")) + "/nabla/tests/formats/oracle.py");
  for (const std::string& word : words) command += " " + InQuotes(word);
  return Shell(command);
}

std::string Complaint(const std::string& file, const std::function<void()>& call) {
  try {
    call();
  } catch (const InputError& error) {
    EXPECT_EQ(error.problems()[0].place.origin, file);
    EXPECT_NE(error.problems()[0].message, "");
    return error.problems()[0].message;
  }
  return "";
}

void Damage(std::span<const uint8_t> sound,
            const std::function<void(size_t position, std::span<const uint8_t>)>& changed,
            const std::function<void(size_t length, std::span<const uint8_t>)>& cut_off) {
  std::vector<uint8_t> copy(sound.begin(), sound.end());
  for (size_t i = 0; i < copy.size(); ++i) {
    for (int k = 1; k < 256; ++k) {
      copy[i] = static_cast<uint8_t>(sound[i] ^ k);
      changed(i, copy);
    }
    copy[i] = sound[i];
  }
  // Copied, so that a read past the end is one past the end of its memory.
  for (size_t length = 0; length < sound.size(); ++length) {
    cut_off(length, std::vector<uint8_t>(sound.begin(), sound.begin() + length));
  }
}

}  // namespace nabla
