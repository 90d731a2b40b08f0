# The target `docs`: the HTML site of the public headers and documents, and a manual page of section 3 for each function,
# by Doxygen (1.9.4 is Debian 12's). An installation takes the pages along where they have been written.
find_program(ONN_DOXYGEN doxygen)
mark_as_advanced(ONN_DOXYGEN)
if(NOT ONN_DOXYGEN)
  return()
endif()
set(ONN_DOCS_FOLDER ${PROJECT_BINARY_DIR}/docs)
configure_file(${CMAKE_CURRENT_LIST_DIR}/Doxyfile.in ${PROJECT_BINARY_DIR}/Doxyfile @ONLY)
file(MAKE_DIRECTORY ${ONN_DOCS_FOLDER})
add_custom_target(docs
  COMMAND ${CMAKE_COMMAND} -E rm -rf ${ONN_DOCS_FOLDER}/man
  COMMAND ${ONN_DOXYGEN} ${PROJECT_BINARY_DIR}/Doxyfile
  COMMAND ${CMAKE_COMMAND} -D FOLDER=${ONN_DOCS_FOLDER} -P ${CMAKE_CURRENT_LIST_DIR}/ManPages.cmake
  VERBATIM
  COMMENT "Writing ${ONN_DOCS_FOLDER}/html/index.html")
install(DIRECTORY ${ONN_DOCS_FOLDER}/man/man3 DESTINATION ${CMAKE_INSTALL_MANDIR} OPTIONAL)
