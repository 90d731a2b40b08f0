# Embeds the OpenCL texts of cl/ in the library.
#
#   onn_embed_kernels(TARGET FILE...)   files relative to cl/
#
# cl/shared/all.h becomes the string onn_cl_text_all, cl/index.cl becomes onn_cl_text_index; both are
# declared in the generated kernels.h. A file that a header includes in quotes is put in its place. In a .cl
# file such lines are for editors and are left out: the library puts the shared text first, once.
#
# Run as a script (cmake -P) this file does the embedding, so that an edited kernel is embedded anew.

if(CMAKE_SCRIPT_MODE_FILE)
  set(pattern "[ \t]*#[ \t]*include[ \t]*\"([^\"\n]+)\"")
  set(header "/* Made by cmake/EmbedKernels.cmake. */\n")
  set(source "/* Made by cmake/EmbedKernels.cmake. */\n#include \"kernels.h\"\n")
  string(REPLACE " " ";" FILES "${FILES}")
  foreach(file ${FILES})
    file(READ ${ROOT}/${file} text)
    get_filename_component(folder ${file} DIRECTORY)
    get_filename_component(stem ${file} NAME_WE)
    while("${text}" MATCHES "${pattern}")
      set(line "${CMAKE_MATCH_0}")
      set(name "${CMAKE_MATCH_1}")
      set(included "")
      if(file MATCHES "\\.h$")
        file(READ ${ROOT}/${folder}/${name} included)
      endif()
      string(FIND "${text}" "${line}" at)
      string(LENGTH "${line}" length)
      math(EXPR rest "${at} + ${length}")
      string(SUBSTRING "${text}" 0 ${at} before)
      string(SUBSTRING "${text}" ${rest} -1 after)
      set(text "${before}${included}${after}")
    endwhile()
    string(HEX "${text}" hex)
    string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${hex}")
    string(APPEND header "extern const char onn_cl_text_${stem}[];\n")
    string(APPEND source "const char onn_cl_text_${stem}[] = {${bytes}0};\n")
  endforeach()
  file(WRITE ${OUTPUT}.h "${header}")
  file(WRITE ${OUTPUT}.c "${source}")
  return()
endif()

set(ONN_EMBED_SCRIPT ${CMAKE_CURRENT_LIST_FILE})
function(onn_embed_kernels target)
  set(output ${PROJECT_BINARY_DIR}/generated/kernels)
  file(GLOB depends CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/cl/shared/*.h)
  foreach(file ${ARGN})
    list(APPEND depends ${PROJECT_SOURCE_DIR}/cl/${file})
  endforeach()
  string(REPLACE ";" " " files "${ARGN}")
  add_custom_command(OUTPUT ${output}.c ${output}.h
    COMMAND ${CMAKE_COMMAND} "-DFILES=${files}" -DROOT=${PROJECT_SOURCE_DIR}/cl -DOUTPUT=${output}
      -P ${ONN_EMBED_SCRIPT}
    DEPENDS ${depends} ${ONN_EMBED_SCRIPT} VERBATIM
    COMMENT "Embedding OpenCL kernels")
  # The target may belong to another folder, where this rule is not seen.
  add_custom_target(${target}_kernels DEPENDS ${output}.c ${output}.h)
  set_source_files_properties(${output}.c ${output}.h TARGET_DIRECTORY ${target}
    PROPERTIES GENERATED TRUE)
  add_dependencies(${target} ${target}_kernels)
  target_sources(${target} PRIVATE ${output}.c ${output}.h)
endfunction()
