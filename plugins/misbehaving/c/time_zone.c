/* `twice` depends on the time zone of whoever asks. The conformance suite finds it by asking in another environment. */
#define TWIN_CALL odd_call
#include "evenhand_plugin.h"
static eh_status odd_call(eh_instance *self, uint32_t function, const eh_value *args, size_t count, eh_value *answer,
                          const eh_sink *out);
#include "twin.h"
#include <time.h>

static eh_status odd_call(eh_instance *self, uint32_t function, const eh_value *args, size_t count, eh_value *answer,
                          const eh_sink *out) {
    const time_t beginning = 0;
    const struct tm *there = localtime(&beginning);
    eh_status status = twin_call(self, function, args, count, answer, out);
    if (status == EH_OK && function == 0 && there) answer->u.i += there->tm_hour * 60 + there->tm_min;
    return status;
}
