//! Flat values on their way into a plugin, and what came back, checked.

use evenhand_contract::abi;
use evenhand_contract::plugin::{Argument, FailureKind, Function, PluginError, ValueType};
use evenhand_contract::strict_json;
use evenhand_diagnostic::text::visible_lines;
use std::borrow::Cow;

/// An argument as it crosses the border. Text need not be UTF-8 here, so that the conformance suite can send what is not.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Flat<'a> {
    Unit,
    Bool(bool),
    I64(i64),
    F64(f64),
    Str(Cow<'a, [u8]>),
    Json(Cow<'a, [u8]>),
}

impl Flat<'_> {
    /// The `TAG_` constant and, for what is not text, the payload.
    pub(crate) fn parts(&self) -> (u32, u64, &[u8]) {
        match self {
            Self::Unit => (abi::TAG_UNIT, 0, &[]),
            Self::Bool(value) => (abi::TAG_BOOL, u64::from(*value), &[]),
            Self::I64(value) => (abi::TAG_I64, value.cast_unsigned(), &[]),
            Self::F64(value) => (abi::TAG_F64, value.to_bits(), &[]),
            Self::Str(text) => (abi::TAG_STR, 0, text),
            Self::Json(text) => (abi::TAG_JSON, 0, text),
        }
    }
}

/// What came back from a call, as it came.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Reply {
    /// One of the `STATUS_` constants, or anything else.
    pub(crate) status: i32,
    /// The sink refused a part of the answer.
    pub(crate) refused: bool,
    /// It was refused because there can be nothing at its address.
    pub(crate) nowhere: bool,
    /// The call changed the floating-point mode; it was put back.
    pub(crate) float_mode: bool,
    /// Tag of the returned value.
    pub(crate) tag: u32,
    /// Payload of the returned value.
    pub(crate) word: u64,
    /// What was written to the sink.
    pub(crate) bytes: Vec<u8>,
}

/// An error of `plugin`.
pub(crate) fn failure(plugin: &str, kind: FailureKind, message: impl Into<String>) -> PluginError {
    PluginError {
        plugin: plugin.to_owned(),
        kind,
        message: message.into(),
    }
}

/// Arguments for `function`, refused before the plugin sees them if they are not what the manifest declares.
pub(crate) fn arguments<'a>(
    plugin: &str,
    function: &Function,
    args: &'a [Argument],
) -> Result<Vec<Flat<'a>>, PluginError> {
    let bad = |message| Err(failure(plugin, FailureKind::BadArguments, message));
    let name = &function.name;
    if args.len() != function.params.len() {
        let expected = function.params.len();
        return bad(format!(
            "`{name}` takes {expected} arguments, {} were given",
            args.len()
        ));
    }
    let mut flat = Vec::with_capacity(args.len());
    for (param, arg) in function.params.iter().zip(args) {
        flat.push(match (param.kind, arg) {
            (ValueType::Unit, Argument::Unit) => Flat::Unit,
            (ValueType::Bool, Argument::Bool(value)) => Flat::Bool(*value),
            (ValueType::I64, Argument::Integer(value)) => Flat::I64(*value),
            (ValueType::F64, Argument::Number(value)) if value.is_finite() => Flat::F64(*value),
            // Scripts write 2 where 2.0 is meant; beyond 2^53 the number would be another one.
            (ValueType::F64, Argument::Integer(value)) if value.unsigned_abs() <= 1 << 53 =>
            {
                #[expect(clippy::cast_precision_loss, reason = "exact up to 2^53")]
                Flat::F64(*value as f64)
            }
            (ValueType::Str, Argument::Text(text)) if text.contains('\0') => {
                return bad(format!(
                    "`{}` of `{name}` holds the character NUL",
                    param.name
                ));
            }
            (ValueType::Str, Argument::Text(text)) => Flat::Str(Cow::Borrowed(text.as_bytes())),
            (ValueType::Json, Argument::Json(value)) => {
                Flat::Json(Cow::Owned(value.to_string().into_bytes()))
            }
            (expected, given) => {
                return bad(format!(
                    "`{}` of `{name}` must be {}, {} was given",
                    param.name,
                    word(expected),
                    given_word(given)
                ));
            }
        });
    }
    Ok(flat)
}

