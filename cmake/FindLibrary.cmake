# Finding libraries that bring no CMake package. Installed too: a consumer of the static library finds them the same way.

# onn_find_library(NAME HEADER header.h LIBRARY library [SUFFIXES folder...])
# Makes the imported target onn::NAME where header and library are there.
function(onn_find_library name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "HEADER;LIBRARY" "SUFFIXES")
  find_path(ONN_${name}_INCLUDE ${arg_HEADER} PATH_SUFFIXES ${arg_SUFFIXES})
  find_library(ONN_${name}_LIBRARY ${arg_LIBRARY} PATH_SUFFIXES ${arg_SUFFIXES})
  mark_as_advanced(ONN_${name}_INCLUDE ONN_${name}_LIBRARY)
  if(ONN_${name}_INCLUDE AND ONN_${name}_LIBRARY AND NOT TARGET onn::${name})
    add_library(onn::${name} UNKNOWN IMPORTED)
    set_target_properties(onn::${name} PROPERTIES
      IMPORTED_LOCATION "${ONN_${name}_LIBRARY}"
      INTERFACE_INCLUDE_DIRECTORIES "${ONN_${name}_INCLUDE}")
  endif()
endfunction()

# Debian and Ubuntu keep cblas.h in a folder of its own for each way of threading. onn calls it on one thread each; the
# others start threads as they are loaded, which take the program's signals, and spin for ever at its end where they could not
# be started for want of address space.
macro(onn_find_openblas)
  onn_find_library(OpenBLAS HEADER cblas.h LIBRARY openblas
    SUFFIXES openblas openblas-serial openblas-pthread openblas-openmp)
endmacro()

macro(onn_find_onednn)
  onn_find_library(oneDNN HEADER dnnl.h LIBRARY dnnl)
endmacro()

# In single and double precision: two libraries.
macro(onn_find_fftw)
  onn_find_library(FFTWF HEADER fftw3.h LIBRARY fftw3f)
  onn_find_library(FFTW HEADER fftw3.h LIBRARY fftw3)
endmacro()

macro(onn_find_clfft)
  onn_find_library(clFFT HEADER clFFT.h LIBRARY clFFT)
endmacro()

macro(onn_find_clblast)
  onn_find_library(CLBlast HEADER clblast_c.h LIBRARY clblast)
endmacro()

# HDF5 is opened when the first such file is, by the name that the linker would note: libhdf5_serial.so.103.
macro(onn_find_hdf5)
  find_path(ONN_HDF5_INCLUDE hdf5.h PATH_SUFFIXES hdf5/serial)
  find_library(ONN_HDF5_LIBRARY NAMES hdf5_serial hdf5 PATH_SUFFIXES hdf5/serial)
  mark_as_advanced(ONN_HDF5_INCLUDE ONN_HDF5_LIBRARY)
  if(ONN_HDF5_LIBRARY)
    file(REAL_PATH ${ONN_HDF5_LIBRARY} ONN_HDF5_NAME)
    get_filename_component(ONN_HDF5_NAME ${ONN_HDF5_NAME} NAME)
    string(REGEX REPLACE "(\\.so\\.[0-9]+).*" "\\1" ONN_HDF5_NAME ${ONN_HDF5_NAME})
  endif()
endmacro()
