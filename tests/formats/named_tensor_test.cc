#include "framework/formats/named_tensor.h"

#include <gtest/gtest.h>

#include "framework/tensor/storage.h"
#include "tests/base/complaint.h"
#include "tests/formats/samples.h"

namespace nabla {
namespace {

TEST(NamedTensor, Sizes) {
  EXPECT_EQ(TensorBytes(ElementType::kF32, {}), 4u);
  EXPECT_EQ(TensorBytes(ElementType::kF64, {3, 4}), 96u);
  EXPECT_EQ(TensorBytes(ElementType::kI32, {3, 0}), 0u);
  EXPECT_EQ(TensorBytes(ElementType::kI64, {size_t{1} << 61}), std::nullopt);
  EXPECT_EQ(TensorBytes(ElementType::kU8, {size_t{1} << 32, size_t{1} << 32}), std::nullopt);
  EXPECT_EQ(TypeAndShape(ElementType::kU8, {2, 30}), "U8 [2, 30]");
}

TEST(NamedTensor, PaddingOfRowsIsLeftOut) {
  const OwnedMatrix<double> values(3, 5);
  const OwnedMatrix<double> again(3, 5);
  for (size_t r = 0; r < 3; ++r) {
    for (size_t c = 0; c < 5; ++c) values.view()(r, c) = static_cast<double>(10 * r + c);
  }
  const NamedTensor tensor = PackTensor<double>("w", {3, 5}, values.view());
  EXPECT_EQ(tensor.dtype, ElementType::kF64);
  EXPECT_EQ(tensor.bytes.size(), 120u);
  CheckTensors({tensor});
  UnpackTensor(tensor, again.view(), "x");
  for (size_t r = 0; r < 3; ++r) {
    for (size_t c = 0; c < 5; ++c) EXPECT_EQ(again.view()(r, c), values.view()(r, c));
  }
}

TEST(NamedTensor, OnlyWhatFitsIsUnpacked) {
  const NamedTensor tensor = SampleTensors()[0];
  const OwnedMatrix<double> wrong_type(2, 3);
  const OwnedMatrix<float> wrong_size(2, 2);
  EXPECT_EQ(Complaint("m", [&] { UnpackTensor(tensor, wrong_type.view(), "m"); }),
            "tensor \"0.weight\": expected 6 numbers of type F64, found F32 [2, 3]");
  EXPECT_EQ(Complaint("m", [&] { UnpackTensor(tensor, wrong_size.view(), "m"); }),
            "tensor \"0.weight\": expected 4 numbers of type F32, found F32 [2, 3]");
}

TEST(NamedTensor, AllProblemsAtOnce) {
  CheckTensors(SampleTensors());
  EXPECT_EQ(ComplaintOf([&] {
              CheckTensors({{"a", ElementType::kU8, {2}, {1}},
                            {"a", ElementType::kU8, {}, {1}},
                            {"", ElementType::kU8, {}, {1}},
                            {"\xff", ElementType::kU8, {~size_t{0}, 2}, {}}});
            }),
            "error: tensor \"a\": 1 bytes, but U8 [2] takes 2\n"
            "error: tensor \"a\": the name occurs twice\n"
            "error: a tensor has no name\n"
            "error: tensor \"\\xff\": the name is not UTF-8\n"
            "error: tensor \"\\xff\": 0 bytes, but U8 [18446744073709551615, 2] takes more than "
            "64 bits can count");
}

}  // namespace
}  // namespace nabla
