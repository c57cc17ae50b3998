//! Putting a rulebook together.

mod scripts;

use self::scripts::{compile_soon, load_libraries, only_adds, stored};
use super::renamed::renamed;
use super::set_up::{bare_plugins, ids_of, is_check, set_up, two_of_one_id};
use super::understood::misfits;
use super::{BrokenRule, Rule, Rulebook, parameters, read_sources};
use crate::document::Document;
use crate::executor::{Executor, Sequential, join, par_map};
use crate::instances::{PluginSource, Single};
use crate::pack::{PackFiles, PackInfo};
use crate::plugin::Plugin;
use crate::plugins::{Plugins, names};
use crate::pointer::Pointer;
use crate::problem::{Problem, did_you_mean};
use crate::rule::Page;
use crate::rule::compiler::{Compiler, Script};
use crate::rule::form::{self, PageForm, Raw};
use crate::rule::page::{PageKind, check_citations};
use crate::schema::Schema;
use crate::settings::Settings;
use crate::source::Source;
use serde_json::Value;
use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

/// The folder of a pack's checks.
pub(super) const CHECKS: &str = "checks";

impl Rulebook {
    /// Puts packs (later ones add to or replace earlier ones), plugins and settings together. One instance of each
    /// plugin is used, and all work is done on the thread of the caller.
    ///
    /// A pack that cannot be read at all is an error. Broken rules are not: each is listed in [`Self::broken`],
    /// and the others work.
    pub fn load(
        packs: Vec<PackFiles>,
        plugins: Vec<Box<dyn Plugin>>,
        settings: Settings,
    ) -> Result<Self, Vec<Problem>> {
        Self::open(packs, singles(plugins), settings, Arc::new(Sequential))
    }

    /// The same with as many instances of each plugin as are needed, and with the work done by `executor`.
    pub fn open(
        packs: Vec<PackFiles>,
        plugins: Vec<Arc<dyn PluginSource>>,
        settings: Settings,
        executor: Arc<dyn Executor>,
    ) -> Result<Self, Vec<Problem>> {
        Self::read(packs, plugins, settings, executor, false)
    }

    /// The same for a lint, which checks the scripts itself: a field that does not exist breaks no rule here, so that
    /// everything else about the rule is found too. No pack counts as checked.
    pub fn load_to_lint(
        packs: Vec<PackFiles>,
        plugins: Vec<Box<dyn Plugin>>,
        settings: Settings,
    ) -> Result<Self, Vec<Problem>> {
        Self::open_to_lint(packs, singles(plugins), settings, Arc::new(Sequential))
    }

    /// [`Self::open`] for a lint, as [`Self::load_to_lint`].
    pub fn open_to_lint(
        mut packs: Vec<PackFiles>,
        plugins: Vec<Arc<dyn PluginSource>>,
        settings: Settings,
        executor: Arc<dyn Executor>,
    ) -> Result<Self, Vec<Problem>> {
        for pack in &mut packs {
            pack.checked = false;
        }
        Self::read(packs, plugins, settings, executor, true)
    }

