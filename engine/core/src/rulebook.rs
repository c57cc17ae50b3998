//! A rulebook: packs, plugins and settings put together, checked, and ready to judge proposals.

mod broken;
mod choose;
mod load;
mod renamed;
mod set_up;
mod texts;
mod understood;
mod versions;

use crate::breakdown::Breakdown;
use crate::document::Document;
use crate::executor::Executor;
use crate::finding::Finding;
use crate::pack::{Dimension, PackFiles, PackInfo, SourceEntry, Sources};
use crate::plugin::{Manifest, Origin};
use crate::plugins::{Answered, Plugins};
use crate::problem::{Problem, did_you_mean, nearest};
use crate::program::code::Program;
use crate::program::value::Value as ScriptValue;
use crate::program::{self, Surroundings};
use crate::rule::compiler::{Compiler, Script};
use crate::rule::page::PageKind;
use crate::rule::script::Interpreter;
use crate::rule::{Page, Severity};
use crate::schema::Schema;
use crate::settings::Settings;
use crate::source::Source;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, OnceLock};

pub use broken::BrokenRule;
pub(crate) use choose::fits_pattern;
pub use understood::MIGRATION_CODES;
pub(crate) use versions::{Looked, Version};

/// Packs, plugins and settings, ready to judge proposals.
#[derive(Debug)]
pub struct Rulebook {
    pub(crate) info: PackInfo,
    /// Dimensions of packs of which only the fields take part: a board is compared by them.
    pub(crate) aside: Vec<Dimension>,
    /// Plugins of which the rules are left out with those of their pack.
    bare_plugins: BTreeSet<String>,
    pub(crate) packs: Vec<PackFiles>,
    pub(crate) schema: Arc<Schema>,
    /// Read when first asked for, where the packs were checked before.
    sources: OnceLock<Sources>,
    /// The tables that packs add to reports, read in the same way.
    pub(crate) breakdowns: OnceLock<Vec<Breakdown>>,
    pub(crate) rules: Vec<Rule>,
    pub(crate) broken: Vec<BrokenRule>,
    /// The bundled versions of rules that another pack takes the place of, with the parameters of their pages.
    replaced: Vec<Result<Rule, Box<BrokenRule>>>,
    /// The pack whose version of a rule is in force, by the rule's id.
    owners: BTreeMap<String, usize>,
    pub(crate) compiler: Arc<Compiler>,
    /// Made when something is compared with it.
    interpreter: OnceLock<Interpreter>,
    pub(crate) plugins: Arc<Plugins>,
    pub(crate) settings: Settings,
    executor: Arc<dyn Executor>,
    /// Whether scripts are checked by a lint to come.
    to_lint: bool,
}

/// A rule that can be asked.
#[derive(Debug, Clone)]
pub struct Rule {
    /// Its page.
    pub page: Page,
    pub(crate) script: Option<Script>,
    /// The parameters in force, as scripts see them.
    pub(crate) value: ScriptValue,
    pub(crate) weight: f64,
    pub(crate) gate: f64,
    pub(crate) severity: Severity,
    /// The parameters in force, by name.
    pub params: BTreeMap<String, Value>,
    /// Why it is turned off, if it is.
    pub disabled: Option<String>,
}

impl Rulebook {
    /// Whether every pack was checked before, so that only what judging needs is read.
    pub(crate) fn is_checked(&self) -> bool {
        self.packs.iter().all(|pack| pack.checked)
    }

    /// Who does the work, unless a call says otherwise.
    pub fn executor(&self) -> &dyn Executor {
        &*self.executor
    }

    /// What the first pack says of itself, with the dimensions of all.
    pub fn info(&self) -> &PackInfo {
        &self.info
    }

    /// The schema of proposals, with the derived facts.
    pub fn schema(&self) -> &Schema {
        &self.schema
    }

