//! Patterns over words, and the automaton that finds all of them in one pass.
//!
//! A pattern is a row of elements parted by spaces: `word`, `stem*`, `(one|two words|stem*)`, each with `?` behind it when it may be
//! left out (not for choices of several words); `..3` lets up to three words stand between; a final `$` asks for the end of a clause.

use crate::words::{Gap, Word, Words};

/// The widest gap a pattern may ask for, and the widest sum of them: both bound the work done at one word.
const WIDEST_GAP: usize = 6;
const WIDEST_SUM: usize = 12;

/// Longer words match nothing, so that no quote can be longer than a line or two.
const LONGEST_WORD: usize = 64;

/// Number of a literal (a word or a stem) in the automaton.
type Atom = u32;

/// A pattern found at a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Found {
    /// The number that was given to [`Automaton::add`].
    pub(crate) tag: usize,
    /// First word.
    pub(crate) from: usize,
    /// First word after it.
    pub(crate) to: usize,
}

#[derive(Debug)]
struct Element {
    atoms: Vec<Atom>,
    optional: bool,
    gap: usize,
}

#[derive(Debug)]
struct Pattern {
    tag: usize,
    elements: Vec<Element>,
    ends_clause: bool,
}

/// All patterns of one language.
#[derive(Debug, Default)]
pub(crate) struct Automaton {
    literals: Trie,
    patterns: Vec<Pattern>,
    /// By atom: the patterns that begin with it.
    beginnings: Vec<Vec<u32>>,
}

impl Automaton {
    /// Adds a pattern; its finds carry `tag`. The error says what is wrong with the pattern.
    pub(crate) fn add(&mut self, source: &str, tag: usize) -> Result<(), String> {
        let mut rows = vec![Vec::new()];
        for part in parts(source) {
            rows = spread(rows, &part);
        }
        rows.iter().try_for_each(|row| {
            self.add_row(row, tag)
                .map_err(|why| format!("pattern `{source}`: {why}"))
        })
    }

    /// Adds a row of parts without inner spaces.
    fn add_row(&mut self, row: &[String], tag: usize) -> Result<(), String> {
        let mut elements: Vec<Element> = Vec::new();
        let mut gap = 0;
        let mut ends_clause = false;
        for part in row {
            if ends_clause {
                return Err("nothing may follow `$`".to_owned());
            }
            if part == "$" {
                ends_clause = true;
            } else if let Some(width) = part.strip_prefix("..") {
                gap = width
                    .parse()
                    .ok()
                    .filter(|width| (1..=WIDEST_GAP).contains(width))
                    .ok_or_else(|| format!("a gap is ..1 to ..{WIDEST_GAP}"))?;
            } else {
                elements.push(self.element(part, gap)?);
                gap = 0;
            }
        }
        let first = elements
            .first()
            .filter(|first| !first.optional && first.gap == 0 && gap == 0)
            .ok_or("the first word and the last are required")?;
        if elements.iter().map(|element| element.gap).sum::<usize>() > WIDEST_SUM {
            return Err(format!("gaps of more than {WIDEST_SUM} words in all"));
        }
        let number = u32::try_from(self.patterns.len()).unwrap_or(u32::MAX);
        for atom in &first.atoms {
            let slot = *atom as usize;
            if self.beginnings.len() <= slot {
                self.beginnings.resize_with(slot + 1, Vec::new);
            }
            if let Some(list) = self.beginnings.get_mut(slot) {
                list.push(number);
            }
        }
        self.patterns.push(Pattern {
            tag,
            elements,
            ends_clause,
        });
        Ok(())
    }

    fn element(&mut self, part: &str, gap: usize) -> Result<Element, String> {
        let (body, optional) = match part.strip_suffix('?') {
            Some(body) => (body, true),
            None => (part, false),
        };
        let body = match body.strip_prefix('(') {
            Some(inner) => inner.strip_suffix(')').ok_or("a bracket is not closed")?,
            None => body,
        };
        let mut atoms = body
            .split('|')
            .map(|literal| self.literals.insert(literal))
            .collect::<Result<Vec<_>, _>>()?;
        atoms.sort_unstable();
        atoms.dedup();
        Ok(Element {
            atoms,
            optional,
            gap,
        })
    }

