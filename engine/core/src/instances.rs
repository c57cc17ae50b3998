//! Plugin instances: made when they are needed, used by one caller at a time, kept for the next.

pub use evenhand_contract::plugin::PluginSource;
use evenhand_contract::plugin::{FailureKind, Manifest, Origin, Plugin, PluginError};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

/// The instances of one plugin.
#[derive(Debug)]
pub(crate) struct Pool {
    source: Arc<dyn PluginSource>,
    state: Mutex<State>,
    returned: Condvar,
}

#[derive(Debug, Default)]
struct State {
    idle: Vec<Box<dyn Plugin>>,
    made: usize,
}

impl Pool {
    pub(crate) fn new(source: Arc<dyn PluginSource>) -> Self {
        Self {
            source,
            state: Mutex::default(),
            returned: Condvar::new(),
        }
    }

    pub(crate) fn source(&self) -> &dyn PluginSource {
        &*self.source
    }

    /// Does something with an instance that nobody else uses meanwhile.
    pub(crate) fn with<T>(
        &self,
        work: impl FnOnce(&mut dyn Plugin) -> Result<T, PluginError>,
    ) -> Result<T, PluginError> {
        let mut instance = self.take()?;
        let answer = work(&mut *instance);
        self.state().idle.push(instance);
        self.returned.notify_one();
        answer
    }

    fn take(&self) -> Result<Box<dyn Plugin>, PluginError> {
        let mut state = self.state();
        loop {
            if let Some(instance) = state.idle.pop() {
                return Ok(instance);
            }
            if state.made < self.source.limit().max(1) {
                state.made += 1;
                drop(state);
                return self.source.create().inspect_err(|_failure| {
                    self.state().made -= 1;
                    self.returned.notify_one();
                });
            }
            state = self
                .returned
                .wait(state)
                .unwrap_or_else(PoisonError::into_inner);
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A plugin of which there is one instance: it runs already.
#[derive(Debug)]
pub struct Single {
    manifest: Manifest,
    origin: Origin,
    instance: Mutex<Option<Box<dyn Plugin>>>,
}

impl Single {
    /// The source of this instance alone.
    pub fn new(instance: Box<dyn Plugin>) -> Self {
        Self {
            manifest: instance.manifest().clone(),
            origin: instance.origin().clone(),
            instance: Mutex::new(Some(instance)),
        }
    }
}

impl PluginSource for Single {
    fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    fn origin(&self) -> &Origin {
        &self.origin
    }

    fn create(&self) -> Result<Box<dyn Plugin>, PluginError> {
        let mut instance = self.instance.lock().unwrap_or_else(PoisonError::into_inner);
        instance.take().ok_or_else(|| PluginError {
            plugin: self.manifest.id.clone(),
            kind: FailureKind::Limit,
            message: "its only instance is in use".to_owned(),
        })
    }

    fn limit(&self) -> usize {
        1
    }
}
