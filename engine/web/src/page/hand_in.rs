//! Reports and files to take away.

use super::View;
use super::turn::{Seen, Turn};
use crate::message::Response;
use crate::plan::Plan;
use evenhand_analysis::plan;
use evenhand_core::board::BundledPlugins;
use evenhand_core::document::Document;
use evenhand_core::robustness::Draws;
use evenhand_core::scorecard::Scorecard;
use evenhand_core::verdict::Word;
use evenhand_document::document::Format;
use evenhand_report::formats::{Entry, FORMATS, Judged, Planned};
use maud::{Markup, html};

/// The page that offers them.
pub(super) fn page(view: &View<'_>, plan: &Plan, seen: &Seen) -> Markup {
    let words = view.words();
    html! {
        section aria-labelledby="keep" {
            h2 #keep { (words.word("Keep your plan")) }
            p { (words.word("The file has everything you answered, and the comments you wrote. Open it again from the first page.")) }
            button.main name="do" value="save" { (words.say("Save {name}", &[("name", &plan.name)])) }
        }
        section aria-labelledby="reports" {
            h2 #reports { (words.word("Reports")) }
            @if seen.card.is_ok() {
                p { (words.word("The same report as a file: to print and hand in, or for programs.")) }
                ul.plain.reports {
                    @for format in FORMATS {
                        li {
                            button name="do" value={ "download:" (format.name) } { (format.name) }
                            " " span lang=[view.foreign()] { (format.about) }
                        }
                    }
                }
            } @else {
                p { (words.word("This plan cannot be judged yet")) }
            }
        }
    }
}

/// The text of the plan as a file.
pub(super) fn save(plan: &Plan) -> Response {
    let kind = match plan.format {
        Format::Yaml => "application/yaml",
        Format::Json => "application/json",
        Format::Toml => "application/toml",
    };
    Response::download(&plan.name, kind, plan.source.clone().into_bytes())
}

/// The scorecard with everything that reports show, for a proposal that fits the schema.
pub(crate) fn card(view: &View<'_>, document: &Document) -> Scorecard {
    let book = view.app.session().rulebook();
    let mut card = book.judge_beside(document, view.words(), &BundledPlugins);
    book.add_robustness(&mut card, Draws::default());
    card
}

/// A report as a file, the same bytes as the command line writes; none where there is no such format, or no judgement.
pub(super) fn download(view: &View<'_>, turn: &Turn, format: &str) -> Option<Response> {
    let format = FORMATS.iter().find(|known| known.name == format)?;
    let document = turn.document.as_ref().ok()?;
    super::panel::judged(view, document).ok()?;
    let book = view.app.session().rulebook();
    let card = card(view, document);
    let wanted = format.has_plan && card.verdict.word != Word::Proceed;
    let steps = if wanted {
        plan::first_steps(view, document, &card, plan::FIRST)
    } else {
        Vec::new()
    };
    let bytes = (format.write)(&[Entry::Judged(Judged {
        card: &card,
        proposal: document,
        schema: view.schema(),
        sources: book.sources(),
        breakdowns: book.breakdowns(),
        plan: Planned::First(&steps),
        respondents: &book.info().respondents,
        words: view.words(),
    })]);
    let name = format!("{}.{}", turn.plan.stem(), format.extension);
    let kind = if format.media_type.starts_with("text/") {
        format!("{}; charset=utf-8", format.media_type)
    } else {
        format.media_type.to_owned()
    };
    Some(Response::download(&name, &kind, bytes))
}
