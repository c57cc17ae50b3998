//! The pages: what a person sees, and what each button does.

mod ask;
mod field;
mod group;
mod hand_in;
mod layout;
mod panel;
mod plan;
mod review;
mod start;
mod turn;

pub(crate) use hand_in::card;

use crate::app::App;
use crate::form::Form;
use crate::message::Response;
use evenhand_analysis::Judge;
use evenhand_core::document::Document;
use evenhand_core::joint::Joint;
use evenhand_core::problem::Problem;
use evenhand_core::schema::Schema;
use evenhand_core::scorecard::Scorecard;
use evenhand_diagnostic::words::Words;
use evenhand_report::paper;
use evenhand_session::Language;
use maud::{Markup, PreEscaped, html};
use std::sync::Arc;

pub(crate) use plan::plan;
pub(crate) use start::{begin, start};

/// The header by which whoever writes files says that no program answers yet.
pub(crate) const HOST: &str = "evenhand-host";

/// The header by which a host says that an answer to this request failed before.
pub(crate) const FAILED: &str = "evenhand-failed";

/// What a page is written for: the language, and the rulebook behind it.
#[derive(Debug, Clone)]
pub(crate) struct View<'a> {
    pub(crate) app: &'a App,
    pub(crate) language: Arc<Language>,
    pub(crate) tag: String,
    /// The page's name, such as `plan`.
    pub(crate) name: String,
    /// Whether forms wait until a program answers.
    pub(crate) waits: bool,
}

/// Why a request is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Refusal {
    NoSuchPage,
    TooLarge,
    Foreign,
    Method,
    Version,
    Failed,
}

impl View<'_> {
    /// The language of the page.
    pub(crate) fn words(&self) -> &dyn Words {
        &self.language.locale
    }

    /// The schema with its questions in the language of the page.
    pub(crate) fn schema(&self) -> &Schema {
        self.language.schema(self.app.session())
    }

    /// The address of a page in the language of this one.
    pub(crate) fn address(&self, name: &str) -> String {
        crate::app::address(name, &self.tag)
    }

    /// What the packs wrote in English stands in a page of another language.
    pub(crate) fn foreign(&self) -> Option<&'static str> {
        (self.tag != "en").then_some("en")
    }
}

impl View<'_> {
    /// A proposal as the packs of today call its fields, with what was understood.
    pub(crate) fn understood(
        &self,
        document: Document,
    ) -> Result<(Document, Vec<Problem>), Vec<Problem>> {
        self.app.session().rulebook().understood(document)
    }
}

impl Judge for View<'_> {
    fn judge(&self, proposal: &Document) -> Scorecard {
        let book = self.app.session().rulebook();
        book.judge_with(proposal, self.words(), self.app.executor())
    }

    fn check(&self, proposal: &Document) -> Vec<Problem> {
        self.app.session().rulebook().check_document(proposal)
    }

    fn schema(&self) -> &Schema {
        View::schema(self)
    }

    fn joint(&self, readings: &[Scorecard]) -> Joint {
        let book = self.app.session().rulebook();
        book.joint(readings, self.words())
    }

    fn hosts(&self, proposal: &Document) -> Vec<String> {
        self.app.session().rulebook().hosts(proposal)
    }

    fn respondents(&self) -> Vec<(String, String)> {
        evenhand_analysis::respondents(self.app.session().rulebook(), self.words())
    }
}

/// What a person typed, kept apart from the text around it, whichever way it is written.
pub(crate) fn typed(text: &str) -> Markup {
    html! { bdi { (evenhand_diagnostic::text::visible_lines(text)) } }
}

/// Why nothing was done, and what to do.
fn refused(words: &dyn Words, why: Refusal) -> (&str, &str) {
    match why {
        Refusal::NoSuchPage => (
            words.word("This page does not exist"),
            words.word("Begin at the first page."),
        ),
        Refusal::TooLarge => (
            words.word("This is too much for one plan"),
            words.word("A plan has at most 4 MB. Go back; nothing is lost."),
        ),
        Refusal::Foreign => (
            words.word("This was sent by another site"),
            words.word("Only pages of this program may send a plan to it."),
        ),
        Refusal::Method => (
            words.word("This cannot be done here"),
            words.word("Begin at the first page."),
        ),
        Refusal::Version => (
            words.word("This page is of another version"),
            words
                .word("Copy the text of your plan into a file, and open that from the first page."),
        ),
        Refusal::Failed => (
            words.word("This could not be done"),
            words
                .word("Copy the text of your plan into a file, and open that from the first page."),
        ),
    }
}

/// A page that says why nothing was done.
pub(crate) fn refusal(view: &View<'_>, status: u16, why: Refusal) -> Response {
    kept(view, status, why, &Form::default())
}

/// The same with the text of the plan, so that nothing that was typed is lost.
pub(crate) fn kept(view: &View<'_>, status: u16, why: Refusal, form: &Form) -> Response {
    let words = view.words();
    let (title, advice) = refused(words, why);
    let text = form.get("text").or_else(|| form.get("source"));
    let body = html! {
        h1 { (title) }
        p { (advice) }
        @if let Some(text) = text {
            label for="kept" { (words.word("The text of your plan")) }
            textarea #kept .code rows="20" readonly { (field::first_line_kept(text)) }
        }
        p { a href=(view.address("index")) { (words.word("First page")) } }
    };
    Response::page(status, layout::page(view, title, &body))
}

/// The whole rulebook. It is written in English.
pub(crate) fn rulebook(view: &View<'_>) -> Response {
    let book = view.app.session().rulebook();
    let written = evenhand_authoring::rulebook::paper(book, &std::collections::BTreeMap::new());
    match written {
        Ok(rulebook) => {
            let title = rulebook.title.clone();
            let body = html! {
                h1 { (title) }
                (PreEscaped(paper::html_body(&rulebook)))
            };
            Response::page(200, layout::page(view, &title, &body))
        }
        Err(problems) => {
            let title = view.words().word("The rulebook cannot be shown");
            let body = html! {
                h1 { (title) }
                ul { @for problem in &problems { li { (problem.to_string()) } } }
            };
            Response::page(500, layout::page(view, title, &body))
        }
    }
}
