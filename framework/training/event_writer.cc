#include "framework/training/event_writer.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstring>

#include "framework/base/error.h"
#include "framework/formats/complaint.h"
#include "framework/formats/protobuf.h"
#include "framework/formats/tfrecord.h"

namespace nabla {
namespace {

// Fields of Event, Summary and Summary.Value.
constexpr int kEventWallTime = 1;
constexpr int kEventStep = 2;
constexpr int kEventFileVersion = 3;
constexpr int kEventSummary = 5;
constexpr int kSummaryValue = 1;
constexpr int kValueTag = 1;
constexpr int kValueSimple = 2;

[[noreturn]] void ThrowUnwritable(const std::string& path, int error) {
  throw RunError("cannot write " + path + ": " + std::strerror(error));
}

}  // namespace

EventWriter::EventWriter(const std::string& path, double wall_time)
    : path_(path), fd_(open(path.c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0666)) {
  if (fd_.get() < 0) ThrowUnwritable(path_, errno);
  CutOffUnfinished();
  if (size_ > 0) return;
  ProtobufWriter event;
  event.Double(kEventWallTime, wall_time);
  event.String(kEventFileVersion, "brain.Event:2");
  Append(event.bytes());
}

void EventWriter::CutOffUnfinished() {
  struct stat status;
  if (fstat(fd_.get(), &status) != 0) ThrowUnwritable(path_, errno);
  if (!S_ISREG(status.st_mode)) Refuse(path_, "expected a regular file");
  std::vector<uint8_t> content(static_cast<size_t>(status.st_size));
  for (size_t done = 0; done < content.size();) {
    const ssize_t got =
        pread(fd_.get(), content.data() + done, content.size() - done, static_cast<off_t>(done));
    if (got < 0) ThrowUnwritable(path_, errno);
    if (got == 0) content.resize(done);
    done += static_cast<size_t>(got);
  }
  const size_t whole = WholeTfRecords(content);
  if (whole == 0 && !content.empty()) Refuse(path_, "is not a TensorBoard event file");
  size_ = static_cast<int64_t>(whole);
  if (whole < content.size() && ftruncate(fd_.get(), size_) != 0) ThrowUnwritable(path_, errno);
}

void EventWriter::Write(double wall_time, int64_t step, std::span<const EventScalar> scalars) {
  ProtobufWriter summary;
  for (const EventScalar& scalar : scalars) {
    ProtobufWriter value;
    value.String(kValueTag, scalar.tag);
    value.Float(kValueSimple, scalar.value);
    summary.Message(kSummaryValue, value);
  }
  ProtobufWriter event;
  event.Double(kEventWallTime, wall_time);
  event.Int(kEventStep, step);
  event.Message(kEventSummary, summary);
  Append(event.bytes());
}

void EventWriter::Append(std::span<const uint8_t> event) {
  const std::vector<uint8_t> record = TfRecord(event);
  const int failure = WriteAll(fd_.get(), record);
  if (failure != 0) {
    // If this fails too, the next writer of this file cuts off the unfinished record.
    [[maybe_unused]] const int ignored = ftruncate(fd_.get(), size_);
    ThrowUnwritable(path_, failure);
  }
  size_ += static_cast<int64_t>(record.size());
}

}  // namespace nabla
