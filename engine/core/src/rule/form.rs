//! How a page judges without a script: a form in its settings, read into types and written out as the script it stands
//! for. There is no second way to judge.

mod lower;
mod outcomes;
mod raw;
mod read;
#[cfg(test)]
mod tests;

use super::Page;
use crate::problem::Problem;
use crate::schema::{FieldId, Schema};
use crate::source::Source;
use std::ops::Range;

pub use outcomes::outcomes;
pub use raw::{Raw, RawData, RawEntry};

/// The settings of a page that make up its form.
pub(crate) const KEYS: [&str; 4] = ["applies", "judge", "say", "remedy"];

/// The words of conditions, which no field of a proposal can have for its name.
pub(crate) const RESERVED: [&str; 7] = ["and", "or", "not", "any", "all", "attested", "compare"];

/// A page's form: when its question arises, how it is judged, what is said, what would help.
#[derive(Debug, Clone, PartialEq)]
pub struct PageForm {
    /// When the question arises; always, where nothing is said.
    pub applies: Option<Cond>,
    /// How it is judged; nothing for a prompt.
    pub judge: Option<Form>,
    /// What is said where a part of the form says nothing of its own.
    pub say: Says,
    /// What would help.
    pub remedy: Remedy,
}

/// What is said for each outcome.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Says {
    /// When it is met.
    pub met: Option<Template>,
    /// When it is partly met.
    pub partly: Option<Template>,
    /// When it is not met.
    pub unmet: Option<Template>,
}

/// A message as written.
#[derive(Debug, Clone, PartialEq)]
pub struct Template {
    /// The words, with places in braces.
    pub text: String,
    /// Where they are written.
    pub span: Range<usize>,
}

/// How something is judged.
#[derive(Debug, Clone, PartialEq)]
pub struct Form {
    /// Its shape.
    pub kind: FormKind,
    /// What it counts at most, unless something holds.
    pub at_most: Vec<Cap>,
    /// Where it is written.
    pub span: Range<usize>,
}

/// The shapes of a form.
#[derive(Debug, Clone, PartialEq)]
pub enum FormKind {
    /// A degree for each value of a fact.
    Choice {
        /// The fact.
        of: Path,
        /// The values in the order of the schema.
        scale: Vec<Arm>,
    },
    /// A degree for yes and one for no.
    YesNo {
        /// The fact.
        of: Path,
        /// What yes counts.
        yes: Deg,
        /// What no counts.
        no: Deg,
    },
    /// A number on a line.
    Number {
        /// The number.
        of: Num,
        /// The line.
        line: Line,
    },
    /// The weight of what holds, out of what is asked for.
    Checklist {
        /// What is asked for.
        items: Vec<Item>,
        /// The weight that counts in full; all of it, where nothing is said.
        full: Option<Num>,
    },
    /// Days from one date to another.
    Dates {
        /// The first.
        from: Date,
        /// The second.
        to: Date,
        /// Days that count in full.
        full: Num,
        /// Days that count nothing.
        zero: Num,
    },
    /// Every element of a list, taken together.
    Each(Box<Each>),
    /// The least of several.
    AllOf(Vec<Form>),
    /// The most of several.
    AnyOf(Vec<Form>),
    /// The weighted mean of several.
    MeanOf(Vec<(Form, Value)>),
    /// The first branch whose condition holds.
    First(Vec<Branch>),
}

/// Every element of a list.
#[derive(Debug, Clone, PartialEq)]
pub struct Each {
    /// The list.
    pub list: Path,
    /// Which elements are judged.
    pub filter: Option<Cond>,
    /// How one is judged.
    pub judge: Form,
    /// How they are taken together.
    pub take: Take,
    /// The weight of one in a mean.
    pub weigh: Option<Num>,
    /// What it counts where there is none; nothing where the question does not arise then.
    pub if_none: Option<Deg>,
}

/// How the elements of a list are taken together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Take {
    /// The least.
    Worst,
    /// The most.
    Best,
    /// The weighted mean.
    Mean,
}

/// What some values of a choice count.
#[derive(Debug, Clone, PartialEq)]
pub struct Arm {
    /// A word of an enumeration, or a whole number.
    pub first: Value,
    /// The last number of a range.
    pub last: Option<f64>,
    /// How people call the value.
    pub label: String,
    /// What it counts.
    pub degree: Deg,
    /// What is said of it.
    pub say: Option<Template>,
    /// Where it is written.
    pub span: Range<usize>,
}

/// Something a checklist asks for.
#[derive(Debug, Clone, PartialEq)]
pub struct Item {
    /// What has to hold.
    pub is: Cond,
    /// What it weighs.
    pub weight: Value,
    /// How people call it.
    pub label: String,
    /// Where it is written.
    pub span: Range<usize>,
}

/// A branch of `first`.
#[derive(Debug, Clone, PartialEq)]
pub struct Branch {
    /// When it is taken; nothing for `else`.
    pub when: Option<Cond>,
    /// What follows.
    pub then: Then,
    /// What is said.
    pub say: Option<Template>,
    /// Where it is written.
    pub span: Range<usize>,
}

/// What follows from a condition.
#[derive(Debug, Clone, PartialEq)]
pub enum Then {
    /// A degree.
    Deg(Deg),
    /// A form.
    Form(Box<Form>),
}

/// What a form counts at most.
#[derive(Debug, Clone, PartialEq)]
pub struct Cap {
    /// The most.
    pub degree: Deg,
    /// Unless this holds.
    pub unless: Cond,
    /// Where it is written.
    pub span: Range<usize>,
}

