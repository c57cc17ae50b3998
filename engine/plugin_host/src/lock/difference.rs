//! What an update of a plugin changes, for a person to accept.

use super::{Grants, Locked};

/// What differs between two versions of a plugin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// The plugin's id.
    pub id: String,
    /// In the order of the lock file; empty if nothing differs.
    pub changes: Vec<Change>,
}

/// One difference.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// It was not locked before.
    New,
    /// A single value: version, ABI, digest, signer.
    Value {
        /// Its key in the lock file.
        key: String,
        /// Before.
        from: Option<String>,
        /// After.
        to: Option<String>,
    },
    /// It asks for something more.
    Added {
        /// `reads`, `provides`, `dimensions`, `functions` or `rules`.
        list: &'static str,
        /// What.
        item: String,
    },
    /// It no longer asks for something.
    Removed {
        /// `reads`, `provides`, `dimensions`, `functions` or `rules`.
        list: &'static str,
        /// What.
        item: String,
    },
}

impl Difference {
    /// From the entry in the lock file, if there is one, to a new one.
    pub fn between(old: Option<&Locked>, new: &Locked) -> Self {
        let mut changes = Vec::new();
        let Some(old) = old else {
            changes.push(Change::New);
            lists(&Grants::default(), &new.grants, &mut changes);
            return Self {
                id: new.id.clone(),
                changes,
            };
        };
        let mut value = |key: &str, from: Option<&String>, to: Option<&String>| {
            if from != to {
                changes.push(Change::Value {
                    key: key.to_owned(),
                    from: from.cloned(),
                    to: to.cloned(),
                });
            }
        };
        value("version", Some(&old.version), Some(&new.version));
        value("abi", Some(&old.abi), Some(&new.abi));
        value("manifest", Some(&old.manifest), Some(&new.manifest));
        value("signer", old.signer.as_ref(), new.signer.as_ref());
        value("archive", old.archive.as_ref(), new.archive.as_ref());
        for (target, digest) in &new.artifacts {
            value(
                &format!("artifacts.{target}"),
                old.artifacts.get(target),
                Some(digest),
            );
        }
        lists(&old.grants, &new.grants, &mut changes);
        Self {
            id: new.id.clone(),
            changes,
        }
    }

    /// Whether it reads, provides or contributes something that it did not before.
    pub fn asks_for_more(&self) -> bool {
        self.changes
            .iter()
            .any(|change| matches!(change, Change::Added { .. }))
    }
}

fn lists(old: &Grants, new: &Grants, changes: &mut Vec<Change>) {
    for ((list, before), (_, after)) in old.lists().into_iter().zip(new.lists()) {
        for item in after.iter().filter(|item| !before.contains(item)).cloned() {
            changes.push(Change::Added { list, item });
        }
        for item in before.iter().filter(|item| !after.contains(item)).cloned() {
            changes.push(Change::Removed { list, item });
        }
    }
}