    /// The bibliography.
    pub fn sources(&self) -> &Sources {
        self.sources
            .get_or_init(|| read_sources(&self.packs, &self.plugins, &mut Vec::new()))
    }

    /// The rules that can be asked: by dimension, then severity, then id.
    pub fn rules(&self) -> &[Rule] {
        &self.rules
    }

    /// The rules that cannot.
    pub fn broken(&self) -> &[BrokenRule] {
        &self.broken
    }

    /// The settings in force.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// The rule with this id, or a problem with a suggestion.
    pub fn rule(&self, id: &str) -> Result<&Rule, Problem> {
        self.rules
            .iter()
            .find(|rule| rule.page.id == id)
            .ok_or_else(|| {
                Problem::error(format!("`{id}` is not a rule"))
                    .expected(
                        "an id such as `ethics/scope-of-practice`; `evenhand rules list` shows all",
                    )
                    .suggest_maybe(self.suggest_rule(id))
            })
    }

    /// The plugins that a pack needs and that do not take part.
    pub(crate) fn absent_plugins(&self, pack: &PackFiles) -> BTreeSet<String> {
        let needed = pack.info().map(|info| info.plugins).unwrap_or_default();
        let there = |id: &String| self.manifests().any(|(manifest, _)| manifest.id == *id);
        needed.into_iter().filter(|id| !there(id)).collect()
    }

    /// Whether a finding is by a rule of a plugin that is left out with the rules of its pack.
    pub(crate) fn is_bare(&self, finding: &Finding) -> bool {
        let plugin = finding.plugin.as_ref();
        plugin.is_some_and(|plugin| self.bare_plugins.contains(plugin))
    }

    /// Whether a plugin has a rule of this id.
    pub(crate) fn has_plugin_rule(&self, id: &str) -> bool {
        self.manifests()
            .any(|(manifest, _)| manifest.rules.iter().any(|rule| rule.id == id))
    }

    /// The manifests of the plugins that take part, in the order they were given, and where each came from.
    pub fn manifests(&self) -> impl Iterator<Item = (&Manifest, &Origin)> {
        self.plugins.manifests()
    }

    fn suggest_rule(&self, id: &str) -> Option<String> {
        let ids = || self.rules.iter().map(|rule| rule.page.id.as_str());
        let by_name = ids().find(|known| known.split('/').next_back() == Some(id));
        let name_of = |id: &str| id.rsplit('/').next().unwrap_or_default().to_owned();
        let by_name = by_name.or_else(|| {
            let names: Vec<String> = ids().map(name_of).collect();
            let near = nearest(&name_of(id), names.iter().map(String::as_str))?;
            ids().find(|known| known.ends_with(&format!("/{near}")))
        });
        by_name
            .map(|found| format!("did you mean `{found}`?"))
            .or_else(|| did_you_mean(id, ids()))
    }

    /// The dimensions that are judged, and those a board left out with the rules of their pack.
    pub(crate) fn all_dimensions(&self) -> impl Iterator<Item = &Dimension> {
        self.info.dimensions.iter().chain(&self.aside)
    }

    /// Settings as they are in force for the rules there are, on the day of the evaluation.
    pub fn settled(&self, settings: &Settings) -> Settings {
        let mut settings = Settings {
            date: self.settings.date,
            ..settings.clone()
        };
        settings.rename(&self.renamed_in(&settings));
        settings.settle(&self.rule_ids());
        self.fit(&mut settings);
        settings
    }

    /// Takes from settings what patterns say and rules do not have.
    fn fit(&self, settings: &mut Settings) {
        for rule in &self.rules {
            let id = &rule.page.id;
            if settings.rules.contains_key(id) {
                let params = rule.page.params.iter().map(|param| param.name.as_str());
                let waivable =
                    rule.page.waivable && self.baseline_page(id).is_none_or(|page| page.waivable);
                settings.fit(id, &params.collect(), waivable);
            }
        }
        let plugins = self.manifests().flat_map(|(manifest, _)| &manifest.rules);
        let of_plugins: Vec<String> = plugins.map(|rule| rule.id.clone()).collect();
        for id in of_plugins {
            settings.fit(&id, &BTreeSet::new(), true);
        }
    }

