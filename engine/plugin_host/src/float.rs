//! The floating-point mode of the processor: how results are rounded, and whether very small numbers are kept.
//!
//! Start-up code that compilers link for `-ffast-math` switches small numbers off for the whole process. It cannot be seen
//! in a stripped file, only by comparing the mode before and after.

/// The bits of the mode that decide about results.
pub(crate) fn mode() -> u64 {
    control().map_or_else(probe, |control| control & MASK)
}

/// Sets the mode to what [`mode`] gave, where that can be done.
pub(crate) fn restore(mode: u64) {
    set(mode);
}

/// Rounding, flushing to zero, subnormals as zero, and the exception masks; not the flags that calculating sets.
#[cfg(target_arch = "x86_64")]
const MASK: u64 = 0xffc0;
/// The same in `FPCR`.
#[cfg(target_arch = "aarch64")]
const MASK: u64 = 0x07ff_9f07;
#[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64")))]
const MASK: u64 = u64::MAX;

#[cfg(target_arch = "x86_64")]
#[expect(
    clippy::unnecessary_wraps,
    reason = "other processors have no such register"
)]
fn control() -> Option<u64> {
    let mut control = 0_u32;
    // SAFETY: stores the 4 bytes of MXCSR to a local.
    unsafe {
        std::arch::asm!("stmxcsr [{}]", in(reg) &raw mut control, options(nostack, preserves_flags));
    };
    Some(u64::from(control))
}

#[cfg(target_arch = "x86_64")]
fn set(mode: u64) {
    // All exceptions masked is what every program starts with; the flags begin at none.
    let Ok(control) = u32::try_from(mode) else {
        return;
    };
    // SAFETY: puts back the mode that Rust expects.
    unsafe {
        std::arch::asm!("ldmxcsr [{}]", in(reg) &raw const control, options(nostack, preserves_flags));
    };
}

#[cfg(target_arch = "aarch64")]
#[expect(
    clippy::unnecessary_wraps,
    reason = "other processors have no such register"
)]
fn control() -> Option<u64> {
    let control: u64;
    // SAFETY: reads a register that every program may read.
    unsafe {
        std::arch::asm!("mrs {}, fpcr", out(reg) control, options(nomem, nostack, preserves_flags))
    };
    Some(control)
}

#[cfg(target_arch = "aarch64")]
fn set(mode: u64) {
    // SAFETY: puts back the mode that Rust expects.
    unsafe {
        std::arch::asm!("msr fpcr, {}", in(reg) mode, options(nomem, nostack, preserves_flags))
    };
}

#[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64")))]
fn control() -> Option<u64> {
    None
}

#[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64")))]
fn set(_: u64) {}

/// Calculates what comes out differently in another mode.
fn probe() -> u64 {
    use std::hint::black_box;
    let small = black_box(f64::MIN_POSITIVE) * black_box(0.5);
    let third = black_box(1.0_f64) / black_box(3.0);
    let minus = black_box(-1.0_f64) / black_box(3.0);
    small.to_bits() ^ third.to_bits().rotate_left(21) ^ minus.to_bits().rotate_left(42)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn calculating_does_not_change_the_mode() {
        let before = mode();
        let inexact = std::hint::black_box(1.0_f64) / std::hint::black_box(3.0);
        assert!(inexact > 0.3);
        assert_eq!(mode(), before);
    }

    #[test]
    #[cfg(target_arch = "x86_64")]
    fn small_numbers_off_is_seen_and_undone() {
        let (before, probed) = (mode(), probe());
        set(before | 0x8040);
        let (changed, probed_then) = (mode(), probe());
        restore(before);
        assert_ne!(changed, before);
        assert_ne!(probed_then, probed, "the portable probe sees it too");
        assert_eq!(mode(), before);
        assert_eq!(probe(), probed);
    }
}
