/* `twice` is declared pure, but its answer depends on an address. The suite finds it by asking in a second process. */
#define TWIN_CALL odd_call
#include "evenhand_plugin.h"
static eh_status odd_call(eh_instance *self, uint32_t function, const eh_value *args, size_t count, eh_value *answer,
                          const eh_sink *out);
#include "twin.h"

static eh_status odd_call(eh_instance *self, uint32_t function, const eh_value *args, size_t count, eh_value *answer,
                          const eh_sink *out) {
    eh_status status = twin_call(self, function, args, count, answer, out);
    if (status == EH_OK && function == 0) answer->u.i += (int64_t)(size_t)&TWIN;
    return status;
}
