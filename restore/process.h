#pragma once

#include <cstdint>
#include <string>

namespace restore {

/// Keeps memory that was freed instead of giving it back after each layer, and makes LibTorch
/// use `threads` threads (0: as many as this process has cores), shared by so many `jobs` at a
/// time. Call it first. Throws Error(usage) for a negative number.
void prepare_process(int64_t threads, int64_t jobs = 1);

/// Bytes of "900M", "2G" or "1.5G". Throws Error(usage).
int64_t parse_memory(const std::string& text);

}  // namespace restore
