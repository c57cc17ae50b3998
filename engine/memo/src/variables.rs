//! What a template can show, and the reference of it.

use serde_json::Value;

/// What a variable is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Text; empty where there is none.
    Text,
    /// A number.
    Number,
    /// Yes or no, for conditions.
    YesNo,
    /// A list of texts.
    Texts,
    /// A group of variables.
    Group(&'static [Variable]),
    /// A list of groups, each with these variables.
    Groups(&'static [Variable]),
}

/// A variable.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Variable {
    /// Its name.
    pub name: &'static str,
    /// What it is.
    pub kind: Kind,
    /// What it holds.
    pub about: &'static str,
}

const fn of(name: &'static str, kind: Kind, about: &'static str) -> Variable {
    Variable { name, kind, about }
}

use Kind::{Group, Groups, Number, Text, Texts, YesNo};

/// Everything that a template can show.
pub const VARIABLES: &[Variable] = &[
    of("title", Text, "The title of the memo"),
    of("profile", Text, "The name of the board's profile"),
    of("date", Text, "The day of the evaluation"),
    of("engine", Text, "The version of Evenhand"),
    of("proposal", Group(PROPOSAL), "Which proposal"),
    of("verdict", Group(VERDICT), "What is recommended, and why"),
    of(
        "dimensions",
        Groups(DIMENSIONS),
        "Levels and ranges, in the order of the report",
    ),
    of(
        "decides",
        Groups(DECIDES),
        "What decides: rules that stop the program, or are not met in a dimension under its threshold",
    ),
    of(
        "would_help",
        Groups(HELP),
        "What would change the verdict most; three at most",
    ),
    of("failures", Texts, "Plugins that failed"),
    of(
        "overrides",
        Groups(OVERRIDES),
        "Decisions against rules that may not be waived",
    ),
    of(
        "reasons_owed",
        Texts,
        "Settings that loosen something without a reason",
    ),
    of("board", Group(BOARD), "What the board changed"),
    of(
        "waivers",
        Texts,
        "Each waiver that concerns the proposal, and what became of it",
    ),
    of("aged", Texts, "Attestations that count as claims"),
    of(
        "obligations",
        Texts,
        "What follows from the verdict or a level, as the board's profile says",
    ),
    of(
        "disabled",
        Groups(DISABLED),
        "Rules that the board disabled",
    ),
    of("questions", Groups(QUESTIONS), "What is not known yet"),
    of(
        "discussion",
        Groups(DISCUSSION),
        "Questions to talk about, without points",
    ),
    of("decided", YesNo, "Whether there is a decision"),
    of(
        "decision",
        Group(DECISION),
        "What the board decided; empty without a decision",
    ),
    of("receipt", Groups(RECEIPT), "What took part, with digests"),
];

const PROPOSAL: &[Variable] = &[
    of("id", Text, "Its id"),
    of("title", Text, "Its title"),
    of("file", Text, "Its file"),
    of("sha256", Text, "The digest of its canonical JSON"),
];
const VERDICT: &[Variable] = &[
    of(
        "word",
        Text,
        "proceed, revise, incomplete or stop: for conditions",
    ),
    of("label", Text, "The same in the language of the memo"),
    of("reason", Text, "The reason, in a sentence"),
    of(
        "without_waivers",
        Text,
        "The verdict without the waivers, where some are in force",
    ),
];
const DIMENSIONS: &[Variable] = &[
    of("id", Text, "Its id"),
    of("title", Text, "What people call it"),
    of("level", Text, "Its level, or both ends"),
    of("points", Text, "Its points, or both ends"),
    of(
        "threshold",
        Text,
        "The points that the board asks for; a dash where it shows no numbers",
    ),
    of("known", Text, "How much of it is known"),
];
const DECIDES: &[Variable] = &[
    of("rule", Text, "The rule's id"),
    of("title", Text, "Its requirement"),
    of("outcome", Text, "What came out"),
    of("message", Text, "What the finding says"),
];
const HELP: &[Variable] = &[
    of("rule", Text, "The rule's id"),
    of("title", Text, "Its requirement"),
    of("help", Text, "What helps"),
];
const OVERRIDES: &[Variable] = &[
    of("rule", Text, "The rule's id"),
    of("decision", Text, "The decision"),
];
const BOARD: &[Variable] = &[
    of(
        "summary",
        Text,
        "Whether verdict or a level is another one by it; empty where nothing was changed",
    ),
    of("changes", Texts, "Each change, with its reason"),
];
const DISABLED: &[Variable] = &[
    of("rule", Text, "The rule's id"),
    of("reason", Text, "Why it is disabled"),
];
const QUESTIONS: &[Variable] = &[
    of("question", Text, "The question"),
    of("path", Text, "The answer it asks for"),
    of("rules", Texts, "The rules that wait for it"),
];
const DISCUSSION: &[Variable] = &[
    of("rule", Text, "The rule's id"),
    of("title", Text, "The question"),
];
const DECISION: &[Variable] = &[
    of(
        "word",
        Text,
        "approved, approved_with_conditions, deferred or declined: for conditions",
    ),
    of("label", Text, "The same in the language of the memo"),
    of("date", Text, "The day of the decision"),
    of("review", Text, "When the board looks at it again"),
    of(
        "delete_after",
        Text,
        "From when what was collected may be deleted",
    ),
    of("votes", Group(VOTES), "The votes"),
    of("present", Texts, "Who was there"),
    of("recused", Groups(RECUSED), "Who took no part"),
    of("reasons", Texts, "Why"),
    of("issues", Texts, "What the board could not agree on"),
    of(
        "conditions",
        Groups(CONDITIONS),
        "What the program has to do",
    ),
];
const VOTES: &[Variable] = &[
    of("in_favour", Number, "For it"),
    of("against", Number, "Against it"),
    of("abstaining", Number, "Neither"),
];
const RECUSED: &[Variable] = &[of("name", Text, "Who"), of("reason", Text, "Why")];
const CONDITIONS: &[Variable] = &[
    of("number", Number, "Its number"),
    of("text", Text, "What"),
    of(
        "shown_by",
        Text,
        "The rule or the answer that shows whether it is met",
    ),
    of("due", Text, "Until when"),
    of(
        "standing",
        Text,
        "met, open, worse or for_people: for conditions",
    ),
    of("label", Text, "The same in the language of the memo"),
];
const RECEIPT: &[Variable] = &[
    of("part", Text, "What"),
    of("digest", Text, "Its version or digest"),
];

