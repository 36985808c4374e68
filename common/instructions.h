#pragma once

/// Before a function's definition: compiles it twice, for any x86-64 processor and for those with
/// AVX2, and the program takes the right one when it starts. Both give the same bits where the file
/// is compiled with -ffp-contract=off. Thread sanitizer does not bear such functions.
#if defined(__x86_64__) && !defined(__SANITIZE_THREAD__)
#define RESTORE_CLONE_FOR_AVX2 __attribute__((target_clones("avx2", "default")))
#else
#define RESTORE_CLONE_FOR_AVX2
#endif
