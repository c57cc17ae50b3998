use super::*;
use evenhand_core::profile::Profile;
use evenhand_core::sample;
use evenhand_core::waiver::{Standing, Waived};
use evenhand_document::document::{Document, Format};
use proptest::prelude::*;

fn rows(text: &str) -> Result<Vec<Waiver>, Vec<String>> {
    let source = Source::new("w.csv", text.to_owned());
    read(&source, &sample::book(&[]))
        .map_err(|problems| problems.iter().map(ToString::to_string).collect())
}

fn waiver(reason: &str) -> Waiver {
    Waiver {
        rule: "ethics/long-stay".to_owned(),
        proposal: "nairobi-2027".to_owned(),
        reason: reason.to_owned(),
        by: "Board 14".to_owned(),
        until: Until::read("2027-06-30"),
    }
}

#[test]
fn a_table_is_read_whatever_program_wrote_it() {
    let row = "ethics/long-stay,nairobi-2027,asked,Board 14,2027-06-30";
    let head = "rule,proposal,reason,by,until";
    for text in [
        format!("{head}\n{row}\n"),
        format!("\u{feff}{head}\r\n{row}\r\n"),
        format!("{}\n{}\n", head.replace(',', ";"), row.replace(',', ";")),
        format!("Rule, Proposal,reason , by,UNTIL\n\n{row}"),
        format!("days_left,standing,{head}\n-3,expired,{row}\n"),
    ] {
        assert_eq!(rows(&text), Ok(vec![waiver("asked")]), "{text:?}");
    }
}

#[test]
fn everything_wrong_is_said_at_once_with_its_line() {
    assert_eq!(
        rows("rule,proposal,reason,by,until\nethics/long-stays,p,r,b,2027-06-30\n,p,r,,30.6.2027\nethics/long-stay,p,a,reason,b,2027-06-30\n"),
        Err(vec![
            "w.csv:2:1: `ethics/long-stays` is not a rule; did you mean `ethics/long-stay`?".to_owned(),
            "w.csv:3:1: `rule` is empty".to_owned(),
            "w.csv:3:1: `by` is empty".to_owned(),
            "w.csv:3:1: `until` is `30.6.2027`, which is no date; expected year, month and day, such as 2027-06-30; write 2027-06-30".to_owned(),
            "w.csv:4:1: the row has 6 cells, and the heading 5; put a cell with a comma in it into quotes".to_owned(),
        ])
    );
    assert_eq!(
        rows("rule,propsal,reason,by,until,by\n"),
        Err(vec![
            "w.csv:1:1: `propsal` is not a column of waivers; did you mean `proposal`?".to_owned(),
            "w.csv:1:1: the heading has no `proposal`; expected rule, proposal, reason, by, until"
                .to_owned(),
            "w.csv:1:1: the heading has `by` twice".to_owned(),
        ])
    );
    assert_eq!(rows("").unwrap_err().len(), 5);
    assert_eq!(
        rows("rule,proposal,reason,by,until\n"),
        Err(vec![
            "w.csv: the table has no rows; expected a row for each waiver under the heading"
                .to_owned()
        ])
    );
}

#[test]
fn a_profile_keeps_every_byte_and_gets_what_it_lacks() {
    let before = "[profile] # ours\nname = \"x\"";
    let (known, new) = (waiver("old"), waiver("new"));
    let (text, count) = added(
        before,
        std::slice::from_ref(&known),
        &[known.clone(), new.clone(), new],
    );
    assert_eq!(count, 1);
    assert_eq!(
        text,
        format!(
            "{before}\n\n[[waivers]]\nrule     = \"ethics/long-stay\"\nproposal = \"nairobi-2027\"\nreason   = \"new\"\nby       = \"Board 14\"\nuntil    = \"2027-06-30\"\n"
        )
    );
    assert_eq!(added("", &[], &[]), (String::new(), 0));
}

proptest! {
    /// Whatever a reason says, it comes back from a spreadsheet and from a profile as it was.
    #[test]
    fn a_waiver_survives_the_way_through_csv_and_toml(reason in "[ -~äé✓'\"=+@\\n\\t\u{7f}-]{0,20}[a-z]") {
        let waiver = waiver(reason.trim());
        let listed = Listed {
            waived: Waived { waiver: waiver.clone(), index: 0, standing: Standing::InForce },
            days_left: Some(3),
        };
        let shown = csv(&[listed]);
        let back = rows(&shown).unwrap();
        // What does not show, and does something to what stands around it, is replaced in a table.
        let visible: String = waiver
            .reason
            .chars()
            .map(|c| if c == '\n' { c } else { evenhand_diagnostic::text::visible(c) })
            .collect();
        prop_assert_eq!(&back[0].reason, visible.trim());
        let (text, count) = added("[profile]\nname = \"x\"\n", &[], std::slice::from_ref(&waiver));
        prop_assert_eq!(count, 1);
        let document = Document::parse("p.toml", text.as_bytes(), Format::Toml).unwrap();
        let profile = Profile::read(document).unwrap();
        prop_assert_eq!(profile.settings.waivers, vec![waiver]);
    }
}
