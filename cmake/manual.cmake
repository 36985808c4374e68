# Runs while installing: a manual page of each program, made of its --help by help2man, and completion of its options.
# Bash and zsh have functions that read --help; fish reads manual pages.
set(share "$ENV{DESTDIR}${CMAKE_INSTALL_PREFIX}/share")
find_program(HELP2MAN help2man)
if(NOT HELP2MAN)
  message(STATUS "No manual pages: help2man is missing")
endif()
foreach(program ${programs})
  if(HELP2MAN)
    execute_process(COMMAND "${built}/bin/${program}" --help OUTPUT_VARIABLE help COMMAND_ERROR_IS_FATAL ANY)
    string(REGEX MATCH "^[^\n:.]*" purpose "${help}")
    file(MAKE_DIRECTORY "${share}/man/man1")
    execute_process(COMMAND "${HELP2MAN}" --no-info --name "${purpose}" --output "${share}/man/man1/${program}.1"
                            "${built}/bin/${program}" COMMAND_ERROR_IS_FATAL ANY)
  endif()
  file(WRITE "${share}/bash-completion/completions/${program}" "complete -F _longopt ${program}\n")
endforeach()
list(JOIN programs " " names)
set(functions site-functions)
if(CMAKE_INSTALL_PREFIX STREQUAL "/usr")
  set(functions vendor-completions)  # where Debian's packages have them
endif()
file(WRITE "${share}/zsh/${functions}/_restore" "#compdef ${names}\n_gnu_generic\n")
