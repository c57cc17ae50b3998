//! What scripts see: facts with their reads recorded, strict comparisons, and no way out.

use super::compare::{equal, order, script_error};
use super::facts::{Fact, Lookup, Read, Run};
use super::helpers;
use crate::schema::Schema;
use rhai::packages::{
    ArithmeticPackage, BasicArrayPackage, BasicIteratorPackage, BasicMapPackage,
    BasicStringPackage, LogicPackage, MoreStringPackage, Package as _,
};
use rhai::{Dynamic, Engine, EvalAltResult, NativeCallContext, OptimizationLevel, Position};
use std::cmp::Ordering;
use std::sync::Arc;

type Outcome<T> = Result<T, Box<EvalAltResult>>;

/// The function that an instrumented copy of a script calls; scripts have no use for it.
pub const TRACE_FN: &str = "__line";

/// The limits of one run of one script. Rhai's own defaults are unlimited, or differ between debug and release.
pub(crate) mod limits {
    /// Steps of the interpreter.
    pub(crate) const OPERATIONS: u64 = 500_000;
    /// Calls within calls.
    pub(crate) const CALL_DEPTH: usize = 32;
    /// Nesting of expressions.
    pub(crate) const EXPRESSION_DEPTH: usize = 64;
    /// Bytes of text in one value.
    pub(crate) const TEXT: usize = 64 * 1024;
    /// Elements of the lists in one value.
    pub(crate) const LIST: usize = 20_000;
    /// Keys of the tables in one value.
    pub(crate) const TABLE: usize = 2_000;
    /// Functions of a script with its library.
    pub(crate) const FUNCTIONS: usize = 500;
    /// Variables in scope.
    pub(crate) const VARIABLES: usize = 256;
}

/// Words of the language that a rule has no use for, each a way round the rules of the house.
const DISABLED: &[&str] = &[
    "eval", "import", "export", "try", "catch", "throw", "Fn", "curry", "global", "**", "**=",
    "??", "??=", "?.", "?[",
];

/// An engine that can compile rule scripts, and run nothing.
pub(crate) fn grammar() -> Engine {
    let mut engine = Engine::new_raw();
    restrict(&mut engine);
    engine
}

/// An engine in which rule scripts can run once it knows the schema ([`know`]).
pub(crate) fn engine() -> Engine {
    let mut engine = grammar();
    // Not the package of the language's core: it sleeps, exits and lists functions.
    ArithmeticPackage::new().register_into_engine(&mut engine);
    LogicPackage::new().register_into_engine(&mut engine);
    BasicStringPackage::new().register_into_engine(&mut engine);
    MoreStringPackage::new().register_into_engine(&mut engine);
    BasicIteratorPackage::new().register_into_engine(&mut engine);
    BasicArrayPackage::new().register_into_engine(&mut engine);
    BasicMapPackage::new().register_into_engine(&mut engine);
    unlock_captured(&mut engine);
    comparisons(&mut engine);
    facts(&mut engine);
    helpers::register(&mut engine);
    follow(&mut engine);
    engine
}

/// The note that a followed script makes of each statement.
fn follow(engine: &mut Engine) {
    engine.register_fn(
        TRACE_FN,
        |context: NativeCallContext<'_>, statement: i64| {
            let run = context
                .tag()
                .and_then(|tag| tag.clone().try_cast::<Arc<Run>>());
            if let (Some(run), Ok(statement)) = (run, usize::try_from(statement)) {
                run.facts.note_done(statement);
            }
        },
    );
}

fn restrict(engine: &mut Engine) {
    engine
        .set_optimization_level(OptimizationLevel::None)
        .set_fast_operators(false)
        .set_fail_on_invalid_map_property(true)
        .set_strict_variables(true)
        .set_max_operations(limits::OPERATIONS)
        .set_max_call_levels(limits::CALL_DEPTH)
        .set_max_expr_depths(limits::EXPRESSION_DEPTH, limits::EXPRESSION_DEPTH)
        .set_max_string_size(limits::TEXT)
        .set_max_array_size(limits::LIST)
        .set_max_map_size(limits::TABLE)
        .set_max_functions(limits::FUNCTIONS)
        .set_max_variables(limits::VARIABLES);
    for word in DISABLED {
        engine.disable_symbol(*word);
    }
    engine.on_print(|text| tracing::debug!(target: "evenhand::rule", "{text}"));
    engine
        .on_debug(|text, _, place| tracing::debug!(target: "evenhand::rule", "{place:?}: {text}"));
}

