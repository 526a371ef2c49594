// Writes scalars for TensorBoard.
#ifndef NABLA_FRAMEWORK_TRAINING_EVENT_WRITER_H_
#define NABLA_FRAMEWORK_TRAINING_EVENT_WRITER_H_

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

// One event file: TFRecords of Event messages. TensorBoard finds files whose name contains
// "tfevents". A file can have only one writer at a time.
class EventWriter {
 public:
  // Appends to the file if it exists, after cutting off a record that a crash left unfinished;
  // otherwise creates it, with the version as its first event. wall_time: seconds since 1970.
  // Throws InputError placed at `path` for a file of another kind, RunError if it cannot be
  // written.
  EventWriter(const std::string& path, double wall_time);

  // Adds one event to the file before it returns. Throws RunError, which names the file; then the
  // file does not hold the event.
  void Write(double wall_time, int64_t step, std::span<const EventScalar> scalars);

 private:
  void CutOffUnfinished();
  void Append(std::span<const uint8_t> event);

  std::string path_;
  Descriptor fd_;
  int64_t size_ = 0;  // of the file
};

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_TRAINING_EVENT_WRITER_H_
