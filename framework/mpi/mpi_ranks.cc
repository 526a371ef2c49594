#include "framework/mpi/mpi_ranks.h"

#include <mpi.h>

#include <algorithm>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <limits>

#include "framework/base/error.h"

namespace nabla {
namespace {

// If the network or another rank fails, MPI itself ends the job with a message, so no call returns
// an error.
class MpiRanks : public Ranks {
 public:
  explicit MpiRanks(size_t message_bytes) : message_bytes_(message_bytes) {
    MPI_Comm_dup(MPI_COMM_WORLD, &comm_);
    MPI_Comm_rank(comm_, &index_);
    MPI_Comm_size(comm_, &count_);
  }
  ~MpiRanks() override {
    MPI_Comm_free(&comm_);
    MPI_Finalize();
  }
  MpiRanks(const MpiRanks&) = delete;
  MpiRanks& operator=(const MpiRanks&) = delete;

  size_t index() const override { return static_cast<size_t>(index_); }
  size_t count() const override { return static_cast<size_t>(count_); }
  std::string host() const override;

  void Swap(size_t partner, std::span<const std::byte> mine, std::span<std::byte> theirs) override;
  std::vector<std::string> Gather(const std::string& mine) override;
  [[noreturn]] void Abort(int exit_code) override;

 private:
  // Appends up to `piece` bytes of each rank's text, from `begin` on, to its entry of `all`.
  void GatherPiece(const std::string& mine, const std::vector<uint64_t>& lengths, size_t begin,
                   size_t piece, std::vector<std::string>* all);

  const size_t message_bytes_;
  MPI_Comm comm_;
  int index_ = 0;
  int count_ = 1;
  std::vector<MPI_Request> requests_;  // of a swap
};

std::string MpiRanks::host() const {
  char name[MPI_MAX_PROCESSOR_NAME];
  int length = 0;
  MPI_Get_processor_name(name, &length);
  return std::string(name, static_cast<size_t>(length));
}

void MpiRanks::Swap(size_t partner, std::span<const std::byte> mine, std::span<std::byte> theirs) {
  const int peer = static_cast<int>(partner);
  requests_.clear();
  for (size_t begin = 0; begin < mine.size(); begin += message_bytes_) {
    const int bytes = static_cast<int>(std::min(message_bytes_, mine.size() - begin));
    MPI_Irecv(theirs.data() + begin, bytes, MPI_BYTE, peer, 0, comm_, &requests_.emplace_back());
    MPI_Isend(mine.data() + begin, bytes, MPI_BYTE, peer, 0, comm_, &requests_.emplace_back());
  }
  MPI_Waitall(static_cast<int>(requests_.size()), requests_.data(), MPI_STATUSES_IGNORE);
}

std::vector<std::string> MpiRanks::Gather(const std::string& mine) {
  const uint64_t length = mine.size();
  std::vector<uint64_t> lengths(count());
  MPI_Allgather(&length, 1, MPI_UINT64_T, lengths.data(), 1, MPI_UINT64_T, comm_);
  const uint64_t longest = *std::max_element(lengths.begin(), lengths.end());
  // MPI counts the bytes of all ranks' pieces together in an int.
  const size_t piece = std::min(message_bytes_, std::numeric_limits<int>::max() / count());
  std::vector<std::string> all(count());
  for (size_t begin = 0; begin < longest; begin += piece) {
    GatherPiece(mine, lengths, begin, piece, &all);
  }
  return all;
}

void MpiRanks::GatherPiece(const std::string& mine, const std::vector<uint64_t>& lengths,
                           size_t begin, size_t piece, std::vector<std::string>* all) {
  const auto left = [&](uint64_t length) { return length - std::min<uint64_t>(begin, length); };
  std::vector<int> sizes;
  std::vector<int> places;
  int end = 0;
  for (uint64_t length : lengths) {
    sizes.push_back(static_cast<int>(std::min<uint64_t>(piece, left(length))));
    places.push_back(end);
    end += sizes.back();
  }
  std::string received(static_cast<size_t>(end), '\0');
  MPI_Allgatherv(mine.data() + mine.size() - left(mine.size()), sizes[index()], MPI_BYTE,
                 received.data(), sizes.data(), places.data(), MPI_BYTE, comm_);
  for (size_t r = 0; r < count(); ++r) {
    (*all)[r].append(received, static_cast<size_t>(places[r]), static_cast<size_t>(sizes[r]));
  }
}

void MpiRanks::Abort(int exit_code) {
  std::fflush(nullptr);
  MPI_Abort(MPI_COMM_WORLD, exit_code);
  std::_Exit(exit_code);
}

}  // namespace

std::unique_ptr<Ranks> StartMpi(size_t message_bytes) {
  // Otherwise a rank that writes to a killed rank would die too, and be blamed in its place.
  std::signal(SIGPIPE, SIG_IGN);
  int provided = MPI_THREAD_SINGLE;
  MPI_Init_thread(nullptr, nullptr, MPI_THREAD_SERIALIZED, &provided);
  if (provided < MPI_THREAD_SERIALIZED) {
    MPI_Finalize();
    throw RunError("this MPI does not support programs with threads (MPI_THREAD_SERIALIZED)");
  }
  return std::make_unique<MpiRanks>(message_bytes);
}

}  // namespace nabla