    fn read(
        mut packs: Vec<PackFiles>,
        plugins: Vec<Arc<dyn PluginSource>>,
        settings: Settings,
        executor: Arc<dyn Executor>,
        to_lint: bool,
    ) -> Result<Self, Vec<Problem>> {
        let mut problems = Vec::new();
        let mut info = read_info(&packs, &mut problems);
        let checked = packs.iter().all(|pack| pack.checked);
        let unchanged = checked || only_adds(&packs);
        let schema = read_schema(&mut packs, &mut problems);
        let Some(mut schema) = schema.filter(|_| problems.is_empty()) else {
            return Err(problems);
        };
        let owners = rule_owners(&packs);
        let rules: Vec<String> = owners.keys().cloned().collect();
        let library = || {
            let mut problems = Vec::new();
            let compiler = Arc::new(load_libraries(&packs, &mut problems));
            let mut scripts = BTreeMap::new();
            if unchanged {
                scripts = stored(&packs, &owners);
            }
            if checked {
                compile_soon(&packs, &owners, &compiler, &*executor, &mut scripts);
            }
            (compiler, scripts, problems)
        };
        let ((compiler, scripts, found), plugins) = join(&*executor, library, || {
            Plugins::new(plugins, &rules, &mut schema, &mut problems)
        });
        problems.extend(found);
        let plugins = Arc::new(plugins);
        problems.extend(shadowing(&packs, &compiler, &plugins));
        problems.extend(no_host_side(&packs, &info, &compiler));
        problems.extend(two_of_one_id(&packs));
        problems.extend(misfits(&packs, &info, &schema));
        let sources = OnceLock::new();
        if !checked {
            sources.get_or_init(|| read_sources(&packs, &plugins, &mut problems));
        }
        if !problems.is_empty() {
            return Err(problems);
        }
        let mut settings = settings;
        let bare_plugins = bare_plugins(&packs);
        let ids = ids_of(&owners, &plugins, &bare_plugins);
        settings.rename(&renamed(&packs, &owners, &ids, &settings));
        settings.settle(&ids);
        let aside = set_up(&mut info, &packs, &ids, &settings);
        let mut book = Self {
            info,
            aside,
            bare_plugins,
            packs,
            schema: Arc::new(schema),
            sources,
            breakdowns: OnceLock::new(),
            rules: Vec::new(),
            broken: Vec::new(),
            replaced: Vec::new(),
            owners: owners.clone(),
            compiler,
            interpreter: OnceLock::new(),
            plugins,
            settings,
            executor,
            to_lint,
        };
        if !checked {
            book.check_tables()?;
        }
        book.load_rules(owners, &scripts);
        Ok(book)
    }

    /// Checks the tables that packs add to reports.
    fn check_tables(&self) -> Result<(), Vec<Problem>> {
        let (portfolio, report) = (self.portfolio(), self.read_breakdowns());
        let found = [portfolio.err(), report.err()].into_iter().flatten();
        let problems: Vec<Problem> = found.flatten().collect();
        if problems.is_empty() {
            Ok(())
        } else {
            Err(problems)
        }
    }

    /// Loads all rules; `scripts` are those that are being compiled already.
    fn load_rules(&mut self, owners: BTreeMap<String, usize>, scripts: &BTreeMap<String, Script>) {
        for pack in &self.packs {
            for id in pack.scripts().filter(|id| !id.starts_with("lib/")) {
                if !pack.files.contains_key(&format!("{id}.md")) {
                    let problem = Problem::error("the script has no page")
                        .in_file(pack.name_of(&format!("{id}.rhai")))
                        .expected(format!("`{}` beside it", pack.name_of(&format!("{id}.md"))));
                    self.broken.push(BrokenRule::unreadable(id, vec![problem]));
                }
            }
        }
        let owners: Vec<(String, usize)> = owners.into_iter().collect();
        for loaded in self.load_all(&owners, scripts) {
            match loaded {
                Ok(rule) => self.rules.push(rule),
                Err(broken) => self.broken.push(*broken),
            }
        }
        self.replaced = self.load_replaced();
        let mut settings = std::mem::take(&mut self.settings);
        self.fit(&mut settings);
        self.settings = settings;
        for broken in &mut self.broken {
            if let Some(own) = self.settings.rules.get(&broken.id) {
                broken.disabled.clone_from(&own.disabled);
            }
        }
        let order: Vec<String> = self
            .info
            .dimensions
            .iter()
            .map(|dimension| dimension.id.clone())
            .collect();
        let rank = |id: &str| {
            order
                .iter()
                .position(|dimension| dimension == id)
                .unwrap_or(usize::MAX)
        };
        self.rules.sort_by(|a, b| {
            (rank(&a.page.dimension), a.severity, &a.page.id).cmp(&(
                rank(&b.page.dimension),
                b.severity,
                &b.page.id,
            ))
        });
    }

    /// The bundled versions of rules that another pack takes the place of, or that are left out with their pack.
    fn load_replaced(&self) -> Vec<Result<Rule, Box<BrokenRule>>> {
        let mut replaced = Vec::new();
        for pack in self.packs.iter().filter(|pack| pack.bundled) {
            for id in pack.rule_ids() {
                let owner = self.owners.get(&id);
                let owner = owner.and_then(|index| self.packs.get(*index));
                if owner.is_none_or(|owner| !owner.bundled) {
                    replaced.push(self.load_rule(pack, &id, None, None));
                }
            }
        }
        replaced
    }

