//! Reads rows of the tables that are compiled in, without parsing the whole table first.
//!
//! The tables are comma-separated text with a header, sorted by the bytes of their first field.

/// The row whose first field is `key`, found by bisection; `None` if there is no such row.
pub(crate) fn find<'t>(table: &'t str, key: &str) -> Option<&'t str> {
    let bytes = table.as_bytes();
    let mut low = line_end(bytes, 0)? + 1;
    let mut high = bytes.len();
    while low < high {
        let middle = low + (high - low) / 2;
        let start = line_start(bytes, low, middle);
        let end = line_end(bytes, start).unwrap_or(bytes.len());
        let line = table.get(start..end)?;
        match fields(line).next()?.cmp(key) {
            std::cmp::Ordering::Equal => return Some(line),
            std::cmp::Ordering::Less => low = end + 1,
            std::cmp::Ordering::Greater => high = start,
        }
    }
    None
}

/// All rows after the header.
pub(crate) fn rows(table: &str) -> impl Iterator<Item = &str> {
    table.lines().skip(1)
}

/// The fields of a row. Outer quotes are taken off; a doubled quote inside stays doubled.
pub(crate) fn fields(line: &str) -> Fields<'_> {
    Fields { rest: Some(line) }
}

/// Iterator over the fields of a row.
pub(crate) struct Fields<'t> {
    rest: Option<&'t str>,
}

impl<'t> Iterator for Fields<'t> {
    type Item = &'t str;

    fn next(&mut self) -> Option<&'t str> {
        let rest = self.rest?;
        if let Some(quoted) = rest.strip_prefix('"') {
            // The closing quote is the one before a comma or the end of the line.
            if let Some((field, after)) = quoted.split_once("\",") {
                self.rest = Some(after);
                return Some(field);
            }
            self.rest = None;
            return Some(quoted.strip_suffix('"').unwrap_or(quoted));
        }
        let (field, after) = match rest.split_once(',') {
            Some((field, after)) => (field, Some(after)),
            None => (rest, None),
        };
        self.rest = after;
        Some(field)
    }
}

fn line_start(bytes: &[u8], low: usize, middle: usize) -> usize {
    bytes
        .get(low..middle)
        .and_then(|part| part.iter().rposition(|byte| *byte == b'\n'))
        .map_or(low, |position| low + position + 1)
}

fn line_end(bytes: &[u8], start: usize) -> Option<usize> {
    bytes
        .get(start..)
        .and_then(|part| part.iter().position(|byte| *byte == b'\n'))
        .map(|position| start + position)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TABLE: &str = "key,name\nA,one\nBB,\"two, quoted\"\nC,\"says \"\"hi\"\"\"\nÅ,ring\n";

    #[test]
    fn every_row_is_found_and_no_other() {
        for key in ["A", "BB", "C", "Å"] {
            let row = find(TABLE, key).unwrap();
            assert_eq!(fields(row).next(), Some(key));
        }
        for key in ["", "0", "B", "BBB", "ZZ", "Ö", "key"] {
            assert_eq!(find(TABLE, key), None, "{key}");
        }
    }

    #[test]
    fn quoted_fields_keep_their_commas() {
        let row = find(TABLE, "BB").unwrap();
        assert_eq!(fields(row).collect::<Vec<_>>(), ["BB", "two, quoted"]);
        assert_eq!(
            fields(find(TABLE, "C").unwrap()).nth(1),
            Some("says \"\"hi\"\"")
        );
    }

    #[test]
    fn a_table_without_rows_has_none() {
        assert_eq!(find("key,name\n", "A"), None);
        assert_eq!(find("", "A"), None);
    }
}
