# restore_embed(TARGET FILES ...): the text files of assets/ as functions of TARGET, made again when one changes:
# viewer.js becomes `std::string_view viewer_js();` in namespace webui, declared by hand in assets.h.
function(restore_embed target)
  cmake_parse_arguments(ARG "" "" "FILES" ${ARGN})
  set(script "${CMAKE_SOURCE_DIR}/cmake/embed_file.cmake")
  foreach(file ${ARG_FILES})
    set(source "${CMAKE_CURRENT_SOURCE_DIR}/assets/${file}")
    set(generated "${CMAKE_CURRENT_BINARY_DIR}/${file}.cpp")
    string(MAKE_C_IDENTIFIER "${file}" name)
    add_custom_command(OUTPUT "${generated}" DEPENDS "${source}" "${script}"
      COMMAND "${CMAKE_COMMAND}" "-DSOURCE=${source}" "-DGENERATED=${generated}" "-DNAME=${name}" -P "${script}"
      COMMENT "Embedding ${file}" VERBATIM)
    target_sources(${target} PRIVATE "${generated}")
  endforeach()
endfunction()
