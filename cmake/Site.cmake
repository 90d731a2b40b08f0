# The target `site`: documents, tutorials with their pictures, the command's options and the C reference as one site, by
# Sphinx. Warnings are errors. It is there where a Python has sphinx and myst-parser: from PyPI at the versions of
# docs/site/requirements.txt, or Debian's. Pictures of tutorials take sphinx-gallery and matplotlib, too.
if(NOT TARGET onn_python OR NOT TARGET onn_command OR NOT TARGET docs)
  return()
endif()
set(ONN_SITE_PYTHON "" CACHE FILEPATH "A Python that has Sphinx, for the target site; else the first one found")
mark_as_advanced(ONN_SITE_PYTHON)
set(site_python)
foreach(candidate ${ONN_SITE_PYTHON} ${ONN_PYTHON} /usr/bin/python3)
  execute_process(COMMAND ${candidate} -c "import sphinx, myst_parser"
    RESULT_VARIABLE failed OUTPUT_QUIET ERROR_QUIET)
  if(failed EQUAL 0)
    set(site_python ${candidate})
    break()
  endif()
endforeach()
if(NOT site_python)
  return()
endif()
# Sphinx writes pages of its own beside what it reads: so that is laid out in the build, anew each time.
set(source ${PROJECT_BINARY_DIR}/site/source)
set(extra ${PROJECT_BINARY_DIR}/site/extra)
set(lay_out)
foreach(name README.md CHANGELOG.md CONTRIBUTING.md LICENSE python/README.md data/README.md)
  list(APPEND lay_out COMMAND ${CMAKE_COMMAND} -E copy ${PROJECT_SOURCE_DIR}/${name} ${source}/${name})
endforeach()
foreach(name docs apps)
  list(APPEND lay_out COMMAND ${CMAKE_COMMAND} -E copy_directory ${PROJECT_SOURCE_DIR}/${name} ${source}/${name})
endforeach()
add_custom_target(site
  COMMAND ${CMAKE_COMMAND} -E rm -rf ${source} ${extra}
  ${lay_out}
  COMMAND ${CMAKE_COMMAND} -E copy ${PROJECT_SOURCE_DIR}/docs/site/index.rst ${source}/index.rst
  COMMAND ${CMAKE_COMMAND} -E copy_directory ${ONN_DOCS_FOLDER}/html ${extra}/reference
  COMMAND ${CMAKE_COMMAND} -E env PYTHONPATH=${PROJECT_BINARY_DIR}/python PYTHONDONTWRITEBYTECODE=1 ONN_DEVICE=c
    ONN_COMMAND=$<TARGET_FILE:onn_command> ONN_VERSION=${PROJECT_VERSION} ONN_REFERENCE=${extra}
    ONN_EXAMPLES=${PROJECT_BINARY_DIR}/apps/examples
    ${site_python} -m sphinx -W --keep-going -q -b html -c ${PROJECT_SOURCE_DIR}/docs/site ${source}
    ${PROJECT_BINARY_DIR}/site/html
  VERBATIM COMMENT "Writing ${PROJECT_BINARY_DIR}/site/html/index.html")
add_dependencies(site onn_python onn_command docs)
get_property(examples GLOBAL PROPERTY ONN_C_EXAMPLES)
foreach(example IN LISTS examples)
  add_dependencies(site example_${example})
endforeach()
