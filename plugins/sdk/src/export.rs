//! From an author's trait to the table: what [`export_plugin!`](crate::export_plugin) expands to.
//!
//! Nothing here is for authors to call; it is public because the macro writes these names into their crates.

use crate::abi;
use crate::plugin::{Error, Plugin};
use crate::value::{Argument, Lent, ValueType};
use evenhand_contract::bundled::LinkedPlugin;
use std::fmt;
use std::marker::PhantomData;

/// A plugin with its manifest and the functions that the macro listed.
pub trait Exported: Plugin {
    /// The bytes of `plugin.json`.
    const MANIFEST: &'static [u8];
    /// In the order of the manifest.
    const FUNCTIONS: &'static [Function<Self>];
}

/// One function, with what is needed to check a call of it.
pub struct Function<P> {
    /// Its name in scripts.
    pub name: &'static str,
    /// Whether the same arguments always give the same answer.
    pub pure: bool,
    /// Name and type of each parameter.
    pub params: &'static [(&'static str, ValueType)],
    /// Type of the answer.
    pub returns: ValueType,
    /// Converts the arguments and calls the author's method.
    pub call: fn(&mut P, &[Lent<'_>]) -> Result<Argument, Error>,
}

impl<P> fmt::Debug for Function<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.signature())
    }
}

impl<P> Function<P> {
    /// As in `great_circle_km(from: str, to: str) -> f64`.
    pub fn signature(&self) -> String {
        let params: Vec<String> = self
            .params
            .iter()
            .map(|(name, kind)| format!("{name}: {kind}"))
            .collect();
        format!("{}({}) -> {}", self.name, params.join(", "), self.returns)
    }

    /// The error for a call with other arguments than declared.
    fn check(&self, args: &[Lent<'_>]) -> Result<(), Error> {
        let signature = || self.signature();
        if args.len() != self.params.len() {
            let (wanted, got) = (self.params.len(), args.len());
            let noun = if wanted == 1 { "argument" } else { "arguments" };
            let message = format!("`{}` takes {wanted} {noun}, got {got}", signature());
            return Err(Error::bad_arguments(message));
        }
        for ((name, wanted), arg) in self.params.iter().zip(args) {
            let got = arg.value_type();
            if got != *wanted {
                let message = format!("`{name}` of `{}` must be {wanted}, got {got}", signature());
                return Err(Error::bad_arguments(message));
            }
        }
        Ok(())
    }
}

/// Checks and makes the call of the function at `index`.
pub(crate) fn call<P: Exported>(
    plugin: &mut P,
    index: u32,
    args: &[Lent<'_>],
) -> Result<Argument, Error> {
    let function = usize::try_from(index)
        .ok()
        .and_then(|index| P::FUNCTIONS.get(index));
    let Some(function) = function else {
        let count = P::FUNCTIONS.len();
        return Err(Error::unknown(format!(
            "there is no function {index}; the plugin has {count}"
        )));
    };
    function.check(args)?;
    (function.call)(plugin, args).map_err(|error| {
        Error::with(
            error.status(),
            format!("`{}`: {}", function.name, error.message()),
        )
    })
}

/// The table of `P`.
pub const fn table<P: Exported>() -> abi::Plugin {
    abi::Plugin {
        magic: abi::MAGIC,
        abi_major: abi::ABI_MAJOR,
        abi_minor: abi::ABI_MINOR,
        struct_size: size_of::<abi::Plugin>() as u64,
        manifest: abi::Slice::lend(P::MANIFEST),
        create: Some(crate::entry::create::<P>),
        destroy: Some(crate::entry::destroy::<P>),
        call: Some(crate::entry::call::<P>),
        run: Some(crate::entry::run::<P>),
    }
}

/// The safe way into `P`, for a program that it is linked into.
pub fn linked<P: Exported>() -> &'static dyn LinkedPlugin {
    // A type without size takes no memory.
    Box::leak(Box::new(crate::entry::Linked::<P>(PhantomData)))
}

/// Makes a library out of a [`Plugin`]: the exported entry, `plugin_table()` for linking it into a host, and a test.
///
/// ```
/// use evenhand_plugin::{Error, Plugin, Value, export_plugin};
///
/// /// Counts words.
/// #[derive(Debug)]
/// pub struct Words;
///
/// impl Plugin for Words {
///     fn create(_settings: &Value) -> Result<Self, Error> {
///         Ok(Self)
///     }
/// }
///
/// impl Words {
///     fn words(text: &str) -> Result<i64, Error> {
///         i64::try_from(text.split_whitespace().count()).map_err(|error| Error::failed(error.to_string()))
///     }
/// }
///
/// export_plugin! { Words, id = words, manifest = br#"{
///     "manifest_version": 1, "id": "words", "abi": "1.0",
///     "functions": [{ "name": "words", "pure": true, "params": [{ "name": "text", "type": "str" }], "returns": "i64" }]
/// }"#;
///     /// How many words a text has.
///     pure fn words(text: &str) -> Result<i64, Error>;
/// }
/// # fn main() {}
/// ```
///
/// - `id` is the manifest's id with `-` as `_`; the exported symbol is `evenhand_<id>_v1`.
/// - `manifest` is normally `include_bytes!("../plugin.json")`.
/// - The functions are those of the type, with or without `self`, in the manifest's order. They take `bool`, `i64`, `f64`, `&str` or `&Value`, and
///   return `()`, `bool`, `i64`, `f64`, `String` or `Value`, or a `Result` of one. Number and types of the arguments are
///   checked before the method is entered. `pure` promises that the same arguments always give the same answer.
/// - A panic anywhere is caught and ends the instance.
/// - The test `manifest_says_what_the_code_says` fails where id, ABI or functions differ from the manifest.
///
/// To be used once in a crate, in the crate's root.
#[macro_export]
macro_rules! export_plugin {
    ($plugin:ty, id = $id:ident, manifest = $manifest:expr; $($functions:tt)*) => {
        $crate::plugin_table! { $plugin, manifest = $manifest; $($functions)* }

        // What is part of a WebAssembly module is reached through the safe trait; no loader looks for a symbol there.
        #[cfg(not(target_family = "wasm"))]
        const _: () = {
            #[unsafe(export_name = ::core::concat!("evenhand_", ::core::stringify!($id), "_v1"))]
            extern "C" fn entry() -> *const $crate::abi::Plugin {
                plugin_table()
            }
        };

        #[cfg(test)]
        mod exported_plugin {
            #[test]
            fn manifest_says_what_the_code_says() {
                let id = ::core::stringify!($id);
                let differences = $crate::testing::manifest_differences(super::plugin_table(), id)
                    .into_iter()
                    .chain(super::declared_functions_differ())
                    .collect::<::std::vec::Vec<_>>();
                ::core::assert!(differences.is_empty(), "plugin.json: {}", differences.join("\nplugin.json: "));
            }
        }

        #[cfg(test)]
        fn declared_functions_differ() -> ::std::vec::Vec<::std::string::String> {
            $crate::testing::function_differences::<$plugin>()
        }
    };
}

/// Makes `plugin_table()` only: for a plugin that is linked into a host and never loaded from a file.
///
/// The arguments are those of [`export_plugin!`](crate::export_plugin) without the id.
#[macro_export]
macro_rules! plugin_table {
    ($plugin:ty, manifest = $manifest:expr; $($functions:tt)*) => {
        impl $crate::export::Exported for $plugin {
            const MANIFEST: &'static [u8] = $manifest;
            const FUNCTIONS: &'static [$crate::export::Function<Self>] =
                $crate::plugin_functions!(@list $plugin, [] $($functions)*);
        }

        /// The plugin, for a program that it is linked into: the same as through the table, without the binary interface.
        pub fn linked_plugin() -> &'static dyn $crate::LinkedPlugin {
            $crate::export::linked::<$plugin>()
        }

        /// The plugin's table, for linking it into a host.
        pub fn plugin_table() -> &'static $crate::abi::Plugin {
            static TABLE: $crate::abi::Plugin = $crate::export::table::<$plugin>();
            &TABLE
        }
    };
}

