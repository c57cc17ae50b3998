//! What every page has around it.

use super::View;
use crate::app::address;
use maud::{DOCTYPE, Markup, html};

/// The same as the header of every response, for a page that is read from a file.
const POLICY: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self'; \
                      connect-src 'self'; worker-src 'self'; form-action 'self'; base-uri 'none'";

/// A page that carries no plan: the languages are links.
pub(super) fn page(view: &View<'_>, title: &str, body: &Markup) -> String {
    let words = view.words();
    let languages = html! {
        nav.languages aria-label=(words.word("Languages")) {
            @for tag in view.app.languages() {
                @if *tag == view.tag {
                    span aria-current="true" lang=(tag) { (name(view, tag)) }
                } @else {
                    a href=(address(&view.name, tag)) hreflang=(tag) lang=(tag) { (name(view, tag)) }
                }
            }
        }
    };
    let body = html! {
        (header(view, &languages))
        main #content tabindex="-1" { (body) }
    };
    whole(view, title, &body)
}

/// The name of a language, in that language.
pub(super) fn name(view: &View<'_>, tag: &str) -> String {
    let language = view.app.session().language(Some(tag));
    let name = language.ok().and_then(|language| language.locale.name());
    name.unwrap_or_else(|| tag.to_owned())
}

/// The name of the program, and the languages.
pub(super) fn header(view: &View<'_>, languages: &Markup) -> Markup {
    html! {
        header.top {
            a.name href=(view.address("index")) { "Evenhand" }
            (languages)
        }
    }
}

/// A page from its first to its last line.
pub(super) fn whole(view: &View<'_>, title: &str, body: &Markup) -> String {
    let words = view.words();
    let version = [("version", evenhand_core::VERSION)];
    let page = html! {
        (DOCTYPE)
        html lang=(view.tag) data-host=(if view.waits { "file" } else { "program" }) {
            head {
                meta charset="utf-8";
                meta http-equiv="Content-Security-Policy" content=(POLICY);
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                meta name="referrer" content="same-origin";
                title { (title) " – Evenhand" }
                link rel="stylesheet" href="style.css";
                @if view.waits { script src="engine.js" defer {} }
                script src="app.js" defer {}
            }
            body data-gone=(words.word("The program does not answer. What you typed is kept on this page; start it again and go on."))
                data-fresh=(words.word("A new version is ready. Your draft is saved first."))
                data-renew=(words.word("Use the new version"))
                data-other=(words.word("This draft is also open in another tab. Only that tab saves it."))
                data-full=(words.word("This browser keeps no drafts. Save a file, and save it often."))
                data-close=(words.word("Close"))
            {
                a.skip href="#content" { (words.word("Skip to the content")) }
                @if view.waits {
                    p.wait #wait role="status"
                        data-start=(words.word("The program is being started.")) data-failed=(words.word("The program cannot be started in this browser. On your own machine, evenhand serve opens the same pages."))
                    {
                        noscript { (words.word("These pages work without JavaScript only where evenhand serve answers them.")) }
                    }
                }
                (body)
                footer {
                    p { (words.word("Evenhand recommends; people decide.")) " " (words.say("Made by Evenhand {version}.", &version)) }
                }
            }
        }
    };
    page.into_string()
}

/// The inside of a form, which waits where no program answers yet.
pub(super) fn waiting(view: &View<'_>, inside: &Markup) -> Markup {
    html! {
        @if view.waits {
            fieldset.waits disabled { (inside) }
        } @else {
            (inside)
        }
    }
}
