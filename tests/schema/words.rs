//! Choices answer to the words that people use for them, before anything is guessed from spelling.

use super::book;
use evenhand_core::document::{Document, Format};

/// What is written, where, and the choice that has to be offered.
const WORDS: &[(&str, &str, &str)] = &[
    ("formats", "elective", "outbound_elective"),
    ("formats", "clerkship", "outbound_elective"),
    ("formats", "Internship", "outbound_elective"),
    ("formats", "observership", "inbound_placement"),
    ("formats", "shadowing", "inbound_placement"),
    ("formats", "COIL", "virtual_exchange"),
    ("formats", "twinning", "institutional_partnership"),
    ("formats", "service learning", "service_trip"),
    ("formats", "mission", "service_trip"),
    ("formats", "volunteer", "service_trip"),
    ("who", "resident", "trainee"),
    ("who", "residents", "trainee"),
    ("who", "nurse", "staff"),
    ("who", "volunteer", "staff"),
    ("activity", "observership", "observation"),
    ("activity", "shadowing", "observation"),
    ("activity", "clerkship", "supervised_care"),
    ("activity", "internship", "supervised_care"),
    ("activity", "mission", "service_camp"),
    ("activity", "service learning", "service_camp"),
    ("profession", "RN", "nurse"),
    ("profession", "nursing", "nurse"),
    ("profession", "resident", "physician"),
    ("profession", "médecin", "physician"),
    ("profession", "physiotherapy", "therapist"),
];

#[test]
fn the_word_that_people_use_is_read_as_the_choice() {
    let mut wrong = Vec::new();
    for (field, word, choice) in WORDS {
        let text = match *field {
            "formats" => format!("program:\n  formats: [{word}]\n"),
            field => format!("flows:\n  - {field}: {word}\n"),
        };
        let document = Document::parse("page.yaml", text.as_bytes(), Format::Yaml).unwrap();
        let problems = book().check_document(&document);
        let offered = problems
            .iter()
            .any(|problem| format!("{:?}", problem.fix).contains(&format!("\"{choice}\"")));
        // What is offered is the choice, and nothing stands there when it is taken.
        let taken = text.replace(word, choice);
        let document = Document::parse("page.yaml", taken.as_bytes(), Format::Yaml).unwrap();
        if problems.len() != 1 || !offered || !book().check_document(&document).is_empty() {
            wrong.push(format!("{field}: {word}, not {choice}: {problems:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_school_and_any_country_are_named_as_people_name_them() {
    for (line, choice) in [
        ("kind: secondary school", "school"),
        ("kind: high school", "school"),
        ("origin: worldwide", "any"),
        ("origin: any country", "any"),
    ] {
        let text = format!("partners:\n  - id: a\n    {line}\n");
        let document = Document::parse("page.yaml", text.as_bytes(), Format::Yaml).unwrap();
        let problems = book().check_document(&document);
        assert_eq!(problems.len(), 1, "{line}");
        let fixes = &problems[0].fix;
        assert!(
            format!("{fixes:?}").contains(&format!("\"{choice}\"")),
            "{line}: {fixes:?}"
        );
    }
}
