# The installed package: libraries, headers, data, documents, and the files by which CMake and pkg-config find it.
include(CMakePackageConfigHelpers)
set(ONN_PACKAGE_DIR ${CMAKE_INSTALL_LIBDIR}/cmake/onn)

install(TARGETS onn EXPORT onn_shared)
install(TARGETS onn_static EXPORT onn_static)
set(ONN_LEFT_OUT "")
if(NOT ONN_HAVE_OPENCL)
  list(APPEND ONN_LEFT_OUT PATTERN opencl.h EXCLUDE) # it needs the headers of OpenCL
endif()
if(NOT ONN_HAVE_MPI)
  list(APPEND ONN_LEFT_OUT PATTERN mpi.h EXCLUDE)
endif()
install(DIRECTORY ${PROJECT_SOURCE_DIR}/include/onn ${PROJECT_BINARY_DIR}/include/onn
  DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} FILES_MATCHING PATTERN "*.h" PATTERN "*.hpp" ${ONN_LEFT_OUT})
install(FILES ${PROJECT_SOURCE_DIR}/data/digits.csv.gz DESTINATION ${CMAKE_INSTALL_DATADIR}/onn)
foreach(file LICENSE README.md CHANGELOG.md CONTRIBUTING.md)
  install(FILES ${PROJECT_SOURCE_DIR}/${file} DESTINATION ${CMAKE_INSTALL_DOCDIR})
endforeach()
# In their folders, so that the links between them hold.
install(DIRECTORY ${PROJECT_SOURCE_DIR}/docs DESTINATION ${CMAKE_INSTALL_DOCDIR}
  FILES_MATCHING PATTERN "*.md" PATTERN "*.png" REGEX "/examples/[^/]*\\.py$" PATTERN site EXCLUDE)
install(DIRECTORY ${PROJECT_SOURCE_DIR}/apps/examples DESTINATION ${CMAKE_INSTALL_DOCDIR}/apps
  FILES_MATCHING PATTERN "*.c" PATTERN "*.h" PATTERN "*.py" PATTERN "*.md" PATTERN "*.json"
  PATTERN "*.png")

# Three export sets: who links the shared library needs none of the libraries below it, and no MPI, which packages may have
# apart.
install(EXPORT onn_shared NAMESPACE onn:: FILE onnTargets.cmake DESTINATION ${ONN_PACKAGE_DIR})
install(EXPORT onn_static NAMESPACE onn:: FILE onnStaticTargets.cmake DESTINATION ${ONN_PACKAGE_DIR})
if(ONN_HAVE_MPI)
  install(EXPORT onn_mpi NAMESPACE onn:: FILE onnMpiTargets.cmake DESTINATION ${ONN_PACKAGE_DIR})
endif()
configure_package_config_file(cmake/onnConfig.cmake.in ${PROJECT_BINARY_DIR}/onnConfig.cmake
  INSTALL_DESTINATION ${ONN_PACKAGE_DIR} NO_SET_AND_CHECK_MACRO)
write_basic_package_version_file(${PROJECT_BINARY_DIR}/onnConfigVersion.cmake
  COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/onnConfig.cmake ${PROJECT_BINARY_DIR}/onnConfigVersion.cmake
  DESTINATION ${ONN_PACKAGE_DIR})
install(FILES cmake/FindLibrary.cmake DESTINATION ${ONN_PACKAGE_DIR} RENAME onnFindLibrary.cmake)

# pkg-config --static gives the libraries below, which are shared ones, as linker flags. As packages they would bring
# the libraries below them in turn, libzip's -lssl for one, whose development files nobody needs here.
set(ONN_PC_LIBS -lzip -lcjson -lpng -lz -lpthread -lm)
foreach(flag IN LISTS CMAKE_DL_LIBS)
  list(APPEND ONN_PC_LIBS -l${flag})
endforeach()
if(ONN_HAVE_TIFF)
  list(APPEND ONN_PC_LIBS -ltiff)
endif()
if(ONN_HAVE_JPEG)
  list(APPEND ONN_PC_LIBS -ljpeg)
endif()
if(ONN_HAVE_OPENCL)
  list(APPEND ONN_PC_LIBS -lOpenCL)
endif()
foreach(name CLBlast clFFT oneDNN OpenBLAS FFTWF FFTW)
  string(TOUPPER ${name} upper)
  if(ONN_HAVE_${upper})
    get_filename_component(folder ${ONN_${name}_LIBRARY} DIRECTORY)
    get_filename_component(stem ${ONN_${name}_LIBRARY} NAME_WE)
    string(REGEX REPLACE "^lib" "" stem ${stem})
    if(NOT folder IN_LIST CMAKE_C_IMPLICIT_LINK_DIRECTORIES)
      list(APPEND ONN_PC_LIBS -L${folder})
    endif()
    list(APPEND ONN_PC_LIBS -l${stem})
  endif()
endforeach()
list(JOIN ONN_PC_LIBS " " ONN_PC_LIBS)
# The prefix is told from the file's own place, so an installed tree can be moved.
file(RELATIVE_PATH ONN_PC_PREFIX /prefix/${CMAKE_INSTALL_LIBDIR}/pkgconfig /prefix)
configure_file(cmake/onn.pc.in ${PROJECT_BINARY_DIR}/onn.pc @ONLY)
install(FILES ${PROJECT_BINARY_DIR}/onn.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)

# cmake --build FOLDER --target uninstall
add_custom_target(uninstall COMMAND ${CMAKE_COMMAND} -D MANIFEST=${PROJECT_BINARY_DIR}/install_manifest.txt
  -P ${CMAKE_CURRENT_LIST_DIR}/Uninstall.cmake VERBATIM)

# cpack --config FOLDER/CPackConfig.cmake: a tarball of what is installed, to be unpacked anywhere. Debian's packages are
# made by dpkg-buildpackage from debian/.
set(CPACK_GENERATOR TGZ)
set(CPACK_PACKAGE_VENDOR "The onn authors")
set(CPACK_PACKAGE_FILE_NAME onn-${PROJECT_VERSION}-${CMAKE_SYSTEM_NAME}-${CMAKE_SYSTEM_PROCESSOR})
set(CPACK_RESOURCE_FILE_LICENSE ${PROJECT_SOURCE_DIR}/LICENSE)
set(CPACK_STRIP_FILES TRUE)
include(CPack)
