/* `echo` writes its answer in pieces and looks only at whether the first was taken. The conformance suite finds it with a
 * sink that takes half. */
#define TWIN_CALL odd_call
#include "evenhand_plugin.h"
static eh_status odd_call(eh_instance *self, uint32_t function, const eh_value *args, size_t count, eh_value *answer,
                          const eh_sink *out);
#include "twin.h"

static eh_status odd_call(eh_instance *self, uint32_t function, const eh_value *args, size_t count, eh_value *answer,
                          const eh_sink *out) {
    if (function != 2 || count != 1 || args[0].tag != EH_STR || args[0].u.s.len < 2)
        return twin_call(self, function, args, count, answer, out);
    memset(answer, 0, sizeof *answer);
    answer->tag = EH_STR;
    if (out->write(out->ctx, args[0].u.s.ptr, 1)) return EH_LIMIT;
    out->write(out->ctx, args[0].u.s.ptr + 1, args[0].u.s.len - 1);
    return EH_OK;
}