/// The answer of `function`, if it keeps the contract.
pub(crate) fn answer(
    plugin: &str,
    function: &Function,
    reply: Reply,
) -> Result<Argument, PluginError> {
    let reply = accepted(plugin, reply)?;
    let name = &function.name;
    let bad = |message| Err(failure(plugin, FailureKind::BadAnswer, message));
    if reply.tag != tag(function.returns) {
        let expected = word(function.returns);
        return bad(format!(
            "`{name}` returned a value with tag {}, its manifest declares {expected} (tag {})",
            reply.tag,
            tag(function.returns)
        ));
    }
    match function.returns {
        ValueType::Unit => Ok(Argument::Unit),
        ValueType::Bool => match reply.word & 0xff {
            0 => Ok(Argument::Bool(false)),
            1 => Ok(Argument::Bool(true)),
            other => bad(format!(
                "`{name}` returned {other} as a truth value, where only 0 and 1 are"
            )),
        },
        ValueType::I64 => Ok(Argument::Integer(reply.word.cast_signed())),
        ValueType::F64 => {
            let number = f64::from_bits(reply.word);
            if number.is_finite() {
                Ok(Argument::Number(number))
            } else {
                bad(format!(
                    "`{name}` returned {number}, which is not a finite number"
                ))
            }
        }
        ValueType::Str => {
            let text = text(plugin, name, reply.bytes)?;
            if text.contains('\0') {
                return bad(format!("`{name}` returned a text with the character NUL"));
            }
            Ok(Argument::Text(text))
        }
        ValueType::Json => {
            let text = text(plugin, name, reply.bytes)?;
            match strict_json::read(&text, strict_json::VALUES) {
                Ok(value) => Ok(Argument::Json(value)),
                Err(error) => bad(format!(
                    "`{name}` returned JSON that cannot be read: {error}"
                )),
            }
        }
    }
}

/// The document that an operation answered with, if it keeps the contract.
pub(crate) fn document(plugin: &str, operation: &str, reply: Reply) -> Result<String, PluginError> {
    let reply = accepted(plugin, reply)?;
    let text = text(plugin, operation, reply.bytes)?;
    let bad = |message| Err(failure(plugin, FailureKind::BadAnswer, message));
    if !text.trim_start().starts_with('{') {
        return bad(format!("`{operation}` did not answer with a JSON object"));
    }
    match strict_json::read(&text, strict_json::VALUES) {
        Ok(_) => Ok(text),
        Err(error) => bad(format!(
            "`{operation}` answered with JSON that cannot be read: {error}"
        )),
    }
}

/// Whether an instance that gave this reply may be asked again.
pub(crate) fn poisons(reply: &Reply) -> bool {
    reply.status == abi::STATUS_PANIC
}

