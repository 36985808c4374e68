# Language, warnings, hardening and output folders for every target of the project.
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/bin")
set(CMAKE_LIBRARY_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/lib")
if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE Release CACHE STRING "" FORCE)
endif()
# Folders whose own loops take time ask for more.
set(CMAKE_CXX_FLAGS_RELEASE "-O1 -g1")

# A few files of a library are compiled as one: most of the time goes into reading headers. RESTORE_UNITY=OFF compiles
# each file alone (preset dev): what one forgets to include shows there.
option(RESTORE_UNITY "Compile several files of a library as one" ON)
set(CMAKE_UNITY_BUILD ${RESTORE_UNITY})
set(CMAKE_UNITY_BUILD_BATCH_SIZE 16)

option(RESTORE_WERROR "Warnings are errors" OFF)
add_compile_options(-pthread)  # everywhere: a precompiled header serves only files that are compiled alike
add_compile_options(-Wall -Wextra -Wshadow -Wconversion)
if(RESTORE_WERROR)
  add_compile_options(-Werror)
endif()

# Hardening: measured to cost nothing.
add_compile_options(-fstack-protector-strong -fstack-clash-protection -fcf-protection)
add_compile_definitions(_GLIBCXX_ASSERTIONS)  # not _GLIBCXX_DEBUG: it breaks the ABI with LibTorch
if(CMAKE_BUILD_TYPE STREQUAL "Release")
  add_compile_options(-U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3)
endif()
add_link_options(-Wl,-z,relro,-z,now,-z,noexecstack)

find_program(RESTORE_CCACHE ccache)
if(RESTORE_CCACHE)
  # pch_defines, time_macros: ccache's conditions for files that use a precompiled header.
  set(CMAKE_CXX_COMPILER_LAUNCHER "${CMAKE_COMMAND}" -E env CCACHE_SLOPPINESS=pch_defines,time_macros "${RESTORE_CCACHE}")
endif()
