use super::*;
use crate::tests::book;
use evenhand_core::document::Format;
use proptest::prelude::*;

fn document(name: &str, yaml: &str) -> Document {
    Document::parse(name, yaml.as_bytes(), Format::Yaml).unwrap()
}

fn seen(files: &[&str], options: Options<'_>) -> Perspectives {
    let documents = files.iter().enumerate();
    let documents: Vec<Document> = documents
        .map(|(index, yaml)| document(&format!("{index}.yaml"), yaml))
        .collect();
    perspectives(book(), &documents, options).unwrap()
}

const OURS: &str = "safe: true\nplan: true\nmoney: 50\nnote: a\n\
    shares: { ours: 0.5, theirs: 0.5 }\n\
    groups: [{ key: a, name: North, trained: true }, { key: b, trained: true }]\n";

#[test]
fn differences_are_found_wherever_they_stand() {
    for (theirs, expected) in [
        (OURS, &[][..]),
        (
            "safe: true\nplan: true\nmoney: 50.0\nnote: a\nshares: { theirs: 0.5, ours: 0.5 }\n\
          groups: [{ key: b, trained: true }, { key: a, name: North, trained: true }]\n",
            &[],
        ),
        (
            "safe: false\nplan: null\nmoney: 50\nnote: a\nshares: { ours: 0.5, theirs: 0.5 }\n\
          groups: [{ key: a, name: North, trained: true }, { key: b, trained: true }]\n",
            &["safe: true | false", "plan: true | "],
        ),
        // Numbers that add up are one answer; elements are told apart by their key.
        (
            "safe: true\nplan: true\nmoney: 50\nnote: a\nshares: { ours: 0.75, theirs: 0.25 }\n\
          groups: [{ key: b, trained: false }, { key: c }]\n",
            &[
                r#"shares: {"ours":0.5,"theirs":0.5} | {"ours":0.75,"theirs":0.25}"#,
                "groups[a]: {\"key\":\"a\",\"name\":\"North\",\"trained\":true} | ",
                "groups[b].trained: true | false",
                "groups[c]:  | {\"key\":\"c\"}",
            ],
        ),
        // A list that one does not have is not said; one that is empty says that there is nothing.
        (
            "safe: true\nplan: true\nmoney: 50\nnote: a\nshares: { ours: 0.5, theirs: 0.5 }\n",
            &[
                r#"groups: [{"key":"a","name":"North","trained":true},{"key":"b","trained":true}] | "#,
            ],
        ),
    ] {
        let documents = [document("a.yaml", OURS), document("b.yaml", theirs)];
        let found = differences::differences(book().schema(), &documents);
        let shown: Vec<String> = found
            .iter()
            .map(|one| {
                let said = |answer: &Option<Answer>| {
                    answer
                        .as_ref()
                        .map(|answer| answer.value.to_string())
                        .unwrap_or_default()
                };
                format!(
                    "{}: {} | {}",
                    one.at,
                    said(&one.answers[0]),
                    said(&one.answers[1])
                )
            })
            .collect();
        assert_eq!(shown, expected, "{theirs}");
    }
}

#[test]
fn what_decides_comes_first_with_what_hangs_on_it() {
    let found = seen(
        &[
            OURS,
            &OURS
                .replace("safe: true", "safe: false")
                .replace("note: a", "note: b"),
        ],
        Options::default(),
    );
    let [safe, note] = found.differences.as_slice() else {
        panic!("{:?}", found.differences)
    };
    assert_eq!(
        (safe.at.as_str(), safe.decides(), safe.is_tried),
        ("safe", true, true)
    );
    assert_eq!(safe.rules().into_iter().collect::<Vec<_>>(), ["care/safe"]);
    let place = safe.answers[1].as_ref().and_then(|answer| answer.place);
    assert_eq!(place.map(|place| (place.line, place.column)), Some((1, 7)));
    assert_eq!(
        (note.at.as_str(), note.effects.len(), note.is_tried),
        ("note", 0, true)
    );
    let words = found.readings.iter().map(|one| one.summary.verdict.word());
    assert_eq!(words.collect::<Vec<_>>(), ["proceed", "stop"]);
    assert_eq!(found.joint.verdict.word(), "incomplete");
    let care = &found.joint.dimensions[0];
    let ends: Vec<(Option<u8>, Option<u8>)> = found
        .readings
        .iter()
        .map(|one| {
            (
                one.summary.dimensions[0].low,
                one.summary.dimensions[0].high,
            )
        })
        .collect();
    assert_eq!((care.low, care.high), (ends[1].0, ends[0].1), "{ends:?}");
}

