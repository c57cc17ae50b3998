//! What every picture has around it: a title and a description for those who do not see it, and a caption.

use super::visible;
use evenhand_diagnostic::text::escape_html as escaped;

/// The texts of a picture.
pub(super) struct Texts<'a> {
    /// The start of the ids of title and description, which no other picture of the page has.
    pub(super) id: &'a str,
    /// What it shows, in a line.
    pub(super) title: &'a str,
    /// The same in words.
    pub(super) words: &'a str,
    /// What stands under it.
    pub(super) caption: &'a str,
}

/// A picture of a size in units of its own; `inside` is SVG that its maker has escaped.
pub(super) fn figure(texts: &Texts<'_>, width: u32, height: &str, inside: &str) -> String {
    let [title, words, caption] =
        [texts.title, texts.words, texts.caption].map(|text| escaped(&visible(text)));
    let id = texts.id;
    format!(
        "<figure>\n<svg role=\"img\" aria-labelledby=\"{id}-title {id}-words\" viewBox=\"0 0 {width} {height}\">\n\
         <title id=\"{id}-title\">{title}</title>\n<desc id=\"{id}-words\">{words}</desc>\n\
         {inside}</svg>\n<figcaption>{caption}</figcaption>\n</figure>"
    )
}
