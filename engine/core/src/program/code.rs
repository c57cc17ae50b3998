//! A script as it runs: a tree in which every name is a number and every function is found.

use super::value::Value;
use crate::rule::facts::Step;
use crate::source::Source;
use rhai::{ImmutableString, Position};
use std::fmt;

/// A script with everything that it calls.
#[derive(Debug, Default)]
pub(crate) struct Program {
    pub(crate) functions: Vec<Function>,
    /// The functions that the engine calls, in the order of `ENTRY_POINTS`.
    pub(crate) entries: [Option<usize>; 3],
}

impl Program {
    /// Everything that it does, with the files of its functions and the first place in each.
    pub(crate) fn with_places(&self) -> String {
        let places = self.functions.iter().map(|function| {
            let source = function.source.as_ref().map(Source::name);
            let places: Vec<Position> = function.body.iter().map(|node| node.at).collect();
            format!("{source:?} {places:?}")
        });
        let places: Vec<String> = places.collect();
        format!("{self:?} {places:?}")
    }
}

/// A function or closure.
#[derive(Default)]
pub(crate) struct Function {
    /// How many values it gets; a closure's captured ones come first.
    pub(crate) params: usize,
    /// How many names it has, with those of its values.
    pub(crate) names: usize,
    pub(crate) body: Vec<Node>,
    /// Where it is written.
    pub(crate) source: Option<Source>,
}

/// What is done, and where it is written.
pub(crate) struct Node {
    pub(crate) at: Position,
    pub(crate) op: Op,
}

/// What a program does, without where it is written: two programs that look alike do the same.
impl fmt::Debug for Function {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            params,
            names,
            body,
            source: _,
        } = self;
        write!(f, "{params} {names} {body:?}")
    }
}

/// What is done, without where it is written.
impl fmt::Debug for Node {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.op.fmt(f)
    }
}

/// One step of work.
#[derive(Debug)]
pub(crate) enum Op {
    Constant(Value),
    Name(usize),
    /// A field of a group or an entry of a table.
    Property(Box<Node>, Step),
    Index(Box<(Node, Node)>),
    /// An element counted from the end, from 1.
    End(Box<Node>, usize),
    And(Vec<Node>),
    Or(Vec<Node>),
    Not(Box<Node>),
    Minus(Box<Node>),
    Equal(Box<(Node, Node)>, bool),
    Order(Box<(Node, Node)>, Than),
    Sum(Box<(Node, Node)>, Sign),
    /// `item in list`: the list first.
    In(Box<(Node, Node)>),
    If(Box<(Node, Node, Node)>),
    Block(Vec<Node>),
    Let(usize, Box<Node>),
    /// `table[key] = value`.
    Entry(usize, Box<(Node, Node)>),
    For(usize, Box<(Node, Node)>),
    Break,
    Continue,
    Return(Option<Box<Node>>),
    Switch(Box<Switch>),
    Call(usize, Vec<Node>),
    Native(Native, Vec<Node>),
    Facts(Box<Asked>),
    /// A function and the names that it captures.
    Closure(usize, Vec<usize>),
    Plugin(usize, usize, Vec<Node>),
    List(Vec<Node>),
    Table(Vec<(ImmutableString, Node)>),
    /// Text with values in it.
    Text(Vec<Node>),
    Push(usize, Box<Node>),
    Sort(usize, Option<Box<Node>>),
    /// A followed script has come here.
    Done(usize),
}

/// What is asked about the facts at a path.
#[derive(Debug)]
pub(crate) struct Asked {
    pub(crate) what: What,
    pub(crate) of: Node,
    pub(crate) path: Path,
    /// What stands for a fact that is not known.
    pub(crate) otherwise: Option<Node>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum What {
    Has,
    GetOr,
    AttestedBy,
    Beside,
}

#[derive(Debug)]
pub(crate) enum Path {
    Known(Vec<Step>),
    Computed(Node),
}

/// How two values must be ordered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Than {
    Less,
    AtMost,
    More,
    AtLeast,
}

/// A sign between two values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sign {
    Plus,
    Minus,
    Times,
    Over,
    Rest,
}

