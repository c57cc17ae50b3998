//! One question: the one whose answer narrows most, of all that it is about at once.

use super::field::{Fields, respondents};
use super::typed;
use evenhand_analysis::question::{Decides, Question};
use evenhand_core::schema::Kind;
use maud::{Markup, html};

impl Fields<'_> {
    /// The fields of a question, with what waits for the answer.
    pub(super) fn question(&self, question: &Question) -> Markup {
        let words = self.view.words();
        html! {
            p.hint { (decides(self, question)) }
            (self.of_question(question))
            details.why {
                summary { (words.word("What waits for the answer")) }
                ul { @for waiting in &question.waiting { li { (waiting.title) } } }
            }
        }
    }

    fn of_question(&self, question: &Question) -> Markup {
        let words = self.view.words();
        let single = question.paths.len() == 1;
        let first = question.paths.first();
        // One answer usually holds for all: it is asked once.
        if let Some(first) = first.filter(|_| question.alike && !single) {
            let names = evenhand_report::questions::shortened(&question.about, words);
            return html! {
                p { (words.say("For {names}: usually one answer.", &[("names", &names)])) }
                @for path in question.paths.iter().skip(1) {
                    input type="hidden" name={ "same:" (path.as_str()) } value=(first.as_str());
                }
                (self.one(first, None))
            };
        }
        html! {
            @for (index, path) in question.paths.iter().enumerate() {
                @let about = question.about.get(index).map(String::as_str);
                @match self.field(path).map(|field| field.kind) {
                    Some(Kind::Object) => { (self.group(path)) }
                    Some(Kind::List) if self.has_groups(path) => {
                        @if let Some(about) = about { h2 { (typed(about)) } }
                        (self.list(path))
                    }
                    _ => { (self.one(path, about)) }
                }
            }
        }
    }

    fn has_groups(&self, path: &evenhand_core::pointer::Pointer) -> bool {
        let item = self.field(&path.key("0"));
        item.is_some_and(|item| item.kind == Kind::Object)
    }
}

/// What the answer can change, and who may know it.
pub(super) fn decides(fields: &Fields<'_>, question: &Question) -> Markup {
    let words = fields.view.words();
    let said = match question.decides {
        Decides::Gate => words.word("A critical rule waits for this."),
        Decides::Threshold => {
            words.word("This decides whether a dimension reaches the board's threshold.")
        }
        Decides::Range => words.word("This makes a range narrower."),
    };
    let asked = respondents(fields.view, &question.id);
    html! {
        (said)
        @if !asked.is_empty() { " " (words.say("Ask: {names}.", &[("names", &asked)])) }
    }
}
