// Scalars for TensorBoard.
#ifndef NABLA_FRAMEWORK_RECORD_EVENT_WRITER_H_
#define NABLA_FRAMEWORK_RECORD_EVENT_WRITER_H_

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "framework/formats/descriptor.h"

namespace nabla {

struct EventScalar {
  std::string tag;  // UTF-8; "train/loss" is shown as loss in the group train
  float value = 0;
};

// One file of events: TFRecords of Event messages. TensorBoard finds a file whose name contains
// "tfevents"; one writer at a time.
class EventWriter {
 public:
  // Goes on with the file if it is there, cutting off a record that a crash left unfinished;
  // otherwise makes it, with the version as its first event. wall_time: seconds since 1970.
  // Throws InputError placed at `path` for a file of something else, RunError if it cannot be made.
  EventWriter(const std::string& path, double wall_time);

  // Adds one event, in the file when the call returns. Throws RunError naming the file; then the
  // event is not in it.
  void Write(double wall_time, int64_t step, std::span<const EventScalar> scalars);

 private:
  void CutOffUnfinished();
  void Append(std::span<const uint8_t> event);

  std::string path_;
  Descriptor fd_;
  int64_t size_ = 0;  // of the file
};

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_RECORD_EVENT_WRITER_H_
