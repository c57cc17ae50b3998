//! The changes that a board made: its settings, and the rules of its own packs.

use super::BoardChange;
use crate::rule::page::{Page, PageKind};
use crate::rulebook::Rulebook;
use crate::settings::{Levels, RuleSettings, Settings};
use crate::text::number;
use crate::waiver::{Standing, Waived};
use serde_json::Value;

/// Something that a board changed and that can be left out.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Change {
    /// A key of the profile.
    Setting(Key),
    /// A rule of a pack that is not bundled, by its id.
    Rule(String),
    /// The rules of a bundled pack are left out, by its folder.
    FieldsOnly(String),
}

/// A key of the profile that can change what comes out.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Key {
    /// From how many points a dimension has one of the program's three levels.
    Level(String),
    /// A scale of levels in place of the program's three.
    Scale,
    /// The level that every dimension has to reach.
    Required,
    /// The threshold of a dimension.
    Threshold(String),
    /// Why a dimension may go unjudged.
    NotJudged(String),
    /// A rule is disabled.
    Disabled(String),
    /// All rules that the command line leaves out for one reason.
    LeftOut(String),
    /// A rule's weight.
    Weight(String),
    /// A rule's gate.
    Gate(String),
    /// A rule's severity.
    Severity(String),
    /// A rule's title.
    Title(String),
    /// Whether a rule may be waived.
    Waivable(String),
    /// A parameter of a rule.
    Param(String, String),
    /// The weight of a dimension.
    DimensionWeight(String),
    /// The title of a dimension.
    DimensionTitle(String),
    /// No numbers of a dimension are shown.
    Numbers(String),
    /// The word for a verdict or a level.
    Name(String),
    /// The order of dimensions.
    Order,
    /// The order of levels.
    BestFirst,
    /// What follows from a verdict or a level.
    Obligations,
    /// How long attestations count.
    Attestations,
    /// The waiver at this place of the list, of this rule.
    Waiver(usize, String),
}

/// Every change to what the bundled packs say, in the order of the profile; of waivers, those that hold for this proposal.
pub(super) fn all(book: &Rulebook, waived: &[Waived]) -> Vec<Change> {
    let holds = |key: &Key| match key {
        Key::Waiver(index, _) => waived
            .iter()
            .any(|waived| waived.index == *index && waived.standing == Standing::InForce),
        _ => true,
    };
    let keys = keys(book.settings()).into_iter().filter(holds);
    let keys = keys.map(Change::Setting);
    let rules = book.foreign_rules().map(|id| Change::Rule(id.to_owned()));
    let bare = book
        .packs()
        .iter()
        .filter(|pack| pack.bundled && pack.fields_only);
    let bare = bare.map(|pack| Change::FieldsOnly(pack.folder.clone()));
    keys.chain(rules).chain(bare).collect()
}

/// Every key that settings give another value than the program's own.
pub(crate) fn keys(settings: &Settings) -> Vec<Key> {
    let own = Settings::default();
    let mut keys = Vec::new();
    keys.extend(levels(&own.levels, &settings.levels));
    keys.extend(settings.thresholds.keys().cloned().map(Key::Threshold));
    keys.extend(settings.not_judged.keys().cloned().map(Key::NotJudged));
    for (id, own) in &settings.rules {
        match &own.disabled {
            Some(reason) if own.left_out => {
                let key = Key::LeftOut(reason.clone());
                if !keys.contains(&key) {
                    keys.push(key);
                }
            }
            Some(_) => keys.push(Key::Disabled(id.clone())),
            None => {}
        }
        keys.extend(own.weight.map(|_| Key::Weight(id.clone())));
        keys.extend(own.gate.map(|_| Key::Gate(id.clone())));
        keys.extend(own.severity.map(|_| Key::Severity(id.clone())));
        keys.extend(own.title.as_ref().map(|_| Key::Title(id.clone())));
        keys.extend(own.waivable.map(|_| Key::Waivable(id.clone())));
        let params = own.params.keys();
        keys.extend(params.map(|name| Key::Param(id.clone(), name.clone())));
    }
    keys.extend(settings.weights.keys().cloned().map(Key::DimensionWeight));
    let names = &settings.names;
    keys.extend(names.dimensions.keys().cloned().map(Key::DimensionTitle));
    keys.extend(settings.hidden.iter().cloned().map(Key::Numbers));
    keys.extend(names.words.keys().cloned().map(Key::Name));
    keys.extend((!settings.order.is_empty()).then_some(Key::Order));
    keys.extend(names.best_first.then_some(Key::BestFirst));
    keys.extend((!settings.obligations.is_empty()).then_some(Key::Obligations));
    keys.extend(settings.attestations_valid_for.map(|_| Key::Attestations));
    let waivers = settings.waivers.iter().enumerate();
    keys.extend(waivers.map(|(index, waiver)| Key::Waiver(index, waiver.rule.clone())));
    keys
}

