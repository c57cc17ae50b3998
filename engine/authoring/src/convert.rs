//! Taking the form out of a page, whose script then stands beside it.

use evenhand_core::rule::Page;
use evenhand_core::rule::form::RawData;

/// The page's text without its form, and without reasons for changes to the form.
pub fn without_form(page: &Page) -> String {
    let mut text = page.source.text().to_owned();
    let Some(RawData::Table(entries)) = page.form.as_ref().map(|form| &form.data) else {
        return text;
    };
    let mut spans: Vec<_> = entries
        .iter()
        .map(|entry| entry.span.start..entry.value.span.end.max(entry.span.end))
        .collect();
    spans.sort_by_key(|span| std::cmp::Reverse(span.start));
    for span in spans {
        let start = text
            .get(..span.start)
            .and_then(|before| before.rfind('\n'))
            .map_or(0, |at| at + 1);
        let rest = text.get(span.end..).unwrap_or_default();
        // Up to the next setting, or the end of the settings: what stands between belongs to the form.
        let mut end = span.end;
        for line in rest.split_inclusive('\n') {
            let first = end == span.end;
            let inside = line.starts_with([' ', '\t']) || line.trim().is_empty();
            if !first && !inside {
                break;
            }
            end += line.len();
            if first && !line.ends_with('\n') {
                break;
            }
        }
        text.replace_range(start..end, "");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use evenhand_core::source::Source;

    #[test]
    fn everything_else_stays() {
        for form in [
            "judge: { yes_no: { of: agreed } }\nsay: { met: Fine }\n",
            "judge:\n  yes_no:\n    of: agreed\nsay:\n  met: >-\n    Fine,\n    all of it\n\n",
            "applies: { agreed: true }   # where it is so\njudge:\n  first:\n    - { if: { agreed: true }, then: 1, say: A }\n\n    - { else: 0, say: B }\nremedy: none\n",
        ] {
            let (before, after) = (
                "---\ntitle: A rule\nseverity: minor\n",
                "sources: []\nlimits: None.\n---\n\nWhy.\n\n## How it is judged\n\nSo.\n",
            );
            let page = Page::parse(
                "ethics/a",
                Source::new("a.md", format!("{before}{form}{after}")),
            )
            .unwrap();
            let left = without_form(&page);
            assert_eq!(left, format!("{before}{after}"));
            assert!(
                Page::parse("ethics/a", Source::new("a.md", left))
                    .unwrap()
                    .form
                    .is_none()
            );
        }
    }
}
