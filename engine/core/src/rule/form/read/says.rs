//! The words of a form: messages, and the places they can have.

use super::{Node, Reader, lift, listed, shown};
use crate::finding::places;
use crate::problem::{Problem, did_you_mean};
use crate::rule::form::{Cond, Deg, Form, FormKind, Num, Says, Template, Then, lower};
use crate::schema::Kind;

/// Characters of a message.
const LENGTH: usize = 1000;
/// How a place of a message can be written.
const FORMATS: [&str; 3] = ["percent", "whole", "words"];

/// What a place holds.
#[derive(Clone, Copy, PartialEq)]
enum Holds {
    Number,
    Words,
    Flag,
}

impl<'a> Reader<'a> {
    /// What is said for each outcome; one text stands for all.
    pub(super) fn says(&mut self, node: &Node<'a>) -> Option<Says> {
        if node.text().is_some() {
            let all = self.template(node)?;
            return Some(Says {
                met: Some(all.clone()),
                partly: Some(all.clone()),
                unmet: Some(all),
            });
        }
        let known = ["met", "partly", "unmet"];
        let fine = self.keys(node, "`say`", &known, &[]);
        let mut say = |key: &str| lift(node.get(key).map(|node| self.template(&node)));
        let (met, partly, unmet) = (say("met"), say("partly"), say("unmet"));
        fine.then_some(())?;
        Some(Says {
            met: met?,
            partly: partly?,
            unmet: unmet?,
        })
    }

    /// One message.
    pub(super) fn template(&mut self, node: &Node<'a>) -> Option<Template> {
        Some(Template {
            text: self.words(node)?,
            span: node.span(),
        })
    }

    /// Words for people.
    pub(super) fn words(&mut self, node: &Node<'a>) -> Option<String> {
        let text = node.text().map(str::trim).filter(|text| !text.is_empty());
        let Some(text) = text else {
            let problem = Problem::error(format!("this is {}", shown(node.raw)));
            self.at_node(node, problem.expected("words for people, in quotes"));
            return None;
        };
        if text.chars().count() > LENGTH {
            let problem = Problem::error(format!("these words have more than {LENGTH} characters"));
            self.at_node(
                node,
                problem.suggest("say it shortly; reasons stand in the page"),
            );
            return None;
        }
        // A message is one line.
        Some(text.split_whitespace().collect::<Vec<_>>().join(" "))
    }