    /// Loads rules, side by side where pages have to be read and scripts to be compiled. What comes out is in the order
    /// of `owners`.
    fn load_all(
        &mut self,
        owners: &[(String, usize)],
        scripts: &BTreeMap<String, Script>,
    ) -> Vec<Result<Rule, Box<BrokenRule>>> {
        let mut ready: Vec<Option<Page>> = Vec::new();
        for (id, pack) in owners {
            let pack = self.packs.get_mut(*pack);
            ready.push(pack.and_then(|pack| pack.take_page(id)));
        }
        if self.is_checked() {
            let pages = owners.iter().zip(ready);
            pages
                .filter_map(|((id, pack), page)| {
                    Some(self.load_rule(self.packs.get(*pack)?, id, page, scripts.get(id)))
                })
                .collect()
        } else {
            let pages: Vec<_> = owners.iter().zip(ready).collect();
            let loaded = par_map(&*self.executor, &pages, |((id, pack), page)| {
                Some(self.load_rule(self.packs.get(*pack)?, id, page.clone(), scripts.get(id)))
            });
            loaded.into_iter().flatten().collect()
        }
    }

    /// Loads a rule, whose page may have been read before, and whose script may be being compiled.
    fn load_rule(
        &self,
        pack: &PackFiles,
        id: &str,
        page: Option<Page>,
        script: Option<&Script>,
    ) -> Result<Rule, Box<BrokenRule>> {
        let page = match page {
            Some(page) => page,
            None => read_page(pack, id)?,
        };
        let mut page = page.on(self.settings.date);
        let mut problems = if self.is_checked() {
            Vec::new()
        } else {
            let mut problems = check_citations(&page, self.sources());
            problems.extend(self.misplaced(pack, &page));
            problems
        };
        problems.extend(self.wrongly_renamed(&page));
        let is_check = page.kind == PageKind::Check;
        if !is_check
            && !self
                .all_dimensions()
                .any(|dimension| dimension.id == page.dimension)
        {
            let known = self.all_dimensions().map(|dimension| dimension.id.as_str());
            problems.push(
                Problem::error(format!(
                    "`{}` is not a dimension of the pack",
                    page.dimension
                ))
                .in_file(page.source.name())
                .expected("a folder named after a dimension in pack.toml")
                .suggest_maybe(did_you_mean(&page.dimension, known)),
            );
        }
        let own = self.settings.rules.get(id).cloned().unwrap_or_default();
        // A board's parameters have to fit the script.
        let script = script.filter(|_| self.is_checked() || own.params.is_empty());
        let script = match script {
            Some(script) => Some(script.clone()),
            None => self.load_script(pack, &page, &mut problems),
        };
        let mut params: BTreeMap<String, Value> = page
            .params
            .iter()
            .map(|param| (param.name.clone(), param.default.clone()))
            .collect();
        let known = |name: &str| params.contains_key(name) || self.settings.names_exactly(id, name);
        let own_params: BTreeMap<String, Value> = own
            .params
            .into_iter()
            .filter(|(name, _)| known(name))
            .collect();
        params.extend(own_params);
        if problems.iter().any(Problem::is_error) {
            return Err(Box::new(BrokenRule::of_page(&page, problems)));
        }
        let severity = own.severity.unwrap_or(page.severity);
        if let Some(title) = own.title {
            page.pack_title = Some(std::mem::replace(&mut page.title, title));
        }
        Ok(Rule {
            weight: own
                .weight
                .or(page.weight)
                .unwrap_or_else(|| severity.weight()),
            gate: own.gate.unwrap_or(page.gate),
            severity,
            value: parameters(&params),
            params,
            disabled: own.disabled,
            script,
            page,
        })
    }

