//! The schema of proposals: which fields there are, what they mean, and how they are asked for.
//!
//! A schema is JSON Schema 2020-12 in a closed set of keywords; any other keyword is an error when the pack is
//! loaded, so that no constraint is silently ignored. `null` and absence both mean *not known yet*, which is why
//! nothing is ever `required`.

mod codes;
mod empty;
mod range;
mod read;
mod validate;

use crate::document::{Document, Format};
use evenhand_diagnostic::source::Source;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;

pub use codes::SCHEMA_CODES;
pub use range::Range;
pub use read::parse;
pub use validate::{certain, expectation, meant, unknown_path, validate};
pub(crate) use validate::{code_point, is_invisible};

/// The fields of a proposal as a tree, in an arena.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Schema {
    fields: Vec<Field>,
    symbols: Symbols,
    #[serde(skip)]
    written: Written,
}

/// The schema as written, for editors and documentation.
#[derive(Debug, Clone, Default)]
enum Written {
    #[default]
    Nowhere,
    Value(Value),
    /// Where it can be read, if anybody asks.
    In(Source),
}

/// A field's number in its [`Schema`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct FieldId(pub u32);

/// Every property name once, so that facts are looked up by number.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(from = "Vec<String>", into = "Vec<String>")]
pub struct Symbols {
    names: Vec<String>,
    numbers: BTreeMap<String, u32>,
}

#[expect(
    clippy::struct_excessive_bools,
    reason = "as many keywords of JSON Schema are yes or no"
)]
/// One field: what it may hold and how a person is asked for it.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Field {
    /// Its name; empty for the root and for list elements.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub name: String,
    /// The dotted path with `[]` for list elements, such as `flows[].weeks`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub path: String,
    /// What it may hold.
    pub kind: Kind,
    /// Short title.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub title: String,
    /// What it means and why it is asked.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub description: String,
    /// The question to a person.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub question: String,
    /// Unit of a number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
    /// Whether it must be known.
    pub need: Need,
    /// For a conditional field, when it is needed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub when: Option<String>,
    /// Examples as written.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub examples: Vec<Value>,
    /// Allowed texts, in order; empty if any text will do.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub choices: Vec<String>,
    /// Plain-language labels of the choices.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub labels: BTreeMap<String, String>,
    /// The words that people use for the choices, in any language.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub synonyms: BTreeMap<String, Vec<String>>,
    /// Smallest number, length or count allowed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub minimum: Option<f64>,
    /// Largest number, length or count allowed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub maximum: Option<f64>,
    /// Whether the minimum itself is excluded.
    pub exclusive_minimum: bool,
    /// A pattern that text must match, and a way to say it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pattern: Option<Pattern>,
    /// The shape that the pattern asks for, in words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub shape: Option<String>,
    /// Whether the text is the path of a field.
    pub is_path: bool,
    /// Whether the text is a calendar date.
    pub date: bool,
    /// Whether list elements must differ.
    pub unique: bool,
    /// The key that must differ between the objects of a list.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unique_key: Option<String>,
    /// Dotted path whose values are the only ones allowed here.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reference: Option<String>,
    /// Fields whose numbers must add up.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sum: Option<Sum>,
    /// Whether an empty list is no answer, but stands for one that is not known.
    pub empty_unknown: bool,
    /// What it takes to change it; see [`Schema::effort`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub effort: Option<Effort>,
    /// Who can answer, by the names the pack gives to respondents; see [`Schema::respondents`].
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub asks: Vec<String>,
    /// Whether the elements of a list usually share one answer, so that it is asked once for all.
    pub alike: bool,
    /// Whether a number may be given as a range.
    pub range: bool,
    /// Whether an answer is a promise: true only if somebody keeps it.
    pub safeguard: bool,
    /// Properties in the order written.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub properties: Vec<(String, FieldId)>,
    /// The element of a list.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub items: Option<FieldId>,
    /// What unnamed properties hold, where that is laid down.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub values: Option<FieldId>,
    /// Whether unnamed properties are allowed.
    pub open: bool,
}

/// What a field may hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum Kind {
    /// Anything.
    #[default]
    Any,
    /// Named fields.
    Object,
    /// A list.
    List,
    /// Text.
    Text,
    /// A number.
    Number,
    /// A whole number.
    Integer,
    /// Yes or no.
    Boolean,
}

/// Whether a field must be known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize)]
pub enum Need {
    /// Asked of everybody.
    Essential,
    /// Asked once its section applies.
    Conditional,
    /// Helps, but need not be known.
    #[default]
    Optional,
}

