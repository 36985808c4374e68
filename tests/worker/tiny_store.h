#pragma once

#include <filesystem>
#include <stop_token>
#include <string>

#include "worker/job.h"

/// A store of 24 training and 7 validation patches of 16 px, made anew in `folder`: smooth gray
/// pictures, aged by noise and a scratch of known place.
void write_tiny_store(const std::filesystem::path& folder);

/// A run of a few steps of a tiny network on the tiny store below `folder`: 4 micro-batches of 2
/// samples a step, one thread.
worker::TrainConfig tiny_config(const std::filesystem::path& folder, const std::string& name);

/// This worker's part of a job, as the program runs it.
int run_tiny_job(comm::Group& group, const worker::TrainConfig& config, std::stop_token stop = {},
                 const worker::JobOptions& options = {});
