//! The functions that every script has: what each takes and gives, in words and for the checker.

/// The forms in which a message can show what stands in a place, with what each is for.
pub const FORMATS: [(&str, &str); 3] = [
    ("percent", "a share: 0.25 as 25 %"),
    ("whole", "a number without its decimals"),
    ("words", "the words of an enumeration, one by one"),
];

/// A function that every script has.
#[derive(Debug, Clone, Copy)]
pub struct Native {
    /// Its name.
    pub name: &'static str,
    /// How it is called.
    pub signature: &'static str,
    /// What it gives.
    pub about: &'static str,
    /// A use of it.
    pub example: &'static str,
    pub(crate) forms: &'static [Form],
}

/// One way of calling a function; `x.f(y)` is `f(x, y)`.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Form(pub(crate) &'static [Want], pub(crate) Gives);

/// What a function takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Want {
    Any,
    Number,
    YesNo,
    Text,
    List,
    Numbers,
    Group,
    /// A name that holds a list, which is changed.
    Name,
    /// A function of one element that says yes or no.
    Asks,
    /// A function of one element that gives a number.
    Measures,
    /// A function of one element.
    Makes,
    /// A function of two elements that says which comes first.
    Orders,
    /// The path of a fact below the group that stands before it.
    Path,
    /// The path of a fact from the top.
    TopPath,
    /// A list of paths from the top.
    Paths,
    Template,
    Arguments,
    /// `#{ full: …, zero: … }`.
    Ends,
    /// `[[value, degree], …]`.
    Curve,
}

/// What a function gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Gives {
    Nothing,
    Number,
    YesNo,
    Text,
    Texts,
    Finding,
    Change,
    /// An element of the first argument.
    Element,
    /// The first argument, or as many elements in another order.
    Same,
    /// Some elements of the first argument.
    Part,
    /// A list of what the function gives.
    Mapped,
    /// The elements of the elements.
    Flat,
    /// The fact at the path, or the third argument.
    Fact,
    /// The element of the list at the path.
    Beside,
    /// The path of the group.
    Where,
}

use Want as W;

macro_rules! natives {
    ($($name:literal, $signature:literal, $about:literal, $example:literal, [$($params:expr => $gives:ident),+ $(,)?];)+) => {
        &[$(Native {
            name: $name,
            signature: $signature,
            about: $about,
            example: $example,
            forms: &[$(Form(&$params, Gives::$gives)),+],
        }),+]
    };
}

/// All of them, by what they are about.
pub fn natives() -> &'static [Native] {
    NATIVES
}

pub(crate) fn native(name: &str) -> Option<&'static Native> {
    NATIVES.iter().find(|native| native.name == name)
}

