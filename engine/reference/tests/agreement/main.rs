//! The engine beside the second opinion: findings alone, whole judgements of made-up packs, what boards changed, and laws.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test may fail")]

mod engine;
mod findings;
mod judgements;
mod laws;
mod worlds;

/// How many judgements a person asked for, and the seed: `JUDGEMENTS` and `SEED`.
fn asked() -> (usize, u64) {
    let number = |name: &str| std::env::var(name).ok().map(|text| text.parse().unwrap());
    let count: Option<u64> = number("JUDGEMENTS");
    let count = count.map_or(1_000_000, |count| usize::try_from(count).unwrap());
    (count, number("SEED").unwrap_or(1))
}
