//! Numbers as expressions of a script; what takes a few steps is a function.

use super::super::{Aggregate, Count, Num, Over, Path, Share};
use super::{Writer, number, param};

impl Writer<'_> {
    pub(super) fn num(&mut self, num: &Num) -> String {
        match num {
            Num::Known(found) => number(*found),
            Num::Path(path) => self.path(path),
            Num::Param(found) => param(found),
            Num::Over(over) if over.what == Aggregate::Sum => self.sum(over),
            Num::Over(over) => self.over(over),
            Num::Count(count) => self.count(count),
            Num::Share(share) => self.share(share),
            Num::Times(pair) => format!("({} * {})", self.num(&pair.0), self.num(&pair.1)),
            Num::Plus(pair) => format!("({} + {})", self.num(&pair.0), self.num(&pair.1)),
        }
    }

    /// Whether a number is there, unless it always is.
    pub(super) fn is_known(&mut self, num: &Num) -> Option<String> {
        if super::super::outcomes::known(num) {
            return None;
        }
        match num {
            Num::Over(over) => match &over.if_none {
                None => {
                    let list = self.filtered(&over.list, over.filter.as_ref());
                    Some(format!("{list}.len() > 0"))
                }
                Some(if_none) => {
                    let list = self.filtered(&over.list, over.filter.as_ref());
                    let known = self.is_known(if_none)?;
                    Some(format!("({list}.len() > 0 || {known})"))
                }
            },
            Num::Share(share) => {
                let parts = [self.is_known(&share.part), self.is_known(&share.whole)];
                let mut all: Vec<String> = parts.into_iter().flatten().collect();
                let whole = match &share.if_zero {
                    None => Some(format!("{} != 0", self.num(&share.whole))),
                    Some(if_zero) => {
                        let known = self.is_known(if_zero);
                        known.map(|known| format!("({} != 0 || {known})", self.num(&share.whole)))
                    }
                };
                all.extend(whole);
                Some(all.join(" && "))
            }
            Num::Times(pair) | Num::Plus(pair) => {
                let parts = [self.is_known(&pair.0), self.is_known(&pair.1)];
                let parts: Vec<String> = parts.into_iter().flatten().collect();
                Some(parts.join(" && "))
            }
            _ => None,
        }
    }

    fn sum(&mut self, over: &Over) -> String {
        let list = self.filtered(&over.list, over.filter.as_ref());
        let of = self.of(&over.list, &over.of);
        format!("{list}.sum({of})")
    }

    /// A closure that gives something of an element.
    fn of(&mut self, list: &Path, of: &Path) -> String {
        self.inside(list, |writer, name| format!("|{name}| {}", writer.path(of)))
    }

    fn over(&mut self, over: &Over) -> String {
        self.function("number", |writer, block| {
            let list = writer.filtered(&over.list, over.filter.as_ref());
            writer.row(block, 1, &format!("let judged = {list};"));
            if let Some(if_none) = &over.if_none {
                let if_none = writer.num(if_none);
                writer.row(
                    block,
                    1,
                    &format!("if judged.len() == 0 {{ return {if_none}; }}"),
                );
            }
            let of = writer.of(&over.list, &over.of);
            match over.what {
                Aggregate::Sum | Aggregate::Mean => {
                    writer.row(block, 1, &format!("judged.sum({of}) / judged.len()"));
                }
                Aggregate::Min | Aggregate::Max => {
                    let word = if over.what == Aggregate::Min {
                        "min"
                    } else {
                        "max"
                    };
                    writer.row(block, 1, &format!("let values = judged.map({of});"));
                    writer.row(block, 1, "let found = values[0];");
                    writer.row(
                        block,
                        1,
                        &format!("for value in values {{ found = {word}(found, value); }}"),
                    );
                    writer.row(block, 1, "found");
                }
            }
        })
    }

    fn count(&mut self, count: &Count) -> String {
        let list = self.filtered(&count.list, count.filter.as_ref());
        let Some(distinct) = &count.distinct else {
            return format!("{list}.len()");
        };
        self.function("number", |writer, block| {
            let name = writer.element(&count.list);
            let of = writer.inside(&count.list, |writer, _| writer.path(distinct));
            writer.row(block, 1, "let values = [];");
            writer.row(block, 1, &format!("for {name} in {list} {{"));
            writer.row(
                block,
                2,
                &format!("if !({of} in values) {{ values.push({of}); }}"),
            );
            writer.row(block, 1, "}");
            writer.row(block, 1, "values.len()");
        })
    }

    fn share(&mut self, share: &Share) -> String {
        self.function("number", |writer, block| {
            let (part, whole) = (writer.num(&share.part), writer.num(&share.whole));
            writer.row(block, 1, &format!("let whole = {whole};"));
            if let Some(if_zero) = &share.if_zero {
                let if_zero = writer.num(if_zero);
                writer.row(block, 1, &format!("if whole == 0 {{ return {if_zero}; }}"));
            }
            writer.row(block, 1, &format!("{part} / whole"));
        })
    }
}
