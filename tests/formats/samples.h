// What the tests of framework/formats share: sample tensors, files and an independent program.
#ifndef NABLA_TESTS_FORMATS_SAMPLES_H_
#define NABLA_TESTS_FORMATS_SAMPLES_H_

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "framework/formats/named_tensor.h"

namespace nabla {

// Every type; no, one and several dimensions; an empty one; a name that is not ASCII.
std::vector<NamedTensor> SampleTensors();

// A line each, in the form that oracle.py prints.
std::string Show(const std::vector<NamedTensor>& tensors);

// A folder of this test's own.
std::string FreshFolder();

void Put(const std::string& path, std::span<const uint8_t> content);
std::vector<uint8_t> Content(const std::string& path);
std::vector<uint8_t> FromText(const std::string& text);
std::string Text(std::span<const uint8_t> bytes);
std::string Hex(std::span<const uint8_t> bytes);

// What a shell command prints, its errors included; fails the test if it fails.
std::string Shell(const std::string& command);

// What oracle.py prints, called with these words.
std::string Oracle(const std::vector<std::string>& words);

// The message of the InputError that `call` throws, which must be placed at `file`; "" if it
// throws none.
std::string Complaint(const std::string& file, const std::function<void()>& call);

// Shows every file that differs from `sound` in one byte to `changed`, and every one that ends
// early to `cut_off`.
void Damage(std::span<const uint8_t> sound,
            const std::function<void(size_t position, std::span<const uint8_t>)>& changed,
            const std::function<void(size_t length, std::span<const uint8_t>)>& cut_off);

}  // namespace nabla

#endif  // NABLA_TESTS_FORMATS_SAMPLES_H_
