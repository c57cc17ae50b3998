/* `twice` is declared pure, but counts its calls. The conformance suite finds it by asking again. */
#define TWIN_CALL odd_call
#include "evenhand_plugin.h"
static eh_status odd_call(eh_instance *self, uint32_t function, const eh_value *args, size_t count, eh_value *answer,
                          const eh_sink *out);
#include "twin.h"

static eh_status odd_call(eh_instance *self, uint32_t function, const eh_value *args, size_t count, eh_value *answer,
                          const eh_sink *out) {
    static int64_t calls;
    eh_status status = twin_call(self, function, args, count, answer, out);
    if (status == EH_OK && function == 0) answer->u.i += calls++;
    return status;
}