/// Every key by which two boards' levels differ: single bounds of the program's three, or else the scale as a whole.
pub(crate) fn levels(one: &Levels, other: &Levels) -> Vec<Key> {
    let mut keys = Vec::new();
    if one.is_own() || other.is_own() {
        keys.extend((!one.same_scale(other)).then_some(Key::Scale));
    } else {
        // From the best on, as a profile lists them.
        for step in one.steps().iter().rev() {
            let word = step.level.word();
            let moved = other.bound(word).unwrap_or_default() - step.from;
            keys.extend((moved.abs() > f64::EPSILON).then(|| Key::Level(word.to_owned())));
        }
    }
    keys.extend((one.stated() != other.stated()).then_some(Key::Required));
    keys
}

impl Key {
    /// Takes this key, and only it, over from one set of settings to another.
    pub(crate) fn copy(&self, from: &Settings, to: &mut Settings) {
        let mut rule = |id: &String, take: &dyn Fn(&RuleSettings, &mut RuleSettings)| {
            if let Some(own) = from.rules.get(id) {
                take(own, to.rules.entry(id.clone()).or_default());
            }
        };
        match self {
            Self::Level(word) => {
                if let Some(points) = from.levels.bound(word) {
                    to.levels.set_bound(word, points);
                }
            }
            Self::Scale => to.levels.take_scale(&from.levels),
            Self::Required => to.levels.take_required(&from.levels),
            Self::Threshold(id) => {
                let points = from.thresholds.get(id).copied();
                to.thresholds
                    .extend(points.map(|points| (id.clone(), points)));
            }
            Self::NotJudged(id) => {
                let reason = from.not_judged.get(id).cloned();
                to.not_judged
                    .extend(reason.map(|reason| (id.clone(), reason)));
            }
            Self::Disabled(id) => rule(id, &|own, new| new.disabled.clone_from(&own.disabled)),
            Self::LeftOut(reason) => {
                let left_out =
                    |own: &RuleSettings| own.left_out && own.disabled.as_ref() == Some(reason);
                for (id, _) in from.rules.iter().filter(|(_, own)| left_out(own)) {
                    rule(id, &|own, new| {
                        new.disabled.clone_from(&own.disabled);
                        new.left_out = true;
                    });
                }
            }
            Self::Weight(id) => rule(id, &|own, new| new.weight = own.weight),
            Self::Gate(id) => rule(id, &|own, new| new.gate = own.gate),
            Self::Severity(id) => rule(id, &|own, new| new.severity = own.severity),
            Self::Title(id) => rule(id, &|own, new| new.title.clone_from(&own.title)),
            Self::Waivable(id) => rule(id, &|own, new| new.waivable = own.waivable),
            Self::Param(id, name) => rule(id, &|own, new| {
                let value = own.params.get(name).cloned();
                new.params.extend(value.map(|value| (name.clone(), value)));
            }),
            Self::DimensionWeight(id) => {
                let weight = from.weights.get(id).copied();
                to.weights.extend(weight.map(|weight| (id.clone(), weight)));
            }
            // What things are called, what is shown and what follows changes nothing that comes out.
            Self::DimensionTitle(_)
            | Self::Numbers(_)
            | Self::Name(_)
            | Self::Order
            | Self::BestFirst
            | Self::Obligations => {}
            Self::Attestations => to.attestations_valid_for = from.attestations_valid_for,
            Self::Waiver(index, _) => to.waivers.extend(from.waivers.get(*index).cloned()),
        }
    }

    /// The rule it is about.
    pub(crate) fn rule(&self) -> Option<&str> {
        match self {
            Self::Disabled(id)
            | Self::Weight(id)
            | Self::Gate(id)
            | Self::Severity(id)
            | Self::Title(id)
            | Self::Waivable(id)
            | Self::Param(id, _) => Some(id),
            _ => None,
        }
    }