    /// Every pattern at every word of `range`, in order of place. No find leaves the range.
    pub(crate) fn find(&self, words: &Words, range: std::ops::Range<usize>) -> Vec<Found> {
        let list = words.list().get(range.clone()).unwrap_or_default();
        let mut marks = Atoms::default();
        for word in list {
            self.literals.walk(words.level(word), &mut marks.flat);
            marks.ends.push(marks.flat.len());
        }
        let mut finds = Vec::new();
        for at in 0..list.len() {
            for atom in marks.of(at) {
                let begins = self
                    .beginnings
                    .get(*atom as usize)
                    .map_or(&[][..], Vec::as_slice);
                for pattern in begins
                    .iter()
                    .filter_map(|number| self.patterns.get(*number as usize))
                {
                    if let Some(to) = pattern.match_at(&marks, list, at) {
                        finds.push(Found {
                            tag: pattern.tag,
                            from: range.start + at,
                            to: range.start + to,
                        });
                    }
                }
            }
        }
        finds
    }
}

/// Splits at spaces outside of brackets.
fn parts(source: &str) -> Vec<String> {
    let mut parts: Vec<String> = Vec::new();
    for part in source.split(' ').filter(|part| !part.is_empty()) {
        match parts.last_mut() {
            Some(open) if open.starts_with('(') && !open.contains(')') => {
                open.push(' ');
                open.push_str(part);
            }
            _ => parts.push(part.to_owned()),
        }
    }
    parts
}

/// Puts `part` behind every row. A choice of several words makes rows of its own.
fn spread(rows: Vec<Vec<String>>, part: &str) -> Vec<Vec<String>> {
    let choices = part
        .strip_prefix('(')
        .and_then(|inner| inner.strip_suffix(')'))
        .unwrap_or_default();
    if !choices.contains(' ') {
        let mut rows = rows;
        for row in &mut rows {
            row.push(part.to_owned());
        }
        return rows;
    }
    let (long, short): (Vec<&str>, Vec<&str>) =
        choices.split('|').partition(|choice| choice.contains(' '));
    let mut ways: Vec<Vec<String>> = long.iter().map(|choice| parts(choice)).collect();
    if !short.is_empty() {
        ways.push(vec![format!("({})", short.join("|"))]);
    }
    rows.iter()
        .flat_map(|row| ways.iter().map(move |way| [row.as_slice(), way].concat()))
        .collect()
}

impl Pattern {
    /// The word after the match that begins at `at`, if there is one.
    fn match_at(&self, marks: &Atoms, list: &[Word], at: usize) -> Option<usize> {
        self.rest(0, at, at, marks, list)
    }

    fn rest(
        &self,
        element: usize,
        start: usize,
        at: usize,
        marks: &Atoms,
        list: &[Word],
    ) -> Option<usize> {
        let Some(next) = self.elements.get(element) else {
            let open = self.ends_clause && list.get(at).is_some_and(|word| word.gap == Gap::Joined);
            return (!open).then_some(at);
        };
        for place in at..=at + next.gap {
            let Some(word) = list.get(place) else { break };
            let widest = if next.gap > 0 {
                Gap::Clause
            } else {
                Gap::Joined
            };
            if place > start && word.gap > widest {
                break;
            }
            if marks
                .of(place)
                .iter()
                .any(|atom| next.atoms.binary_search(atom).is_ok())
                && let Some(end) = self.rest(element + 1, start, place + 1, marks, list)
            {
                return Some(end);
            }
        }
        if next.optional {
            return self.rest(element + 1, start, at, marks, list);
        }
        None
    }
}

/// The literals that each word matches.
#[derive(Debug, Default)]
struct Atoms {
    flat: Vec<Atom>,
    ends: Vec<usize>,
}

impl Atoms {
    fn of(&self, word: usize) -> &[Atom] {
        let from = word
            .checked_sub(1)
            .and_then(|before| self.ends.get(before))
            .copied()
            .unwrap_or(0);
        let to = self.ends.get(word).copied().unwrap_or(from);
        self.flat.get(from..to).unwrap_or_default()
    }
}

/// Words and stems as a tree of bytes: one walk along a word finds every literal that matches it.
#[derive(Debug)]
struct Trie {
    nodes: Vec<Node>,
    atoms: Atom,
}

#[derive(Debug, Default)]
struct Node {
    next: Vec<(u8, u32)>,
    whole: Option<Atom>,
    stem: Option<Atom>,
}

impl Default for Trie {
    fn default() -> Self {
        Self {
            nodes: vec![Node::default()],
            atoms: 0,
        }
    }
}

