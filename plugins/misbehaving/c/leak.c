/* Every call leaks a kilobyte. The conformance suite sees the memory grow over many calls. */
#define TWIN_CALL odd_call
#include "evenhand_plugin.h"
static eh_status odd_call(eh_instance *self, uint32_t function, const eh_value *args, size_t count, eh_value *answer,
                          const eh_sink *out);
#include "twin.h"

static eh_status odd_call(eh_instance *self, uint32_t function, const eh_value *args, size_t count, eh_value *answer,
                          const eh_sink *out) {
    volatile char *lost = malloc(1024);
    if (lost) lost[0] = lost[1023] = 1;
    return twin_call(self, function, args, count, answer, out);
}
