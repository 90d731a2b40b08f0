# Configures, builds and runs an outside project against the package installed in PREFIX.
file(REMOVE_RECURSE ${BINARY})
function(run)
  execute_process(COMMAND ${ARGV} RESULT_VARIABLE result)
  if(NOT result EQUAL 0)
    message(FATAL_ERROR "gave ${result}: ${ARGV}")
  endif()
endfunction()
run(${CMAKE_COMMAND} -S ${SOURCE} -B ${BINARY} -DCMAKE_PREFIX_PATH=${PREFIX}
  -DCMAKE_C_COMPILER=${CC} -DONN_VERSION_WANTED=${VERSION} -DONN_MPI_WANTED=${MPI} -DCMAKE_BUILD_TYPE=Release)
run(${CMAKE_COMMAND} --build ${BINARY})
run(${BINARY}/with_shared)
run(${BINARY}/with_static)
