//! The application: which page is asked for, and by whom.

use crate::assets::ASSETS;
use crate::form::Form;
use crate::message::{Request, Response};
use crate::page::{self, View};
use evenhand_core::date::Date;
use evenhand_core::executor::Executor;
use evenhand_core::problem::Problem;
use evenhand_core::profile::Profile;
use evenhand_session::{Distribution, Session};
use std::sync::Arc;

/// More than this nobody types.
pub(crate) const LIMIT: usize = 4 * 1024 * 1024;

/// The pages with everything they need to judge.
#[derive(Debug)]
pub struct App {
    session: Session,
    executor: Arc<dyn Executor>,
    languages: Vec<String>,
}

impl App {
    /// Puts a distribution and a board's profile together, to judge as of a day; all problems come back at once.
    pub fn open(
        distribution: Distribution,
        profile: Option<&Profile>,
        date: Option<Date>,
        executor: Arc<dyn Executor>,
    ) -> Result<Self, Vec<Problem>> {
        let session = Session::open_on(distribution, profile, date, Arc::clone(&executor))?;
        let languages = evenhand_locale::languages(&session.rulebook().catalogs());
        Ok(Self {
            session,
            executor,
            languages,
        })
    }

    /// The shipped distribution, without a profile, as of a day.
    pub fn standard(date: Option<Date>, executor: Arc<dyn Executor>) -> Result<Self, Vec<Problem>> {
        Self::open(evenhand_standard::distribution(), None, date, executor)
    }

    /// Answers a request. The same request always gets the same bytes.
    pub fn handle(&self, request: &Request) -> Response {
        if request.header(page::FAILED).is_some() {
            return self.failure(request);
        }
        let path = request.target.split(['?', '#']).next().unwrap_or_default();
        let path = path.trim_start_matches("./");
        if let Some((_, kind, text)) = ASSETS.iter().find(|(name, ..)| *name == path) {
            return Response::of(200, kind, text.as_bytes().to_vec());
        }
        let Some((name, tag)) = self.page(path, request) else {
            return self.refuse(request, 404, page::Refusal::NoSuchPage);
        };
        let Some(view) = self.view(&name, &tag, request) else {
            return self.refuse(request, 404, page::Refusal::NoSuchPage);
        };
        match (request.method.as_str(), name.as_str()) {
            ("GET" | "HEAD", "index") => page::start(&view),
            ("GET" | "HEAD", "plan") => page::begin(&view),
            ("GET" | "HEAD", "rulebook") => page::rulebook(&view),
            ("POST", "plan") if request.body.len() > LIMIT => {
                self.refuse(request, 413, page::Refusal::TooLarge)
            }
            ("POST", "plan") if is_foreign(request) => {
                self.refuse(request, 403, page::Refusal::Foreign)
            }
            ("POST", "plan") => {
                let kind = request.header("content-type").unwrap_or_default();
                page::plan(&view, &Form::read(kind, &request.body))
            }
            _ => self.refuse(request, 405, page::Refusal::Method),
        }
    }

    /// The answer where handling a request failed: what was typed is given back.
    pub fn failure(&self, request: &Request) -> Response {
        let kind = request.header("content-type").unwrap_or_default();
        let form = Form::read(kind, &request.body);
        match self.view("plan", "en", request) {
            Some(view) => page::kept(&view, 500, page::Refusal::Failed, &form),
            None => Response::page(500, String::new()),
        }
    }

    /// Every page that can be asked for without a form, and every file, as a site of files holds them: forms wait until
    /// a program answers.
    pub fn files(&self) -> Vec<(String, Vec<u8>)> {
        let mut files: Vec<(String, Vec<u8>)> = ASSETS
            .iter()
            .map(|(name, _, text)| ((*name).to_owned(), text.as_bytes().to_vec()))
            .collect();
        for name in ["index", "plan", "rulebook"] {
            for tag in &self.languages {
                // The rulebook is written in one language.
                if name == "rulebook" && tag != "en" {
                    continue;
                }
                let address = address(name, tag);
                let bytes = self.file(&address);
                files.push((address, bytes));
            }
        }
        files
    }

    /// A page as a file holds it.
    pub(crate) fn file(&self, address: &str) -> Vec<u8> {
        let mut request = Request::get(address);
        let file = (page::HOST.to_owned(), "file".to_owned());
        request.headers.push(file);
        self.handle(&request).body
    }

    /// The page's name and language; the front page without a name is in the language the browser asks for.
    fn page(&self, path: &str, request: &Request) -> Option<(String, String)> {
        if path.is_empty() {
            let asked = request.header("accept-language").unwrap_or_default();
            let mut asked = asked.split(',').map(|part| {
                let tag = part.split([';', '-']).next().unwrap_or_default();
                tag.trim().to_ascii_lowercase()
            });
            let known = asked.find(|tag| self.languages.contains(tag));
            return Some(("index".to_owned(), known.unwrap_or_else(|| "en".to_owned())));
        }
        let name = path.strip_suffix(".html")?;
        let (name, tag) = name.split_once('.').unwrap_or((name, "en"));
        (self.languages.iter().any(|known| known == tag)
            && ["index", "plan", "rulebook"].contains(&name))
        .then(|| (name.to_owned(), tag.to_owned()))
    }

    pub(crate) fn view<'a>(&'a self, name: &str, tag: &str, request: &Request) -> Option<View<'a>> {
        let language = self.session.language(Some(tag)).ok()?;
        Some(View {
            app: self,
            language,
            tag: tag.to_owned(),
            name: name.to_owned(),
            waits: request.header(page::HOST) == Some("file"),
        })
    }

    fn refuse(&self, request: &Request, status: u16, why: page::Refusal) -> Response {
        let tag = request.target.split('.').nth(1).unwrap_or("en");
        let known = self.languages.iter().any(|known| known == tag);
        match self.view("index", if known { tag } else { "en" }, request) {
            Some(view) => page::refusal(&view, status, why),
            None => Response::page(status, String::new()),
        }
    }

    pub(crate) fn session(&self) -> &Session {
        &self.session
    }

    pub(crate) fn executor(&self) -> &dyn Executor {
        &*self.executor
    }

    /// The languages there are texts in, by their tags.
    pub(crate) fn languages(&self) -> &[String] {
        &self.languages
    }
}

/// The address of a page in a language, from a page beside it.
pub(crate) fn address(name: &str, tag: &str) -> String {
    if tag == "en" {
        format!("{name}.html")
    } else {
        format!("{name}.{tag}.html")
    }
}

/// Whether a form was posted by a page of somebody else. A browser says where a post comes from; what says nothing is
/// no browser, and has nothing of the person to send.
pub(crate) fn is_foreign(request: &Request) -> bool {
    if let Some(site) = request.header("sec-fetch-site") {
        return site != "same-origin";
    }
    let Some(origin) = request.header("origin") else {
        return false;
    };
    let host = request.header("host").unwrap_or_default();
    origin.split_once("://").map(|(_, origin)| origin) != Some(host)
}
