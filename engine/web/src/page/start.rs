//! The first page: begin with a kind of program, open a file, or look at an example.

use super::{View, field, layout};
use crate::app::address;
use crate::message::Response;
use crate::plan::{At, Plan, VERSION};
use evenhand_core::pointer::Pointer;
use evenhand_core::schema::{Field, Kind, Schema};
use evenhand_document::document::Format;
use maud::{Markup, html};

/// Questions of the first page: those of the first group that have a choice.
const CHOICES: usize = 3;

/// The first page.
pub(crate) fn start(view: &View<'_>) -> Response {
    let words = view.words();
    let title = words.word("Plan a program");
    let about = &view.app.session().rulebook().info().about;
    let body = html! {
        h1 { (title) }
        p.lead lang=[view.foreign()] { (about) }
        section #drafts hidden aria-labelledby="drafts-title"
            data-version=(VERSION) data-plan=(address("plan", &view.tag))
            data-continue=(words.word("Continue")) data-remove=(words.word("Remove"))
        {
            h2 #drafts-title { (words.word("Drafts on this device")) }
            p { (words.word("Drafts stay in this browser and are sent nowhere. Some browsers delete them after seven days without a visit: save a file, and save it often.")) }
            ul.plain {}
        }
        (new(view))
        (open(view))
        (examples(view))
        section aria-labelledby="more" {
            h2 #more { (words.word("How plans are judged")) }
            p { a href=(address("rulebook", "en")) hreflang=[view.foreign()] { (words.word("The rulebook: every rule with its reasons and sources")) } }
        }
    };
    Response::page(200, layout::page(view, title, &body))
}

/// The beginning of a plan without an answer.
pub(crate) fn begin(view: &View<'_>) -> Response {
    super::plan::show(view, empty(view))
}

/// A plan without an answer.
pub(super) fn empty(view: &View<'_>) -> Plan {
    let first = first(view.schema());
    let name = first.as_str().trim_start_matches('/');
    Plan::new(
        "plan.yaml",
        Format::Yaml,
        format!("{name}:\n"),
        At::Group(first),
    )
}

/// The first group of the schema.
pub(super) fn first(schema: &Schema) -> Pointer {
    let root = schema.field(schema.root());
    let name = root.properties.first().map(|(name, _)| name.as_str());
    Pointer::root().key(name.unwrap_or_default())
}

/// The fields by which a program begins.
fn choices(schema: &Schema) -> Vec<(Pointer, &Field)> {
    let group = first(schema);
    let Some(id) = schema.find(&group.dotted()) else {
        return Vec::new();
    };
    let fields = schema.field(id).properties.iter();
    fields
        .map(|(name, id)| (group.key(name), schema.field(*id)))
        .filter(|(_, field)| {
            let items = field.items.map(|items| schema.field(items));
            let chosen = items.unwrap_or(field);
            chosen.kind == Kind::Text && !chosen.choices.is_empty()
        })
        .take(CHOICES)
        .collect()
}

fn new(view: &View<'_>) -> Markup {
    let words = view.words();
    let inside = html! {
        input type="hidden" name="v" value=(VERSION);
        @for (path, _) in choices(view.schema()) {
            (field::bare(view, &path))
        }
        button.main name="do" value="new" { (words.word("Begin")) }
    };
    html! {
        section aria-labelledby="new" {
            h2 #new { (words.word("What do you plan?")) }
            form method="post" action=(view.address("plan")) { (layout::waiting(view, &inside)) }
        }
    }
}

fn open(view: &View<'_>) -> Markup {
    let words = view.words();
    let inside = html! {
        input type="hidden" name="v" value=(VERSION);
        div.field {
            label for="file" { (words.word("A plan in YAML, JSON or TOML")) }
            input #file type="file" name="file" accept=".yaml,.yml,.json,.toml";
        }
        button name="do" value="open" { (words.word("Open")) }
    };
    html! {
        section aria-labelledby="open" {
            h2 #open { (words.word("Open a file")) }
            form method="post" enctype="multipart/form-data" action=(view.address("plan")) { (layout::waiting(view, &inside)) }
        }
    }
}

/// The programs that the packs bring to try.
pub(super) fn bases(view: &View<'_>) -> Vec<(String, String)> {
    let packs = view.app.session().rulebook().packs().iter();
    let mut found = Vec::new();
    for pack in packs {
        for path in pack.files.keys() {
            let name = path
                .strip_prefix("bases/")
                .and_then(|name| name.strip_suffix(".yaml"));
            if let (Some(name), Some(Ok(document))) = (name, pack.document(path)) {
                found.push((name.to_owned(), document.source().text().to_owned()));
            }
        }
    }
    found
}

fn examples(view: &View<'_>) -> Markup {
    let words = view.words();
    let inside = html! {
        input type="hidden" name="v" value=(VERSION);
        ul.plain {
            @for (name, _) in bases(view) {
                li { button.link name="do" value={ "example:" (name) } lang=[view.foreign()] { (name.replace('-', " ")) } }
            }
        }
    };
    html! {
        section aria-labelledby="examples" {
            h2 #examples { (words.word("Look at an example")) }
            form method="post" action=(view.address("plan")) { (layout::waiting(view, &inside)) }
        }
    }
}
