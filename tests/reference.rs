//! The compiled programs and the interpreter of Rhai's syntax agree: every rule of the core pack, over the examples and over
//! proposals made from them by changing answers within the schema, leaving answers out and making lists longer.

use crate::assembly::{book, examples};
use evenhand_core::document::Document;
use evenhand_core::finding::Finding;
use evenhand_core::schema::{Field, FieldId, Kind, Schema};
use serde_json::{Value, json};

/// Numbers that look random and are the same everywhere (splitmix64).
pub(crate) struct Draws(pub(crate) u64);

impl Draws {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    pub(crate) fn below(&mut self, count: usize) -> usize {
        usize::try_from(self.next() % u64::try_from(count.max(1)).unwrap()).unwrap()
    }

    pub(crate) fn pick<'a, T>(&mut self, from: &'a [T]) -> Option<&'a T> {
        from.get(self.below(from.len()))
    }
}

/// Another answer to a question.
fn answer(field: &Field, now: &Value, draws: &mut Draws) -> Value {
    match field.kind {
        Kind::Boolean => json!(draws.below(2) == 1),
        Kind::Text if !field.choices.is_empty() => json!(draws.pick(&field.choices)),
        Kind::Number | Kind::Integer => {
            let low = field.minimum.unwrap_or(0.0);
            let high = field.maximum.unwrap_or(60.0).min(low + 60.0);
            let steps = if field.kind == Kind::Integer {
                high - low
            } else {
                16.0
            };
            #[expect(
                clippy::cast_precision_loss,
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "small numbers"
            )]
            let at = draws.below(steps.max(0.0) as usize + 1) as f64 / steps.max(1.0);
            let number = low + (high - low) * at;
            json!(if field.kind == Kind::Integer {
                number.round()
            } else {
                number
            })
        }
        _ => now.clone(),
    }
}

/// Changes one thing somewhere below.
pub(crate) fn change(schema: &Schema, id: FieldId, value: &mut Value, draws: &mut Draws) {
    let field = schema.field(id);
    match (field.kind, &mut *value) {
        (Kind::Object, Value::Object(map)) => {
            let named: Vec<&(String, FieldId)> = field
                .properties
                .iter()
                .filter(|(name, _)| name != "derived")
                .collect();
            let Some((name, below)) = draws.pick(&named).copied() else {
                return;
            };
            if draws.below(6) == 0 {
                map.remove(name);
                return;
            }
            let fresh = match schema.field(*below).kind {
                Kind::Object => json!({}),
                _ => Value::Null,
            };
            change(
                schema,
                *below,
                map.entry(name.clone()).or_insert(fresh),
                draws,
            );
        }
        (Kind::List, Value::Array(items)) => match (field.items, draws.below(5)) {
            (_, 0) if items.len() > 1 => {
                items.pop();
            }
            (_, 1) if !items.is_empty() => {
                let again = draws.pick(items).cloned();
                items.extend(again);
            }
            (Some(item), _) => {
                let at = draws.below(items.len());
                if let Some(value) = items.get_mut(at) {
                    change(schema, item, value, draws);
                }
            }
            _ => {}
        },
        _ => *value = answer(field, value, draws),
    }
}

/// What a finding says, without what only its page says.
fn said(finding: &Finding) -> String {
    let evidence: Vec<_> = finding
        .evidence
        .iter()
        .map(|fact| fact.path.as_str())
        .collect();
    let place = |error: &String| error.split(": ").next().unwrap_or_default().to_owned();
    format!(
        "{:?} {:?} {:?} {:?}\n missing {:?}\n evidence {evidence:?}\n remedy {:?}\n looked at {:?}\n error {:?}",
        finding.outcome,
        finding.degree,
        finding.message.template,
        finding.message.args,
        finding.missing,
        finding.remedy,
        finding.looked_at,
        finding.error.as_ref().map(place),
    )
}

