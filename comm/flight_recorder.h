#pragma once

#include <cstdint>
#include <deque>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "comm/group.h"

namespace comm {

/// One collective as one worker saw it. Times are seconds of the machine's steady clock.
struct CollectiveRecord {
  int64_t sequence = 0;  ///< counts from 1; the same collective has the same on every worker
  std::string kind;      ///< all_reduce, broadcast, all_gather, barrier, make_buffer
  std::string what;      ///< "bucket 3", "7 Double"
  int64_t bytes = 0;
  double entered_s = 0;
  std::optional<double> left_s;  ///< none while this worker waits in it
};

/// The newest collectives of a worker: where it waits, and how far it came compared with others.
/// Written by the threads that communicate; read by any thread at any time, also while one of them
/// waits in a collective forever.
class FlightRecorder {
 public:
  static constexpr size_t kKept = 64;

  /// Notes a collective that begins now and returns its sequence.
  int64_t enter(std::string kind, std::string what, int64_t bytes);
  void leave(int64_t sequence);

  int64_t num_entered() const;  ///< since the start

  /// The last kKept, the oldest first.
  std::vector<CollectiveRecord> newest() const;

 private:
  mutable std::mutex mutex_;  // guards both below; never held in a collective
  int64_t num_entered_ = 0;
  std::deque<CollectiveRecord> records_;  // consecutive sequences
};

/// A group that records its collectives and the sums of its buffers. A buffer is named "bucket i"
/// in the order of making; its sum counts as entered at begin_sum.
class RecordedGroup : public ForwardingGroup {
 public:
  /// Both must outlive this group and its buffers.
  RecordedGroup(Group& group, FlightRecorder& recorder)
      : ForwardingGroup(group), recorder_(recorder) {}

  void all_reduce_sum(at::Tensor& tensor) override;
  std::unique_ptr<AllReduceBuffer> make_all_reduce_buffer(int64_t count) override;
  void broadcast(at::Tensor& tensor, int root) override;
  std::vector<int64_t> all_gather(int64_t value) override;
  void barrier() override;

 private:
  FlightRecorder& recorder_;
  int num_buffers_ = 0;
};

}  // namespace comm