#[test]
fn what_is_not_said_is_no_contradiction_and_can_be_filled_in() {
    let theirs = "safe: true\ngroups: [{ key: a, name: North, trained: true }, { key: b }]\n";
    let found = seen(&[OURS, theirs], Options::default());
    assert!(found.differences.iter().all(|one| !one.is_contradiction()));
    assert_eq!(found.readings[1].silent, found.differences.len());
    assert_eq!(found.joint.verdict.word(), "incomplete");
    let filled = seen(
        &[OURS, theirs],
        Options {
            fill: true,
            ..Options::default()
        },
    );
    let words = filled.readings.iter().map(|one| one.summary.verdict.word());
    assert_eq!(words.collect::<Vec<_>>(), ["proceed", "proceed"]);
    assert_eq!(filled.joint.verdict.word(), "proceed");
    assert!(
        filled.differences.iter().all(|one| one.effects.is_empty()),
        "{:?}",
        filled.differences
    );
}

#[test]
fn three_readings_stand_together_where_they_say_the_same() {
    let other = OURS.replace("plan: true", "plan: false");
    let found = seen(&[OURS, &other, &other], Options::default());
    assert_eq!(found.differences[0].positions(), [vec![0], vec![1, 2]]);
    // Each takes the other's answer once, whoever gives it.
    let taken: Vec<(usize, usize)> = found.differences[0]
        .effects
        .iter()
        .map(|one| (one.reading, one.answer_of))
        .collect();
    assert_eq!(taken, [(0, 1), (1, 0), (2, 0)]);
}

#[test]
fn readings_are_called_by_what_tells_them_apart() {
    for (names, given, expected) in [
        (
            ["x/ours.yaml", "theirs.v2.yaml"],
            &[][..],
            ["ours", "theirs.v2"],
        ),
        (
            ["a/plan.yaml", "b/plan.yaml"],
            &[],
            ["a/plan.yaml", "b/plan.yaml"],
        ),
        (
            ["a/plan.yaml", "a/plan.yaml"],
            &[],
            ["a/plan.yaml", "a/plan.yaml (2)"],
        ),
        (["a.yaml", "b.yaml"], &["North", "  "], ["North", "b"]),
    ] {
        let documents = names.map(|name| document(name, OURS));
        let given: Vec<String> = given.iter().map(|one| (*one).to_owned()).collect();
        let found = labels::labels(book().schema(), &documents, &given);
        assert_eq!(found, expected, "{names:?}");
    }
}

#[test]
fn every_file_that_does_not_fit_is_named() {
    let documents = ["safe: 1\n", OURS, "nothing: 2\nsafe: 3\n"];
    let documents = documents.map(|yaml| document("x.yaml", yaml));
    let wrong = perspectives(book(), &documents, Options::default()).unwrap_err();
    let counts: Vec<(usize, usize)> = wrong.iter().map(|(at, all)| (*at, all.len())).collect();
    assert_eq!(counts, [(0, 1), (2, 2)]);
}

/// A small description: each fact said in one of several ways, or not.
fn drawn(facts: &[u8; 6]) -> String {
    let mut text = String::from("note: a\n");
    let lines: [[&str; 3]; 6] = [
        ["", "safe: true\n", "safe: false\n"],
        ["", "plan: true\n", "plan: false\n"],
        ["", "money: 60\n", "money: 20\n"],
        [
            "",
            "shares: { ours: 0.5, theirs: 0.5 }\n",
            "shares: { ours: 0.9, theirs: 0.1 }\n",
        ],
        [
            "groups: []\n",
            "groups: [{ key: a, trained: true }]\n",
            "groups: [{ key: a, trained: false }]\n",
        ],
        ["", "", ""],
    ];
    for (ways, fact) in lines.iter().zip(facts) {
        text.push_str(ways[usize::from(fact % 3)]);
    }
    text
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// Over all readings no low end is above that of any of them, filled in or not, and no verdict is milder than what
    /// all of them come out as.
    #[test]
    fn disagreement_widens_and_is_never_averaged(
        facts in proptest::collection::vec([0..3_u8, 0..3, 0..3, 0..3, 0..3, 0..1], 2..4),
        fill in any::<bool>(),
    ) {
        let files: Vec<String> = facts.iter().map(drawn).collect();
        let files: Vec<&str> = files.iter().map(String::as_str).collect();
        let found = seen(&files, Options { fill, ..Options::default() });
        for reading in &found.readings {
            for (own, joint) in reading.summary.dimensions.iter().zip(&found.joint.dimensions) {
                prop_assert!(joint.low <= own.low && own.high <= joint.high);
                prop_assert!(joint.level_low <= own.level_low && own.level_high <= joint.level_high);
            }
        }
        let words: BTreeSet<&str> = found.readings.iter().map(|one| one.summary.verdict.word()).collect();
        if words.len() > 1 {
            prop_assert_eq!(found.joint.verdict.word(), "incomplete");
        } else {
            let joint = found.joint.verdict.word();
            prop_assert!(joint == "incomplete" || words.contains(joint));
        }
    }
}
