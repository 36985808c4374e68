#include "dataset/sharding/crew.h"

#include <atomic>
#include <exception>
#include <mutex>
#include <thread>
#include <vector>

namespace dataset {

void work_together(int64_t num_threads, const std::function<bool()>& step) {
  std::mutex mutex;  // guards first_error
  std::exception_ptr first_error;
  std::atomic<bool> failed = false;
  const auto work = [&] {
    try {
      while (!failed && step()) {
      }
    } catch (...) {
      failed = true;
      const std::lock_guard lock(mutex);
      if (!first_error) first_error = std::current_exception();
    }
  };
  {
    std::vector<std::jthread> threads;
    for (int64_t i = 0; i < num_threads; ++i) threads.emplace_back(work);
  }
  if (first_error) std::rethrow_exception(first_error);
}

}  // namespace dataset