impl Sign {
    pub(crate) fn of(sign: &str) -> Option<Self> {
        Some(match sign.trim_end_matches('=') {
            "+" => Self::Plus,
            "-" => Self::Minus,
            "*" => Self::Times,
            "/" => Self::Over,
            "%" => Self::Rest,
            _ => return None,
        })
    }
}

#[derive(Debug)]
pub(crate) struct Switch {
    pub(crate) on: Node,
    pub(crate) arms: Vec<Arm>,
}

#[derive(Debug)]
pub(crate) struct Arm {
    pub(crate) labels: Vec<Label>,
    pub(crate) condition: Option<Node>,
    pub(crate) gives: Node,
}

#[derive(Debug)]
pub(crate) enum Label {
    Value(Value),
    /// From, to, and whether `to` itself is one of them.
    Range(f64, f64, bool),
    Other,
}

/// A function that every script has, by what it takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Native {
    Met,
    Unmet,
    Partly,
    Ramp,
    Curve,
    Between,
    Set,
    Path,
    Place,
    Filter,
    Some,
    All,
    Map,
    Sum,
    Count,
    Mean,
    First,
    Last,
    Order,
    OrderBy,
    Distinct,
    Flatten,
    Len,
    IsEmpty,
    StartsWith,
    EndsWith,
    ToUpper,
    ToLower,
    SubString,
    Split,
    Share,
    Min,
    Max,
    Floor,
    Ceiling,
    Round,
    Abs,
    DaysBetween,
    Print,
    Call,
}

impl Native {
    /// All of them, in their order.
    pub(crate) const ALL: [Self; 40] = [
        Self::Met,
        Self::Unmet,
        Self::Partly,
        Self::Ramp,
        Self::Curve,
        Self::Between,
        Self::Set,
        Self::Path,
        Self::Place,
        Self::Filter,
        Self::Some,
        Self::All,
        Self::Map,
        Self::Sum,
        Self::Count,
        Self::Mean,
        Self::First,
        Self::Last,
        Self::Order,
        Self::OrderBy,
        Self::Distinct,
        Self::Flatten,
        Self::Len,
        Self::IsEmpty,
        Self::StartsWith,
        Self::EndsWith,
        Self::ToUpper,
        Self::ToLower,
        Self::SubString,
        Self::Split,
        Self::Share,
        Self::Min,
        Self::Max,
        Self::Floor,
        Self::Ceiling,
        Self::Round,
        Self::Abs,
        Self::DaysBetween,
        Self::Print,
        Self::Call,
    ];

    pub(crate) fn of(name: &str) -> Option<Self> {
        Some(match name {
            "met" => Self::Met,
            "unmet" => Self::Unmet,
            "partly" => Self::Partly,
            "ramp" => Self::Ramp,
            "curve" => Self::Curve,
            "between" => Self::Between,
            "set" => Self::Set,
            "path" => Self::Path,
            "index" => Self::Place,
            "filter" => Self::Filter,
            "some" => Self::Some,
            "all" => Self::All,
            "map" => Self::Map,
            "sum" => Self::Sum,
            "count" => Self::Count,
            "mean" => Self::Mean,
            "first" => Self::First,
            "last" => Self::Last,
            "order" => Self::Order,
            "order_by" => Self::OrderBy,
            "distinct" => Self::Distinct,
            "flatten" => Self::Flatten,
            "len" => Self::Len,
            "is_empty" => Self::IsEmpty,
            "starts_with" => Self::StartsWith,
            "ends_with" => Self::EndsWith,
            "to_upper" => Self::ToUpper,
            "to_lower" => Self::ToLower,
            "sub_string" => Self::SubString,
            "split" => Self::Split,
            "share" => Self::Share,
            "min" => Self::Min,
            "max" => Self::Max,
            "floor" => Self::Floor,
            "ceiling" => Self::Ceiling,
            "round" => Self::Round,
            "abs" => Self::Abs,
            "days_between" => Self::DaysBetween,
            "print" => Self::Print,
            "call" => Self::Call,
            _ => return None,
        })
    }
}
