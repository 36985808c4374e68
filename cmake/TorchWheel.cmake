# Imported targets for LibTorch inside PyPI's torch wheel; needs no CUDA toolkit and no find_package(Torch).
# In:  RESTORE_PYTHON  the Python whose site-packages hold torch (default: .venv, made by scripts/setup)
# Out: torchwheel::cpu, and where the headers are there torchwheel::cuda and torchwheel::nccl; TORCHWHEEL_HAS_CUDA
include_guard(GLOBAL)
set(RESTORE_PYTHON "${CMAKE_SOURCE_DIR}/.venv/bin/python" CACHE FILEPATH "Python whose site-packages hold torch")
execute_process(COMMAND "${RESTORE_PYTHON}" -c "import sysconfig; print(sysconfig.get_paths()['purelib'])"
  OUTPUT_VARIABLE _site OUTPUT_STRIP_TRAILING_WHITESPACE RESULT_VARIABLE _rc)
if(NOT _rc EQUAL 0 OR NOT EXISTS "${_site}/torch/version.py")
  message(FATAL_ERROR "torch is not installed for '${RESTORE_PYTHON}'. Run scripts/setup, or give -DRESTORE_PYTHON=/path/to/python")
endif()
file(STRINGS "${_site}/torch/version.py" _version REGEX "^__version__")
string(REGEX REPLACE ".*'(.*)'.*" "\\1" TORCHWHEEL_VERSION "${_version}")
if(TORCHWHEEL_VERSION VERSION_LESS 2.11 OR TORCHWHEEL_VERSION VERSION_GREATER_EQUAL 2.12)
  message(FATAL_ERROR "torch ${TORCHWHEEL_VERSION} found in ${_site}; 2.11.x is needed. Run scripts/setup")
endif()
set(TORCHWHEEL_SITE "${_site}")
set(_lib "${_site}/torch/lib")

add_library(torchwheel::c10 SHARED IMPORTED)
set_target_properties(torchwheel::c10 PROPERTIES IMPORTED_LOCATION "${_lib}/libc10.so")
add_library(torchwheel::cpu SHARED IMPORTED)
set_target_properties(torchwheel::cpu PROPERTIES
  IMPORTED_LOCATION "${_lib}/libtorch_cpu.so"
  # Not include directories: torch/include carries fmt 12 and others that would shadow Debian's and break spdlog.
  # -idirafter puts them behind /usr/include.
  INTERFACE_COMPILE_OPTIONS "SHELL:-idirafter ${_site}/torch/include;SHELL:-idirafter ${_site}/torch/include/torch/csrc/api/include"
  # As LibTorch was built: without it some of its types, RecordFunction for one, have another layout.
  INTERFACE_COMPILE_DEFINITIONS NDEBUG
  # DT_RPATH, not RUNPATH: otherwise LD_LIBRARY_PATH, as `module load cuda` sets it, swaps in another NCCL or cudart.
  INTERFACE_LINK_OPTIONS "LINKER:--disable-new-dtags"
  INTERFACE_LINK_LIBRARIES torchwheel::c10)
file(GLOB _nvidia "${_site}/nvidia/*/lib")
foreach(_dir IN LISTS _nvidia)
  set_property(TARGET torchwheel::cpu APPEND PROPERTY INTERFACE_LINK_OPTIONS "LINKER:-rpath-link,${_dir}")
endforeach()

set(TORCHWHEEL_HAS_CUDA OFF)
set(_cu "${_site}/nvidia/cu13")
file(GLOB _cudart "${_cu}/lib/libcudart.so.13")
file(GLOB _nccl "${_site}/nvidia/nccl/lib/libnccl.so.2")
if(EXISTS "${_lib}/libtorch_cuda.so" AND _cudart AND _nccl AND EXISTS "${_cu}/include/cuda_runtime_api.h"
   AND EXISTS "${_cu}/include/crt/host_defines.h")
  set(TORCHWHEEL_HAS_CUDA ON)
  add_library(torchwheel::cudart SHARED IMPORTED)  # the wheels have no unversioned links: full names
  set_target_properties(torchwheel::cudart PROPERTIES IMPORTED_LOCATION "${_cudart}"
    INTERFACE_INCLUDE_DIRECTORIES "${_cu}/include;${_cu}/include/cccl")
  add_library(torchwheel::nccl SHARED IMPORTED)
  set_target_properties(torchwheel::nccl PROPERTIES IMPORTED_LOCATION "${_nccl}"
    INTERFACE_INCLUDE_DIRECTORIES "${_site}/nvidia/nccl/include" INTERFACE_LINK_LIBRARIES torchwheel::cudart)
  add_library(torchwheel::c10_cuda SHARED IMPORTED)
  set_target_properties(torchwheel::c10_cuda PROPERTIES IMPORTED_LOCATION "${_lib}/libc10_cuda.so")
  add_library(torchwheel::torch_cuda SHARED IMPORTED)
  set_target_properties(torchwheel::torch_cuda PROPERTIES IMPORTED_LOCATION "${_lib}/libtorch_cuda.so")
  add_library(torchwheel::cuda INTERFACE IMPORTED)
  set_target_properties(torchwheel::cuda PROPERTIES INTERFACE_LINK_LIBRARIES
    "torchwheel::cpu;-Wl,--push-state,--no-as-needed;torchwheel::torch_cuda;torchwheel::c10_cuda;-Wl,--pop-state;torchwheel::cudart")
endif()
message(STATUS "LibTorch ${TORCHWHEEL_VERSION} in ${_site}, GPU headers: ${TORCHWHEEL_HAS_CUDA}")
