//! A loaded plugin, whichever way it runs.

use crate::error::{LoadError, Refusal};
use crate::image::Image;
use crate::inspection::{Inspection, PluginFile, inspect};
use crate::instance::{Instance, Log};
#[cfg(unix)]
use crate::isolated::{Call, Isolated};
use crate::lock::Pin;
use crate::options::{HostOptions, Limits, Mode, engine_version};
use crate::signature::Signer;
use crate::values::{self, failure};
use crate::worker::Sandbox;
use crate::{file, linked, manifest};
use evenhand_contract::abi;
use evenhand_contract::plugin::{
    Argument, FailureKind, Function, Manifest, Origin, Plugin, PluginError, ValueType,
};
use evenhand_contract::schema;
use evenhand_contract::table::Table;
use evenhand_tables::{Register, Rows};
use serde_json::Value;

/// A plugin that can be asked.
#[derive(Debug)]
pub struct Loaded {
    manifest: Manifest,
    origin: Origin,
    limits: Limits,
    runner: Runner,
    /// A panic was reported: what the instance holds can no longer be trusted.
    poisoned: bool,
}

#[derive(Debug)]
enum Runner {
    Here(Instance),
    Table(Box<Register>),
    #[cfg(unix)]
    Apart(Box<Isolated>),
}

/// How a loaded plugin runs at the moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Status {
    /// What its sandbox consists of; none for one that is not isolated.
    pub sandbox: Option<Sandbox>,
    /// How often its worker died or had to be stopped.
    pub deaths: u32,
    /// The process id of its worker.
    pub worker: Option<u32>,
}

impl Loaded {
    /// Loads the plugin in `file`. With `expected`, only if it is the pinned one.
    pub fn open(
        file: &PluginFile,
        mode: Mode,
        expected: Option<&Pin>,
        settings: &Value,
        options: &HostOptions,
    ) -> Result<Self, LoadError> {
        let found = inspect(file, options)?;
        if let Some(pin) = expected {
            pin.verify(&found, mode)?;
        }
        Self::inspected(&found, mode, settings, options)
    }

    /// Loads exactly the bytes that were looked at, whatever the file holds by now.
    pub fn inspected(
        found: &Inspection,
        mode: Mode,
        settings: &Value,
        options: &HostOptions,
    ) -> Result<Self, LoadError> {
        manifest::fits(&found.manifest, &options.engine)?;
        let settings = checked(&found.manifest, settings)?;
        if let Some(rows) = &found.rows {
            return Ok(Self::register(found, rows, options));
        }
        let runner = match mode {
            Mode::InProcess => Runner::Here(here(found, settings, &options.limits)?),
            #[cfg(unix)]
            Mode::Isolated => {
                let isolated = Isolated::load(&found.into(), settings, options, &[])?;
                if let Some(gap) = isolated.sandbox().gaps() {
                    tracing::warn!(plugin = found.manifest.id, "{gap}");
                }
                Runner::Apart(Box::new(isolated))
            }
            #[cfg(not(unix))]
            Mode::Isolated => return Err(LoadError::Mode { mode }),
        };
        Ok(Self {
            origin: Origin {
                sha256: found.sha256.clone(),
                mode: mode.word(),
                signer: match &found.signer {
                    Signer::Key(key) => Some(key.clone()),
                    Signer::Nobody | Signer::Stranger => None,
                },
            },
            manifest: found.manifest.clone(),
            limits: options.limits,
            runner,
            poisoned: false,
        })
    }

    /// A register has no code: it runs in this process whatever the mode.
    fn register(found: &Inspection, rows: &Rows, options: &HostOptions) -> Self {
        let signer = match &found.signer {
            Signer::Key(key) => Some(key.clone()),
            Signer::Nobody | Signer::Stranger => None,
        };
        let manifest = found.manifest.clone();
        let register = Register::new(manifest, rows.clone(), found.sha256.clone(), signer);
        Self {
            origin: register.origin().clone(),
            manifest: found.manifest.clone(),
            limits: options.limits,
            runner: Runner::Table(Box::new(register)),
            poisoned: false,
        }
    }

    /// Takes in a plugin that is linked into this program.
    pub fn bundled(table: &'static abi::Plugin, settings: &Value) -> Result<Self, LoadError> {
        let refused = |plugin: &str, refusal| LoadError::Refused {
            plugin: plugin.to_owned(),
            refusal,
        };
        // SAFETY: a static table, whose manifest and functions are static too.
        let table = unsafe { Table::read(table) }.map_err(|error| {
            let message = error.to_string();
            refused("bundled", Refusal::Table { message })
        })?;
        let manifest = manifest::parse("bundled", table.manifest.as_bytes())?;
        linked::check(&table, &manifest, table.manifest)
            .map_err(|refusal| refused(&manifest.id, refusal))?;
        manifest::fits(&manifest, &engine_version())?;
        let settings = checked(&manifest, settings)?;
        let limits = Limits::default();
        let instance = linked::start(table, settings, Log::Tracing, limits.text)
            .map_err(|refusal| refused(&manifest.id, refusal))?;
        Ok(Self {
            origin: Origin {
                sha256: file::sha256(table.manifest.as_bytes()),
                mode: "bundled",
                signer: None,
            },
            manifest,
            limits,
            runner: Runner::Here(instance),
            poisoned: false,
        })
    }