    /// A dimension by its id.
    pub fn dimension(&self, id: &str) -> Option<&Dimension> {
        self.info
            .dimensions
            .iter()
            .find(|dimension| dimension.id == id)
    }

    /// The files of the packs, the last ones first in force.
    pub fn packs(&self) -> &[PackFiles] {
        &self.packs
    }

    /// The texts that problems are in, for showing their lines.
    pub fn sources_of(&self, problems: &[Problem]) -> Vec<Source> {
        let names: BTreeSet<&str> = problems
            .iter()
            .filter_map(|problem| problem.file.as_deref())
            .collect();
        let mut found = Vec::new();
        for pack in self.packs() {
            for path in pack
                .files
                .keys()
                .filter(|path| names.contains(pack.name_of(path).as_str()))
            {
                found.extend(pack.source(path).and_then(Result::ok));
            }
        }
        found
    }

    /// The same rule with another script; every problem of a script that cannot be compiled.
    pub fn with_script(&self, rule: &Rule, source: Source) -> Result<Rule, Vec<Problem>> {
        Ok(Rule {
            script: Some(self.compiler.rule(source)?),
            ..rule.clone()
        })
    }

    /// The interpreter of scripts' syntax, which nothing is judged by.
    pub(crate) fn interpreter(&self) -> &Interpreter {
        self.interpreter.get_or_init(|| {
            let mut interpreter = Interpreter::new(Arc::clone(&self.compiler));
            interpreter.know(&self.schema);
            self.plugins.register_functions(interpreter.engine_mut());
            interpreter
        })
    }

    /// What runs of a rule's script; why nothing does where it is wrong.
    pub(crate) fn program<'s>(&self, script: &'s Script) -> Result<&'s Program, String> {
        let plugins = |name: &str| self.plugins.function(name);
        let program = self.compiler.program(script, &self.schema, &plugins);
        program.map_err(|problems| {
            let first = problems.first().map(ToString::to_string);
            first.unwrap_or_default()
        })
    }

    /// Whether what runs of a rule was made ready when its pack was built in.
    #[doc(hidden)]
    pub fn was_stored(&self, rule: &Rule) -> bool {
        let script = rule.script.as_ref();
        script.is_some_and(|script| {
            let plugins = |name: &str| self.plugins.function(name);
            self.compiler.was_stored(script, &self.schema, &plugins)
        })
    }

    /// What runs of a rule, as text to compare; why nothing does.
    #[doc(hidden)]
    pub fn runs(&self, rule: &Rule) -> Result<String, String> {
        let script = rule.script.as_ref();
        let program = script.map(|script| self.program(script)).transpose()?;
        Ok(program.map(Program::with_places).unwrap_or_default())
    }

    /// What is wrong with a rule's script, walked against the schema before any proposal is seen.
    pub fn check_script(&self, rule: &Rule) -> Vec<Problem> {
        let check = |script| self.check_program(&rule.page, script, &rule.params);
        rule.script.as_ref().map(check).unwrap_or_default()
    }

    /// The same for a script with these parameters in force.
    fn check_program(
        &self,
        page: &Page,
        script: &Script,
        params: &BTreeMap<String, Value>,
    ) -> Vec<Problem> {
        let plugins: Vec<&Manifest> = self.manifests().map(|(manifest, _)| manifest).collect();
        let around = Surroundings {
            schema: &self.schema,
            compiler: &self.compiler,
            plugins: &plugins,
            params: params.clone(),
        };
        program::check(&around, page, script)
    }

    /// The functions that a rule's script mentions, `applies` among them if the script has it; none if it has no script
    /// that can be compiled.
    pub fn mentioned(&self, rule: &Rule) -> Option<BTreeSet<String>> {
        let code = self.compiler.code(rule.script.as_ref()?).ok()?;
        let mut mentioned = program::called(&code.own);
        mentioned.remove("applies");
        if code.has_applies {
            mentioned.insert("applies".to_owned());
        }
        Some(mentioned)
    }

    /// Checks a document against the schema, and its attestations against the day of the evaluation: every problem at once.
    ///
    /// Where the schema cannot tell what was meant by a value, a plugin that knows may: an airport is three letters to
    /// the one and a place to the other.
    pub fn check_document(&self, document: &Document) -> Vec<Problem> {
        let mut problems = crate::schema::validate(&self.schema, document);
        problems.extend(crate::attestation::too_late(document, self.settings.date));
        problems.extend(crate::attestation::contested::problems(
            &self.schema,
            document,
        ));
        let open = |problem: &&mut Problem| problem.suggestion.is_none() && problem.path.is_some();
        if !problems.iter_mut().any(|mut problem| open(&mut problem)) {
            return problems;
        }
        let answered = self.schema.with_ranges(document.value());
        let known = self.schema.without_ranges(&answered);
        let answers = self.plugins.derive(
            document,
            Answered {
                with_ranges: &answered,
                without: &known,
            },
            &self.schema,
            self.executor(),
            None,
        );
        for problem in problems.iter_mut().filter(open) {
            let same = answers
                .problems
                .iter()
                .find(|said| said.path == problem.path && said.suggestion.is_some());
            if let Some(said) = same {
                problem.suggestion.clone_from(&said.suggestion);
                problem.fix.clone_from(&said.fix);
            }
        }
        problems
    }
}