    /// What a page of a check says that it cannot say; and a check that takes the place of another pack's.
    fn misplaced(&self, pack: &PackFiles, page: &Page) -> Vec<Problem> {
        let mut problems = Vec::new();
        let mut others = self.packs.iter().filter(|other| {
            other.folder != pack.folder && other.files.contains_key(&format!("{}.md", page.id))
        });
        let folder = page.dimension == CHECKS;
        if folder != (page.kind == PageKind::Check) {
            let message = if folder {
                format!("the folder `{CHECKS}` holds pages of `kind: check` only")
            } else {
                format!("a page of `kind: check` stands in the folder `{CHECKS}`")
            };
            problems.push(page.problem_at(&Pointer::root().key("kind"), Problem::error(message)));
        }
        if !folder {
            return problems;
        }
        if let Some(other) = others.next().filter(|_| !pack.bundled) {
            let message = format!(
                "the check `{}` is one of the pack `{}` already",
                page.id, other.folder
            );
            let problem = Problem::error(message).in_file(page.source.name());
            problems.push(
                problem
                    .expected("an id of its own: no pack changes what another asks to be checked"),
            );
        }
        for (index, path) in page.doubts.iter().enumerate() {
            if self.schema.find(path).is_none() {
                let at = Pointer::root().key("doubts").index(index);
                problems
                    .push(page.problem_at(&at, crate::schema::unknown_path(&self.schema, path)));
            }
        }
        for place in crate::finding::places(&page.asks) {
            let path = place.split_once(':').map_or(place, |(path, _)| path);
            if self.schema.find(path).is_none() {
                let at = Pointer::root().key("asks");
                problems
                    .push(page.problem_at(&at, crate::schema::unknown_path(&self.schema, path)));
            }
        }
        problems
    }

    /// The function that a page of this kind needs, where the script has none.
    fn lacks_function(&self, page: &Page, script: &Script) -> Option<Problem> {
        let code = self.compiler.code(script).ok()?;
        let (needs, has) = match page.kind {
            PageKind::Check => ("applies", code.has_applies),
            PageKind::Rule | PageKind::Prompt => ("check", code.has_check),
        };
        if page.kind == PageKind::Check && (code.has_check || code.has_remedy) {
            let problem = Problem::error("the script of a check judges nothing");
            return Some(
                problem
                    .in_file(script.source.name())
                    .expected("`fn applies(program, param)` alone"),
            );
        }
        let problem = Problem::error(format!("the script has no function `{needs}`"))
            .in_file(script.source.name())
            .expected(format!("`fn {needs}(program, param)`"));
        (!has).then_some(problem)
    }

    fn load_script(
        &self,
        pack: &PackFiles,
        page: &Page,
        problems: &mut Vec<Problem>,
    ) -> Option<Script> {
        let path = format!("{}.rhai", page.id);
        if let Some(raw) = &page.form {
            if pack.files.contains_key(&path) {
                let problem =
                    Problem::error("the page says how it judges, and there is a script as well")
                        .expected("one of the two")
                        .suggest(format!(
                            "delete `{}`, or take the form out of the page",
                            pack.name_of(&path)
                        ));
                problems.push(problem.at(&page.source, raw.span.clone()));
                return None;
            }
            return self.load_form(page, raw, problems);
        }
        let source: Source = match pack.source(&path) {
            Some(Ok(source)) => source,
            Some(Err(problem)) => {
                problems.push(problem);
                return None;
            }
            None if page.kind == PageKind::Prompt => return None,
            None => {
                problems.push(
                    Problem::error("the page has no script and does not say how it judges")
                        .in_file(page.source.name())
                        .expected(format!(
                            "`judge` in the page, or `{}` beside it",
                            pack.name_of(&path)
                        )),
                );
                return None;
            }
        };
        match self.compiler.rule(source) {
            Ok(script) => {
                problems.extend(self.lacks_function(page, &script));
                if !self.to_lint {
                    let own = self.settings.rules.get(&page.id);
                    let params = own.map(|own| own.params.clone()).unwrap_or_default();
                    problems.extend(self.check_program(page, &script, &params));
                }
                Some(script)
            }
            Err(found) => {
                problems.extend(found);
                None
            }
        }
    }
}

impl Rulebook {
    /// The script that the form of a page stands for.
    fn load_form(&self, page: &Page, raw: &Raw, problems: &mut Vec<Problem>) -> Option<Script> {
        match self.form_script(page, raw) {
            Ok(script) => Some(script),
            Err(found) => {
                problems.extend(found);
                None
            }
        }
    }