    /// How it runs at the moment.
    pub fn status(&self) -> Status {
        match &self.runner {
            Runner::Here(_) | Runner::Table(_) => Status {
                sandbox: None,
                deaths: 0,
                worker: None,
            },
            #[cfg(unix)]
            Runner::Apart(isolated) => Status {
                sandbox: Some(isolated.sandbox()),
                deaths: isolated.deaths(),
                worker: isolated.id(),
            },
        }
    }

    /// What an isolated plugin wrote to its log and to standard error so far, its end where it is long, with nothing in it
    /// that a terminal would obey. Its worker is ended; the next question starts another one.
    pub fn words(&mut self) -> String {
        match &mut self.runner {
            Runner::Here(_) | Runner::Table(_) => String::new(),
            #[cfg(unix)]
            Runner::Apart(isolated) => isolated.words(),
        }
    }

    /// [`derive`](Plugin::derive) for many documents, in as few messages as they fit; one answer each, in order.
    pub fn derive_many(&mut self, documents: &[&str]) -> Vec<Result<String, PluginError>> {
        self.run(abi::OP_DERIVE, "derive", documents)
    }

    /// [`assess`](Plugin::assess) for many documents.
    pub fn assess_many(&mut self, documents: &[&str]) -> Vec<Result<String, PluginError>> {
        self.run(abi::OP_ASSESS, "assess", documents)
    }

    /// [`call`](Plugin::call) many times in one message; one answer each, in order.
    pub fn call_many(
        &mut self,
        calls: &[(usize, &[Argument])],
    ) -> Vec<Result<Argument, PluginError>> {
        #[cfg(unix)]
        if matches!(self.runner, Runner::Apart(_)) && !self.poisoned {
            return self.call_apart(calls);
        }
        calls
            .iter()
            .map(|(index, args)| self.call(*index, args))
            .collect()
    }

    fn run(
        &mut self,
        operation: u32,
        name: &str,
        documents: &[&str],
    ) -> Vec<Result<String, PluginError>> {
        let plugin = &self.manifest.id;
        let limit = self.limits.document;
        let mut answers = Vec::with_capacity(documents.len());
        if self.poisoned {
            answers.resize_with(documents.len(), || Err(poisoned(plugin)));
            return answers;
        }
        match &mut self.runner {
            Runner::Table(register) if operation == abi::OP_DERIVE => {
                answers.extend(documents.iter().map(|document| register.derive(document)));
            }
            Runner::Table(register) => {
                answers.extend(documents.iter().map(|document| register.assess(document)));
            }
            Runner::Here(instance) => {
                for document in documents {
                    if self.poisoned {
                        answers.push(Err(poisoned(plugin)));
                        continue;
                    }
                    let reply = instance.run(operation, document.as_bytes(), limit);
                    self.poisoned |= values::poisons(&reply);
                    answers.push(values::document(plugin, name, reply));
                }
            }
            #[cfg(unix)]
            Runner::Apart(isolated) => {
                let documents: Vec<&[u8]> = documents
                    .iter()
                    .map(|document| document.as_bytes())
                    .collect();
                for reply in isolated.run(operation, &documents, limit) {
                    self.poisoned |= reply.as_ref().is_ok_and(values::poisons);
                    answers.push(reply.and_then(|reply| values::document(plugin, name, reply)));
                }
            }
        }
        answers
    }

    #[cfg(unix)]
    fn call_apart(&mut self, calls: &[(usize, &[Argument])]) -> Vec<Result<Argument, PluginError>> {
        let Self {
            manifest,
            limits,
            runner,
            ..
        } = self;
        let Runner::Apart(isolated) = runner else {
            return Vec::new();
        };
        let mut ready = Vec::with_capacity(calls.len());
        // Either refused here, or the function whose answer comes next.
        let mut waiting = Vec::with_capacity(calls.len());
        for (index, args) in calls {
            let checked = function(manifest, *index).and_then(|(number, function)| {
                let args = values::arguments(&manifest.id, function, args)?;
                ready.push(Call::new(number, most(limits, function), args));
                Ok(function)
            });
            waiting.push(checked);
        }
        let mut replies = if ready.is_empty() {
            Vec::new()
        } else {
            isolated.call(&ready)
        }
        .into_iter();
        let mut panicked = false;
        let answers = waiting.into_iter().map(|checked| {
            let function = checked?;
            let silent = || {
                Err(failure(
                    &manifest.id,
                    FailureKind::Died,
                    "it gave no answer",
                ))
            };
            let reply = replies.next().unwrap_or_else(silent)?;
            panicked |= values::poisons(&reply);
            values::answer(&manifest.id, function, reply)
        });
        let answers = answers.collect();
        self.poisoned |= panicked;
        answers
    }
}

