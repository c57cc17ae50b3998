/* `twice` counts in a variable that all instances share. Asked by one at a time it is right; asked by several at the same
 * time, one spoils what another is counting. The conformance suite finds it by asking in several threads. */
#define TWIN_CALL odd_call
#include "evenhand_plugin.h"
static eh_status odd_call(eh_instance *self, uint32_t function, const eh_value *args, size_t count, eh_value *answer,
                          const eh_sink *out);
#include "twin.h"

static eh_status odd_call(eh_instance *self, uint32_t function, const eh_value *args, size_t count, eh_value *answer,
                          const eh_sink *out) {
    static volatile int64_t counted;
    eh_status status = twin_call(self, function, args, count, answer, out);
    if (status == EH_OK && function == 0) {
        counted = 0;
        for (int step = 0; step < 1000; step++) counted = counted + 1;
        answer->u.i += counted - 1000;
    }
    return status;
}