    /// Whether every message has only places that something stands in, and is ever said.
    pub(super) fn check_says(&mut self, judge: &Form, page: &Says, node: Option<&Node<'a>>) {
        self.own_words(judge, true);
        self.speechless(judge, page);
        let asked: Vec<Vec<(&'static str, Holds)>> = self.speakers(judge);
        if let Some(node) = node
            && asked.is_empty()
        {
            let problem = Problem::error("these words are never said: every branch has its own");
            self.at_name(node, problem.suggest("take them out"));
        }
        for template in [&page.met, &page.partly, &page.unmet].into_iter().flatten() {
            for known in &asked {
                self.places(template, known);
            }
        }
    }

    /// A branch with a degree alone has nothing to say of its own.
    fn speechless(&mut self, form: &Form, page: &Says) {
        let FormKind::First(branches) = &form.kind else {
            return;
        };
        for branch in branches.iter().filter(|branch| branch.say.is_none()) {
            let degree = match &branch.then {
                Then::Form(form) => {
                    self.speechless(form, page);
                    continue;
                }
                Then::Deg(Deg::Known(degree) | Deg::Param(_, degree)) => *degree,
            };
            let (key, said) = match degree {
                _ if degree >= 1.0 => ("met", &page.met),
                _ if degree <= 0.0 => ("unmet", &page.unmet),
                _ => ("partly", &page.partly),
            };
            if said.is_none() {
                let problem = Problem::error("nothing is said where this branch is taken")
                    .expected(format!(
                        "`say: …` in the branch, or `{key}: …` in the page's `say`"
                    ));
                self.report(
                    branch.span.clone(),
                    &crate::pointer::Pointer::root(),
                    problem,
                );
            }
        }
    }

    /// The places of each part of a form that says what the page says.
    fn speakers(&self, form: &Form) -> Vec<Vec<(&'static str, Holds)>> {
        match &form.kind {
            FormKind::First(branches) => branches
                .iter()
                .filter(|branch| branch.say.is_none())
                .flat_map(|branch| match &branch.then {
                    Then::Deg(_) => vec![Vec::new()],
                    Then::Form(form) => self.speakers(form),
                })
                .collect(),
            FormKind::Choice { scale, .. } if scale.iter().all(|arm| arm.say.is_some()) => {
                Vec::new()
            }
            kind => vec![self.holds(kind)],
        }
    }

    /// The words that parts of a form have of their own; `said` tells whether they are ever said.
    fn own_words(&mut self, form: &Form, said: bool) {
        match &form.kind {
            FormKind::Choice { scale, .. } => {
                let known = self.holds(&form.kind);
                for arm in scale {
                    if let Some(say) = &arm.say {
                        self.own(say, &known, said);
                    }
                }
            }
            FormKind::First(branches) => {
                for branch in branches {
                    let known = match &branch.then {
                        Then::Deg(_) => Vec::new(),
                        Then::Form(form) => {
                            self.own_words(form, said && branch.say.is_none());
                            self.holds(&form.kind)
                        }
                    };
                    if let Some(say) = &branch.say {
                        self.own(say, &known, said);
                    }
                }
            }
            FormKind::AllOf(parts) | FormKind::AnyOf(parts) => {
                let said = said && form.at_most.is_empty();
                for part in parts {
                    self.own_words(part, said);
                }
            }
            FormKind::MeanOf(parts) => parts
                .iter()
                .for_each(|(part, _)| self.own_words(part, false)),
            FormKind::Each(each) => self.own_words(&each.judge, false),
            _ => {}
        }
    }

    fn own(&mut self, say: &Template, known: &[(&'static str, Holds)], said: bool) {
        if said {
            self.places(say, known);
            return;
        }
        let problem = Problem::error("these words are never said: here only the whole speaks")
            .suggest("take them out, and say it in the page's `say`");
        self.report(say.span.clone(), &crate::pointer::Pointer::root(), problem);
    }

    /// What stands in the places of a message of this form.
    fn holds(&self, kind: &FormKind) -> Vec<(&'static str, Holds)> {
        use Holds::{Flag, Number, Words};
        match kind {
            FormKind::Choice { of, .. } => {
                let words = of
                    .field
                    .is_some_and(|field| self.schema.field(field).kind == Kind::Text);
                vec![("value", if words { Words } else { Number })]
            }
            FormKind::YesNo { .. } => vec![("value", Flag)],
            FormKind::Number { line, .. } => {
                let mut found = vec![("value", Number)];
                found.extend(lower::has_full(line).then_some(("full", Number)));
                found.extend(lower::has_zero(line).then_some(("zero", Number)));
                found
            }
            FormKind::Dates { .. } => vec![("value", Number), ("full", Number), ("zero", Number)],
            FormKind::Checklist { .. } => vec![
                ("held", Words),
                ("lacking", Words),
                ("open", Number),
                ("count", Number),
                ("full", Number),
            ],
            FormKind::Each(_) => vec![
                ("worst", Words),
                ("count", Number),
                ("open", Number),
                ("lacking", Words),
            ],
            FormKind::AllOf(_) | FormKind::AnyOf(_) | FormKind::MeanOf(_) => {
                vec![("worst", Words), ("count", Number), ("open", Number)]
            }
            FormKind::First(_) => Vec::new(),
        }
    }

    fn places(&mut self, template: &Template, known: &[(&'static str, Holds)]) {
        let names: Vec<&str> = known.iter().map(|(name, _)| *name).collect();
        for place in places(&template.text) {
            let (name, format) = place
                .split_once(':')
                .map_or((place, None), |(name, format)| (name, Some(format)));
            let Some((_, holds)) = known.iter().find(|(own, _)| *own == name) else {
                let expected = if names.is_empty() {
                    "words without places: nothing stands in them here".to_owned()
                } else {
                    format!("one of {}", braced(&names))
                };
                let problem = Problem::error(format!("nothing stands in the place {{{name}}}"))
                    .expected(expected)
                    .suggest_maybe(did_you_mean(name, names.iter().copied()));
                self.at_template(template, problem);
                continue;
            };
            let Some(format) = format else { continue };
            if !FORMATS.contains(&format) {
                let problem = Problem::error(format!("`{format}` is no way to write a place"))
                    .expected(format!("one of {}", listed(&FORMATS)))
                    .suggest_maybe(did_you_mean(format, FORMATS));
                self.at_template(template, problem);
            } else if (format == "words") == (*holds == Holds::Number) || *holds == Holds::Flag {
                let what = match holds {
                    Holds::Number => "a number",
                    Holds::Words => "words",
                    Holds::Flag => "yes or no",
                };
                let problem = Problem::error(format!(
                    "{{{name}}} is {what}, which `{format}` does not write"
                ));
                self.at_template(template, problem.expected(format!("{{{name}}}")));
            }
        }
    }

    fn at_template(&mut self, template: &Template, problem: Problem) {
        self.report(
            template.span.clone(),
            &crate::pointer::Pointer::root(),
            problem,
        );
    }
}

fn braced(names: &[&str]) -> String {
    let names: Vec<String> = names.iter().map(|name| format!("{{{name}}}")).collect();
    names.join(", ")
}

/// What people call a condition: its first fact.
pub(in crate::rule::form) fn title_of(cond: &Cond) -> String {
    match cond {
        Cond::And(parts) | Cond::Or(parts) => parts.first().map(title_of).unwrap_or_default(),
        Cond::Not(inner) => format!("not: {}", title_of(inner)),
        Cond::Is(path, _)
        | Cond::OneOf(path, _)
        | Cond::OneOfParam(path, _)
        | Cond::Includes(path, _)
        | Cond::IncludesAll(path, _)
        | Cond::Attested(path) => path.title.clone(),
        Cond::Compare(num, ..) => title_of_num(num),
        Cond::Some(found) | Cond::Every(found) => found.list.title.clone(),
    }
}

/// What people call a number.
pub(in crate::rule::form) fn title_of_num(num: &Num) -> String {
    match num {
        Num::Path(path) => path.title.clone(),
        Num::Over(over) => over.of.title.clone(),
        Num::Count(count) => count.list.title.clone(),
        Num::Share(share) => title_of_num(&share.part),
        Num::Times(pair) | Num::Plus(pair) => title_of_num(&pair.0),
        Num::Param(param) => param.name.replace('_', " "),
        Num::Known(number) => crate::text::number(*number),
    }
}
