#pragma once

namespace model {

/// What the products of a network's convolutions are computed in.
enum class Precision { fp32, bf16 };

/// Does this processor multiply bfloat16 (AVX512_BF16)? Without, bf16 takes many times as long as
/// fp32.
bool processor_has_bf16();

/// Throws Error(usage) for bf16 on a processor that does not multiply it.
void require_processor_for(Precision precision);

/// The faster one here.
Precision fastest_precision();

}  // namespace model
