//! A form as an answer: what it counts, and what is said.

use super::super::{Arm, Branch, Cap, Deg, Form, FormKind, Path, Template, Then, Value};
use super::degree::{Args, Wanted, title_of};
use super::{Block, Writer, deg, has_full, quoted};
use crate::finding::places;

/// What is said when it is met, partly met and not met.
#[derive(Clone)]
struct Words {
    /// Whether it can be met in part at all.
    in_part: bool,
    met: String,
    partly: String,
    unmet: String,
}

impl Words {
    fn same(text: &str) -> Self {
        let text = || text.to_owned();
        Self {
            in_part: true,
            met: text(),
            partly: text(),
            unmet: text(),
        }
    }

    fn with_words(self) -> Self {
        let as_words = |text: String| text.replace("{value}", "{value:words}");
        Self {
            in_part: self.in_part,
            met: as_words(self.met),
            partly: as_words(self.partly),
            unmet: as_words(self.unmet),
        }
    }

    fn wanted(&self) -> Wanted {
        let all = [&self.met, &self.partly, &self.unmet];
        let names = all.into_iter().flat_map(|text| places(text));
        names
            .map(|place| {
                place
                    .split_once(':')
                    .map_or(place, |(name, _)| name)
                    .to_owned()
            })
            .collect()
    }
}