/// How a number counts.
#[derive(Debug, Clone, PartialEq)]
pub enum Line {
    /// Linear between two ends.
    Ramp {
        /// What counts in full.
        full: Num,
        /// What counts nothing.
        zero: Num,
    },
    /// Linear between points.
    Points(Vec<(Num, Deg)>),
    /// Points that a parameter holds; whether they rise.
    Param(ParamRef, bool),
}

/// A date.
#[derive(Debug, Clone, PartialEq)]
pub enum Date {
    /// A fact.
    Path(Path),
    /// The day of the evaluation.
    EvaluatedOn,
}

/// A number.
#[derive(Debug, Clone, PartialEq)]
pub enum Num {
    /// As written.
    Known(f64),
    /// A fact.
    Path(Path),
    /// A parameter.
    Param(ParamRef),
    /// Something of the elements of a list.
    Over(Box<Over>),
    /// Elements of a list, or different values among them.
    Count(Box<Count>),
    /// A part of a whole.
    Share(Box<Share>),
    /// A product.
    Times(Box<(Num, Num)>),
    /// A sum.
    Plus(Box<(Num, Num)>),
}

/// Something of the elements of a list.
#[derive(Debug, Clone, PartialEq)]
pub struct Over {
    /// What.
    pub what: Aggregate,
    /// Of the element.
    pub of: Path,
    /// The list.
    pub list: Path,
    /// Which elements.
    pub filter: Option<Cond>,
    /// The number where there is none; nothing where the question does not arise then, or for a sum.
    pub if_none: Option<Num>,
}

/// What is taken of the elements of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Aggregate {
    /// All together.
    Sum,
    /// The mean.
    Mean,
    /// The smallest.
    Min,
    /// The largest.
    Max,
}

/// Elements of a list, counted.
#[derive(Debug, Clone, PartialEq)]
pub struct Count {
    /// The list.
    pub list: Path,
    /// Which elements.
    pub filter: Option<Cond>,
    /// What has to differ.
    pub distinct: Option<Path>,
}

/// A part of a whole.
#[derive(Debug, Clone, PartialEq)]
pub struct Share {
    /// The part.
    pub part: Num,
    /// The whole.
    pub whole: Num,
    /// The number where the whole is zero; nothing where the question does not arise then.
    pub if_zero: Option<Num>,
}

/// A condition.
#[derive(Debug, Clone, PartialEq)]
pub enum Cond {
    /// All hold.
    And(Vec<Cond>),
    /// One holds.
    Or(Vec<Cond>),
    /// It does not hold.
    Not(Box<Cond>),
    /// The fact is this.
    Is(Path, Value),
    /// The fact is one of these.
    OneOf(Path, Vec<Value>),
    /// The fact is one of a parameter's.
    OneOfParam(Path, ParamRef),
    /// Two numbers compare.
    Compare(Num, Op, Num),
    /// The list has one of these.
    Includes(Path, Vec<Value>),
    /// The list has all of these.
    IncludesAll(Path, Vec<Value>),
    /// An element is so.
    Some(Box<Quantified>),
    /// Every element is so.
    Every(Box<Quantified>),
    /// A partner stands behind the fact.
    Attested(Path),
}

/// A condition on elements of a list.
#[derive(Debug, Clone, PartialEq)]
pub struct Quantified {
    /// The list.
    pub list: Path,
    /// What is asked of an element.
    pub is: Cond,
    /// What holds where there is none.
    pub if_none: bool,
}

/// How numbers compare.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Op {
    /// `>=`
    AtLeast,
    /// `<=`
    AtMost,
    /// `>`
    Above,
    /// `<`
    Below,
}

/// A value.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// Yes or no.
    Flag(bool),
    /// A number.
    Number(f64),
    /// Text.
    Text(String),
    /// A parameter.
    Param(ParamRef),
}

/// A degree.
#[derive(Debug, Clone, PartialEq)]
pub enum Deg {
    /// As written.
    Known(f64),
    /// A parameter, with its value unless somebody sets another.
    Param(ParamRef, f64),
}

/// A parameter, or an entry of one that is a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParamRef {
    /// Its name.
    pub name: String,
    /// The entry.
    pub key: Option<String>,
}

/// A fact.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Path {
    /// Whose: 0 for the proposal's, 1 for the outermost list's element, and so on inwards.
    pub scope: usize,
    /// The names on the way; none for the element itself.
    pub steps: Vec<String>,
    /// Its field, where the schema lays one down.
    pub field: Option<FieldId>,
    /// What it is called.
    pub title: String,
}

/// What would help.
#[derive(Debug, Clone, PartialEq)]
pub enum Remedy {
    /// Nothing is proposed.
    None,
    /// What the form itself says would be right.
    Auto,
    /// These facts.
    Set(Vec<Set>),
}

/// A fact to set.
#[derive(Debug, Clone, PartialEq)]
pub struct Set {
    /// Which.
    pub path: Path,
    /// To what; nothing for what counts in full.
    pub to: Option<Value>,
    /// Where it is written.
    pub span: Range<usize>,
}

/// Reads a page's form: every problem at once, each with its place on the page.
pub fn read(schema: &Schema, page: &Page, raw: &Raw) -> Result<PageForm, Vec<Problem>> {
    read::page(schema, page, raw)
}

/// The script that a form stands for. Problems of it are shown where the page says what it says.
pub fn script(schema: &Schema, page: &Page, form: &PageForm) -> Source {
    lower::script(schema, page, form)
}