const NATIVES: &[Native] = natives![
    // Findings.
    "met", "met(message, #{ … })", "the requirement holds", "met(\"{n} people\", #{ n: flow.n_per_year })",
        [[] => Finding, [W::Template] => Finding, [W::Template, W::Arguments] => Finding];
    "unmet", "unmet(message, #{ … })", "the requirement does not hold", "unmet(\"Nobody is asked\")",
        [[W::Template] => Finding, [W::Template, W::Arguments] => Finding];
    "partly", "partly(degree, message, #{ … })", "the requirement holds to a degree between 0 and 1", "partly(0.5, \"Half of it\")",
        [[W::Number, W::Template] => Finding, [W::Number, W::Template, W::Arguments] => Finding];
    "ramp", "ramp(x, #{ full: …, zero: … }, message, #{ … })",
        "a degree that is 1 at `full`, 0 at `zero` and linear between them; with a message a finding of that degree",
        "ramp(weeks, #{ full: 8, zero: 0 })",
        [[W::Number, W::Ends] => Number, [W::Number, W::Ends, W::Template, W::Arguments] => Finding];
    "curve", "curve(x, [[value, degree], …], message, #{ … })",
        "a degree that is linear between the points and flat outside them; with a message a finding of that degree",
        "curve(weeks, param.curve)",
        [[W::Number, W::Curve] => Number, [W::Number, W::Curve, W::Template, W::Arguments] => Finding];
    "between", "between(low, high, paths, message, #{ … })",
        "part of the degree is settled, and the rest waits for the facts at these paths",
        "between(0, 0.5, [\"host.need\"], \"Not known yet\", #{})",
        [[W::Number, W::Number, W::Paths, W::Template, W::Arguments] => Finding];
    "set", "set(path, value), set(group, name, value)", "a remedy: the fact at the path becomes the value",
        "set(flow, \"weeks\", 8)",
        [[W::TopPath, W::Any] => Change, [W::Group, W::Path, W::Any] => Change];
    // Facts.
    "has", "group.has(path)", "whether the fact is known", "program.has(\"host.need\")", [[W::Group, W::Path] => YesNo];
    "get_or", "group.get_or(path, value)", "the fact, or the value where it is not known", "flow.get_or(\"weeks\", 0)",
        [[W::Group, W::Path, W::Any] => Fact];
    "attested_by", "group.attested_by(path)", "the partners who stand behind the fact", "program.attested_by(\"host.need\")",
        [[W::Group, W::Path] => Texts];
    "beside", "element.beside(path)", "the element of another list that stands at the same place",
        "flow.beside(\"derived.climate.flows\")", [[W::Group, W::TopPath] => Beside];
    "path", "group.path()", "the path of the group, such as `flows[0]`", "flow.path() + \".weeks\"", [[W::Group] => Where];
    "index", "element.index()", "the place of the element in its list, from 0", "flow.index()", [[W::Group] => Number];
    // Lists.
    "filter", "list.filter(|x| yes or no)", "the elements for which it is so", "program.flows.filter(|flow| flow.weeks > 8)",
        [[W::List, W::Asks] => Part];
    "some", "list.some(|x| yes or no)", "whether it is so for one at least", "program.flows.some(|flow| flow.weeks > 8)",
        [[W::List, W::Asks] => YesNo];
    "all", "list.all(|x| yes or no, if_empty)", "whether it is so for each; where the list may be empty, `if_empty` says what that means",
        "program.flows.all(|flow| flow.weeks > 8, false)",
        [[W::List, W::Asks] => YesNo, [W::List, W::Asks, W::YesNo] => YesNo];
    "map", "list.map(|x| value)", "what each element becomes", "program.flows.map(|flow| flow.weeks)", [[W::List, W::Makes] => Mapped];
    "sum", "list.sum(|x| number)", "the numbers added", "program.flows.sum(|flow| flow.n_per_year)",
        [[W::Numbers] => Number, [W::List, W::Measures] => Number];
    "count", "list.count(|x| yes or no)", "for how many it is so", "program.flows.count(|flow| flow.weeks > 8)",
        [[W::List] => Number, [W::List, W::Asks] => Number];
    "mean", "list.mean(|x| number, |x| weight)", "the mean of the numbers, each by its weight; of an empty list an error",
        "program.flows.mean(|flow| flow.weeks, |flow| flow.n_per_year)",
        [[W::Numbers] => Number, [W::List, W::Measures, W::Measures] => Number];
    "first", "list.first()", "the first element; of an empty list an error", "param.curve.first()", [[W::List] => Element];
    "last", "list.last()", "the last element; of an empty list an error", "param.curve.last()", [[W::List] => Element];
    "order", "list.order()", "the numbers or texts, the smallest first", "[3, 1, 2].order()", [[W::List] => Same];
    "order_by", "list.order_by(|a, b| number or yes or no)",
        "the elements in order: below zero, or yes, puts `a` first; what is equal keeps its place",
        "program.flows.order_by(|a, b| a.weeks - b.weeks)", [[W::List, W::Orders] => Same];
    "sort", "list.sort(|a, b| number or yes or no)", "puts the list that has this name in order", "flows.sort(|a, b| a.weeks - b.weeks)",
        [[W::Name] => Nothing, [W::Name, W::Orders] => Nothing];
    "distinct", "list.distinct()", "each number or text once", "program.flows.map(|flow| flow.to).distinct()", [[W::List] => Same];
    "flatten", "list.flatten()", "the elements of the lists in it, in one list", "[[1], [2, 3]].flatten()", [[W::List] => Flat];
    "push", "list.push(value)", "adds to the list that has this name", "changes.push(set(\"host.need\", \"host_led\"))",
        [[W::Name, W::Any] => Nothing];
    "len", "list.len(), text.len()", "how many elements or letters there are", "program.flows.len()",
        [[W::List] => Number, [W::Text] => Number];
    "is_empty", "list.is_empty(), text.is_empty()", "whether there is none", "program.flows.is_empty()",
        [[W::List] => YesNo, [W::Text] => YesNo];
    "contains", "value in list, text.contains(part)", "whether it is there", "flow.who in [\"student\", \"trainee\"]",
        [[W::List, W::Any] => YesNo, [W::Text, W::Text] => YesNo];
    // Texts.
    "starts_with", "text.starts_with(part)", "whether the text begins so", "partner.id.starts_with(\"north\")",
        [[W::Text, W::Text] => YesNo];
    "ends_with", "text.ends_with(part)", "whether the text ends so", "partner.id.ends_with(\"north\")",
        [[W::Text, W::Text] => YesNo];
    "to_upper", "text.to_upper()", "in capital letters", "partner.id.to_upper()", [[W::Text] => Text];
    "to_lower", "text.to_lower()", "in small letters", "partner.id.to_lower()", [[W::Text] => Text];
    "sub_string", "text.sub_string(start, length)", "part of the text, from 0", "\"abc\".sub_string(0, 2)",
        [[W::Text, W::Number] => Text, [W::Text, W::Number, W::Number] => Text];
    "split", "text.split(separator)", "the parts of the text", "\"a, b\".split(\", \")", [[W::Text, W::Text] => Texts];
    // Numbers.
    "share", "share(part, whole)", "the part divided by the whole; of a whole that is not above zero an error", "share(3, 4)",
        [[W::Number, W::Number] => Number];
    "min", "min(a, b), list.min()", "the smaller, or the smallest", "min(weeks, 8)",
        [[W::Number, W::Number] => Number, [W::Numbers] => Number];
    "max", "max(a, b), list.max()", "the larger, or the largest", "max(weeks, 8)",
        [[W::Number, W::Number] => Number, [W::Numbers] => Number];
    "floor", "floor(x)", "the whole number below", "floor(2.5)", [[W::Number] => Number];
    "ceiling", "ceiling(x)", "the whole number above", "ceiling(2.5)", [[W::Number] => Number];
    "round", "round(x)", "the nearest whole number; halves away from zero", "round(2.5)", [[W::Number] => Number];
    "abs", "abs(x)", "the number without its sign", "abs(-2)", [[W::Number] => Number];
    "days_between", "days_between(from, to)", "the days from one date to another; fewer than none if the second is earlier",
        "days_between(\"2027-02-28\", \"2027-03-01\")", [[W::Text, W::Text] => Number];
    // Beside the point.
    "print", "print(value)", "writes to the trace, for looking for mistakes", "print(weeks)", [[W::Any] => Nothing];
];

