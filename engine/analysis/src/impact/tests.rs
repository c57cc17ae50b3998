use super::approved::{Approval, Why, read};
use super::*;
use crate::tests::book;
use evenhand_core::document::Format;
use evenhand_core::impact::SamePlugins;
use evenhand_core::sample;
use evenhand_core::score::Level;

fn change(grade: Grade, of: &str, from: Came, to: Came) -> Change {
    Change {
        grade,
        of: of.to_owned(),
        from,
        to,
        single: vec![0],
        together: Vec::new(),
        approved: false,
    }
}

fn row(id: &str, changes: Vec<Change>) -> Row {
    Row {
        place: format!("{id}.yaml"),
        id: id.to_owned(),
        title: id.to_owned(),
        changes,
        refused: Refused::default(),
    }
}

fn verdict(from: Word, to: Word) -> Change {
    change(Grade::Verdict, "", Came::Verdict(from), Came::Verdict(to))
}

fn impact() -> Impact {
    let level = |level: Level| Came::Level(Some(Some((level, level))));
    Impact {
        differences: Vec::new(),
        rows: vec![
            row("one", vec![verdict(Word::Stop, Word::Revise)]),
            row(
                "two",
                vec![change(
                    Grade::Level,
                    "care",
                    level(Level::POOR),
                    level(Level::GOOD),
                )],
            ),
            row("three", Vec::new()),
        ],
    }
}

fn document(text: &str) -> Document {
    Document::parse("approved.toml", text.as_bytes(), Format::Toml).unwrap()
}

#[test]
fn a_list_that_is_written_is_read_again_and_approves_everything() {
    let mut found = impact();
    assert!(found.is_unapproved(Grade::Verdict));
    let text = found.approve(&[]);
    let approvals = read(&document(&text)).unwrap();
    assert_eq!(approvals.len(), 2);
    assert_eq!(found.hold_against(&approvals), []);
    assert!(!found.is_unapproved(Grade::Finding));
    // A reason stays; the order is the same whatever the order of the list.
    let mut reasoned = approvals.clone();
    reasoned[0].reason = Some("a \"reason\" – ñ".to_owned());
    reasoned.reverse();
    let again = read(&document(&found.approve(&reasoned))).unwrap();
    assert_eq!(again.iter().filter(|one| one.reason.is_some()).count(), 1);
    // Only what is at least as grave counts.
    found.hold_against(&approvals[..1]);
    assert!(!found.is_unapproved(Grade::Verdict) && found.is_unapproved(Grade::Level));
}

#[test]
fn an_approval_that_is_for_nothing_is_said_with_the_reason() {
    let mut found = impact();
    let approval = |proposal: &str, what: &str, from: &str, to: &str| Approval {
        proposal: proposal.to_owned(),
        what: what.to_owned(),
        from: from.to_owned(),
        to: to.to_owned(),
        reason: None,
    };
    let approvals = [
        approval("one", "verdict", "stop", "proceed"),
        approval("two", "verdict", "stop", "revise"),
        approval("four", "verdict", "stop", "revise"),
        approval("two", "level.care", "poor", "good"),
    ];
    let why: Vec<Why> = found
        .hold_against(&approvals)
        .into_iter()
        .map(|stale| stale.why)
        .collect();
    assert_eq!(
        why,
        [
            Why::Otherwise("stop".to_owned(), "revise".to_owned()),
            Why::Unchanged,
            Why::NoProgram,
        ]
    );
    // A program that cannot be read may be the one that is meant, and its approvals stay.
    let broken = vec![Problem::error("cut off")];
    found.rows.push(Row {
        id: String::new(),
        refused: Refused {
            old: broken.clone(),
            new: broken,
        },
        ..row("", Vec::new())
    });
    assert_eq!(found.hold_against(&approvals[2..3]), []);
    assert!(found.approve(&approvals[2..3]).contains("\"four\""));
}

#[test]
fn everything_wrong_with_a_list_is_said_at_once() {
    let good = "proposal = \"a\"\nwhat = \"verdict\"\nfrom = \"stop\"\nto = \"revise\"\n";
    let twice = format!("version = 1\n[[approved]]\n{good}[[approved]]\n{good}");
    for (text, count, said) in [
        ("approved = []\n", 1, "version = 1"),
        ("version = 1\nchanges = []\n", 1, "`changes`"),
        ("version = 1\napproved = 3\n", 1, "no list"),
        ("version = 1\napproved = [3]\n", 1, "is a table"),
        ("version = 1\n[[approved]]\nproposal = \"a\"\n", 3, "`what`"),
        (twice.as_str(), 1, "approved twice"),
    ] {
        let problems = read(&document(text)).unwrap_err();
        assert_eq!(problems.len(), count, "{text}: {problems:?}");
        let shown = problems
            .iter()
            .any(|problem| problem.to_string().contains(said));
        assert!(shown, "{said}: {problems:?}");
    }
}

#[test]
fn programs_that_cannot_be_read_are_rows_on_both_sides() {
    let between = Between::new(book(), book(), &SamePlugins);
    let entry = |place: &str, text: &str| Entry {
        place: place.to_owned(),
        document: Document::parse(place, text.as_bytes(), Format::Yaml),
    };
    let rows = rows(
        &between,
        &[
            entry("good", "{ safe: true }"),
            entry("wrong", "{ safe: maybe }"),
            entry("cut", "{ safe: "),
        ],
        &Sequential,
    );
    let broken: Vec<bool> = rows.iter().map(Row::is_broken).collect();
    assert_eq!(broken, [false, true, true]);
    assert!(rows.iter().all(|row| row.changes.is_empty()));
    let found = Impact {
        differences: between.differences().to_vec(),
        rows,
    };
    assert_eq!(found.differences, []);
    assert_eq!(
        (found.of_grade(None), found.is_unapproved(Grade::Finding)),
        (1, false)
    );
}

#[test]
fn what_came_out_has_one_short_form() {
    let state = |outcome, low, high, waived| {
        Came::Finding(Some(State {
            outcome,
            low,
            high,
            waived,
        }))
    };
    for (came, code) in [
        (Came::Judged(false), "no"),
        (Came::Verdict(Word::Stop), "stop"),
        (Came::Level(None), "none"),
        (Came::Level(Some(None)), "not_judged"),
        (
            Came::Level(Some(Some((Level::POOR, Level::MIXED)))),
            "poor..mixed",
        ),
        (Came::Finding(None), "none"),
        (
            state(Outcome::Partly, 1.0 / 3.0, 1.0 / 3.0, false),
            "partly 0.3333",
        ),
        (
            state(Outcome::Unknown, 0.0, 0.5, true),
            "unknown 0..0.5 waived",
        ),
        (state(Outcome::Unmet, 0.0, 0.0, true), "unmet waived"),
    ] {
        assert_eq!(came.code(), code);
    }
}

#[test]
fn an_approval_by_a_former_id_is_of_the_rule_of_now() {
    let named = "severity: major\nformerly: [ethics/length]";
    let book = sample::book(&[("ethics/long-stay.md", "severity: major", named)]);
    for (what, now) in [
        ("finding.ethics/length", "finding.ethics/long-stay"),
        ("finding.ethics/long-stay", "finding.ethics/long-stay"),
        ("finding.ethics/lengths", "finding.ethics/lengths"),
        ("verdict", "verdict"),
    ] {
        let approval = Approval {
            proposal: "p".to_owned(),
            what: what.to_owned(),
            from: "met".to_owned(),
            to: "unmet".to_owned(),
            reason: None,
        };
        assert_eq!(approval.named_in(&book).what, now);
    }
}
