/* Changes how the older floating-point unit of x86 rounds, which long double uses. The host compares it at every call. */
#define TWIN_CALL odd_call
#include "evenhand_plugin.h"
static eh_status odd_call(eh_instance *self, uint32_t function, const eh_value *args, size_t count, eh_value *answer,
                          const eh_sink *out);
#include "twin.h"

static eh_status odd_call(eh_instance *self, uint32_t function, const eh_value *args, size_t count, eh_value *answer,
                          const eh_sink *out) {
#if defined(__x86_64__)
    uint16_t control = 0x0c7f; /* toward zero, single precision */
    __asm__ volatile("fldcw %0" : : "m"(control));
#endif
    return twin_call(self, function, args, count, answer, out);
}