impl Trie {
    /// Adds a word or a `stem*`, levelled already; gives its number, the same for the same literal.
    fn insert(&mut self, literal: &str) -> Result<Atom, String> {
        let (body, is_stem) = match literal.strip_suffix('*') {
            Some(stem) => (stem, true),
            None => (literal, false),
        };
        if body.is_empty()
            || !body
                .bytes()
                .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
        {
            return Err(format!(
                "`{literal}` is not a word in small letters without accents"
            ));
        }
        let mut here = 0;
        for byte in body.bytes() {
            here = self.child(here, byte);
        }
        let fresh = self.atoms;
        let node = self.nodes.get_mut(here).ok_or("the tree is broken")?;
        let slot = if is_stem {
            &mut node.stem
        } else {
            &mut node.whole
        };
        let atom = *slot.get_or_insert(fresh);
        if atom == fresh {
            self.atoms += 1;
        }
        Ok(atom)
    }

    fn child(&mut self, node: usize, byte: u8) -> usize {
        let fresh = self.nodes.len();
        let next = self.nodes.get_mut(node).map(|node| &mut node.next);
        let Some(next) = next else { return 0 };
        if let Some((_, child)) = next.iter().find(|(label, _)| *label == byte) {
            return *child as usize;
        }
        next.push((byte, u32::try_from(fresh).unwrap_or(u32::MAX)));
        self.nodes.push(Node::default());
        fresh
    }

    fn walk(&self, word: &str, out: &mut Vec<Atom>) {
        if word.len() > LONGEST_WORD {
            return;
        }
        let mut node = self.nodes.first();
        for byte in word.bytes() {
            let Some(here) = node else { return };
            out.extend(here.stem);
            node = here
                .next
                .iter()
                .find(|(label, _)| *label == byte)
                .and_then(|(_, child)| self.nodes.get(*child as usize));
        }
        if let Some(end) = node {
            out.extend(end.stem);
            out.extend(end.whole);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(patterns: &[&str], text: &str) -> Vec<String> {
        let mut automaton = Automaton::default();
        for (tag, pattern) in patterns.iter().enumerate() {
            automaton.add(pattern, tag).unwrap();
        }
        let words = Words::cut(text);
        automaton
            .find(&words, 0..words.list().len())
            .into_iter()
            .map(|found| {
                let span = &words.list()[found.from..found.to];
                let quote: Vec<_> = span.iter().map(|word| words.level(word)).collect();
                format!("{}:{}", found.tag, quote.join(" "))
            })
            .collect()
    }

    #[test]
    fn words_stems_choices_options_and_gaps() {
        assert_eq!(
            found(&["hero*"], "Heroes, no heroin(e) ero"),
            ["0:heroes", "0:heroin"]
        );
        assert_eq!(
            found(&["(poor|needy) child*"], "needy children; poor, children"),
            ["0:needy children"]
        );
        assert_eq!(
            found(&["no medical? skills"], "no skills, no medical skills"),
            ["0:no skills", "0:no medical skills"]
        );
        assert_eq!(
            found(&["save ..2 lives"], "save the young lives. Save. Lives"),
            ["0:save the young lives"]
        );
        assert!(found(&["save ..2 lives"], "save one two three lives").is_empty());
        assert_eq!(found(&["save ..2 lives"], "save the old, lives").len(), 1);
    }

    #[test]
    fn a_choice_may_have_several_words() {
        assert_eq!(
            found(
                &["save ..1 (old people|cats)"],
                "save old people, save the old people, save cats, save people"
            ),
            ["0:save old people", "0:save the old people", "0:save cats"]
        );
    }

    #[test]
    fn a_final_dollar_asks_for_the_end_of_a_clause() {
        assert_eq!(
            found(&["the poor $"], "for the poor, the poor results, the poor").len(),
            2
        );
    }

    #[test]
    fn broken_patterns_are_refused_with_a_reason() {
        for bad in [
            "",
            "..2 a",
            "a ..9 b",
            "a ..2",
            "A",
            "é",
            "a? b",
            "(a|b",
            "a $ b",
            "*",
            "a ..6 b ..6 c ..6 d",
        ] {
            assert!(Automaton::default().add(bad, 0).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_match_never_leaves_its_range() {
        let mut automaton = Automaton::default();
        automaton.add("third world", 0).unwrap();
        let words = Words::cut("third world");
        assert!(automaton.find(&words, 0..1).is_empty());
        assert_eq!(automaton.find(&words, 0..2).len(), 1);
    }
}
