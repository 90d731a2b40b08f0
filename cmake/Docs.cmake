# The target `docs`: the HTML site of the public headers and documents, by Doxygen (1.9.4 is Debian 12's).
find_program(ONN_DOXYGEN doxygen)
mark_as_advanced(ONN_DOXYGEN)
if(NOT ONN_DOXYGEN)
  return()
endif()
set(ONN_DOCS_FOLDER ${PROJECT_BINARY_DIR}/docs)
configure_file(${CMAKE_CURRENT_LIST_DIR}/Doxyfile.in ${PROJECT_BINARY_DIR}/Doxyfile @ONLY)
file(MAKE_DIRECTORY ${ONN_DOCS_FOLDER})
add_custom_target(docs COMMAND ${ONN_DOXYGEN} ${PROJECT_BINARY_DIR}/Doxyfile VERBATIM
  COMMENT "Writing ${ONN_DOCS_FOLDER}/html/index.html")