/// Lets a closure read `program` and `param` while a chain that began with them is under way.
///
/// What a closure captures is shared, and Rhai locks a shared value for the length of a chain, so that
/// `program.flows.filter(|flow| … program …)` would be refused as a data race. Facts cannot be changed, so a copy
/// serves as well.
fn unlock_captured(engine: &mut Engine) {
    #[expect(
        deprecated,
        reason = "rhai marks it volatile, not deprecated; the version is pinned"
    )]
    engine.on_var(|name, _, context| {
        let Some(value) = context.scope().get(name).filter(|value| value.is_shared()) else {
            return Ok(None);
        };
        let copy = value.clone().flatten();
        let constant = copy.is::<Fact>() || (name == "param" && copy.is_map());
        Ok(constant.then_some(copy))
    });
}

fn comparisons(engine: &mut Engine) {
    engine.register_fn("==", |a: Dynamic, b: Dynamic| {
        equal(&a.flatten(), &b.flatten())
    });
    engine.register_fn("!=", |a: Dynamic, b: Dynamic| {
        Ok::<_, Box<EvalAltResult>>(!equal(&a.flatten(), &b.flatten())?)
    });
    for (name, holds) in [
        ("<", Ordering::is_lt as fn(Ordering) -> bool),
        ("<=", Ordering::is_le),
        (">", Ordering::is_gt),
        (">=", Ordering::is_ge),
    ] {
        engine.register_fn(name, move |a: Dynamic, b: Dynamic| -> Outcome<bool> {
            Ok(holds(order(&a.flatten(), &b.flatten())?))
        });
    }
}

/// A getter for each name of the schema: half the time of a look-up by text.
pub(crate) fn know(engine: &mut Engine, schema: &Schema) {
    for (symbol, name) in schema.symbols().names() {
        let own = name.to_owned();
        engine.register_get(name, move |fact: &mut Fact| -> Outcome<Dynamic> {
            given(fact.read(Some(symbol), &own))
        });
    }
}

fn facts(engine: &mut Engine) {
    engine.register_type_with_name::<Fact>("Fact");
    // A board's own fields, which no schema names: `program.custom["x"]`.
    engine.register_indexer_get(|fact: &mut Fact, key: &str| -> Outcome<Dynamic> {
        let symbol = fact.run.facts.symbol(key);
        given(fact.read(symbol, key))
    });
    engine.register_fn("has", |fact: &mut Fact, path: &str| -> Outcome<bool> {
        match fact.lookup(path).map_err(no_field)? {
            Lookup::Found(id) => {
                fact.note(id);
                Ok(true)
            }
            Lookup::Absent => Ok(false),
            Lookup::Stopped => Err(stopped()),
        }
    });
    engine.register_fn(
        "get_or",
        |fact: &mut Fact, path: &str, default: Dynamic| -> Outcome<Dynamic> {
            match fact.lookup(path).map_err(no_field)? {
                Lookup::Found(id) => given(fact.give(id)),
                Lookup::Absent => Ok(default),
                Lookup::Stopped => Err(stopped()),
            }
        },
    );
    engine.register_fn(
        "attested_by",
        |fact: &mut Fact, path: &str| -> Outcome<Dynamic> {
            let below = crate::pointer::Pointer::from_dotted(path)
                .ok_or_else(|| no_field(path.to_owned()))?;
            let pointer = below.steps().fold(fact.pointer(), |at, step| at.key(&step));
            let by = fact.run.facts.attested_by(&pointer);
            Ok(Dynamic::from_array(
                by.into_iter().map(Dynamic::from).collect(),
            ))
        },
    );
    engine.register_fn(
        "beside",
        |fact: &mut Fact, path: &str| -> Outcome<Dynamic> {
            given(fact.beside(path).map_err(no_field)?)
        },
    );
    engine.register_fn("path", |fact: &mut Fact| fact.pointer().dotted());
    engine.register_fn("index", |fact: &mut Fact| -> Outcome<i64> {
        let last = fact
            .pointer()
            .steps()
            .last()
            .and_then(|step| step.parse().ok());
        last.ok_or_else(|| script_error("index() of something that is not an element of a list"))
    });
}

#[expect(clippy::needless_pass_by_value, reason = "for map_err")]
fn no_field(path: String) -> Box<EvalAltResult> {
    script_error(format!("`{path}` is not a field of the proposal"))
}

fn given(read: Read) -> Outcome<Dynamic> {
    match read {
        Read::Found(value) => Ok(value),
        Read::Stopped => Err(stopped()),
        Read::NotAGroup(path) => Err(script_error(format!("`{path}` has no fields of its own"))),
    }
}

/// Not catchable, and the run remembers why: a rule cannot go on as if nothing were missing.
fn stopped() -> Box<EvalAltResult> {
    Box::new(EvalAltResult::ErrorTerminated(
        Dynamic::UNIT,
        Position::NONE,
    ))
}