impl Writer<'_> {
    /// The statements that end in the answer of a form; `say` are the words of the branch it stands in.
    pub(super) fn answer(
        &mut self,
        block: &mut Block,
        indent: usize,
        form: &Form,
        say: Option<&Template>,
    ) {
        self.capped(block, indent, form, say, &[]);
    }

    fn capped(
        &mut self,
        block: &mut Block,
        indent: usize,
        form: &Form,
        say: Option<&Template>,
        more: &[Cap],
    ) {
        let caps: Vec<Cap> = form.at_most.iter().chain(more).cloned().collect();
        let span = form.span.clone();
        self.at(&span, |writer| match &form.kind {
            FormKind::Choice { of, scale } => {
                let words = writer.words(form, say);
                writer.arms(block, indent, of, scale, &words, &caps);
            }
            FormKind::YesNo { of, yes, no } => {
                let words = writer.words(form, say);
                let path = writer.path(of);
                let args = vec![("value", path.clone())];
                writer.row(block, indent, &format!("if {path} {{"));
                writer.fixed(block, indent + 1, yes, &words, &args, &caps);
                writer.row(block, indent, "} else {");
                writer.fixed(block, indent + 1, no, &words, &args, &caps);
                writer.row(block, indent, "}");
            }
            FormKind::First(branches) => writer.branch_answers(block, indent, branches, say, &caps),
            _ => writer.whole(block, indent, form, say, &caps),
        });
    }

    /// A form that speaks as a whole.
    fn whole(
        &mut self,
        block: &mut Block,
        indent: usize,
        form: &Form,
        say: Option<&Template>,
        caps: &[Cap],
    ) {
        let mut words = self.words(form, say);
        words.in_part = !caps.is_empty() || super::super::outcomes::in_part(form);
        let parts: &[Form] = match &form.kind {
            FormKind::AllOf(parts) | FormKind::AnyOf(parts) if caps.is_empty() && say.is_none() => {
                parts
            }
            _ => &[],
        };
        let speaking: Vec<(usize, &Form)> = parts
            .iter()
            .enumerate()
            .filter(|(_, part)| has_words(part))
            .map(|(index, part)| (index + 1, part))
            .collect();
        let mut wanted = words.wanted();
        if !speaking.is_empty() {
            wanted.insert("decides".to_owned());
        }
        let (degree, args) = self.steps(block, indent, form, &wanted);
        for (number, part) in speaking {
            let call = self.function("answer", |writer, block| {
                writer.answer(block, 1, part, None);
            });
            self.row(
                block,
                indent,
                &format!("if decides == {number} {{ return {call}; }}"),
            );
        }
        self.graded(block, indent, &degree, &words, &args, caps);
    }

    fn arms(
        &mut self,
        block: &mut Block,
        indent: usize,
        of: &Path,
        scale: &[Arm],
        words: &Words,
        caps: &[Cap],
    ) {
        let path = self.path(of);
        self.row(block, indent, &format!("let value = {path};"));
        let last = scale.len().saturating_sub(1);
        for (index, arm) in scale.iter().enumerate() {
            self.at(&arm.span, |writer| {
                if index > 0 || last > 0 {
                    let head = match index {
                        0 => format!("if {} {{", Self::arm_head(arm)),
                        _ if index == last => "} else {".to_owned(),
                        _ => format!("}} else if {} {{", Self::arm_head(arm)),
                    };
                    writer.row(block, indent, &head);
                }
                let label = if arm.label.is_empty() {
                    "value".to_owned()
                } else {
                    quoted(&arm.label)
                };
                let own = arm.say.as_ref().map(|say| Words::same(&say.text));
                let mut said = own.unwrap_or_else(|| words.clone());
                // A word of the schema that has no label is shown as words.
                if arm.label.is_empty() && matches!(arm.first, Value::Text(_)) {
                    said = said.with_words();
                }
                let inner = indent + usize::from(last > 0);
                writer.fixed(
                    block,
                    inner,
                    &arm.degree,
                    &said,
                    &vec![("value", label)],
                    caps,
                );
            });
        }
        if last > 0 {
            self.row(block, indent, "}");
        }
    }

    fn branch_answers(
        &mut self,
        block: &mut Block,
        indent: usize,
        branches: &[Branch],
        say: Option<&Template>,
        caps: &[Cap],
    ) {
        let single = branches.len() == 1;
        for (index, branch) in branches.iter().enumerate() {
            let head = self.branch_head(index, branch);
            let say = branch.say.as_ref().or(say);
            self.at(&branch.span, |writer| {
                if !single {
                    writer.row(block, indent, &head);
                }
                let inner = indent + usize::from(!single);
                match &branch.then {
                    Then::Deg(degree) => {
                        let words =
                            say.map_or_else(|| writer.plain_words(), |say| Words::same(&say.text));
                        writer.fixed(block, inner, degree, &words, &Vec::new(), caps);
                    }
                    Then::Form(form) => {
                        let call = writer.function("answer", |writer, block| {
                            writer.capped(block, 1, form, say, caps);
                        });
                        writer.row(block, inner, &call);
                    }
                }
            });
        }
        if !single {
            self.row(block, indent, "}");
        }
    }

    /// The answer of a degree that is written.
    fn fixed(
        &mut self,
        block: &mut Block,
        indent: usize,
        degree: &Deg,
        words: &Words,
        args: &Args,
        caps: &[Cap],
    ) {
        let Deg::Known(known) = degree else {
            return self.graded(block, indent, &deg(degree), words, args, caps);
        };
        if !caps.is_empty() && *known > 0.0 {
            return self.graded(block, indent, &deg(degree), words, args, caps);
        }
        let answer = if *known >= 1.0 {
            format!("met({})", message(&words.met, args))
        } else if *known <= 0.0 {
            format!("unmet({})", message(&words.unmet, args))
        } else {
            format!("partly({}, {})", deg(degree), message(&words.partly, args))
        };
        self.row(block, indent, &answer);
    }

    /// The answer of a degree that is worked out.
    fn graded(
        &mut self,
        block: &mut Block,
        indent: usize,
        degree: &str,
        words: &Words,
        args: &Args,
        caps: &[Cap],
    ) {
        let same = words.met == words.partly && words.partly == words.unmet;
        if same && caps.is_empty() {
            self.row(
                block,
                indent,
                &format!("partly({degree}, {})", message(&words.partly, args)),
            );
            return;
        }
        if degree != "degree" {
            self.row(block, indent, &format!("let degree = {degree};"));
        }
        self.caps(block, indent, caps);
        if same {
            self.row(
                block,
                indent,
                &format!("partly(degree, {})", message(&words.partly, args)),
            );
            return;
        }
        self.row(block, indent, "if degree >= 1 {");
        self.row(
            block,
            indent + 1,
            &format!("met({})", message(&words.met, args)),
        );
        if !words.in_part {
            self.row(block, indent, "} else {");
            self.row(
                block,
                indent + 1,
                &format!("unmet({})", message(&words.unmet, args)),
            );
            self.row(block, indent, "}");
            return;
        }
        self.row(block, indent, "} else if degree <= 0 {");
        self.row(
            block,
            indent + 1,
            &format!("unmet({})", message(&words.unmet, args)),
        );
        self.row(block, indent, "} else {");
        self.row(
            block,
            indent + 1,
            &format!("partly(degree, {})", message(&words.partly, args)),
        );
        self.row(block, indent, "}");
    }

    /// What a form says: the branch's words, else the page's, else its own.
    fn words(&self, form: &Form, say: Option<&Template>) -> Words {
        if let Some(say) = say {
            return Words::same(&say.text);
        }
        let usual = Self::usual(form);
        let page = &self.form.say;
        let or = |own: &Option<Template>, usual: String| {
            own.as_ref().map_or(usual, |own| own.text.clone())
        };
        Words {
            in_part: true,
            met: or(&page.met, usual.met),
            partly: or(&page.partly, usual.partly),
            unmet: or(&page.unmet, usual.unmet),
        }
    }

    /// What the page says, for a branch without a form.
    fn plain_words(&self) -> Words {
        let page = &self.form.say;
        let or = |own: &Option<Template>| {
            own.as_ref()
                .map_or_else(|| plain(&self.page.title), |own| own.text.clone())
        };
        Words {
            in_part: true,
            met: or(&page.met),
            partly: or(&page.partly),
            unmet: or(&page.unmet),
        }
    }

    /// What a form says where nobody has written anything.
    fn usual(form: &Form) -> Words {
        let title = plain(&title_of(form));
        match &form.kind {
            FormKind::Choice { .. } | FormKind::YesNo { .. } => {
                Words::same(&format!("{title}: {{value}}"))
            }
            FormKind::Number { line, .. } if has_full(line) => {
                Words::same(&format!("{title}: {{value}}; {{full}} counts in full"))
            }
            FormKind::Number { .. } => Words::same(&format!("{title}: {{value}}")),
            FormKind::Dates { .. } => Words::same("{value} days; {full} count in full"),
            FormKind::Checklist { .. } => Words {
                in_part: true,
                met: "{count} of {full}: {held}".to_owned(),
                partly: "{count} of {full}; lacking: {lacking}".to_owned(),
                unmet: "{count} of {full}; lacking: {lacking}".to_owned(),
            },
            FormKind::Each(_) => Words {
                in_part: true,
                met: format!("{title}: {{count}} in order"),
                partly: format!("{title}: {{open}} of {{count}} not in order: {{lacking}}"),
                unmet: format!("{title}: {{open}} of {{count}} not in order: {{lacking}}"),
            },
            _ => Words {
                in_part: true,
                met: format!("{{count}} points are in order, such as {title}"),
                partly: "{open} of {count} points are not in order; weakest: {worst}".to_owned(),
                unmet: "{open} of {count} points are not in order; weakest: {worst}".to_owned(),
            },
        }
    }
}

/// Whether a part of a form has words of its own.
fn has_words(form: &Form) -> bool {
    match &form.kind {
        FormKind::Choice { scale, .. } => scale.iter().any(|arm| arm.say.is_some()),
        FormKind::First(branches) => branches.iter().any(|branch| {
            branch.say.is_some() || matches!(&branch.then, Then::Form(form) if has_words(form))
        }),
        FormKind::AllOf(parts) | FormKind::AnyOf(parts) => parts.iter().any(has_words),
        _ => false,
    }
}

/// Words without places.
fn plain(text: &str) -> String {
    text.replace(['{', '}'], "")
}

/// A message with what stands in its places.
fn message(template: &str, args: &Args) -> String {
    let mut given: Vec<String> = Vec::new();
    for place in places(template) {
        let name = place.split_once(':').map_or(place, |(name, _)| name);
        let arg = args.iter().find(|(own, _)| *own == name);
        let text = arg.map(|(name, expression)| format!("{name}: {expression}"));
        given.extend(text.filter(|text| !given.contains(text)));
    }
    if given.is_empty() {
        return quoted(template);
    }
    format!("{}, #{{ {} }}", quoted(template), given.join(", "))
}
