/* Closes every descriptor in a call, the worker's connection among them. */
#include <unistd.h>
#define TWIN_CALL odd_call
#include "evenhand_plugin.h"
static eh_status odd_call(eh_instance *self, uint32_t function, const eh_value *args, size_t count, eh_value *answer,
                          const eh_sink *out);
#include "twin.h"

static eh_status odd_call(eh_instance *self, uint32_t function, const eh_value *args, size_t count, eh_value *answer,
                          const eh_sink *out) {
    for (int descriptor = 0; descriptor < 256; descriptor++) close(descriptor);
    return twin_call(self, function, args, count, answer, out);
}
