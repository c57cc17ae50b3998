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

/// Of `MXCSR` rounding, flushing to zero, subnormals as zero, and the exception masks, not the flags that calculating sets;
/// above it of the control word of the older unit, which `long double` uses, rounding, precision and the masks.
#[cfg(target_arch = "x86_64")]
const MASK: u64 = 0x0f3f_0000_ffc0;
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
    let (mut control, mut older) = (0_u32, 0_u16);
    // SAFETY: stores the 4 bytes of MXCSR to a local.
    unsafe {
        std::arch::asm!("stmxcsr [{}]", in(reg) &raw mut control, options(nostack, preserves_flags));
    };
    // SAFETY: stores the 2 bytes of the control word to a local.
    unsafe {
        std::arch::asm!("fnstcw [{}]", in(reg) &raw mut older, options(nostack, preserves_flags));
    };
    Some(u64::from(control) | u64::from(older) << 32)
}

#[cfg(target_arch = "x86_64")]
fn set(mode: u64) {
    // All exceptions masked is what every program starts with; the flags begin at none.
    let (Ok(control), Ok(older)) = (
        u32::try_from(mode & 0xffff),
        u16::try_from(mode >> 32 & 0xffff),
    ) else {
        return;
    };
    // SAFETY: puts back the mode that Rust expects.
    unsafe {
        std::arch::asm!("ldmxcsr [{}]", in(reg) &raw const control, options(nostack, preserves_flags));
    };
    // SAFETY: as above, without the flags that would be raised when exceptions are let through again.
    unsafe {
        std::arch::asm!("fnclex", "fldcw [{}]", in(reg) &raw const older, options(nostack, preserves_flags));
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
    fn the_older_unit_is_seen_and_put_back() {
        let before = mode();
        for changed in [0x0c7f_u64, 0x027f, 0x037e] {
            set(before & 0xffff | changed << 32);
            assert_ne!(mode(), before, "{changed:#x}");
            restore(before);
            assert_eq!(mode(), before);
        }
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
