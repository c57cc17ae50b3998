/* Writes the manifest that the plugin holds. The Makefile puts it beside the library. */
#include "evenhand_plugin.h"
#include <stdio.h>

const eh_plugin *evenhand_{{symbol}}_v1(void);

int main(void) {
    const eh_slice manifest = evenhand_{{symbol}}_v1()->manifest;
    return fwrite(manifest.ptr, 1, manifest.len, stdout) != manifest.len;
}
