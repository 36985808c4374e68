# restore_pytest(FILE LABELS ...): a file of Python tests as one test of ctest. It finds the programs in RESTORE_BIN.
function(restore_pytest file)
  cmake_parse_arguments(ARG "" "TIMEOUT" "LABELS" ${ARGN})
  if(NOT ARG_TIMEOUT)
    set(ARG_TIMEOUT 120)
  endif()
  get_filename_component(folder "${CMAKE_CURRENT_SOURCE_DIR}" NAME)
  get_filename_component(name "${file}" NAME_WE)
  string(REGEX REPLACE "^test_" "" name "${name}")
  add_test(NAME "${folder}.${name}"
    COMMAND "${RESTORE_PYTHON}" -m pytest -q --tb=short -p no:cacheprovider "${CMAKE_CURRENT_SOURCE_DIR}/${file}")
  set_tests_properties("${folder}.${name}" PROPERTIES TIMEOUT ${ARG_TIMEOUT} LABELS "${ARG_LABELS}"
    ENVIRONMENT "RESTORE_BIN=${CMAKE_BINARY_DIR}/bin;PYTHONDONTWRITEBYTECODE=1")
endfunction()
