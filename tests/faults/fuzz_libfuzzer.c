/* A target as libFuzzer wants it: FUZZ_TARGET is fuzz_npy and so on. The command's main() stands
 * before libFuzzer's. */
#include "fuzz.h"

int LLVMFuzzerRunDriver(int *argc, char ***argv, int (*callback)(const uint8_t *data, size_t size));

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	FUZZ_TARGET(data, size);
	return 0;
}

int __wrap_main(int argc, char **argv);
int __wrap_main(int argc, char **argv)
{
	return LLVMFuzzerRunDriver(&argc, &argv, LLVMFuzzerTestOneInput);
}