/// What it takes to change an answer, the cheapest first.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize,
)]
#[serde(rename_all = "lowercase")]
pub enum Effort {
    /// Somebody has to say what is so.
    Answer,
    /// Somebody has to write something down: limits, objectives, a plan.
    #[default]
    Write,
    /// Several people have to agree, or the program is planned differently.
    Agree,
    /// It costs money.
    Pay,
}

impl Effort {
    /// All of them, the cheapest first.
    pub const ALL: [Self; 4] = [Self::Answer, Self::Write, Self::Agree, Self::Pay];

    /// The word for it, as in the schema.
    pub fn word(self) -> &'static str {
        match self {
            Self::Answer => "answer",
            Self::Write => "write",
            Self::Agree => "agree",
            Self::Pay => "pay",
        }
    }

    /// Reads the word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|effort| effort.word() == word)
    }
}

/// A shape that text must have.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Pattern(pub regex_lite::Regex);

/// Fields whose numbers must add up to a total.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Sum {
    /// The fields added.
    pub of: Vec<String>,
    /// The total.
    pub is: f64,
    /// How far off it may be.
    pub within: f64,
}

impl Schema {
    /// The whole proposal.
    pub fn root(&self) -> FieldId {
        FieldId(0)
    }

    /// The field with this number.
    pub fn field(&self, id: FieldId) -> &Field {
        static NONE: Field = Field::nothing();
        self.fields.get(id.0 as usize).unwrap_or(&NONE)
    }

    /// The property `name` of an object field.
    pub fn property(&self, id: FieldId, name: &str) -> Option<FieldId> {
        self.field(id)
            .properties
            .iter()
            .find(|(key, _)| key == name)
            .map(|(_, field)| *field)
    }

    /// The field at a dotted path (`flows[].weeks`, `flows[0].weeks` or `flows.weeks`), if there is one.
    pub fn find(&self, dotted: &str) -> Option<FieldId> {
        let pointer = evenhand_diagnostic::pointer::Pointer::from_dotted(dotted)?;
        pointer.steps().try_fold(self.root(), |at, step| {
            let here = self.field(at);
            match here.items {
                Some(items) if step == "-" || step.bytes().all(|b| b.is_ascii_digit()) => {
                    Some(items)
                }
                Some(items) => self.property(items, &step),
                None => self.property(at, &step),
            }
        })
    }

    /// What it takes to change the field at a dotted path: what the field says, or the nearest one above it that
    /// says something; writing where none does.
    pub fn effort(&self, dotted: &str) -> Effort {
        self.nearest(dotted, |field| field.effort)
            .unwrap_or_default()
    }

    /// Who can answer the field at a dotted path: what the field says, or the nearest one above it.
    pub fn respondents(&self, dotted: &str) -> &[String] {
        let line = self.lineage(dotted);
        let own = line.into_iter().rev().map(|id| &self.field(id).asks);
        own.into_iter()
            .find(|asks| !asks.is_empty())
            .map_or(&[], Vec::as_slice)
    }

    fn nearest<T>(&self, dotted: &str, what: impl Fn(&Field) -> Option<T>) -> Option<T> {
        let line = self.lineage(dotted);
        line.into_iter().rev().find_map(|id| what(self.field(id)))
    }

    /// The fields on the way to a dotted path, the root first; elements of lists are fields of their own.
    fn lineage(&self, dotted: &str) -> Vec<FieldId> {
        let mut line = vec![self.root()];
        let Some(pointer) = evenhand_diagnostic::pointer::Pointer::from_dotted(dotted) else {
            return line;
        };
        let mut at = self.root();
        for step in pointer.steps() {
            let below = match self.field(at).items {
                Some(items) if step == "-" || step.bytes().all(|b| b.is_ascii_digit()) => {
                    Some(items)
                }
                Some(items) => self.property(items, &step),
                None => self.property(at, &step),
            };
            let Some(below) = below else { break };
            line.push(below);
            at = below;
        }
        line
    }

    /// Every field below the root, depth first, in the order written.
    pub fn walk(&self) -> Vec<FieldId> {
        let mut found = Vec::new();
        let mut open = vec![self.root()];
        while let Some(at) = open.pop() {
            found.push(at);
            let field = self.field(at);
            open.extend(field.items);
            open.extend(field.properties.iter().rev().map(|(_, id)| *id));
        }
        found
    }

