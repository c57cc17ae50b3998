//! Scorecards as `JUnit` XML, for continuous integration: a suite for each proposal, a case for each rule.

use super::formats::{Entry, Judged};
use super::{obligations, waivers};
use evenhand_core::checks::Check;
use evenhand_core::finding::{Finding, Outcome};
use evenhand_diagnostic::problem::Problem;
use evenhand_diagnostic::text::visible;
use evenhand_diagnostic::words::English;

/// All entries as one document.
pub fn render(entries: &[Entry<'_>]) -> String {
    let suites: Vec<Suite> = entries.iter().map(Suite::of).collect();
    let total = |count: fn(&Suite) -> usize| suites.iter().map(count).sum::<usize>();
    let mut xml = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    xml.push_str(&format!(
        "<testsuites name=\"evenhand\" tests=\"{}\" failures=\"{}\" errors=\"{}\">\n",
        total(|suite| suite.cases.len()),
        total(|suite| suite.count(Kind::Failure)),
        total(|suite| suite.count(Kind::Error)),
    ));
    for suite in &suites {
        suite.write(&mut xml);
    }
    xml.push_str("</testsuites>\n");
    xml
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Passed,
    Failure,
    Error,
    Skipped,
}

/// A proposal.
struct Suite {
    name: String,
    /// What stands there besides the rules: the verdict, and what follows from it.
    properties: Vec<(&'static str, String)>,
    cases: Vec<Case>,
}

/// A rule, or why a proposal could not be judged.
struct Case {
    class: String,
    name: String,
    kind: Kind,
    message: String,
    /// What kind of failure it is, in a word.
    word: &'static str,
}

impl Suite {
    fn of(entry: &Entry<'_>) -> Self {
        match entry {
            Entry::Judged(judged) => Self {
                name: judged.card.proposal.file.clone(),
                properties: properties(judged),
                cases: cases(judged),
            },
            Entry::Refused { name, problems } => Self {
                name: (*name).to_owned(),
                properties: Vec::new(),
                cases: problems.iter().map(refused).collect(),
            },
        }
    }

    fn count(&self, kind: Kind) -> usize {
        self.cases.iter().filter(|case| case.kind == kind).count()
    }

    fn write(&self, xml: &mut String) {
        xml.push_str(&format!(
            "  <testsuite name=\"{}\" tests=\"{}\" failures=\"{}\" errors=\"{}\" skipped=\"{}\">\n",
            escaped(&self.name),
            self.cases.len(),
            self.count(Kind::Failure),
            self.count(Kind::Error),
            self.count(Kind::Skipped),
        ));
        if !self.properties.is_empty() {
            xml.push_str("    <properties>\n");
            for (name, value) in &self.properties {
                let value = escaped(value);
                xml.push_str(&format!(
                    "      <property name=\"{name}\" value=\"{value}\"/>\n"
                ));
            }
            xml.push_str("    </properties>\n");
        }
        for case in &self.cases {
            case.write(xml);
        }
        xml.push_str("  </testsuite>\n");
    }
}

impl Case {
    fn write(&self, xml: &mut String) {
        let head = format!(
            "    <testcase classname=\"{}\" name=\"{}\"",
            escaped(&self.class),
            escaped(&self.name)
        );
        let message = escaped(&self.message);
        let inside = match self.kind {
            Kind::Passed => {
                xml.push_str(&format!("{head}/>\n"));
                return;
            }
            Kind::Failure => format!("<failure type=\"{}\" message=\"{message}\"/>", self.word),
            Kind::Error => format!("<error type=\"{}\" message=\"{message}\"/>", self.word),
            Kind::Skipped => format!("<skipped message=\"{message}\"/>"),
        };
        xml.push_str(&format!("{head}>\n      {inside}\n    </testcase>\n"));
    }
}

/// The verdict in the board's word where it has one, and what follows, where anything does.
fn properties(judged: &Judged<'_>) -> Vec<(&'static str, String)> {
    let card = judged.card;
    let mut found = Vec::new();
    if let Some(word) = card.names.verdict(card.verdict.word) {
        found.push(("verdict", card.verdict.word.word().to_owned()));
        found.push(("verdict_word", word.to_owned()));
    }
    let obligations = obligations::lines(card, judged.words).into_iter();
    found.extend(obligations.map(|line| ("obligation", line)));
    found
}

fn cases(judged: &Judged<'_>) -> Vec<Case> {
    let found = judged.card.findings.iter();
    let rules = found.filter(|finding| finding.kind != "prompt").map(case);
    let failed = judged.card.failures.iter().map(|failure| Case {
        class: "plugin".to_owned(),
        name: failure.plugin.clone(),
        kind: Kind::Error,
        message: failure.message.clone(),
        word: "plugin",
    });
    let checks = judged.card.checks.iter().map(check);
    rules.chain(checks).chain(failed).collect()
}

/// What is to be checked is skipped until somebody has checked it.
fn check(check: &Check) -> Case {
    Case {
        class: "check".to_owned(),
        name: check.code.clone(),
        kind: if check.is_open() {
            Kind::Skipped
        } else {
            Kind::Passed
        },
        message: check.question.text(),
        word: "check",
    }
}

/// What is open is skipped and says what is missing; the verdict, not the report, says whether that is a failure.
fn case(finding: &Finding) -> Case {
    let waived = finding.waiver.as_ref();
    let kind = match finding.outcome {
        _ if waived.is_some() => Kind::Skipped,
        Outcome::Met => Kind::Passed,
        Outcome::Partly | Outcome::Unmet => Kind::Failure,
        Outcome::Unknown | Outcome::NotApplicable => Kind::Skipped,
        Outcome::Error => Kind::Error,
    };
    let message = finding
        .error
        .clone()
        .unwrap_or_else(|| finding.message.text());
    let message = match waived {
        Some(waiver) => format!("{}. {message}", waivers::of_finding(waiver, &English)),
        None => message,
    };
    Case {
        class: finding.dimension.clone(),
        name: finding.rule.clone(),
        kind,
        message: if message.is_empty() {
            finding.title.clone()
        } else {
            message
        },
        word: finding.outcome.word(),
    }
}

fn refused(problem: &Problem) -> Case {
    let path = problem
        .path
        .as_ref()
        .map(evenhand_diagnostic::pointer::Pointer::dotted);
    Case {
        class: "proposal".to_owned(),
        name: path
            .filter(|path| !path.is_empty())
            .unwrap_or_else(|| "proposal".to_owned()),
        kind: if problem.is_error() {
            Kind::Error
        } else {
            Kind::Skipped
        },
        message: problem.to_string(),
        word: "refused",
    }
}

/// Text in which nothing is read as XML. Characters that XML 1.0 has no place for (section 2.2) are replaced.
fn escaped(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => shown.push_str("&amp;"),
            '<' => shown.push_str("&lt;"),
            '>' => shown.push_str("&gt;"),
            '"' => shown.push_str("&quot;"),
            '\n' | '\r' | '\t' => shown.push_str(&format!("&#{};", u32::from(c))),
            '\u{fffe}' | '\u{ffff}' => shown.push('\u{fffd}'),
            c => shown.push(visible(c)),
        }
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_cannot_break_out_of_an_attribute() {
        assert_eq!(
            escaped("\"/><testcase name=\"x\u{0}\u{202e}&\n"),
            "&quot;/&gt;&lt;testcase name=&quot;x\u{fffd}\u{fffd}&amp;&#10;"
        );
    }
}