    /// The path of the key in a profile.
    pub(crate) fn path(&self) -> Vec<&str> {
        match self {
            Self::Level(word) => vec!["levels", word],
            Self::Scale => vec!["levels", "scale"],
            Self::Required => vec!["levels", "required"],
            Self::Threshold(id) => vec!["thresholds", id],
            Self::NotJudged(id) => vec!["dimensions", id, "not_judged"],
            Self::Disabled(id) => vec!["rules", id, "enabled"],
            Self::LeftOut(_) => vec!["--only or --skip"],
            Self::Weight(id) => vec!["rules", id, "weight"],
            Self::Gate(id) => vec!["rules", id, "gate"],
            Self::Severity(id) => vec!["rules", id, "severity"],
            Self::Title(id) => vec!["rules", id, "title"],
            Self::Waivable(id) => vec!["rules", id, "waivable"],
            Self::Param(id, name) => vec!["rules", id, "params", name],
            Self::DimensionWeight(id) => vec!["weights", id],
            Self::DimensionTitle(id) => vec!["dimensions", id, "title"],
            Self::Numbers(id) => vec!["dimensions", id, "numbers"],
            Self::Name(code) => vec!["words", code],
            Self::Order => vec!["profile", "dimensions"],
            Self::BestFirst => vec!["levels", "order"],
            Self::Obligations => vec!["obligations"],
            Self::Attestations => vec!["profile", "attestations_valid_for"],
            Self::Waiver(_, rule) => vec!["waivers", rule],
        }
    }

    /// What the packs say, what the board says, and whether the board's is stricter or neutral.
    pub(crate) fn values(
        &self,
        settings: &Settings,
        page: Option<&Page>,
    ) -> (String, String, bool) {
        if let Some(id) = self.rule() {
            return self.rule_values(settings.rules.get(id), page);
        }
        let own = Settings::default();
        let raised = |from: f64, to: f64| (number(from), number(to), to >= from);
        match self {
            Self::Level(word) => {
                let points = |levels: &Levels| levels.bound(word).unwrap_or_default();
                raised(points(&own.levels), points(&settings.levels))
            }
            // Other levels are neither stricter nor neutral: there is nothing to hold them against.
            Self::Scale => (own.levels.shown(), settings.levels.shown(), false),
            Self::Required => (
                own.levels.required_shown(),
                settings.levels.required_shown(),
                settings.levels.threshold() >= own.levels.threshold(),
            ),
            Self::Threshold(id) => raised(own.threshold(id), settings.threshold(id)),
            Self::NotJudged(_) => ("judged".to_owned(), "not judged".to_owned(), false),
            Self::LeftOut(reason) => {
                let left_out = settings
                    .rules
                    .values()
                    .filter(|own| own.left_out && own.disabled.as_ref() == Some(reason));
                let to = crate::text::count(left_out.count(), "rule");
                ("all rules".to_owned(), format!("without {to}"), false)
            }
            Self::DimensionWeight(id) => {
                let to = settings.weights.get(id).copied().map(number);
                ("the pack's own".to_owned(), to.unwrap_or_default(), false)
            }
            Self::Attestations => {
                let days = settings.attestations_valid_for.unwrap_or_default();
                let to = crate::text::count(usize::try_from(days).unwrap_or(usize::MAX), "day");
                ("of any age".to_owned(), to, true)
            }
            // A waiver has its reason, or it is no waiver.
            Self::Waiver(index, _) => {
                let until = settings.waivers.get(*index);
                let until = until.map(|waiver| waiver.until.to_string());
                let to = format!("waived until {}", until.unwrap_or_default());
                ("asked".to_owned(), to, true)
            }
            _ => {
                let (from, to) = self.shown_values(settings);
                (from, to, true)
            }
        }
    }

    /// The same of what things are called, what is shown and what follows, which is neutral.
    fn shown_values(&self, settings: &Settings) -> (String, String) {
        let names = &settings.names;
        match self {
            Self::DimensionTitle(id) => {
                let to = names.dimensions.get(id).cloned();
                (id.clone(), to.unwrap_or_default())
            }
            Self::Numbers(_) => ("shown".to_owned(), "not shown".to_owned()),
            Self::Name(code) => {
                let to = names.words.get(code).cloned();
                (code.clone(), to.unwrap_or_default())
            }
            Self::Order => ("the packs' own".to_owned(), settings.order.join(", ")),
            Self::BestFirst => ("worst_first".to_owned(), "best_first".to_owned()),
            Self::Obligations => {
                let to = crate::text::count(settings.obligations.len(), "obligation");
                ("none".to_owned(), to)
            }
            _ => (String::new(), String::new()),
        }
    }

