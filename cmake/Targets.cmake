# restore_library(FOLDER SOURCES ... [PUBLIC ...] [PRIVATE ...]): the library restore::FOLDER.
function(restore_library name)
  cmake_parse_arguments(ARG "" "" "SOURCES;PUBLIC;PRIVATE" ${ARGN})
  add_library(restore_${name} STATIC ${ARG_SOURCES})
  add_library(restore::${name} ALIAS restore_${name})
  target_include_directories(restore_${name} PUBLIC "${CMAKE_SOURCE_DIR}")
  target_link_libraries(restore_${name} PUBLIC ${ARG_PUBLIC} PRIVATE ${ARG_PRIVATE})
endfunction()

# restore_program(NAME MAIN LIBRARY...): the program build/bin/NAME.
function(restore_program name main)
  add_executable(${name} ${main})
  target_link_libraries(${name} PRIVATE ${ARGN})
endfunction()
