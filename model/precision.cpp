#include "model/precision.h"

namespace model {

bool processor_has_bf16() {
#if defined(__x86_64__)
  return __builtin_cpu_supports("avx512bf16") != 0;
#else
  return false;
#endif
}

Precision fastest_precision() { return processor_has_bf16() ? Precision::bf16 : Precision::fp32; }

}  // namespace model
