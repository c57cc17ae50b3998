//! What a form proposes.

use super::super::{Cond, Each, Form, FormKind, Item, Num, Op, Path, Remedy, Set, Value};
use super::{Block, Writer, is_full, quoted, value, values};

/// A fact to set so that a condition holds.
pub(in crate::rule::form) enum Setting {
    Value(Path, Value),
    Number(Path, Num),
    /// The list has one more, or several.
    More(Path, Vec<Value>),
}

/// The facts to set so that a condition holds, where it says so itself.
pub(in crate::rule::form) fn settings(cond: &Cond) -> Option<Vec<Setting>> {
    let can =
        |path: &Path| path.scope == 0 && path.steps.first().is_some_and(|step| step != "derived");
    match cond {
        Cond::And(parts) => {
            let all = parts.iter().map(settings).collect::<Option<Vec<_>>>()?;
            Some(all.into_iter().flatten().collect())
        }
        Cond::Or(parts) => parts.iter().find_map(settings),
        Cond::Not(inner) => match &**inner {
            Cond::Is(path, Value::Flag(flag)) if can(path) => {
                Some(vec![Setting::Value(path.clone(), Value::Flag(!flag))])
            }
            _ => None,
        },
        Cond::Is(path, found) if can(path) => {
            Some(vec![Setting::Value(path.clone(), found.clone())])
        }
        Cond::OneOf(path, all) if can(path) => {
            let first = all.first()?.clone();
            Some(vec![Setting::Value(path.clone(), first)])
        }
        Cond::Compare(Num::Path(path), Op::AtLeast | Op::AtMost, number) if can(path) => {
            Some(vec![Setting::Number(path.clone(), number.clone())])
        }
        Cond::Includes(path, all) if can(path) => {
            let first = all.first()?.clone();
            Some(vec![Setting::More(path.clone(), vec![first])])
        }
        Cond::IncludesAll(path, all) if can(path) => {
            Some(vec![Setting::More(path.clone(), all.clone())])
        }
        _ => None,
    }
}

impl Writer<'_> {
    pub(super) fn remedy(&mut self) -> Option<Block> {
        let form = self.form.judge.as_ref()?;
        let mut block = Block::new();
        self.at(&form.span, |writer| {
            writer.row(&mut block, 0, "fn remedy(program, param) {");
            match (&writer.form.remedy, &form.kind) {
                (Remedy::None, _) => None,
                (Remedy::Set(sets), FormKind::Each(each)) => {
                    writer.each_remedy(&mut block, sets, each);
                    Some(())
                }
                (Remedy::Set(sets), _) => {
                    let all: Vec<String> = sets.iter().map(|set| writer.set(set, form)).collect();
                    writer.row(&mut block, 1, &format!("[{}]", all.join(", ")));
                    Some(())
                }
                (Remedy::Auto, FormKind::Checklist { items, .. }) => {
                    writer.items(&mut block, items);
                    Some(())
                }
                (Remedy::Auto, _) => {
                    let set = writer.auto(form)?;
                    writer.row(&mut block, 1, &format!("[{set}]"));
                    Some(())
                }
            }
        })?;
        self.row(&mut block, 0, "}");
        Some(block)
    }

    /// The fact at the value that counts in full.
    fn auto(&mut self, form: &Form) -> Option<String> {
        let (path, to) = match &form.kind {
            FormKind::Choice { of, scale } => {
                let arm = scale.iter().find(|arm| is_full(&arm.degree))?;
                (of, value(&arm.first))
            }
            FormKind::YesNo { of, yes, .. } => (of, is_full(yes).to_string()),
            FormKind::Number {
                of: Num::Path(path),
                line,
            } => (path, self.full(line)?),
            _ => return None,
        };
        Some(format!("set({}, {to})", quoted(&path.steps.join("."))))
    }

    fn items(&mut self, block: &mut Block, items: &[Item]) {
        self.row(block, 1, "let changes = [];");
        for item in items {
            let Some(all) = settings(&item.is) else {
                continue;
            };
            self.at(&item.span, |writer| {
                let lacks = writer.negated(&item.is);
                writer.row(block, 1, &format!("if {lacks} {{"));
                for setting in all {
                    let set = writer.setting(&setting);
                    writer.row(block, 2, &format!("changes.push({set});"));
                }
                writer.row(block, 1, "}");
            });
        }
        self.row(block, 1, "changes");
    }

    fn setting(&mut self, setting: &Setting) -> String {
        let (path, to) = match setting {
            Setting::Value(path, found) => (path, value(found)),
            Setting::Number(path, number) => (path, self.num(number)),
            Setting::More(path, all) => {
                let list = self.path(path);
                (
                    path,
                    format!("{list} + {}.filter(|more| !(more in {list}))", values(all)),
                )
            }
        };
        format!("set({}, {to})", quoted(&path.steps.join(".")))
    }

    /// One change of the proposal.
    fn set(&mut self, set: &Set, form: &Form) -> String {
        let to = self.to(set, form);
        format!("set({}, {to})", quoted(&set.path.steps.join(".")))
    }

    fn to(&mut self, set: &Set, form: &Form) -> String {
        match (&set.to, &form.kind) {
            (Some(found), _) => value(found),
            (None, FormKind::Number { line, .. }) => self.full(line).unwrap_or_default(),
            (None, _) => String::new(),
        }
    }

    /// A change of every element that does not count in full.
    fn each_remedy(&mut self, block: &mut Block, sets: &[Set], each: &Each) {
        let judged = self.judged(each, true);
        self.row(block, 1, "let changes = [];");
        let name = self.element(&each.list);
        self.row(block, 1, &format!("for {name} in {judged} {{"));
        self.inside(&each.list, |writer, name| {
            let degree = writer.degree(&each.judge);
            writer.row(block, 2, &format!("if {degree} < 1 {{"));
            for set in sets {
                writer.at(&set.span, |writer| {
                    let to = writer.to(set, &each.judge);
                    let text = Self::element_set(name, &set.path, &to);
                    writer.row(block, 3, &format!("changes.push({text});"));
                });
            }
            writer.row(block, 2, "}");
        });
        self.row(block, 1, "}");
        self.row(block, 1, "changes");
    }

    fn element_set(name: &str, path: &Path, to: &str) -> String {
        if path.scope == 0 {
            return format!("set({}, {to})", quoted(&path.steps.join(".")));
        }
        let Some((last, groups)) = path.steps.split_last() else {
            return format!("set({name}.path(), {to})");
        };
        let mut group = name.to_owned();
        for step in groups {
            group.push('.');
            group.push_str(step);
        }
        format!("set({group}, {}, {to})", quoted(last))
    }
}
