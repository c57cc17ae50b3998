//! What would change a verdict most: what decides it, by what came of trying.

use super::changed;
use crate::document::Document;
use crate::finding::{End, Finding};
use crate::rulebook::Rulebook;
use crate::score::DimensionScore;
use crate::scorecard::{Scorecard, proposal_id};
use crate::verdict::{MOST, Rank, by_weight, is_under};
use crate::words::English;
use std::collections::BTreeSet;

/// How one remedy compares with others, the least being the best: whether the dimension stays under its threshold; then, where it
/// does not, how many changes it takes and how many points are still missing to 100, and where it does, the two the other way round.
type Nearness<'f> = (bool, usize, usize, &'f str);

impl Rulebook {
    /// The rules whose improvement would change the verdict most: critical ones that fail; then, for each dimension that is under its
    /// threshold whatever comes out, the one whose remedy lifts it over with the fewest changes, or comes nearest; then what is
    /// open, and what costs most.
    pub(super) fn what_decides(&self, proposal: &Document, card: &Scorecard) -> Vec<String> {
        let order = by_weight(&card.findings, &card.dimensions);
        let failing = order.iter().filter(|(rank, _)| *rank == Rank::FailsGate);
        let mut rules: Vec<String> = failing.map(|(_, finding)| finding.rule.clone()).collect();
        rules.truncate(MOST);
        let under = card.dimensions.iter();
        for dimension in under.filter(|dimension| is_under(dimension, End::High)) {
            if rules.len() == MOST {
                return rules;
            }
            let open = order.iter().map(|(_, finding)| *finding);
            let open = open.filter(|finding| {
                finding.dimension == dimension.id && !rules.contains(&finding.rule)
            });
            let open: Vec<&Finding> = open.collect();
            let elsewhere = card.findings.iter();
            let elsewhere = elsewhere.filter(|finding| finding.dimension != dimension.id);
            let elsewhere = elsewhere.map(|finding| finding.rule.as_str()).collect();
            let best = self.nearest(proposal, dimension, &open, &elsewhere);
            // Where nothing is proposed, what costs most of it is what to work on.
            let best = best.or_else(|| open.first().map(|finding| finding.rule.clone()));
            rules.extend(best);
        }
        for (_, finding) in order {
            if rules.len() < MOST && !rules.contains(&finding.rule) {
                rules.push(finding.rule.clone());
            }
        }
        rules
    }

    /// Of some findings of a dimension, the one whose remedy lifts it over its threshold with the fewest changes; where none does, the
    /// one that comes nearest. None where no remedy raises it.
    fn nearest(
        &self,
        proposal: &Document,
        dimension: &DimensionScore,
        findings: &[&Finding],
        elsewhere: &BTreeSet<&str>,
    ) -> Option<String> {
        let tried = findings.iter().filter_map(|finding| {
            if finding.remedy.is_empty() {
                return None;
            }
            let points = self.points_with(proposal, dimension, finding, elsewhere)?;
            (Some(points) > dimension.low).then(|| -> Nearness<'_> {
                let changes = finding.remedy.len();
                let missing = usize::from(100_u8.saturating_sub(points));
                if f64::from(points) >= dimension.threshold {
                    (false, changes, missing, &finding.rule)
                } else {
                    (true, missing, changes, &finding.rule)
                }
            })
        });
        tried.min().map(|(.., rule)| rule.to_owned())
    }

    /// The certain points of a dimension with the remedy of one finding made; `elsewhere` are the rules of other dimensions.
    fn points_with(
        &self,
        proposal: &Document,
        dimension: &DimensionScore,
        finding: &Finding,
        elsewhere: &BTreeSet<&str>,
    ) -> Option<u8> {
        let changed = changed(proposal, &finding.remedy)?;
        let mut after = self.evaluate_where(&changed, |rule| !elsewhere.contains(rule));
        self.waive(&proposal_id(proposal.value()), &mut after.findings);
        let scores = self.scores_in(&after.findings, &English);
        let mut scores = scores.into_iter();
        scores.find(|score| score.id == dimension.id)?.low
    }
}

#[cfg(test)]
mod tests {
    use crate::document::Document;
    use crate::rulebook::Rulebook;
    use crate::sample;
    use crate::words::English;
    use serde_json::{Value, json};

