//! One finding in a document: what came out, what it rests on, what would help, and where that is said.

use super::Writer;
use crate::paper::{
    Address, Block, Inline, Section, Table, joined, lines, paragraph, prose, strong, text,
};
use crate::text::value_words;
use crate::waivers;
use evenhand_core::finding::{Evidence, Finding, Outcome};

impl Writer<'_> {
    /// Everything there is to say of one finding.
    pub(super) fn finding(&self, finding: &Finding) -> Section {
        let mut blocks = vec![Block::Paragraph(vec![
            strong(waivers::outcome(
                finding,
                self.outcome(finding),
                self.locale(),
            )),
            text(" · "),
            Inline::Code(finding.rule.clone()),
        ])];
        if let Some(waiver) = &finding.waiver {
            blocks.push(paragraph(waivers::of_finding(waiver, self.locale())));
        }
        let message = finding.message.text();
        if !message.is_empty() {
            blocks.push(paragraph(message));
        }
        if let Some(error) = &finding.error {
            blocks.push(paragraph(error.clone()));
        }
        blocks.extend(self.evidence(finding));
        if !finding.help.is_empty() {
            blocks.push(Block::Paragraph(vec![strong(self.word("What helps"))]));
            blocks.extend(prose(&finding.help));
        }
        let changes = finding.remedy.iter().map(|change| {
            let value = value_words(&change.value);
            let path = change.path.dotted();
            let parts = [("path", path.as_str()), ("value", value.as_str())];
            vec![text(self.locale().say("set {path} to {value}", &parts))]
        });
        let changes: Vec<Vec<Inline>> = changes.collect();
        if !changes.is_empty() {
            blocks.push(lines(changes));
        }
        blocks.extend(self.cited(finding));
        if !finding.limits.is_empty() {
            blocks.push(Block::Paragraph(vec![
                strong(format!("{}: ", self.word("Limits"))),
                text(finding.limits.clone()),
            ]));
        }
        Section {
            id: self.anchor(finding),
            title: vec![text(finding.title.clone())],
            blocks,
            sections: Vec::new(),
        }
    }

    /// What came out, in words, with the share where it is one.
    pub(super) fn outcome(&self, finding: &Finding) -> String {
        let share = |degree: f64| (degree * 100.0 + 1e-9).floor();
        let (low, high) = (share(finding.degree.low), share(finding.degree.high));
        match finding.outcome {
            Outcome::Partly => {
                let share = self.locale().percent(low);
                self.locale().say("partly ({share})", &[("share", &share)])
            }
            Outcome::Unknown if low > 0.0 || high < 100.0 => {
                let share = format!("{low}–{}", self.locale().percent(high));
                self.locale().say("unknown ({share})", &[("share", &share)])
            }
            other => self.word(other.word()),
        }
    }

    /// The facts it rests on, with their lines.
    fn evidence(&self, finding: &Finding) -> Option<Block> {
        if finding.evidence.is_empty() {
            return None;
        }
        let rows = finding.evidence.iter().map(|fact| self.fact(fact));
        Some(Block::Table(Table {
            caption: self.word("What this rests on"),
            head: ["Fact", "Value", "Where"]
                .map(|word| self.word(word))
                .to_vec(),
            rows: rows.collect(),
        }))
    }

    fn fact(&self, fact: &Evidence) -> Vec<Vec<Inline>> {
        let path = fact.path.dotted();
        let value = match &fact.quote {
            Some(quote) => format!("“{}”", quote.text),
            None => value_words(&fact.value),
        };
        let mut lines: Vec<usize> = std::iter::once(fact)
            .chain(&fact.inputs)
            .filter_map(|fact| Some(self.judged.proposal.place(&fact.path)?.line))
            .collect();
        lines.sort_unstable();
        lines.dedup();
        let list: Vec<String> = lines.iter().map(ToString::to_string).collect();
        let list = list.join(", ");
        let mut place = match lines.len() {
            0 => String::new(),
            1 => self.locale().say("line {list}", &[("list", &list)]),
            _ => self.locale().say("lines {list}", &[("list", &list)]),
        };
        let cells = std::iter::once(fact).chain(&fact.inputs);
        let cells: Vec<String> = cells
            .filter_map(|fact| {
                self.judged
                    .proposal
                    .cell(&fact.path)
                    .map(ToString::to_string)
            })
            .collect();
        if !cells.is_empty() {
            place = cells.join(", ");
        }
        let proposal = self.judged.proposal;
        if proposal.value_span(&fact.path).is_none() && !place.is_empty() {
            let computed = [("inputs", place.as_str())];
            place = self.locale().say("(computed from {inputs})", &computed);
        }
        if !fact.attested_by.is_empty() {
            let names = fact.attested_by.join(", ");
            let attested = self
                .locale()
                .say(", attested by {names}", &[("names", &names)]);
            place.push_str(&attested);
        }
        vec![
            vec![Inline::Code(path)],
            vec![text(value)],
            vec![text(place)],
        ]
    }

    /// The works a rule rests on, with their addresses.
    fn cited(&self, finding: &Finding) -> Option<Block> {
        if finding.sources.is_empty() {
            return None;
        }
        let works = finding.sources.iter().map(|citation| {
            let shown = citation.to_string();
            let key = shown.split('#').next().unwrap_or_default();
            let entry = self.judged.sources.get(key);
            let address = entry.and_then(|entry| match (&entry.doi, &entry.url) {
                (Some(doi), _) => Address::doi(doi),
                (None, Some(url)) => Address::web(url),
                (None, None) => None,
            });
            vec![match address {
                Some(address) => Inline::Link(address, vec![text(shown.clone())]),
                None => text(shown.clone()),
            }]
        });
        let mut inline = vec![text(format!("{} ", self.word("Sources:")))];
        inline.extend(joined(works, ", "));
        Some(Block::Paragraph(inline))
    }
}
