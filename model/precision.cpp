#include "model/precision.h"

#include "common/error.h"

namespace model {

bool processor_has_bf16() {
#if defined(__x86_64__)
  return __builtin_cpu_supports("avx512bf16") != 0;
#else
  return false;
#endif
}

void require_processor_for(Precision precision) {
  if (precision != Precision::bf16 || processor_has_bf16()) return;
  throw common::usage_error(
      "this processor does not multiply bf16 (AVX512_BF16): it would take many "
      "times as long as fp32; use fp32");
}

Precision fastest_precision() { return processor_has_bf16() ? Precision::bf16 : Precision::fp32; }

}  // namespace model
