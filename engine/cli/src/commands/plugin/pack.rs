//! `evenhand plugin pack`: manifest, libraries, digests and signature in one file.

use super::sheet::Sheet;
use crate::args::plugin::Pack;
use crate::exit::Exit;
use crate::plugins::shown;
use crate::ui::Ui;
use crate::{files, output};
use evenhand_core::problem::Problem;
use evenhand_plugin_host::{
    Contents, Library, PACK_LIMIT, Packed, PluginFile, Unsigned, pack, signed,
};
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

pub(super) fn run(args: &Pack, ui: &Ui) -> Exit {
    match write(args) {
        Ok((path, packed)) => {
            ui.out(&words(args, &path, &packed, ui));
            Exit::Fine
        }
        Err(problems) => {
            ui.problems(&problems, &[]);
            Exit::Wrong
        }
    }
}

fn write(args: &Pack) -> Result<(PathBuf, Packed), Vec<Problem>> {
    let packed = made(args)?;
    if let (Some(signature), Some(key)) = (&args.signature, &args.key) {
        fits(&packed, signature, key).map_err(|problem| vec![problem])?;
    }
    let manifest = &packed.manifest;
    let name = format!("{}-{}.zip", manifest.id, manifest.version);
    let path = args.output.clone().unwrap_or_else(|| name.clone().into());
    if !ends_as_archive(&path) {
        let problem = Problem::error(format!("`{}` does not end in `.zip`", shown(&path)))
            .expected("a name by which a packed plugin is known")
            .suggest(format!("`--output {name}`"));
        return Err(vec![problem]);
    }
    let inputs = args.libraries.iter().map(|library| &library.file);
    if inputs.clone().any(|input| *input == path) {
        let message = format!("`{}` would be packed and written over", shown(&path));
        return Err(vec![Problem::error(message)]);
    }
    output::file(&path, &packed.bytes).map_err(|problem| vec![problem])?;
    if let Some(sums) = &args.sums {
        output::file(sums, packed.sums.as_bytes()).map_err(|problem| vec![problem])?;
    }
    Ok((path, packed))
}

fn ends_as_archive(path: &Path) -> bool {
    path.extension()
        .is_some_and(|extension| extension.eq_ignore_ascii_case("zip"))
}

/// Reads every file, so that all that cannot be read is said at once, and packs them.
fn made(args: &Pack) -> Result<Packed, Vec<Problem>> {
    let mut problems = Vec::new();
    let mut bytes = |path: &Path| {
        whole(path)
            .map_err(|error| problems.push(files::cannot("read", &shown(path), &error)))
            .unwrap_or_default()
    };
    let libraries = args.libraries.iter().map(|library| Library {
        system: library.system.clone(),
        name: name(&library.file),
        bytes: bytes(&library.file),
    });
    let libraries: Vec<Library> = libraries.collect();
    let first = args.libraries.first().map(|library| &library.file);
    let beside = || first.map(|file| PluginFile::beside(file).manifest);
    let manifest = args.manifest.clone().or_else(beside).unwrap_or_default();
    let contents = Contents {
        manifest: bytes(&manifest),
        signature: args
            .signature
            .as_ref()
            .map(|path| String::from_utf8_lossy(&bytes(path)).into_owned()),
        libraries,
    };
    if !problems.is_empty() {
        return Err(problems);
    }
    pack(&contents).map_err(|found| {
        // What is no library's problem is the manifest's.
        let place = shown(&manifest);
        found
            .into_iter()
            .map(|problem| {
                let of_library = contents
                    .libraries
                    .iter()
                    .any(|library| problem.starts_with(&format!("`{}`", library.name)));
                if of_library {
                    Problem::error(problem)
                } else {
                    Problem::error(problem).in_file(place.clone())
                }
            })
            .collect()
    })
}

/// A file whole, however long a library is; one byte more than is packed shows that it is longer.
fn whole(path: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let file = std::fs::File::open(path)?;
    file.take(PACK_LIMIT + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// The last part of a path as text.
fn name(path: &Path) -> String {
    let name = path.file_name().unwrap_or_default();
    name.to_string_lossy().into_owned()
}

/// Whether the signature stands for what was packed.
fn fits(packed: &Packed, signature: &Path, key: &str) -> Result<(), Problem> {
    let text = files::bytes(signature)
        .map_err(|error| files::cannot("read", &shown(signature), &error))?;
    let text = String::from_utf8_lossy(&text);
    let refused = |problem: &str| Problem::error(problem).in_file(shown(signature));
    match signed(packed.sums.as_bytes(), &text, key) {
        Ok(_comment) => Ok(()),
        Err(Unsigned::Signature(why)) => Err(refused(&format!("the signature cannot be read: {why}"))
            .expected("what `minisign -S` writes")),
        Err(Unsigned::Key(why)) => Err(Problem::error(format!("`--key {key}` is no public key: {why}"))
            .expected("the line that begins with `RW` of a `minisign.pub`")),
        Err(Unsigned::OtherKey) => Err(refused(&format!("the signature was not made with `{key}`"))),
        Err(Unsigned::Unfit) => Err(refused("the signature is not of the digests of what is packed")
            .suggest("write the digests with `--sums SHA256SUMS`, sign that file, and pack the same files again")),
    }
}

fn words(args: &Pack, path: &Path, packed: &Packed, ui: &Ui) -> String {
    let mut sheet = Sheet::new(ui.look());
    let manifest = &packed.manifest;
    sheet.heading(&format!("{} {} · packed", manifest.id, manifest.version));
    sheet.field("archive", &shown(path));
    sheet.text(4, &format!("sha256:{}", packed.archived.sha256));
    for (system, digest) in &packed.archived.libraries {
        let system = match system.as_str() {
            "any" => "every system",
            system => system,
        };
        sheet.field("for", system);
        sheet.text(4, &format!("sha256:{digest}"));
    }
    match (&args.key, &args.sums) {
        (Some(key), _) => sheet.field("signed", &format!("by {key}")),
        (None, Some(sums)) => sheet.field(
            "signed",
            &format!(
                "by nobody yet; sign {}, and pack again with --signature and --key",
                shown(sums)
            ),
        ),
        (None, None) => sheet.field("signed", "by nobody"),
    }
    sheet.finish()
}
