#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| evenhand_plugin_host::fuzz::library(bytes));