    /// Adds the facts a plugin derives, under `derived.<key>`, from the schema it declares.
    pub fn mount_derived(
        &mut self,
        key: &str,
        provides: &Document,
    ) -> Result<(), Vec<evenhand_diagnostic::problem::Problem>> {
        let root = self.root();
        let derived = self.property(root, "derived").unwrap_or_else(|| {
            self.add_property(
                root,
                "derived",
                Field {
                    kind: Kind::Object,
                    ..Field::default()
                },
            )
        });
        let path = format!("derived.{key}");
        let mount = read::subtree(self, provides, &path)?;
        self.symbols.number(key);
        if let Some(field) = self.fields.get_mut(derived.0 as usize) {
            field.properties.retain(|(name, _)| name != key);
            field.properties.push((key.to_owned(), mount));
        }
        Ok(())
    }

    /// Every field, to be put into a language.
    pub fn fields_mut(&mut self) -> impl Iterator<Item = &mut Field> {
        self.fields.iter_mut()
    }

    /// The schema as JSON for editors: every type also allows `null`, which means *not known yet*.
    pub fn to_json(&self) -> Value {
        match &self.written {
            Written::Nowhere => Value::Null,
            Written::Value(json) => read::with_null(json),
            Written::In(source) => {
                let range = 0..source.text().len();
                let read = Document::parse_part(source, range, Format::Json);
                read.map_or(Value::Null, |document| read::with_null(document.value()))
            }
        }
    }

    /// The schema that was read before, with the file it was read from.
    #[must_use]
    pub fn written_in(mut self, source: Source) -> Self {
        self.written = Written::In(source);
        self
    }

    /// Every property name with its number.
    pub fn symbols(&self) -> &Symbols {
        &self.symbols
    }

    fn add(&mut self, field: Field) -> FieldId {
        let id = FieldId(u32::try_from(self.fields.len()).unwrap_or(u32::MAX));
        self.fields.push(field);
        id
    }

    fn add_property(&mut self, parent: FieldId, name: &str, mut field: Field) -> FieldId {
        name.clone_into(&mut field.name);
        if field.path.is_empty() {
            name.clone_into(&mut field.path);
        }
        self.symbols.number(name);
        let id = self.add(field);
        if let Some(parent) = self.fields.get_mut(parent.0 as usize) {
            parent.properties.push((name.to_owned(), id));
        }
        id
    }
}

impl Field {
    const fn nothing() -> Self {
        Self {
            name: String::new(),
            path: String::new(),
            kind: Kind::Any,
            title: String::new(),
            description: String::new(),
            question: String::new(),
            unit: None,
            need: Need::Optional,
            when: None,
            examples: Vec::new(),
            choices: Vec::new(),
            labels: BTreeMap::new(),
            synonyms: BTreeMap::new(),
            minimum: None,
            maximum: None,
            exclusive_minimum: false,
            pattern: None,
            shape: None,
            is_path: false,
            date: false,
            unique: false,
            unique_key: None,
            reference: None,
            sum: None,
            effort: None,
            asks: Vec::new(),
            empty_unknown: false,
            alike: false,
            range: false,
            safeguard: false,
            properties: Vec::new(),
            items: None,
            values: None,
            open: false,
        }
    }

    /// The values to try when this fact is missing: both truth values, or every choice.
    pub fn possible_values(&self) -> Vec<Value> {
        match self.kind {
            Kind::Boolean => vec![Value::Bool(false), Value::Bool(true)],
            Kind::Text => self.choices.iter().cloned().map(Value::String).collect(),
            _ => Vec::new(),
        }
    }
}

impl From<Vec<String>> for Symbols {
    fn from(names: Vec<String>) -> Self {
        let numbered = names.iter().cloned().zip(0..);
        Self {
            numbers: numbered.collect(),
            names,
        }
    }
}

impl From<Symbols> for Vec<String> {
    fn from(symbols: Symbols) -> Self {
        symbols.names
    }
}

impl TryFrom<String> for Pattern {
    type Error = regex_lite::Error;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        regex_lite::Regex::new(&text).map(Self)
    }
}

impl From<Pattern> for String {
    fn from(pattern: Pattern) -> Self {
        pattern.0.as_str().to_owned()
    }
}

impl Symbols {
    /// The number of a name, which gets one if it has none.
    pub fn number(&mut self, name: &str) -> u32 {
        if let Some(number) = self.numbers.get(name) {
            return *number;
        }
        let number = u32::try_from(self.names.len()).unwrap_or(u32::MAX);
        self.names.push(name.to_owned());
        self.numbers.insert(name.to_owned(), number);
        number
    }

    /// The number of a name, if it has one.
    pub fn get(&self, name: &str) -> Option<u32> {
        self.numbers.get(name).copied()
    }

    /// All names with their numbers.
    pub fn names(&self) -> impl Iterator<Item = (u32, &str)> {
        (0_u32..).zip(self.names.iter().map(String::as_str))
    }
}
