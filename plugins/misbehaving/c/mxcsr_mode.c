/* Switches subnormals off in a call, as code does that was built for speed. The host compares the mode at every call. */
#define TWIN_CALL odd_call
#include "evenhand_plugin.h"
static eh_status odd_call(eh_instance *self, uint32_t function, const eh_value *args, size_t count, eh_value *answer,
                          const eh_sink *out);
#include "twin.h"

static eh_status odd_call(eh_instance *self, uint32_t function, const eh_value *args, size_t count, eh_value *answer,
                          const eh_sink *out) {
#if defined(__x86_64__)
    uint32_t control;
    __asm__ volatile("stmxcsr %0" : "=m"(control));
    control |= 0x8040; /* flush to zero, subnormals are zero */
    __asm__ volatile("ldmxcsr %0" : : "m"(control));
#endif
    return twin_call(self, function, args, count, answer, out);
}
