//! Plugins that are linked into the program: reached through a safe trait, not through the binary interface.

use crate::abi;
use crate::digest::Digest;
use crate::manifest::{Function, Manifest};
use crate::plugin::{FailureKind, Origin, Plugin, PluginError, PluginSource};
use crate::schema;
use crate::value::{Argument, ValueType};
use serde_json::Value;
use std::fmt;

/// A plugin as its crate offers it; `export_plugin!` of the SDK makes one.
pub trait LinkedPlugin: Send + Sync + fmt::Debug {
    /// The text of `plugin.json`.
    fn manifest(&self) -> &'static str;

    /// Makes an instance; a missing key of `settings` means the default of the manifest.
    fn create(&self, settings: &Value) -> Result<Box<dyn LinkedInstance>, Refused>;
}

/// An instance of a linked plugin. A panic is caught, and ends it.
pub trait LinkedInstance: Send {
    /// Runs one of the operations of [`abi`] on the JSON text of a document; the answer is JSON text.
    fn run(&mut self, operation: u32, document: &str) -> Result<String, Refused>;

    /// Calls the function at `index` of the manifest's list.
    fn call(&mut self, index: u32, args: &[Argument]) -> Result<Argument, Refused>;
}

/// Why a linked plugin gave no answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// One of the `STATUS_` constants of [`abi`].
    pub status: abi::Status,
    /// A sentence for people.
    pub message: String,
}

/// Why a linked plugin cannot take part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BundledError {
    /// Its manifest cannot be read.
    Manifest(String),
    /// Its settings are wrong: every problem, beginning with the pointer of the wrong value.
    Settings(Vec<String>),
    /// It made no instance.
    Create(String),
}

/// A linked plugin with its settings: makes as many instances as are needed.
#[derive(Debug)]
pub struct Bundled {
    linked: &'static dyn LinkedPlugin,
    manifest: Manifest,
    origin: Origin,
    settings: Value,
}

impl Bundled {
    /// Checks the settings, and that an instance can be made with them. `digest` stands for the plugin's code.
    pub fn new(
        linked: &'static dyn LinkedPlugin,
        digest: &Digest,
        settings: &Value,
    ) -> Result<Self, BundledError> {
        let manifest: Manifest = serde_json::from_str(linked.manifest())
            .map_err(|error| BundledError::Manifest(error.to_string()))?;
        let settings = if settings.is_null() {
            Value::Object(serde_json::Map::new())
        } else {
            settings.clone()
        };
        let mut problems = schema::check(&settings, &manifest.settings, "");
        if !settings.is_object() {
            problems.push("settings must be an object".to_owned());
        }
        if !problems.is_empty() {
            return Err(BundledError::Settings(problems));
        }
        linked
            .create(&settings)
            .map_err(|refused| BundledError::Create(refused.message))?;
        Ok(Self {
            linked,
            manifest,
            origin: Origin {
                sha256: digest.as_str().to_owned(),
                mode: "bundled",
                signer: None,
            },
            settings,
        })
    }

    /// Makes an instance.
    pub fn instance(&self) -> Result<BundledInstance, PluginError> {
        let instance = self
            .linked
            .create(&self.settings)
            .map_err(|refused| failure(&self.manifest.id, refused))?;
        Ok(BundledInstance {
            manifest: self.manifest.clone(),
            origin: self.origin.clone(),
            instance,
        })
    }
}

impl PluginSource for Bundled {
    fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    fn origin(&self) -> &Origin {
        &self.origin
    }

    fn create(&self) -> Result<Box<dyn Plugin>, PluginError> {
        Ok(Box::new(self.instance()?))
    }

    fn limit(&self) -> usize {
        usize::MAX
    }
}

/// One instance of a linked plugin.
pub struct BundledInstance {
    manifest: Manifest,
    origin: Origin,
    instance: Box<dyn LinkedInstance>,
}

impl fmt::Debug for BundledInstance {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "BundledInstance({})", self.manifest.id)
    }
}

impl BundledInstance {
    fn run(&mut self, operation: u32, document: &str) -> Result<String, PluginError> {
        let answer = self.instance.run(operation, document);
        answer.map_err(|refused| failure(&self.manifest.id, refused))
    }
}

impl Plugin for BundledInstance {
    fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    fn origin(&self) -> &Origin {
        &self.origin
    }

    fn derive(&mut self, document: &str) -> Result<String, PluginError> {
        self.run(abi::OP_DERIVE, document)
    }

    fn assess(&mut self, document: &str) -> Result<String, PluginError> {
        self.run(abi::OP_ASSESS, document)
    }

    fn call(&mut self, index: usize, args: &[Argument]) -> Result<Argument, PluginError> {
        let id = &self.manifest.id;
        let known = u32::try_from(index)
            .ok()
            .zip(self.manifest.functions.get(index));
        let Some((number, function)) = known else {
            let message = format!("its manifest has no function number {index}");
            return Err(error(id, FailureKind::Unknown, message));
        };
        let args: Vec<Argument> = args
            .iter()
            .enumerate()
            .map(|(place, arg)| fitted(function, place, arg))
            .collect();
        let answer = self
            .instance
            .call(number, &args)
            .map_err(|refused| failure(id, refused))?;
        if answer.value_type() == function.returns {
            return Ok(answer);
        }
        let message = format!(
            "`{}` returned {}, its manifest declares {}",
            function.name,
            answer.value_type(),
            function.returns
        );
        Err(error(id, FailureKind::BadAnswer, message))
    }
}

/// Scripts write 2 where 2.0 is meant; beyond 2^53 the number would be another one.
fn fitted(function: &Function, place: usize, arg: &Argument) -> Argument {
    let wanted = function.params.get(place).map(|param| param.kind);
    match (wanted, arg) {
        (Some(ValueType::F64), Argument::Integer(value)) if value.unsigned_abs() <= 1 << 53 =>
        {
            #[expect(clippy::cast_precision_loss, reason = "exact up to 2^53")]
            Argument::Number(*value as f64)
        }
        _ => arg.clone(),
    }
}

fn failure(plugin: &str, refused: Refused) -> PluginError {
    let kind = match refused.status {
        abi::STATUS_FAILED => FailureKind::Failed,
        abi::STATUS_BAD_ARGS => FailureKind::BadArguments,
        abi::STATUS_UNKNOWN => FailureKind::Unknown,
        abi::STATUS_LIMIT => FailureKind::Limit,
        abi::STATUS_PANIC => FailureKind::Panicked,
        _ => FailureKind::BadAnswer,
    };
    // The kind of the failure says so already.
    let message = match refused.message.strip_prefix("panicked: ") {
        Some(rest) if kind == FailureKind::Panicked => rest.to_owned(),
        _ => refused.message,
    };
    error(plugin, kind, message)
}

fn error(plugin: &str, kind: FailureKind, message: String) -> PluginError {
    PluginError {
        plugin: plugin.to_owned(),
        kind,
        message,
    }
}
