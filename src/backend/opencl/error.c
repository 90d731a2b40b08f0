/* OpenCL's error codes as status and text. */
#include <stdlib.h>
#include <string.h>

#include "backend/opencl/opencl_backend.h"
#include "core/memory.h"

const char *onn_cl_error_name(cl_int code)
{
#define CODE(name)                                                                                 \
	{                                                                                          \
		name, #name                                                                        \
	}
	static const struct {
		cl_int code;
		const char *name;
	} names[] = {
	    CODE(CL_SUCCESS),
	    CODE(CL_DEVICE_NOT_FOUND),
	    CODE(CL_DEVICE_NOT_AVAILABLE),
	    CODE(CL_COMPILER_NOT_AVAILABLE),
	    CODE(CL_MEM_OBJECT_ALLOCATION_FAILURE),
	    CODE(CL_OUT_OF_RESOURCES),
	    CODE(CL_OUT_OF_HOST_MEMORY),
	    CODE(CL_BUILD_PROGRAM_FAILURE),
	    CODE(CL_MISALIGNED_SUB_BUFFER_OFFSET),
	    CODE(CL_EXEC_STATUS_ERROR_FOR_EVENTS_IN_WAIT_LIST),
	    CODE(CL_COMPILE_PROGRAM_FAILURE),
	    CODE(CL_LINK_PROGRAM_FAILURE),
	    CODE(CL_INVALID_VALUE),
	    CODE(CL_INVALID_PLATFORM),
	    CODE(CL_INVALID_DEVICE),
	    CODE(CL_INVALID_CONTEXT),
	    CODE(CL_INVALID_QUEUE_PROPERTIES),
	    CODE(CL_INVALID_COMMAND_QUEUE),
	    CODE(CL_INVALID_HOST_PTR),
	    CODE(CL_INVALID_MEM_OBJECT),
	    CODE(CL_INVALID_BINARY),
	    CODE(CL_INVALID_BUILD_OPTIONS),
	    CODE(CL_INVALID_PROGRAM),
	    CODE(CL_INVALID_PROGRAM_EXECUTABLE),
	    CODE(CL_INVALID_KERNEL_NAME),
	    CODE(CL_INVALID_KERNEL),
	    CODE(CL_INVALID_ARG_INDEX),
	    CODE(CL_INVALID_ARG_VALUE),
	    CODE(CL_INVALID_ARG_SIZE),
	    CODE(CL_INVALID_KERNEL_ARGS),
	    CODE(CL_INVALID_WORK_DIMENSION),
	    CODE(CL_INVALID_WORK_GROUP_SIZE),
	    CODE(CL_INVALID_WORK_ITEM_SIZE),
	    CODE(CL_INVALID_GLOBAL_OFFSET),
	    CODE(CL_INVALID_EVENT_WAIT_LIST),
	    CODE(CL_INVALID_EVENT),
	    CODE(CL_INVALID_OPERATION),
	    CODE(CL_INVALID_BUFFER_SIZE),
	    CODE(CL_INVALID_GLOBAL_WORK_SIZE),
	};
#undef CODE
	for (size_t i = 0; i < ONN_COUNT(names); i++)
		if (names[i].code == code)
			return names[i].name;
	return "an OpenCL error of the driver's own";
}

onn_status onn_cl_error(const char *where, const char *what, cl_int code)
{
	bool memory = code == CL_MEM_OBJECT_ALLOCATION_FAILURE || code == CL_OUT_OF_HOST_MEMORY ||
	              code == CL_INVALID_BUFFER_SIZE;

	return onn_error(memory ? ONN_ERROR_MEMORY : ONN_ERROR_DEVICE, "%s: %s failed with %s (%d)",
	    where, what, onn_cl_error_name(code), (int)code);
}

bool onn_cl_choice(const char *variable, bool otherwise)
{
	const char *text = getenv(variable);

	if (text && strcmp(text, "0") == 0)
		return false;
	if (text && strcmp(text, "1") == 0)
		return true;
	return otherwise;
}
