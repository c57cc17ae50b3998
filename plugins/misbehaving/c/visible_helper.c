/* Exports a helper beside its entry: a name that could collide with another library's. The conformance suite says so. */
#include "twin.h"
EH_EXPORT int64_t helper(int64_t n);
EH_EXPORT int64_t helper(int64_t n) { return n + (int64_t)TWIN.struct_size; }
