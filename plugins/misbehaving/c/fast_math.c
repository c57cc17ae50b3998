/* Start-up code that switches off subnormal numbers for the whole process, as `-ffast-math -shared` links it in with GCC up to 12.
 * Done by hand too, since later compilers do not. The host compares the floating-point mode before and after loading, and refuses. */
#include "twin.h"

__attribute__((constructor)) static void at_load(void) {
#if defined(__SSE2__)
    __builtin_ia32_ldmxcsr(__builtin_ia32_stmxcsr() | 0x8040u);
    twin_at_load = 1;
#elif defined(__aarch64__)
    uint64_t mode;
    __asm__ volatile("mrs %0, fpcr" : "=r"(mode));
    __asm__ volatile("msr fpcr, %0" : : "r"(mode | (UINT64_C(1) << 24)));
    twin_at_load = 1;
#endif
}
