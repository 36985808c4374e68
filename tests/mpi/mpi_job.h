#pragma once

#include "comm/group.h"

/// The job that the test program runs in; opened by mpi_main.cpp.
comm::Group& mpi_job();
