# restore_library(FOLDER SOURCES ... [PUBLIC ...] [PRIVATE ...] [TORCH]): the library restore::FOLDER.
# TORCH: it links LibTorch and takes its header, device/torch.h, precompiled.
function(restore_library name)
  cmake_parse_arguments(ARG "TORCH" "" "SOURCES;PUBLIC;PRIVATE" ${ARGN})
  add_library(restore_${name} STATIC ${ARG_SOURCES})
  add_library(restore::${name} ALIAS restore_${name})
  target_include_directories(restore_${name} PUBLIC "${CMAKE_SOURCE_DIR}")
  target_link_libraries(restore_${name} PUBLIC ${ARG_PUBLIC} PRIVATE ${ARG_PRIVATE})
  if(ARG_TORCH)
    target_link_libraries(restore_${name} PUBLIC torchwheel::cpu)
    restore_precompile_torch(restore_${name})
  endif()
endfunction()

# restore_program(NAME SOURCES ... LIBRARIES ... [TORCH]): the program build/bin/NAME.
function(restore_program name)
  cmake_parse_arguments(ARG "TORCH" "" "SOURCES;LIBRARIES" ${ARGN})
  add_executable(${name} ${ARG_SOURCES})
  target_link_libraries(${name} PRIVATE ${ARG_LIBRARIES})
  if(ARG_TORCH)
    restore_precompile_torch(${name})
  endif()
endfunction()

# Half of the time of a file with tensors goes into LibTorch's headers: they are compiled once, for the first target.
# The others must be compiled alike, -fPIC included, which CMake makes -fPIE of programs.
function(restore_precompile_torch target)
  get_property(first GLOBAL PROPERTY RESTORE_TORCH_PRECOMPILED)
  if(first)
    target_precompile_headers(${target} REUSE_FROM ${first})
  else()
    target_precompile_headers(${target} PRIVATE "${CMAKE_SOURCE_DIR}/device/torch.h")
    set_property(GLOBAL PROPERTY RESTORE_TORCH_PRECOMPILED ${target})
  endif()
  set_target_properties(${target} PROPERTIES POSITION_INDEPENDENT_CODE OFF)
  target_compile_options(${target} PRIVATE -fPIC -fpch-preprocess)
endfunction()
