#pragma once

#include "common/config_fields.h"

namespace dataset::ageing {

/// Throws Error(config) that names the key unless 0 <= value <= 1.
void check_probability(const char* key, double value);

/// Throws Error(config) that names the key unless lowest <= range <= highest.
void check_range(const char* key, const common::Range& range, double lowest, double highest);

}  // namespace dataset::ageing
