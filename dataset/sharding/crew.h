#pragma once

#include <cstdint>
#include <functional>

namespace dataset {

/// Calls `step` again and again from several threads, until each has seen it return false (nothing
/// left) or one has thrown; joins them and rethrows the first error.
void work_together(int64_t num_threads, const std::function<bool()>& step);

}  // namespace dataset