impl Rule {
    /// Whether it only asks whether odd answers are right.
    pub fn is_check(&self) -> bool {
        self.page.kind == PageKind::Check
    }

    /// The same rule with some parameters set otherwise.
    #[must_use]
    pub fn with_params(&self, own: &BTreeMap<String, Value>) -> Self {
        let mut rule = self.clone();
        rule.params.extend(own.clone());
        rule.value = parameters(&rule.params);
        rule
    }

    /// Its weight in the dimension.
    pub fn weight(&self) -> f64 {
        self.weight
    }

    /// At or under this degree it stops the program, if it is critical.
    pub fn gate(&self) -> f64 {
        self.gate
    }

    /// Its severity.
    pub fn severity(&self) -> Severity {
        self.severity
    }

    /// The script's file, if it has one.
    pub fn script_source(&self) -> Option<&Source> {
        self.script.as_ref().map(|script| &script.source)
    }

    /// The script as written, if it has one.
    pub fn script_text(&self) -> Option<&str> {
        self.script.as_ref().map(|script| script.source.text())
    }
}

/// The parameters of a rule, as scripts see them.
pub(crate) fn parameters(params: &BTreeMap<String, Value>) -> ScriptValue {
    let entries = params.iter().map(|(name, value)| {
        let value = ScriptValue::of_json(value).unwrap_or(ScriptValue::Nothing);
        (name.as_str().into(), value)
    });
    ScriptValue::table(entries.collect()).unwrap_or(ScriptValue::Nothing)
}

/// The bibliography of packs and plugins; the packs' own entries win, those of later packs over earlier ones.
fn read_sources(packs: &[PackFiles], plugins: &Plugins, problems: &mut Vec<Problem>) -> Sources {
    let mut sources = Sources::default();
    for pack in packs {
        match pack.sources() {
            Ok(found) => sources.extend(found),
            Err(found) => problems.extend(found),
        }
    }
    plugins.add_sources(&mut sources);
    sources
}

impl From<crate::plugin::Source> for SourceEntry {
    fn from(source: crate::plugin::Source) -> Self {
        Self {
            authors: source.authors,
            year: source.year.map(i64::from),
            title: source.title,
            doi: source.doi,
            url: source.url,
            seen: source.seen,
            ..Self::default()
        }
    }
}