/// Compares every rule over one proposal; how many were compared.
fn compare(name: &str, proposal: Value) -> usize {
    let book = book();
    let document = Document::from_value(name, proposal);
    let facts = book.facts(&document);
    let mut count = 0;
    for rule in book.rules() {
        let Some((interpreted, compiled)) = book.ask_both(rule, &facts) else {
            continue;
        };
        count += 1;
        assert_eq!(
            said(&compiled),
            said(&interpreted),
            "{} over {name}: {:#}",
            rule.page.id,
            document.value()
        );
        // Trying the other side of `&&` and `||` only ever says more.
        let judged = book.ask_here(rule, &facts);
        let (wide, narrow) = (compiled.degree, judged.degree);
        assert!(
            wide.low <= narrow.low && narrow.high <= wide.high,
            "{} over {name}: {wide:?} {narrow:?}",
            rule.page.id
        );
        if compiled.outcome.word() != "unknown" {
            assert_eq!(
                judged.outcome, compiled.outcome,
                "{} over {name}",
                rule.page.id
            );
        }
    }
    count
}

/// Every range becomes its least number: the interpreter knows no ranges, which `laws::ranges` holds against their ends.
fn take_least(value: &mut Value) {
    if let Some((from, _)) = evenhand_core::text::ends(value) {
        *value = Value::from(from);
        return;
    }
    match value {
        Value::Array(items) => items.iter_mut().for_each(take_least),
        Value::Object(map) => map.values_mut().for_each(take_least),
        _ => {}
    }
}

fn run(variants: usize, seed: u64) -> usize {
    let schema = book().schema();
    let work = move || {
        let mut draws = Draws(seed);
        let mut count = 0;
        for (name, document) in examples() {
            let mut start = schema.with_ranges(document.value()).into_owned();
            take_least(&mut start);
            count += compare(&name, start.clone());
            let mut proposal = start.clone();
            for variant in 0..variants {
                // A few changes from the last; now and then from the start again.
                if variant % 16 == 0 {
                    proposal = start.clone();
                }
                for _ in 0..=draws.below(5) {
                    change(schema, schema.root(), &mut proposal, &mut draws);
                }
                count += compare(&format!("{name} {seed}-{variant}"), proposal.clone());
            }
        }
        count
    };
    evenhand_threads::with_large_stack(work)
}

#[test]
fn the_program_and_the_interpreter_agree() {
    let count = run(16, 1);
    assert!(count > 15_000, "{count}");
}

/// `cargo test -p evenhand --test e2e reference -- --ignored --nocapture`
#[test]
#[ignore = "takes a quarter of an hour"]
fn they_agree_a_million_times() {
    let mut count = 0;
    for seed in 2.. {
        count += run(64, seed);
        if count >= 1_000_000 {
            break;
        }
    }
    println!("{count} comparisons without a difference");
}

/// The table of functions in the page for authors is made from the engine's own. `UPDATE_DOCS=1` writes it.
#[test]
fn the_page_for_authors_has_every_function() {
    let mut table = "| function | gives | such as |\n|---|---|---|\n".to_owned();
    for native in evenhand_core::program::natives() {
        let line = format!(
            "| `{}` | {} | `{}` |\n",
            native.signature, native.about, native.example
        );
        table.push_str(
            &line
                .replace("|x|", "\\|x\\|")
                .replace("|a, b|", "\\|a, b\\|")
                .replace("|flow|", "\\|flow\\|"),
        );
    }
    let path = crate::assembly::root().join("docs/guides/scripts.md");
    let page = std::fs::read_to_string(&path).unwrap();
    let (before, rest) = page.split_once("<!-- functions -->\n").unwrap();
    let (old, after) = rest.split_once("<!-- end of functions -->").unwrap();
    if std::env::var_os("UPDATE_DOCS").is_some() {
        let new = format!("{before}<!-- functions -->\n{table}<!-- end of functions -->{after}");
        std::fs::write(&path, new).unwrap();
    } else {
        assert_eq!(old, table, "UPDATE_DOCS=1 writes the table anew");
    }
}

/// So is the table of keys in the guide for boards.
#[test]
fn the_guide_for_boards_has_every_key_of_a_profile() {
    let table = evenhand_authoring::profile::table();
    let path = crate::assembly::root().join("docs/guides/boards.md");
    let page = std::fs::read_to_string(&path).unwrap();
    let (before, rest) = page.split_once("<!-- keys -->\n").unwrap();
    let (old, after) = rest.split_once("<!-- end of keys -->").unwrap();
    if std::env::var_os("UPDATE_DOCS").is_some() {
        let new = format!("{before}<!-- keys -->\n{table}<!-- end of keys -->{after}");
        std::fs::write(&path, new).unwrap();
    } else {
        assert_eq!(old, table, "UPDATE_DOCS=1 writes the table anew");
    }
}
