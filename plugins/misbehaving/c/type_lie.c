/* `twice` gives an f64 where the manifest says i64. The host refuses the answer. */
#define TWIN_CALL odd_call
#include "evenhand_plugin.h"
static eh_status odd_call(eh_instance *self, uint32_t function, const eh_value *args, size_t count, eh_value *answer,
                          const eh_sink *out);
#include "twin.h"

static eh_status odd_call(eh_instance *self, uint32_t function, const eh_value *args, size_t count, eh_value *answer,
                          const eh_sink *out) {
    eh_status status = twin_call(self, function, args, count, answer, out);
    if (status == EH_OK && function == 0) {
        answer->tag = EH_F64;
        answer->u.f = 2.0 * (double)args[0].u.i;
    }
    return status;
}