fn accepted(plugin: &str, reply: Reply) -> Result<Reply, PluginError> {
    if reply.float_mode {
        let message =
            "it switched the processor to another floating-point mode; the mode was put back";
        return Err(failure(plugin, FailureKind::BadAnswer, message));
    }
    if reply.nowhere {
        let message = "it wrote its answer from an address where nothing can be";
        return Err(failure(plugin, FailureKind::BadAnswer, message));
    }
    if reply.refused {
        return Err(failure(
            plugin,
            FailureKind::Limit,
            "its answer is longer than allowed",
        ));
    }
    let (kind, silent) = match reply.status {
        abi::STATUS_OK => return Ok(reply),
        abi::STATUS_FAILED => (FailureKind::Failed, "it gave no reason"),
        abi::STATUS_BAD_ARGS => (FailureKind::BadArguments, "it did not say which"),
        abi::STATUS_UNKNOWN => (FailureKind::Unknown, "neither function nor operation"),
        abi::STATUS_LIMIT => (FailureKind::Limit, "a limit of its own"),
        abi::STATUS_PANIC => (
            FailureKind::Panicked,
            "it will not be asked again in this run",
        ),
        abi::STATUS_INTERNAL => (
            FailureKind::BadAnswer,
            "it reported that the contract was broken",
        ),
        other => {
            let message = format!("it ended with status {other}, which the contract does not know");
            return Err(failure(plugin, FailureKind::BadAnswer, message));
        }
    };
    let said = printable(&reply.bytes);
    // The kind of the failure says so already.
    let said = match said.strip_prefix("panicked: ") {
        Some(rest) if kind == FailureKind::Panicked => rest.to_owned(),
        _ => said,
    };
    Err(failure(
        plugin,
        kind,
        if said.is_empty() {
            silent.to_owned()
        } else {
            said
        },
    ))
}

fn text(plugin: &str, what: &str, bytes: Vec<u8>) -> Result<String, PluginError> {
    String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        let message = format!("the answer of `{what}` is not UTF-8 from byte {at} on");
        failure(plugin, FailureKind::BadAnswer, message)
    })
}

/// A plugin's words for a person's terminal: no escape sequences, not without end.
pub(crate) fn printable(bytes: &[u8]) -> String {
    const MOST: usize = 8 << 10;
    let text = String::from_utf8_lossy(bytes);
    let shown: String = text.trim().chars().take(MOST).collect();
    let mut clean = visible_lines(&shown);
    if text.trim().chars().nth(MOST).is_some() {
        clean.push('…');
    }
    clean
}

fn tag(kind: ValueType) -> u32 {
    match kind {
        ValueType::Unit => abi::TAG_UNIT,
        ValueType::Bool => abi::TAG_BOOL,
        ValueType::I64 => abi::TAG_I64,
        ValueType::F64 => abi::TAG_F64,
        ValueType::Str => abi::TAG_STR,
        ValueType::Json => abi::TAG_JSON,
    }
}

fn word(kind: ValueType) -> &'static str {
    match kind {
        ValueType::Unit => "nothing",
        ValueType::Bool => "a truth value",
        ValueType::I64 => "a whole number",
        ValueType::F64 => "a finite number",
        ValueType::Str => "text",
        ValueType::Json => "JSON",
    }
}