/// What to write instead of a function of Rhai that the language leaves out.
pub(crate) fn instead(name: &str) -> Option<&'static str> {
    Some(match name {
        "reduce" | "reduce_rev" => "use `sum`, `count`, `min` or `max`, or `for … in` the list",
        "find" | "find_map" => "use `filter(…)` and `[0]`, or `for … in` the list",
        "for_each" | "index_of" => "use `for … in` the list",
        "dedup" => "use `distinct()`",
        "range" | ".." | "..=" => "write `for … in` a list; there are no ranges of numbers",
        "pop" | "shift" | "remove" | "insert" | "truncate" | "clear" | "drain" | "retain"
        | "splice" | "append" | "extract" => {
            "a list grows by `push`; use `filter`, `map` or `+` to make another"
        }
        "sort_by" | "sort_desc" | "order_desc" => "use `order_by(|a, b| …)`",
        "trim" | "replace" | "crop" | "pad" | "chop" | "make_upper" | "make_lower" => {
            "a text is not changed; put a new one together with `…${…}…` in backticks"
        }
        "to_string" | "to_debug" | "type_of" => "write `…${…}…` in backticks",
        "parse_int" | "parse_float" | "to_float" | "to_int" => {
            "numbers are of one type, and facts are numbers already"
        }
        "zip" | "keys" | "values" | "get" | "chars" | "bytes" | "bits" | "mixin" | "fill_with" => {
            "`evenhand rules functions` lists what there is"
        }
        _ => return None,
    })
}
