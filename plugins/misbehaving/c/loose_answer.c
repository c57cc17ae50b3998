/* Nothing is wrong: the value that `echo` returns holds whatever was in memory beside its tag, which is no part of the
 * answer. */
#define TWIN_CALL odd_call
#include "evenhand_plugin.h"
static eh_status odd_call(eh_instance *self, uint32_t function, const eh_value *args, size_t count, eh_value *answer,
                          const eh_sink *out);
#include "twin.h"

static eh_status odd_call(eh_instance *self, uint32_t function, const eh_value *args, size_t count, eh_value *answer,
                          const eh_sink *out) {
    static int64_t calls;
    eh_status status = twin_call(self, function, args, count, answer, out);
    if (status == EH_OK && function == 2) answer->u.i = ++calls;
    return status;
}
