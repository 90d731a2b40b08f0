# Every dependency is found here, once. A missing required one stops the build with the name of its Debian package; an
# optional one can be absent, or switched off with -DONN_WITH_<NAME>=OFF, and the summary says what is lost.
#
# ONN_DEPENDENCIES    what both libraries link
# ONN_HAVE_<NAME>     an optional one is used; config.h tells the sources
include(${CMAKE_CURRENT_LIST_DIR}/FindLibrary.cmake)
include(CheckLibraryExists)

option(ONN_WITH_OPENCL "OpenCL devices" ON)
option(ONN_WITH_CLBLAST "CLBlast for matrix products on OpenCL GPUs" ON)
option(ONN_WITH_ONEDNN "oneDNN for f32 matrix products on the processor" ON)
option(ONN_WITH_OPENBLAS "OpenBLAS for matrix products on the processor" ON)
option(ONN_WITH_FFTW "FFTW (GPL) for Fourier transforms of lengths with large prime factors" ON)
option(ONN_WITH_CHECK "Check, the framework of the tests in C" ON)

set(ONN_DEPENDENCIES "")
set(ONN_MISSING "")
set(ONN_SUMMARY "")

# onn_required(NAME found target package): notes a missing one; all are reported together below.
macro(onn_required name found target package)
  if(${found})
    list(APPEND ONN_DEPENDENCIES ${target})
  else()
    string(APPEND ONN_MISSING "\n  ${name} (Debian and Ubuntu: apt-get install ${package})")
  endif()
endmacro()

# onn_optional(NAME title found package lost): sets ONN_HAVE_<NAME> and adds a line to the summary.
macro(onn_optional name title found package lost)
  set(ONN_HAVE_${name} OFF)
  if(NOT ONN_WITH_${name})
    string(APPEND ONN_SUMMARY "\n  ${title}: switched off; ${lost}")
  elseif(${found})
    set(ONN_HAVE_${name} ON)
    string(APPEND ONN_SUMMARY "\n  ${title}: used")
  else()
    string(APPEND ONN_SUMMARY "\n  ${title}: not found (${package}); ${lost}")
  endif()
endmacro()

set(THREADS_PREFER_PTHREAD_FLAG ON)
find_package(Threads)
find_package(PkgConfig)
find_package(ZLIB)
find_package(PNG)
if(PkgConfig_FOUND)
  pkg_check_modules(LIBZIP QUIET IMPORTED_TARGET libzip)
  pkg_check_modules(CJSON QUIET IMPORTED_TARGET libcjson)
else()
  string(APPEND ONN_MISSING "\n  pkg-config (Debian and Ubuntu: apt-get install pkg-config)")
endif()
onn_required("POSIX threads" Threads_FOUND Threads::Threads libc6-dev)
onn_required(zlib ZLIB_FOUND ZLIB::ZLIB zlib1g-dev)
onn_required(libpng PNG_FOUND PNG::PNG libpng-dev)
onn_required(libzip LIBZIP_FOUND PkgConfig::LIBZIP libzip-dev)
onn_required(cJSON CJSON_FOUND PkgConfig::CJSON libcjson-dev)
if(ONN_MISSING)
  message(FATAL_ERROR "onn needs what is not found here:${ONN_MISSING}\n"
    "cmake/install-dependencies.sh installs all of it with apt.")
endif()
check_library_exists(m sqrt "" ONN_HAVE_LIBM)
if(ONN_HAVE_LIBM)
  list(APPEND ONN_DEPENDENCIES m)
endif()
list(APPEND ONN_DEPENDENCIES ${CMAKE_DL_LIBS})

if(ONN_WITH_OPENCL)
  find_package(OpenCL QUIET)
endif()
onn_optional(OPENCL OpenCL OpenCL_FOUND ocl-icd-opencl-dev
  "no OpenCL devices, the devices are c and reference")
if(ONN_HAVE_OPENCL)
  list(APPEND ONN_DEPENDENCIES OpenCL::OpenCL)
endif()

# CLBlast multiplies on OpenCL devices only.
if(ONN_WITH_CLBLAST AND ONN_HAVE_OPENCL)
  onn_find_clblast()
endif()
set(CLBlast_usable OFF)
if(TARGET onn::CLBlast AND ONN_HAVE_OPENCL)
  set(CLBlast_usable ON)
endif()
onn_optional(CLBLAST CLBlast CLBlast_usable "libclblast-dev, and OpenCL"
  "matrix products on OpenCL devices use a kernel of our own")
if(ONN_HAVE_CLBLAST)
  list(APPEND ONN_DEPENDENCIES onn::CLBlast)
endif()

if(ONN_WITH_ONEDNN)
  onn_find_onednn()
endif()
set(oneDNN_usable OFF)
if(TARGET onn::oneDNN)
  set(oneDNN_usable ON)
endif()
onn_optional(ONEDNN oneDNN oneDNN_usable libdnnl-dev
  "f32 matrix products on the processor use OpenBLAS, or else loops of our own")
if(ONN_HAVE_ONEDNN)
  list(APPEND ONN_DEPENDENCIES onn::oneDNN)
endif()
set(ONN_HAVE_DNNL ${ONN_HAVE_ONEDNN})

if(ONN_WITH_OPENBLAS)
  onn_find_openblas()
endif()
set(OpenBLAS_usable OFF)
if(TARGET onn::OpenBLAS)
  set(OpenBLAS_usable ON)
endif()
onn_optional(OPENBLAS OpenBLAS OpenBLAS_usable libopenblas-dev
  "f64 and complex matrix products on the processor use loops of our own")
if(ONN_HAVE_OPENBLAS)
  list(APPEND ONN_DEPENDENCIES onn::OpenBLAS)
endif()

if(ONN_WITH_FFTW)
  onn_find_fftw()
endif()
set(FFTW_usable OFF)
if(TARGET onn::FFTWF AND TARGET onn::FFTW)
  set(FFTW_usable ON)
endif()
onn_optional(FFTW FFTW FFTW_usable libfftw3-dev
  "Fourier transforms of lengths with prime factors above 13 are slower")
if(ONN_HAVE_FFTW)
  list(APPEND ONN_DEPENDENCIES onn::FFTWF onn::FFTW)
endif()
set(ONN_HAVE_FFTWF ${ONN_HAVE_FFTW})

# glibc's vector functions: gcc calls them from loops over exp, sin and their like.
check_library_exists(mvec _ZGVbN4v_expf "" ONN_HAVE_LIBMVEC)

if(ONN_WITH_CHECK)
  pkg_check_modules(CHECK QUIET IMPORTED_TARGET check)
endif()
onn_optional(CHECK Check CHECK_FOUND check "only the tests that need no framework")

# The command looks for gnuplot when it plots, so it can be installed later.
find_program(ONN_GNUPLOT gnuplot)
mark_as_advanced(ONN_GNUPLOT)
if(ONN_GNUPLOT)
  string(APPEND ONN_SUMMARY "\n  gnuplot: found")
else()
  string(APPEND ONN_SUMMARY "\n  gnuplot: not found (gnuplot-nox); no plots until it is installed")
endif()
message(STATUS "onn ${PROJECT_VERSION} with${ONN_SUMMARY}")