impl Plugin for Loaded {
    fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    fn origin(&self) -> &Origin {
        &self.origin
    }

    fn derive(&mut self, document: &str) -> Result<String, PluginError> {
        only(self.derive_many(&[document]), &self.manifest.id)
    }

    fn assess(&mut self, document: &str) -> Result<String, PluginError> {
        only(self.assess_many(&[document]), &self.manifest.id)
    }

    fn call(&mut self, index: usize, args: &[Argument]) -> Result<Argument, PluginError> {
        if self.poisoned {
            return Err(poisoned(&self.manifest.id));
        }
        match &mut self.runner {
            Runner::Table(register) => register.call(index, args),
            Runner::Here(instance) => {
                let (number, function) = function(&self.manifest, index)?;
                let args = values::arguments(&self.manifest.id, function, args)?;
                let reply = instance.call(number, &args, most(&self.limits, function));
                self.poisoned |= values::poisons(&reply);
                values::answer(&self.manifest.id, function, reply)
            }
            #[cfg(unix)]
            Runner::Apart(_) => only(self.call_apart(&[(index, args)]), &self.manifest.id),
        }
    }
}

/// Loads the plugin in `file` for the engine. With `expected`, only if it is the pinned one.
pub fn load(
    file: &PluginFile,
    mode: Mode,
    expected: Option<&Pin>,
    settings: &Value,
    options: &HostOptions,
) -> Result<Box<dyn Plugin>, LoadError> {
    Ok(Box::new(Loaded::open(
        file, mode, expected, settings, options,
    )?))
}

/// Takes in a plugin that is linked into this program, for the engine.
pub fn bundled(
    table: &'static abi::Plugin,
    settings: &Value,
) -> Result<Box<dyn Plugin>, LoadError> {
    Ok(Box::new(Loaded::bundled(table, settings)?))
}

/// Links and starts a plugin in this process.
fn here(found: &Inspection, settings: String, limits: &Limits) -> Result<Instance, LoadError> {
    let plugin = &found.manifest.id;
    let refused = |refusal| LoadError::Refused {
        plugin: plugin.clone(),
        refusal,
    };
    let image = Image::of(&found.bytes).map_err(|error| {
        let message = error.to_string();
        refused(Refusal::Prepare { message })
    })?;
    let table = linked::link(image, plugin).map_err(refused)?;
    linked::check(&table, &found.manifest, &found.manifest_text).map_err(refused)?;
    linked::start(table, settings, Log::Tracing, limits.text).map_err(refused)
}

/// The settings as JSON text, if they fit the manifest's schema.
pub(crate) fn checked(manifest: &Manifest, settings: &Value) -> Result<String, LoadError> {
    let given = if settings.is_null() {
        &Value::Object(serde_json::Map::new())
    } else {
        settings
    };
    let mut problems = schema::check(given, &manifest.settings, "");
    if !given.is_object() {
        problems.push("settings must be an object".to_owned());
    }
    if problems.is_empty() {
        return Ok(given.to_string());
    }
    Err(LoadError::Settings {
        plugin: manifest.id.clone(),
        problems,
    })
}

fn function(manifest: &Manifest, index: usize) -> Result<(u32, &Function), PluginError> {
    let known = u32::try_from(index).ok().zip(manifest.functions.get(index));
    known.ok_or_else(|| {
        let message = format!("its manifest has no function number {index}");
        failure(&manifest.id, FailureKind::Unknown, message)
    })
}

/// Most bytes that a function, or its message of failure, may write.
fn most(limits: &Limits, function: &Function) -> usize {
    if function.returns == ValueType::Json {
        limits.document
    } else {
        limits.text
    }
}

fn poisoned(plugin: &str) -> PluginError {
    failure(
        plugin,
        FailureKind::Panicked,
        "it panicked earlier and is not asked again in this run",
    )
}

fn only<T>(answers: Vec<Result<T, PluginError>>, plugin: &str) -> Result<T, PluginError> {
    let silent = || Err(failure(plugin, FailureKind::Died, "it gave no answer"));
    answers.into_iter().next().unwrap_or_else(silent)
}
