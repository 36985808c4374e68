#pragma once

/// Before a function's definition: compiles it for any x86-64 processor, for those with AVX2 and
/// for those with AVX-512, and the program takes the right one when it starts. All give the same
/// bits where the file is compiled with -ffp-contract=off. Thread sanitizer does not bear such
/// functions.
#if defined(__x86_64__) && !defined(__SANITIZE_THREAD__)
#define RESTORE_TARGET_CLONES __attribute__((target_clones("arch=x86-64-v4", "avx2", "default")))
#else
#define RESTORE_TARGET_CLONES
#endif
