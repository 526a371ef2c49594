// A step in steady state allocates nothing, on one thread or several.
#include <gtest/gtest.h>

#include <atomic>
#include <cstdlib>
#include <new>

#include "tests/engine/toy.h"

namespace {

std::atomic<long> allocations{0};

void* Counted(std::size_t size, std::size_t alignment) {
  allocations.fetch_add(1);
  void* p = alignment <= alignof(std::max_align_t)
                ? std::malloc(size)
                : std::aligned_alloc(alignment, (size + alignment - 1) / alignment * alignment);
  if (p == nullptr) throw std::bad_alloc();
  return p;
}

}  // namespace

void* operator new(std::size_t size) { return Counted(size, 0); }
void* operator new[](std::size_t size) { return Counted(size, 0); }
void* operator new(std::size_t size, std::align_val_t a) {
  return Counted(size, static_cast<std::size_t>(a));
}
void* operator new[](std::size_t size, std::align_val_t a) {
  return Counted(size, static_cast<std::size_t>(a));
}
void operator delete(void* p) noexcept { std::free(p); }
void operator delete[](void* p) noexcept { std::free(p); }
void operator delete(void* p, std::size_t) noexcept { std::free(p); }
void operator delete[](void* p, std::size_t) noexcept { std::free(p); }
void operator delete(void* p, std::align_val_t) noexcept { std::free(p); }
void operator delete[](void* p, std::align_val_t) noexcept { std::free(p); }
void operator delete(void* p, std::size_t, std::align_val_t) noexcept { std::free(p); }
void operator delete[](void* p, std::size_t, std::align_val_t) noexcept { std::free(p); }

namespace nabla {
namespace {

constexpr const char* kNet = R"(
model:
  - {name: linear, units: 120}
  - relu
  - {name: linear, units: 10}
loss: {name: cross_entropy, epsilon: 1e-12}
optimizer: {name: sgd, lr: 0.1}
)";

long AllocationsOfSteps(size_t threads, size_t batch_rows, size_t chunk_rows,
                        const Augmentation& augmentation = {}) {
  Toy<float> toy(kNet, ToyRegistry(), ToySamples(batch_rows, 784, 10));
  toy.samples.shape = {{1, 28, 28}};
  Threads pool(threads);
  Plan plan = MakePlan(*toy.network, batch_rows, threads);
  plan.chunk_rows = std::min(plan.chunk_rows, chunk_rows);
  Step<float> step = toy.MakeStep(batch_rows, pool, plan, augmentation);
  std::vector<uint32_t> order(batch_rows);
  for (size_t i = 0; i < batch_rows; ++i) order[i] = static_cast<uint32_t>(i);
  for (int64_t i = 1; i <= 5; ++i) step.Train(order, 0.1, i, 0);
  const long before = allocations.load();
  for (int64_t i = 6; i <= 105; ++i) step.Train(order, 0.1, i, 0);
  return allocations.load() - before;
}

TEST(AllocationTest, TheCounterCounts) {
  const long before = allocations.load();
  std::vector<int>* made = new std::vector<int>(100);
  EXPECT_EQ(allocations.load() - before, 2);
  delete made;
}

TEST(AllocationTest, StepsAllocateNothing) {
  EXPECT_EQ(AllocationsOfSteps(1, 100, 1000), 0);
  EXPECT_EQ(AllocationsOfSteps(2, 100, 1000), 0);
  EXPECT_EQ(AllocationsOfSteps(3, 100, 1000), 0);
  EXPECT_EQ(AllocationsOfSteps(2, 300, 64), 0);
  EXPECT_EQ(AllocationsOfSteps(2, 100, 1000, {.shift = 2, .rotate = 10, .noise = 0.1}), 0);
}

}  // namespace
}  // namespace nabla