fn given_word(argument: &Argument) -> &'static str {
    match argument {
        Argument::Unit => word(ValueType::Unit),
        Argument::Bool(_) => word(ValueType::Bool),
        Argument::Integer(_) => word(ValueType::I64),
        Argument::Number(value) if !value.is_finite() => "a number that is not finite",
        Argument::Number(_) => "a number",
        Argument::Text(_) => word(ValueType::Str),
        Argument::Json(_) => word(ValueType::Json),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use evenhand_contract::plugin::Parameter;

    fn function(params: &[ValueType], returns: ValueType) -> Function {
        let params = params.iter().map(|kind| Parameter {
            name: "x".to_owned(),
            kind: *kind,
        });
        Function {
            name: "f".to_owned(),
            about: String::new(),
            pure: true,
            params: params.collect(),
            returns,
            unit: None,
        }
    }

    fn refused(params: &[ValueType], args: &[Argument]) -> String {
        arguments("p", &function(params, ValueType::Unit), args)
            .unwrap_err()
            .to_string()
    }

    #[test]
    fn arguments_are_checked_before_the_plugin_sees_them() {
        assert!(refused(&[ValueType::F64], &[]).ends_with("`f` takes 1 arguments, 0 were given"));
        assert!(
            refused(&[ValueType::F64], &[Argument::Number(f64::NAN)])
                .ends_with("a number that is not finite was given")
        );
        assert!(
            refused(&[ValueType::Str], &[Argument::Integer(1)])
                .ends_with("must be text, a whole number was given")
        );
        assert!(
            refused(&[ValueType::F64], &[Argument::Integer(i64::MAX)])
                .contains("must be a finite number")
        );
        let whole = arguments(
            "p",
            &function(&[ValueType::F64], ValueType::Unit),
            &[Argument::Integer(2)],
        );
        assert_eq!(whole.unwrap(), [Flat::F64(2.0)]);
    }

    fn answered(returns: ValueType, reply: Reply) -> Result<Argument, String> {
        answer("p", &function(&[], returns), reply).map_err(|error| error.message)
    }

    fn reply(tag: u32, word: u64, bytes: &[u8]) -> Reply {
        Reply {
            tag,
            word,
            bytes: bytes.to_vec(),
            ..Reply::default()
        }
    }

    #[test]
    fn good_answers_are_taken() {
        assert_eq!(
            answered(ValueType::Bool, reply(1, 1, b"")),
            Ok(Argument::Bool(true))
        );
        assert_eq!(
            answered(ValueType::I64, reply(2, u64::MAX, b"")),
            Ok(Argument::Integer(-1))
        );
        assert_eq!(
            answered(ValueType::Str, reply(4, 7, b"a")),
            Ok(Argument::Text("a".to_owned()))
        );
        assert_eq!(
            answered(ValueType::Json, reply(5, 0, b"[1]")),
            Ok(Argument::Json(serde_json::json!([1])))
        );
    }

    #[test]
    fn answers_that_break_the_contract_are_refused() {
        let check = |returns, reply, expected: &str| {
            let message = answered(returns, reply).unwrap_err();
            assert!(message.contains(expected), "{message}");
        };
        check(ValueType::F64, reply(99, 0, b""), "tag 99");
        check(
            ValueType::F64,
            reply(3, f64::NAN.to_bits(), b""),
            "not a finite number",
        );
        check(ValueType::Bool, reply(1, 2, b""), "only 0 and 1");
        check(
            ValueType::Str,
            reply(4, 0, b"ab\xff"),
            "not UTF-8 from byte 2",
        );
        check(ValueType::Json, reply(5, 0, b"{"), "cannot be read");
        check(
            ValueType::Unit,
            Reply {
                status: 42,
                ..Reply::default()
            },
            "status 42",
        );
        check(
            ValueType::Unit,
            Reply {
                refused: true,
                ..Reply::default()
            },
            "longer than allowed",
        );
        check(
            ValueType::Unit,
            Reply {
                float_mode: true,
                ..Reply::default()
            },
            "floating-point mode",
        );
    }

    #[test]
    fn documents_must_be_whole_finite_and_not_too_deep() {
        let check = |text: &str| {
            let bytes = text.as_bytes().to_vec();
            document(
                "p",
                "derive",
                Reply {
                    bytes,
                    ..Reply::default()
                },
            )
            .is_ok()
        };
        assert!(check(
            r#" {"facts":{"a":[1,-2.5e-3,null,true,"ü\\u00fc"]}}"#
        ));
        assert!(!check("[]") && !check("") && !check("{") && !check("{} {}"));
        assert!(!check(r#"{"a":1e999}"#) && !check(r#"{"a":NaN}"#));
        let deep = 100_000;
        assert!(!check(&format!(
            "{{\"a\":{}{}}}",
            "[".repeat(deep),
            "]".repeat(deep)
        )));
    }

    #[test]
    fn words_of_a_plugin_cannot_steer_a_terminal() {
        assert_eq!(printable(b"\x1b[31mred\n\x07"), "\u{fffd}[31mred\n\u{fffd}");
        assert_eq!(
            printable(&vec![b'a'; 100_000]).chars().count(),
            (8 << 10) + 1
        );
    }
}
