/* `twice` computes for some hundredths of a second, which is allowed. The conformance suite must not ask it thousands of
 * times. */
#define TWIN_CALL odd_call
#include "evenhand_plugin.h"
static eh_status odd_call(eh_instance *self, uint32_t function, const eh_value *args, size_t count, eh_value *answer,
                          const eh_sink *out);
#include "twin.h"
#include <time.h>

static eh_status odd_call(eh_instance *self, uint32_t function, const eh_value *args, size_t count, eh_value *answer,
                          const eh_sink *out) {
    eh_status status = twin_call(self, function, args, count, answer, out);
    clock_t began = clock();
    while (status == EH_OK && function == 0 && clock() - began < CLOCKS_PER_SEC / 50) {
    }
    return status;
}
