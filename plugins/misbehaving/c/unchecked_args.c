/* Looks neither at the number nor at the type of its arguments. The host checks both before it calls. */
#define TWIN_CALL odd_call
#include "evenhand_plugin.h"
static eh_status odd_call(eh_instance *self, uint32_t function, const eh_value *args, size_t count, eh_value *answer,
                          const eh_sink *out);
#include "twin.h"

static eh_status odd_call(eh_instance *self, uint32_t function, const eh_value *args, size_t count, eh_value *answer,
                          const eh_sink *out) {
    eh_value held = count ? args[0] : (eh_value){EH_I64, 0, {.i = 0}};
    static const uint32_t TYPES[] = {EH_I64, EH_F64, EH_I64, EH_I64};
    held.tag = TYPES[function & 3];
    if ((function & 3) == 2 && count) held = args[0];
    return twin_call(self, function & 3, &held, (function & 3) != 3, answer, out);
}
