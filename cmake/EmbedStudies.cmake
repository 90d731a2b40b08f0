# Embeds the built-in studies of src/reproduce/studies in the library.
#
#   onn_embed_studies(TARGET NAME...)   in the order in which they are listed
#
# Run as a script (cmake -P) this file does the embedding, so that an edited study is embedded anew.

if(CMAKE_SCRIPT_MODE_FILE)
  set(texts "")
  set(rows "")
  set(number 0)
  string(REPLACE " " ";" NAMES "${NAMES}")
  foreach(name ${NAMES})
    file(READ ${ROOT}/${name}.json hex HEX)
    string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${hex}")
    string(APPEND texts "static const unsigned char text${number}[] = {${bytes}0};\n")
    string(APPEND rows "    {\"${name}\", (const char *)text${number}},\n")
    math(EXPR number "${number} + 1")
  endforeach()
  file(WRITE ${OUTPUT} "/* Made by cmake/EmbedStudies.cmake. */\n#include \"reproduce/study.h\"\n"
    "${texts}const onn_known_study onn_known_studies[] = {\n${rows}    {0, 0},\n};\n")
  return()
endif()

set(ONN_EMBED_STUDIES_SCRIPT ${CMAKE_CURRENT_LIST_FILE})
function(onn_embed_studies target)
  set(output ${PROJECT_BINARY_DIR}/generated/studies.c)
  foreach(name ${ARGN})
    list(APPEND depends ${CMAKE_CURRENT_SOURCE_DIR}/studies/${name}.json)
  endforeach()
  string(REPLACE ";" " " names "${ARGN}")
  add_custom_command(OUTPUT ${output}
    COMMAND ${CMAKE_COMMAND} "-DNAMES=${names}" -DROOT=${CMAKE_CURRENT_SOURCE_DIR}/studies -DOUTPUT=${output}
      -P ${ONN_EMBED_STUDIES_SCRIPT}
    DEPENDS ${depends} ${ONN_EMBED_STUDIES_SCRIPT} VERBATIM
    COMMENT "Embedding studies")
  # The target may belong to another folder, where this rule is not seen.
  add_custom_target(${target}_studies DEPENDS ${output})
  set_source_files_properties(${output} TARGET_DIRECTORY ${target} PROPERTIES GENERATED TRUE)
  add_dependencies(${target} ${target}_studies)
  target_sources(${target} PRIVATE ${output})
endfunction()
