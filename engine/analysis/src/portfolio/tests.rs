use super::*;
use crate::tests::book;
use evenhand_core::document::{Document, Format};
use evenhand_core::portfolio::{Published, PublishedGroup};
use evenhand_core::rule::page::citation;
use evenhand_core::score::Level;

fn entry(place: &str, yaml: &str) -> Entry {
    Entry {
        place: place.to_owned(),
        document: Document::parse(place, yaml.as_bytes(), Format::Yaml),
    }
}

fn entries() -> Vec<Entry> {
    vec![
        entry(
            "a",
            "{ groups: [], safe: true, plan: true, money: 40, shares: { ours: 0.5, theirs: 0.5 }, note: a }",
        ),
        entry(
            "b",
            "{ groups: [], safe: false, plan: true, money: 10, shares: { ours: 0.9, theirs: 0.1 }, note: a }",
        ),
        entry(
            "c",
            "{ safe: true, plan: false, shares: { ours: 1, theirs: 0 } }",
        ),
        entry("d", "{ safe: maybe }"),
        entry("e", "{ safe: true"),
    ]
}

fn spec(id: &str, kind: TableKind) -> TableSpec {
    TableSpec {
        id: id.to_owned(),
        title: id.to_owned(),
        about: String::new(),
        kind,
    }
}

fn portfolio(specs: &[TableSpec], budget: Option<f64>) -> Portfolio {
    let mut collector = Collector::new(book(), specs);
    // A few at a time comes out like all at once.
    for some in entries().chunks(2) {
        collector.add(some, &Sequential);
    }
    let budgets = budget.map(|budget| ("total".to_owned(), budget));
    collector.finish(book().schema(), &budgets.into_iter().collect())
}

fn body(kind: TableKind, budget: Option<f64>) -> Body {
    let mut tables = portfolio(&[spec("total", kind)], budget).tables;
    tables.remove(0).body
}

#[test]
fn broken_files_are_rows_and_count_nowhere() {
    let found = portfolio(&[], None);
    let judged: Vec<(&str, bool)> = found
        .rows
        .iter()
        .map(|row| (row.place.as_str(), row.verdict.is_some()))
        .collect();
    assert_eq!(
        judged,
        [
            ("a", true),
            ("b", true),
            ("c", true),
            ("d", false),
            ("e", false)
        ]
    );
    assert!(found.rows[3..].iter().all(|row| !row.problems.is_empty()));
    assert_eq!(found.rows[0].levels, [Some((Level::GOOD, Level::GOOD)); 2]);
}

#[test]
fn levels_and_verdicts_add_up_to_the_programs_that_were_judged() {
    let Body::Levels {
        verdicts,
        dimensions,
        of,
    } = body(TableKind::Levels, None)
    else {
        panic!();
    };
    assert_eq!(of, 3);
    assert_eq!(verdicts.iter().map(|(_, count)| count).sum::<usize>(), 3);
    for counts in dimensions {
        let all = counts.levels.iter().map(|(_, count)| count).sum::<usize>()
            + counts.open
            + counts.not_judged;
        assert_eq!(all, 3, "{counts:?}");
        assert!(counts.may_rise <= counts.open);
    }
}

#[test]
fn the_most_frequent_stand_first_and_what_does_not_apply_is_left_out() {
    let of = |kind| match body(kind, None) {
        Body::Ranked { entries, more, .. } => {
            let entries = entries.into_iter();
            let entries: Vec<_> = entries.map(|one| (one.id, one.count, one.of)).collect();
            (entries, more)
        }
        other => panic!("{other:?}"),
    };
    let (entries, more) = of(TableKind::Findings {
        outcome: Outcome::Unmet,
        at_most: 2,
    });
    let shown: Vec<_> = entries
        .iter()
        .map(|(id, count, of)| (id.as_str(), *count, *of))
        .collect();
    assert_eq!(shown, [("care/safe", 1, 3), ("order/plan", 1, 3)]);
    assert_eq!(more, 1);
    let (entries, _) = of(TableKind::Missing { at_most: 9 });
    let shown: Vec<_> = entries
        .iter()
        .map(|(id, count, of)| (id.as_str(), *count, *of))
        .collect();
    assert_eq!(shown, [("groups", 1, 3), ("note", 1, 3)]);
}

#[test]
fn programs_are_sorted_and_stand_beside_published_figures() {
    let largest = ["shares.ours", "shares.theirs"].map(str::to_owned).to_vec();
    let group = |rows: &[&str], columns: &[&str]| PublishedGroup {
        title: "x".to_owned(),
        rows: rows.iter().map(|row| (*row).to_owned()).collect(),
        columns: columns.iter().map(|column| (*column).to_owned()).collect(),
        split: Vec::new(),
        count: 5,
    };
    let groups = Groups {
        rows: Category::Field("plan".to_owned()),
        columns: Some(Category::Largest(largest)),
        split: Some(Category::Field("safe".to_owned())),
        published: Some(Published {
            source: citation("review"),
            of: 10,
            note: String::new(),
            groups: vec![
                group(&["true"], &[]),
                group(&[], &["shares.ours"]),
                group(&["true"], &["shares.theirs"]),
            ],
        }),
    };
    let Body::Groups(counted) = body(TableKind::Groups(groups), None) else {
        panic!();
    };
    let names = |labels: &[Label]| -> Vec<String> {
        labels
            .iter()
            .map(|label| label.choice().cloned().unwrap_or_default())
            .collect()
    };
    assert_eq!(names(&counted.rows), ["true", "false"]);
    assert_eq!(names(&counted.columns), ["shares.ours", "shares.theirs"]);
    // `a` shares in halves, and counts for both.
    assert_eq!(counted.pages[0].cells, [[2, 1], [1, 0]]);
    assert_eq!(counted.pages[0].rows, [2, 1]);
    let split: Vec<usize> = counted.pages[1..]
        .iter()
        .map(|page| page.programs)
        .collect();
    assert_eq!(split, [2, 1]);
    let figures: Vec<(usize, usize)> = counted
        .published
        .unwrap()
        .figures
        .iter()
        .map(|(_, count, of, _)| (*count, *of))
        .collect();
    assert_eq!(figures, [(2, 3), (3, 3), (1, 3)]);
}

#[test]
fn a_sum_is_over_a_budget_only_for_certain_and_within_it_only_if_all_is_known() {
    let total = |budget: Option<f64>| {
        let kind = TableKind::Total {
            value: "money".to_owned(),
            low: None,
            high: None,
            stated: None,
        };
        match body(kind, budget) {
            Body::Total(total) => total,
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(total(None).stands, None);
    let found = total(Some(49.0));
    assert_eq!(
        (found.sum.1, found.unknown, found.stands),
        (50.0, 1, Some(Standing::Over))
    );
    // What `c` needs is not known.
    assert_eq!(total(Some(1000.0)).stands, Some(Standing::Open));
}

#[test]
fn a_share_is_over_those_that_say_both() {
    let kind = TableKind::Share {
        part: "shares.ours".to_owned(),
        whole: "money".to_owned(),
    };
    let Body::Share {
        part,
        whole,
        known,
        unknown,
        ..
    } = body(kind, None)
    else {
        panic!();
    };
    assert!((part - 1.4).abs() < 1e-9 && (whole - 50.0).abs() < 1e-9);
    assert_eq!((known, unknown), (2, 1));
}
