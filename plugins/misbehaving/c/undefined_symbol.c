/* Needs a function that is nowhere. The host notices while loading (RTLD_NOW), not in the middle of a call. */
#include "evenhand_plugin.h"
int64_t evenhand_function_that_is_nowhere(int64_t n);
#define TWIN_CALL nowhere_call
static eh_status nowhere_call(eh_instance *self, uint32_t function, const eh_value *args, size_t count, eh_value *answer,
                              const eh_sink *out) {
    (void)self, (void)function, (void)args, (void)out;
    answer->tag = EH_I64;
    answer->u.i = evenhand_function_that_is_nowhere((int64_t)count);
    return EH_OK;
}
#include "twin.h"