    /// A rule that asks for one answer or more to be 1, and how it says so.
    struct Asked {
        id: &'static str,
        severity: &'static str,
        fields: &'static [&'static str],
    }

    /// A pack of some rules beside one that is met, each with a remedy that sets its answers to 1.
    fn book(rules: &[Asked]) -> Rulebook {
        let fields = ["a", "b", "c", "d"];
        let fields = fields.map(|field| format!("\"{field}\": {{ \"type\": \"integer\", \"minimum\": 0, \"maximum\": 9, \"title\": \"{field}\" }}"));
        let schema = format!("\"properties\": {{\n{},", fields.join(", "));
        let mut files: Vec<(String, String)> = Vec::new();
        for rule in rules {
            let page = sample::PAGE
                .replace("severity: major", &format!("severity: {}", rule.severity))
                .replace("params:\n  least: { default: 8, basis: default, about: \"Weeks that count in full\" }\n", "");
            let all = |form: &dyn Fn(&str) -> String, with: &str| {
                let parts: Vec<String> = rule.fields.iter().map(|field| form(field)).collect();
                parts.join(with)
            };
            let met = all(&|field| format!("program.{field} >= 1"), " && ");
            let sets = all(&|field| format!("set(\"{field}\", 1)"), ", ");
            let script = format!(
                "fn check(program, param) {{ if {met} {{ met(\"x\") }} else {{ unmet(\"y\") }} }}\nfn remedy(program, param) {{ [{sets}] }}"
            );
            files.push((format!("ethics/{}.md", rule.id), page));
            files.push((format!("ethics/{}.rhai", rule.id), script));
        }
        let files = files.iter().map(|(path, text)| (&**path, "", &**text));
        let mut changes = vec![("schema.json", "\"properties\": {", schema.as_str())];
        changes.extend(files);
        let book = sample::book(&changes);
        assert_eq!(book.broken().len(), 0, "{:?}", book.broken());
        book
    }

    fn check(rules: &[Asked], given: &Value, decides: &[&str]) {
        let mut proposal =
            json!({ "weeks": 10, "mode": "in_person", "a": 0, "b": 0, "c": 0, "d": 0 });
        let given = given.as_object().into_iter().flatten();
        for (field, value) in given {
            proposal[field] = value.clone();
        }
        let document = Document::from_value("p", proposal);
        let book = book(rules);
        let mut card = book.judge_in(&document, &English);
        book.try_remedies(&document, &mut card);
        assert_eq!(card.verdict.would_help, decides);
    }

    const fn asked(
        id: &'static str,
        severity: &'static str,
        fields: &'static [&'static str],
    ) -> Asked {
        Asked {
            id,
            severity,
            fields,
        }
    }

    #[test]
    fn the_cheapest_change_that_lifts_a_dimension_over_comes_first() {
        // 3 of 8 points; either rule lifts it over, and the lighter one takes one change instead of two.
        let rules = [
            asked("heavy", "major", &["a", "b"]),
            asked("light", "minor", &["c"]),
        ];
        check(&rules, &json!({}), &["ethics/light", "ethics/heavy"]);
        // Of two that take as many changes, the one that brings more.
        let rules = [
            asked("light", "minor", &["c"]),
            asked("weighty", "major", &["a"]),
        ];
        check(&rules, &json!({}), &["ethics/weighty", "ethics/light"]);
    }

    #[test]
    fn where_no_change_lifts_it_over_the_one_that_comes_nearest_comes_first() {
        // 0 of 7 points; two rules bring 3 each, and the dimension asks for more.
        let rules = [
            asked("heavy", "major", &["a", "b"]),
            asked("light", "minor", &["c"]),
        ];
        let decides = ["ethics/long-stay", "ethics/heavy", "ethics/light"];
        check(&rules, &json!({ "weeks": 2 }), &decides);
    }

    #[test]
    fn a_rule_that_stops_comes_first_and_open_ones_come_after_what_is_known() {
        let rules = [
            asked("gate", "critical", &["a"]),
            asked("light", "minor", &["c"]),
            asked("open", "minor", &["b"]),
        ];
        check(
            &rules,
            &json!({ "b": null }),
            &["ethics/gate", "ethics/light", "ethics/open"],
        );
    }
}