    /// The script that a form on a page stands for, checked like any other.
    fn form_script(&self, page: &Page, raw: &Raw) -> Result<Script, Vec<Problem>> {
        let form = form::read(&self.schema, page, raw)?;
        let source = form::script(&self.schema, page, &form);
        if self.is_checked() {
            return Ok(self.compiler.rule_soon(source, &*self.executor));
        }
        let script = self.compiler.rule(source)?;
        if self.to_lint {
            return Ok(script);
        }
        let own = self.settings.rules.get(&page.id);
        let params = own.map(|own| own.params.clone()).unwrap_or_default();
        let found = self.check_program(page, &script, &params);
        if found.iter().any(Problem::is_error) {
            return Err(found);
        }
        Ok(script)
    }

    /// The same rule with another form on its page; every problem of a form that cannot be read.
    pub fn with_form(&self, rule: &Rule, raw: Raw) -> Result<Rule, Vec<Problem>> {
        let mut rule = rule.clone();
        rule.script = Some(self.form_script(&rule.page, &raw)?);
        rule.page.form = Some(raw);
        Ok(rule)
    }

    /// The form of a rule's page, if it judges by one.
    pub fn form(&self, rule: &Rule) -> Option<PageForm> {
        form::read(&self.schema, &rule.page, rule.page.form.as_ref()?).ok()
    }
}

fn singles(plugins: Vec<Box<dyn Plugin>>) -> Vec<Arc<dyn PluginSource>> {
    let single = |plugin| -> Arc<dyn PluginSource> { Arc::new(Single::new(plugin)) };
    plugins.into_iter().map(single).collect()
}

/// Reads a rule's page; what can be read of a broken one is kept.
pub(super) fn read_page(pack: &PackFiles, id: &str) -> Result<Page, Box<BrokenRule>> {
    match pack.source(&format!("{id}.md")) {
        None => Err(Box::new(BrokenRule::unreadable(id, Vec::new()))),
        Some(Err(problem)) => Err(Box::new(BrokenRule::unreadable(id, vec![problem]))),
        Some(Ok(source)) => Page::parse(id, source.clone())
            .map_err(|problems| Box::new(BrokenRule::of_text(id, Some(&source), problems))),
    }
}

/// The pack of each rule: of several that have it, the last one.
fn rule_owners(packs: &[PackFiles]) -> BTreeMap<String, usize> {
    let own = |(index, pack): (usize, &PackFiles)| {
        let ids = pack.rule_ids().into_iter();
        // What is odd about an answer belongs to the fields.
        let kept = |id: &String| !pack.fields_only || is_check(id);
        ids.filter(kept)
            .map(move |id| (id, index))
            .collect::<Vec<_>>()
    };
    packs.iter().enumerate().flat_map(own).collect()
}

/// Functions in the library of a pack that is not bundled which take the place of what every script can call: with one of
/// them the rules of other packs would come out otherwise, and nothing would be seen to have changed.
fn shadowing(packs: &[PackFiles], compiler: &Compiler, plugins: &Plugins) -> Vec<Problem> {
    let own = |source: &Source| {
        packs.iter().filter(|pack| !pack.bundled).any(|pack| {
            let files = pack.scripts().filter(|id| id.starts_with("lib/"));
            let mut names = files.map(|id| pack.name_of(&format!("{id}.rhai")));
            names.any(|name| name == source.name())
        })
    };
    let of_plugin = |name: &str| {
        plugins.manifests().find_map(|(manifest, _)| {
            let functions = &manifest.functions;
            let has = functions.iter().any(|function| function.name == name);
            has.then(|| format!("the plugin `{}`", manifest.id))
        })
    };
    let files = compiler.library_files();
    files
        .filter(|(_, source)| own(source))
        .filter_map(|(name, source)| {
            let built_in = names::is_built_in(name).then(|| "every script".to_owned());
            let owner = built_in.or_else(|| of_plugin(name))?;
            let message = format!("the function `{name}` is one of {owner} already");
            let problem = Problem::error(message).in_file(source.name());
            Some(problem.expected("a name that nothing else has"))
        })
        .collect()
}

