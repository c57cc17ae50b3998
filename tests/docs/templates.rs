//! The reference of a memo's variables is what the program knows, and the example of a template uses it.

use crate::assembly::root;
use std::fs;

const MARK: &str = "<!-- made by the program from here -->\n";

#[test]
fn the_variables_of_memos_are_listed_as_they_are() {
    let path = root().join("docs/guides/memo-templates.md");
    let page = fs::read_to_string(&path).unwrap();
    let (own, old) = page.split_once(MARK).unwrap();
    let table = format!("\n{}", evenhand_memo::reference());
    if std::env::var_os("UPDATE_DOCS").is_some_and(|update| update == "1") {
        fs::write(&path, format!("{own}{MARK}{table}")).unwrap();
    } else {
        assert_eq!(old, table, "UPDATE_DOCS=1 writes the table anew");
    }
}
