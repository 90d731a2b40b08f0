#include <onn/version.h>

const char *onn_version(void) { return ONN_VERSION; }
