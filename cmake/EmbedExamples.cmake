# Embeds the examples in the command, so that `onn examples` has them wherever it is installed.
#
#   onn_embed_examples(TARGET)   the rows of apps/examples/examples.def
#
# Run as a script (cmake -P) this file does the embedding, so that an edited example is embedded anew.

# onn_example_rows(FILE): the names, what they show and the sources as lists ONN_EXAMPLE_NAMES, _SHOWS and _SOURCES
function(onn_example_rows table)
  set(pattern "\nONN_EXAMPLE\\(\"([^\"]*)\", \"([^\"]*)\"\\)")
  file(READ ${table} text)
  string(REGEX MATCHALL "${pattern}" rows "${text}")
  foreach(row IN LISTS rows)
    string(REGEX MATCH "${pattern}" row "${row}")
    list(APPEND names "${CMAKE_MATCH_1}")
    list(APPEND shows "\"${CMAKE_MATCH_2}\"")
    set(source "apps/examples/${CMAKE_MATCH_1}")
    string(REPLACE "apps/examples/c/" "apps/examples/" source "${source}")
    string(REPLACE "apps/examples/python/" "docs/examples/" source "${source}")
    string(REPLACE "apps/examples/networks/" "data/" source "${source}")
    list(APPEND sources ${source})
  endforeach()
  set(ONN_EXAMPLE_NAMES ${names} PARENT_SCOPE)
  set(ONN_EXAMPLE_SHOWS ${shows} PARENT_SCOPE)
  set(ONN_EXAMPLE_SOURCES ${sources} PARENT_SCOPE)
endfunction()

if(CMAKE_SCRIPT_MODE_FILE)
  onn_example_rows(${ROOT}/apps/examples/examples.def)
  set(texts "")
  set(rows "")
  set(number 0)
  foreach(name shows source IN ZIP_LISTS ONN_EXAMPLE_NAMES ONN_EXAMPLE_SHOWS ONN_EXAMPLE_SOURCES)
    file(READ ${ROOT}/${source} hex HEX)
    string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${hex}")
    string(APPEND texts "static const unsigned char file${number}[] = {${bytes}0};\n")
    string(APPEND rows "    {\"${name}\", ${shows}, file${number}, sizeof file${number} - 1},\n")
    math(EXPR number "${number} + 1")
  endforeach()
  file(WRITE ${OUTPUT} "/* Made by cmake/EmbedExamples.cmake. */\n#include \"examples/examples.h\"\n"
    "${texts}const example example_files[] = {\n${rows}    {NULL, NULL, NULL, 0},\n};\n")
  return()
endif()

set(ONN_EMBED_EXAMPLES_SCRIPT ${CMAKE_CURRENT_LIST_FILE})
function(onn_embed_examples target)
  set(output ${PROJECT_BINARY_DIR}/generated/examples.c)
  set(table ${PROJECT_SOURCE_DIR}/apps/examples/examples.def)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${table})
  onn_example_rows(${table})
  list(TRANSFORM ONN_EXAMPLE_SOURCES PREPEND ${PROJECT_SOURCE_DIR}/)
  add_custom_command(OUTPUT ${output}
    COMMAND ${CMAKE_COMMAND} -DROOT=${PROJECT_SOURCE_DIR} -DOUTPUT=${output} -P ${ONN_EMBED_EXAMPLES_SCRIPT}
    DEPENDS ${ONN_EXAMPLE_SOURCES} ${table} ${ONN_EMBED_EXAMPLES_SCRIPT} VERBATIM
    COMMENT "Embedding examples")
  target_sources(${target} PRIVATE ${output})
endfunction()