    /// The same of a key of a rule.
    fn rule_values(
        &self,
        rule: Option<&RuleSettings>,
        page: Option<&Page>,
    ) -> (String, String, bool) {
        let raised = |from: f64, to: f64| (number(from), number(to), to >= from);
        let unread = || (String::new(), String::new(), false);
        match self {
            Self::Disabled(_) => ("enabled".to_owned(), "disabled".to_owned(), false),
            Self::Weight(_) => {
                let from = page.map(|page| page.weight.unwrap_or_else(|| page.severity.weight()));
                let to = rule.and_then(|own| own.weight);
                let shown = |weight: Option<f64>| weight.map(number).unwrap_or_default();
                let same = from
                    .zip(to)
                    .is_some_and(|(from, to)| (from - to).abs() < f64::EPSILON);
                (shown(from), shown(to), same)
            }
            Self::Gate(_) => {
                let ends = page.zip(rule.and_then(|own| own.gate));
                ends.map_or_else(unread, |(page, gate)| raised(page.gate, gate))
            }
            Self::Severity(_) => {
                let ends = page.zip(rule.and_then(|own| own.severity));
                ends.map_or_else(unread, |(page, to)| {
                    // The graver severity comes first.
                    let stricter = to <= page.severity;
                    let (from, to) = (page.severity.word(), to.word());
                    (from.to_owned(), to.to_owned(), stricter)
                })
            }
            Self::Title(_) => {
                let from = page.map(|page| page.pack_title.as_ref().unwrap_or(&page.title));
                let to = rule.and_then(|own| own.title.clone());
                (
                    from.cloned().unwrap_or_default(),
                    to.unwrap_or_default(),
                    true,
                )
            }
            Self::Waivable(_) => {
                let word = |may: bool| {
                    let word = if may {
                        "may be waived"
                    } else {
                        "may not be waived"
                    };
                    word.to_owned()
                };
                let from = page.is_none_or(|page| page.waivable);
                let to = rule.and_then(|own| own.waivable).unwrap_or(from);
                (word(from), word(to), from || !to)
            }
            Self::Param(_, name) => {
                let param =
                    page.and_then(|page| page.params.iter().find(|param| param.name == *name));
                let to = rule.and_then(|own| own.params.get(name));
                param.zip(to).map_or_else(unread, |(param, to)| {
                    (shown(&param.default), shown(to), param.is_stricter(to))
                })
            }
            _ => unread(),
        }
    }
}

fn shown(value: &Value) -> String {
    match value {
        Value::Number(typed) => number(typed.as_f64().unwrap_or_default()),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

impl Change {
    pub(super) fn shown(&self, book: &Rulebook) -> BoardChange {
        let settings = book.settings();
        match self {
            Self::Setting(key) => {
                let page = key.rule().and_then(|id| book.baseline_page(id));
                let (from, to, stricter) = key.values(settings, page);
                BoardChange {
                    what: key.path().join("."),
                    from,
                    to,
                    reason: settings.reason(key),
                    needs_reason: !stricter && is_judged(page),
                    only: None,
                    without: None,
                }
            }
            Self::FieldsOnly(folder) => BoardChange {
                what: folder.clone(),
                from: "fields and rules".to_owned(),
                to: "fields without rules".to_owned(),
                reason: book.reason_of_pack(folder),
                needs_reason: true,
                only: None,
                without: None,
            },
            Self::Rule(id) => {
                let replaced = book.is_replaced(id);
                let pack = book.pack_of(id).unwrap_or_default();
                BoardChange {
                    what: id.clone(),
                    from: if replaced {
                        "the bundled rule"
                    } else {
                        "no such rule"
                    }
                    .to_owned(),
                    to: format!("the rule of {pack}"),
                    reason: book.reason_of_pack(pack),
                    needs_reason: true,
                    only: None,
                    without: None,
                }
            }
        }
    }
}

/// A question without points changes nothing, whatever is set for it.
fn is_judged(page: Option<&Page>) -> bool {
    page.is_none_or(|page| page.kind == PageKind::Rule)
}
