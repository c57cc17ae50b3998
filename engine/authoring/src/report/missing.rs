//! What a language lacks, as the lines of a file of translations in which the English stands to be replaced.

use evenhand_locale::Missing;

/// Renders the texts by section.
pub fn render(missing: &[Missing]) -> String {
    let mut text = String::new();
    let mut section = "";
    for one in missing {
        if one.section != section {
            if !section.is_empty() {
                text.push('\n');
            }
            section = &one.section;
            text.push_str(&format!("[{section}]\n"));
        }
        text.push_str(&format!(
            "{} = {}\n",
            quoted(&one.key),
            quoted(&one.english)
        ));
    }
    text
}

/// A text as TOML writes it, which for these is as JSON does.
fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}