/// The list of functions, one after the other: `pure` or not cannot be told apart in one pattern.
#[doc(hidden)]
#[macro_export]
macro_rules! plugin_functions {
    (@list $plugin:ty, [$($done:expr,)*]) => { &[$($done,)*] };
    (@list $plugin:ty, [$($done:expr,)*] $(#[$meta:meta])* pure fn $($rest:tt)*) => {
        $crate::plugin_functions!(@one $plugin, [$($done,)*] true, $($rest)*)
    };
    (@list $plugin:ty, [$($done:expr,)*] $(#[$meta:meta])* fn $($rest:tt)*) => {
        $crate::plugin_functions!(@one $plugin, [$($done,)*] false, $($rest)*)
    };
    (@one $plugin:ty, [$($done:expr,)*] $pure:literal,
        $name:ident(&$(mut)? self $(, $param:ident: $type:ty)* $(,)?) $(-> $returns:ty)?; $($rest:tt)*
    ) => {
        $crate::plugin_functions!(@list $plugin, [$($done,)* $crate::export::Function {
            name: ::core::stringify!($name),
            pure: $pure,
            params: &[$((::core::stringify!($param), <$type as $crate::value::Parameter<'_>>::TYPE),)*],
            returns: <$crate::plugin_functions!(@returns $($returns)?) as $crate::value::Answer>::TYPE,
            call: |plugin, args| {
                let &[$($param),*] = args else {
                    return ::core::result::Result::Err($crate::Error::bad_arguments("wrong number of arguments"));
                };
                $(let $param = <$type as $crate::value::Parameter<'_>>::hold($param)?;)*
                let answer: $crate::plugin_functions!(@returns $($returns)?) =
                    plugin.$name($($crate::value::Parameter::pass(&$param)),*);
                $crate::value::Answer::answer(answer)
            },
        },] $($rest)*)
    };
    (@one $plugin:ty, [$($done:expr,)*] $pure:literal,
        $name:ident($($param:ident: $type:ty),* $(,)?) $(-> $returns:ty)?; $($rest:tt)*
    ) => {
        $crate::plugin_functions!(@list $plugin, [$($done,)* $crate::export::Function {
            name: ::core::stringify!($name),
            pure: $pure,
            params: &[$((::core::stringify!($param), <$type as $crate::value::Parameter<'_>>::TYPE),)*],
            returns: <$crate::plugin_functions!(@returns $($returns)?) as $crate::value::Answer>::TYPE,
            call: |_, args| {
                let &[$($param),*] = args else {
                    return ::core::result::Result::Err($crate::Error::bad_arguments("wrong number of arguments"));
                };
                $(let $param = <$type as $crate::value::Parameter<'_>>::hold($param)?;)*
                let answer: $crate::plugin_functions!(@returns $($returns)?) =
                    <$plugin>::$name($($crate::value::Parameter::pass(&$param)),*);
                $crate::value::Answer::answer(answer)
            },
        },] $($rest)*)
    };
    (@returns) => { () };
    (@returns $returns:ty) => { $returns };
}
