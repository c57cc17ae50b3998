//! The symbols that a library offers, found as the loader finds them: through its hash tables.

use super::{Dynamic, Segments};
use object::elf;

/// Bytes of an entry of the symbol table.
const ENTRY: usize = 24;

/// Names of the symbols that others can find, sorted, each once.
pub(super) fn exports(segments: &Segments<'_>, table: &Dynamic) -> Result<Vec<String>, String> {
    let Some(address) = table.get(elf::DT_SYMTAB) else {
        return Ok(Vec::new());
    };
    let symbols = segments
        .from(address)
        .ok_or("its symbol table is not in a segment")?;
    let count = count(segments, table)?;
    let symbols = count
        .checked_mul(ENTRY)
        .and_then(|size| symbols.get(..size))
        .ok_or("its symbol table is cut short")?;
    let mut names = Vec::new();
    for symbol in symbols.chunks_exact(ENTRY).filter(|symbol| offered(symbol)) {
        let name = half(symbol, 0).map(u64::from).unwrap_or_default();
        names.push(table.name(segments, name)?);
    }
    names.sort();
    names.dedup();
    Ok(names)
}

/// Whether an entry is defined here, for others to find.
fn offered(symbol: &[u8]) -> bool {
    let [_, _, _, _, info, other, section_low, section_high, ..] = symbol else {
        return false;
    };
    let local = info >> 4 == 0;
    let hidden = matches!(other & 3, 1 | 2);
    let defined = (section_low, section_high) != (&0, &0);
    defined && !local && !hidden
}

/// How many entries the loader can come to.
fn count(segments: &Segments<'_>, table: &Dynamic) -> Result<usize, String> {
    let old = table.get(elf::DT_HASH).map(|address| {
        let hash = segments.from(address)?;
        half(hash, 4)
    });
    let new = table
        .get(elf::DT_GNU_HASH)
        .map(|address| in_buckets(segments.from(address)?));
    let mut most = 0;
    for found in [old, new].into_iter().flatten() {
        let found = found.ok_or("its table of symbols' hashes is not in a segment")?;
        most = most.max(found);
    }
    usize::try_from(most).map_err(|_wide| "it has too many symbols".to_owned())
}

/// The entry after the last one that a bucket of the newer table leads to.
fn in_buckets(hash: &[u8]) -> Option<u32> {
    let (buckets, first, filter) = (half(hash, 0)?, half(hash, 4)?, half(hash, 8)?);
    let filter = usize::try_from(filter).ok()?.checked_mul(8)?;
    let buckets_at = filter.checked_add(16)?;
    let chains_at = usize::try_from(buckets)
        .ok()?
        .checked_mul(4)?
        .checked_add(buckets_at)?;
    let heads = hash.get(buckets_at..chains_at)?;
    let last = heads.chunks_exact(4).filter_map(|head| half(head, 0)).max();
    let Some(mut last) = last.filter(|last| *last >= first) else {
        return Some(first);
    };
    // A chain ends with an odd number.
    loop {
        let at = usize::try_from(last.checked_sub(first)?)
            .ok()?
            .checked_mul(4)?
            .checked_add(chains_at)?;
        last = last.checked_add(1)?;
        if half(hash, at)? & 1 == 1 {
            return Some(last);
        }
    }
}

fn half(bytes: &[u8], offset: usize) -> Option<u32> {
    let part = bytes.get(offset..)?.first_chunk::<4>()?;
    Some(u32::from_le_bytes(*part))
}
