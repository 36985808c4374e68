# One text file as a function that returns it. Run by restore_embed: cmake -DSOURCE= -DGENERATED= -DNAME= -P this
file(READ "${SOURCE}" text)
if(text MATCHES "\\)~~~\"")
  message(FATAL_ERROR "${SOURCE} holds the mark that ends it: )~~~\"")
endif()
file(WRITE "${GENERATED}" "#include \"webui/assets.h\"\n
namespace webui {
std::string_view ${NAME}() { return R\"~~~(${text})~~~\"; }
}  // namespace webui\n")
