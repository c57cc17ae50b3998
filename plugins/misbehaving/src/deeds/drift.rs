//! Functions that claim to be pure and are not.

use super::answer::{text, value};
use super::{Deed, Scene, deed};
use evenhand_plugin::abi::{Status, Value};
use evenhand_plugin::value::ValueType::{I64, Str};
use std::collections::HashSet;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

/// The deeds of this file.
pub const DEEDS: &[Deed] = &[
    deed("clock", I64, |scene| {
        let now = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .unwrap_or_default();
        number(scene, i64::try_from(now.as_nanos()).unwrap_or(i64::MAX))
    }),
    deed("counter", I64, |scene| {
        static CALLS: AtomicI64 = AtomicI64::new(0);
        number(scene, CALLS.fetch_add(1, Ordering::Relaxed))
    }),
    deed("address", I64, |scene| {
        let here = Box::new(0_u8);
        number(
            scene,
            i64::try_from((&raw const *here).addr()).unwrap_or(i64::MAX),
        )
    }),
    deed("hash_order", Str, hash_order),
];

fn number(scene: &mut Scene<'_>, number: i64) -> Status {
    value(scene, Value::i64(number))
}

#[expect(clippy::iter_over_hash_type, reason = "that is the misbehaviour")]
fn hash_order(scene: &mut Scene<'_>) -> Status {
    let mut line = String::new();
    for name in HashSet::from([
        "Amina", "Bo", "Chidi", "Dina", "Emeka", "Fatou", "Gita", "Hugo",
    ]) {
        line.push_str(name);
        line.push(' ');
    }
    text(scene, &line)
}