/// A function of the library that a pack names, and that is not there.
fn no_host_side(packs: &[PackFiles], info: &PackInfo, compiler: &Compiler) -> Option<Problem> {
    let name = &info.host_side;
    let mut known = compiler.library_files().map(|(own, _)| own);
    if name.is_empty() || known.any(|own| own == name) {
        return None;
    }
    let known = compiler.library_files().map(|(own, _)| own);
    let file = packs.first().map(|pack| pack.name_of("pack.toml"));
    let problem = Problem::error(format!(
        "`host_side` is `{name}`, and the library has no such function"
    ))
    .expected("a function of `lib/` that is given the program and returns ids of partners")
    .suggest_maybe(did_you_mean(name, known));
    Some(problem.in_file(file.unwrap_or_default()))
}

fn read_info(packs: &[PackFiles], problems: &mut Vec<Problem>) -> PackInfo {
    let mut info: Option<PackInfo> = None;
    for pack in packs {
        match pack.info() {
            Err(found) => problems.extend(found),
            Ok(found) => match &mut info {
                None => info = Some(found),
                Some(info) => {
                    if info.host_side.is_empty() {
                        info.host_side = found.host_side;
                    }
                    info.plugins.extend(found.plugins);
                    info.dimensions
                        .retain(|old| found.dimensions.iter().all(|new| new.id != old.id));
                    info.dimensions.extend(found.dimensions);
                    info.respondents
                        .retain(|old| found.respondents.iter().all(|new| new.id != old.id));
                    info.respondents.extend(found.respondents);
                    info.start = found.start.or(info.start.take());
                    // What a later pack says of a kind is found first.
                    info.kinds.splice(0..0, found.kinds);
                    info.migrations.extend(found.migrations);
                }
            },
        }
    }
    info.unwrap_or_default()
}

/// The schema of the first pack, with the properties that later packs add.
fn read_schema(packs: &mut [PackFiles], problems: &mut Vec<Problem>) -> Option<Schema> {
    let has = |pack: &&mut PackFiles| pack.files.contains_key("schema.json");
    let mut with: Vec<&mut PackFiles> = packs.iter_mut().filter(has).collect();
    if let [pack] = with.as_mut_slice()
        && let Some(schema) = pack.take_schema()
    {
        return Some(schema);
    }
    let mut merged: Option<Document> = None;
    for pack in packs {
        let document = match pack.document("schema.json") {
            None => continue,
            Some(Err(found)) => {
                problems.extend(found);
                continue;
            }
            Some(Ok(document)) => document,
        };
        problems.extend(reserved(&document));
        merged = Some(match merged {
            None => document,
            Some(before) => {
                let mut value = before.value().clone();
                merge(&mut value, document.value());
                Document::from_value(document.name(), value)
            }
        });
    }
    let Some(document) = merged else {
        problems.push(Problem::error("no pack has the file `schema.json`"));
        return None;
    };
    match crate::schema::parse(&document) {
        Ok(schema) => Some(schema),
        Err(found) => {
            problems.extend(found);
            None
        }
    }
}

/// Properties whose names conditions keep for themselves: nobody could ask for them in a form.
fn reserved(schema: &Document) -> Vec<Problem> {
    let place = Pointer::root().key("properties");
    let names = form::RESERVED.iter().map(|name| (name, place.key(name)));
    let there = names.filter(|(_, at)| schema.value().pointer(at.as_str()).is_some());
    let problem = |name: &str, at: &Pointer| {
        let problem = Problem::error(format!(
            "a proposal cannot have a field `{name}`: conditions use the word"
        ))
        .expected("another name, or the field inside a group");
        schema.problem_at_key(at, problem)
    };
    there.map(|(name, at)| problem(name, &at)).collect()
}

fn merge(into: &mut Value, from: &Value) {
    match (into, from) {
        (Value::Object(into), Value::Object(from)) => {
            for (key, value) in from {
                merge(into.entry(key.clone()).or_insert(Value::Null), value);
            }
        }
        (into, from) => *into = from.clone(),
    }
}