/// Variables that a loop adds inside of it, in the group `loop`.
pub(crate) const LOOP: &[Variable] = &[
    of("index", Number, "Which time it is, from 1"),
    of("first", YesNo, "Whether it is the first"),
    of("last", YesNo, "Whether it is the last"),
    of("length", Number, "How many there are"),
];

impl Kind {
    fn words(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Number => "number",
            Self::YesNo => "yes or no",
            Self::Texts => "list of texts",
            Self::Group(_) => "group",
            Self::Groups(_) => "list of groups",
        }
    }

    fn inner(self) -> &'static [Variable] {
        match self {
            Self::Group(inner) | Self::Groups(inner) => inner,
            _ => &[],
        }
    }
}

/// The reference as a table in Markdown.
pub fn reference() -> String {
    let mut rows = String::from("| variable | what | |\n|---|---|---|\n");
    list(VARIABLES, "", &mut rows);
    list(LOOP, "loop.", &mut rows);
    rows
}

fn list(variables: &[Variable], before: &str, rows: &mut String) {
    for variable in variables {
        let name = format!("{before}{}", variable.name);
        let kind = variable.kind.words();
        rows.push_str(&format!("| `{name}` | {kind} | {} |\n", variable.about));
        let within = match variable.kind {
            Groups(_) => format!("{name}[]."),
            _ => format!("{name}."),
        };
        list(variable.kind.inner(), &within, rows);
    }
}

/// Where values are not what the reference says; nothing if they are. For tests of what makes them.
pub fn misfits(values: &Value) -> Vec<String> {
    let mut found = Vec::new();
    group(values, VARIABLES, "", &mut found);
    found
}

fn group(value: &Value, variables: &[Variable], at: &str, found: &mut Vec<String>) {
    let Value::Object(map) = value else {
        found.push(format!("`{at}` is no group"));
        return;
    };
    for variable in variables {
        let path = format!("{at}{}", variable.name);
        match map.get(variable.name) {
            None => found.push(format!("there is no `{path}`")),
            Some(value) => fits(value, variable.kind, &path, found),
        }
    }
    let extra = map
        .keys()
        .filter(|name| !variables.iter().any(|one| one.name == **name));
    found.extend(extra.map(|name| format!("`{at}{name}` is not in the reference")));
}

fn fits(value: &Value, kind: Kind, path: &str, found: &mut Vec<String>) {
    let ok = match kind {
        Text => value.is_string(),
        Number => value.is_number(),
        YesNo => value.is_boolean(),
        Texts => value
            .as_array()
            .is_some_and(|list| list.iter().all(Value::is_string)),
        Group(inner) => {
            group(value, inner, &format!("{path}."), found);
            true
        }
        Groups(inner) => {
            let items = value.as_array();
            for item in items.into_iter().flatten() {
                group(item, inner, &format!("{path}[]."), found);
            }
            items.is_some()
        }
    };
    if !ok {
        found.push(format!("`{path}` is no {}", kind.words()));
    }
}
