//! Which lines of a script, or of a form, run: a copy of it notes each statement before it does it.

use evenhand_core::program::lexer::{Token, tokens};
use evenhand_diagnostic::source::Source;
use std::collections::BTreeSet;

use evenhand_core::rule::TRACE_FN;

/// A copy of a script that notes what it does, and the line of each of its statements.
#[derive(Debug)]
pub(crate) struct Followed {
    pub(crate) source: Source,
    lines: Vec<usize>,
}

/// What a brace or bracket holds.
#[derive(PartialEq)]
enum Inside {
    Statements,
    /// The arms of a `switch`; whether one was opened by us.
    Arms(bool),
    Other,
}

impl Followed {
    /// Puts a note before every statement, and before what an arm of a `switch` gives.
    pub(crate) fn new(source: &Source) -> Self {
        let mut notes = Notes {
            source,
            added: Vec::new(),
            lines: Vec::new(),
            inside: Vec::new(),
            switch: None,
        };
        let all = tokens(source.text());
        for (index, token) in all.iter().enumerate() {
            notes.token(token, all.get(index + 1));
        }
        let mut text = source.text().to_owned();
        // From the end, so that what is before keeps its place.
        for (at, note) in notes.added.iter().rev() {
            text.insert_str(*at, note);
        }
        Self {
            source: Source::new(source.name(), text),
            lines: notes.lines,
        }
    }

    /// The lines that hold a statement.
    pub(crate) fn lines(&self) -> BTreeSet<usize> {
        self.lines.iter().copied().collect()
    }

    /// The lines that hold a statement which was not among those done.
    pub(crate) fn unreached(&self, done: &BTreeSet<usize>) -> BTreeSet<usize> {
        let open = self.lines.iter().enumerate();
        open.filter(|(index, _)| !done.contains(index))
            .map(|(_, line)| *line)
            .collect()
    }
}

struct Notes<'a> {
    source: &'a Source,
    added: Vec<(usize, String)>,
    lines: Vec<usize>,
    inside: Vec<Inside>,
    /// How deep a `switch` stands whose brace is yet to come.
    switch: Option<usize>,
}

impl Notes<'_> {
    fn token(&mut self, token: &Token, next: Option<&Token>) {
        match self.source.slice(token.range.clone()) {
            "switch" => self.switch = Some(self.inside.len()),
            "(" | "[" | "#{" => self.inside.push(Inside::Other),
            "{" if self.switch == Some(self.inside.len()) => {
                self.switch = None;
                self.inside.push(Inside::Arms(false));
            }
            "{" => {
                self.inside.push(Inside::Statements);
                self.statement(next);
            }
            ";" if self.inside.last() == Some(&Inside::Statements) => self.statement(next),
            "=>" => self.arm(next),
            "," => self.end_of_arm(token),
            ")" | "]" => {
                self.inside.pop();
            }
            "}" => {
                self.end_of_arm(token);
                let closed = self.inside.pop();
                // After a block, only a word can begin another statement.
                if closed == Some(Inside::Statements)
                    && self.inside.last() == Some(&Inside::Statements)
                    && let Some(next) =
                        next.filter(|next| next.kind == evenhand_core::program::lexer::Kind::Word)
                    && !["else", "while", "until"].contains(&self.source.slice(next.range.clone()))
                {
                    self.statement(Some(next));
                }
            }
            _ => {}
        }
    }

    fn statement(&mut self, first: Option<&Token>) {
        let Some(first) = first else { return };
        if !["}", ";"].contains(&self.source.slice(first.range.clone())) {
            self.note(first.range.start, "");
        }
    }

    /// What an arm gives is put into braces, where it has none.
    fn arm(&mut self, first: Option<&Token>) {
        let Some(first) = first else { return };
        if let Some(Inside::Arms(open)) = self.inside.last_mut()
            && self.source.slice(first.range.clone()) != "{"
        {
            *open = true;
            self.note(first.range.start, "{ ");
        }
    }

    fn end_of_arm(&mut self, token: &Token) {
        if let Some(Inside::Arms(open)) = self.inside.last_mut()
            && *open
        {
            *open = false;
            self.added.push((token.range.start, " }".to_owned()));
        }
    }

    fn note(&mut self, at: usize, before: &str) {
        let number = self.lines.len();
        // Where a form judges, the line of the page that says so.
        let (typed, span) = self.source.typed(at..at);
        self.lines.push(typed.place(span.start).line);
        self.added
            .push((at, format!("{before}{TRACE_FN}({number}); ")));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn noted(text: &str) -> String {
        Followed::new(&Source::new("s", text.to_owned()))
            .source
            .text()
            .to_owned()
    }

    #[test]
    fn every_statement_and_arm_has_its_note() {
        assert_eq!(
            noted("fn f(a) { let b = #{ x: 1 }; if a { return 1; } else { } g(|x| { x }) }"),
            "fn f(a) { __line(0); let b = #{ x: 1 }; __line(1); if a { __line(2); return 1; } \
             else { } __line(3); g(|x| { __line(4); x }) }"
        );
        assert_eq!(
            noted("fn f(a) { switch a { 1 => [2, 3], \"b\" => { 4 } _ => h(5, 6) } }"),
            "fn f(a) { __line(0); switch a { 1 => { __line(1); [2, 3] }, \"b\" => { __line(2); 4 } \
             _ => { __line(3); h(5, 6)  }} }"
        );
    }

    #[test]
    fn a_line_is_reached_when_all_of_it_is() {
        let source = Source::new("s", "fn f(a) {\n  if a { 1 } else { 2 }\n}");
        let followed = Followed::new(&source);
        assert_eq!(followed.lines(), [2].into());
        assert_eq!(followed.unreached(&[0, 1].into()), [2].into());
        assert_eq!(followed.unreached(&[0, 1, 2].into()), [].into());
    }
}
