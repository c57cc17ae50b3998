//! A template is checked before it runs: only places, loops and conditions, over variables that there are.

use crate::variables::{Kind, LOOP, VARIABLES, Variable};
use evenhand_diagnostic::problem::{Problem, did_you_mean};
use evenhand_diagnostic::source::Source;
use minijinja::machinery::{Span, Token, ast, parse, tokenize};
use minijinja::syntax::SyntaxConfig;
use minijinja::value::ValueKind;
use std::ops::Range;

/// Most problems that are listed.
const LISTED: usize = 50;

/// Most words and marks between a pair of braces: what is longer could be nested too deep to be read.
const WORDS: usize = 120;

/// Everything wrong with a template.
pub(crate) fn template(source: &Source) -> Vec<Problem> {
    if let Some(problem) = too_long(source) {
        return vec![problem];
    }
    let parsed = match parse(source.text(), "memo.html", SyntaxConfig::default()) {
        Ok(parsed) => parsed,
        Err(error) => return vec![problem(&error, source)],
    };
    let mut check = Check {
        source,
        problems: Vec::new(),
        scopes: Vec::new(),
    };
    check.statement(&parsed);
    check.problems.truncate(LISTED);
    check.problems
}

/// The first place with more in it than a place has.
fn too_long(source: &Source) -> Option<Problem> {
    let mut words = 0;
    for token in tokenize(source.text(), false, SyntaxConfig::default()) {
        // What cannot be taken apart is said where it is read.
        let (token, span) = token.ok()?;
        words = match token {
            Token::VariableStart | Token::BlockStart => 0,
            _ => words + 1,
        };
        if words > WORDS {
            let problem =
                Problem::error(format!("there are more than {WORDS} words between braces"));
            let range = span.start_offset as usize..span.end_offset as usize;
            return Some(
                problem
                    .at(source, range)
                    .expected("a variable, a loop or a condition"),
            );
        }
    }
    None
}

/// An error of the template engine, at its place.
pub(crate) fn problem(error: &minijinja::Error, source: &Source) -> Problem {
    let detail = error
        .detail()
        .map_or_else(|| error.kind().to_string(), str::to_owned);
    let problem = Problem::error(format!("the template cannot be read: {detail}"));
    match error
        .range()
        .filter(|range| source.text().get(range.clone()).is_some())
    {
        Some(range) => problem.at(source, range),
        None => at_line(problem, error.line(), source),
    }
}

/// At the beginning of a line, where it is known.
pub(crate) fn at_line(problem: Problem, line: Option<usize>, source: &Source) -> Problem {
    let text = source.text();
    let Some(line) = line.and_then(|line| text.split_inclusive('\n').nth(line.checked_sub(1)?))
    else {
        return problem.in_file(source.name());
    };
    // A line is a part of the text, so this is where it begins.
    let start = line.as_ptr() as usize - text.as_ptr() as usize;
    let end = start + line.trim_end().len();
    problem.at(source, start..end)
}

struct Check<'a> {
    source: &'a Source,
    problems: Vec<Problem>,
    /// Variables of the loops that are open.
    scopes: Vec<(&'a str, Kind)>,
}

impl<'a> Check<'a> {
    fn report(&mut self, span: Span, problem: Problem) {
        let range: Range<usize> = span.start_offset as usize..span.end_offset as usize;
        let problem = match self.source.text().get(range.clone()) {
            Some(_) => problem.at(self.source, range),
            None => problem.in_file(self.source.name()),
        };
        self.problems.push(problem);
    }

    fn refuse(&mut self, span: Span, what: &str) {
        let problem = Problem::error(format!("a template has no {what}"));
        self.report(span, problem.expected(ALLOWED));
    }

    fn statements(&mut self, statements: &[ast::Stmt<'a>]) {
        for statement in statements {
            self.statement(statement);
        }
    }

    fn statement(&mut self, statement: &ast::Stmt<'a>) {
        match statement {
            ast::Stmt::Template(template) => self.statements(&template.children),
            ast::Stmt::EmitRaw(_) => {}
            ast::Stmt::EmitExpr(emit) => self.place(&emit.expr, emit.span()),
            ast::Stmt::ForLoop(each) => self.each(each),
            ast::Stmt::IfCond(condition) => {
                self.expression(&condition.expr);
                self.statements(&condition.true_body);
                self.statements(&condition.false_body);
            }
            ast::Stmt::WithBlock(one) => self.refuse(one.span(), "`with`"),
            ast::Stmt::Set(one) => self.refuse(one.span(), "`set`"),
            ast::Stmt::SetBlock(one) => self.refuse(one.span(), "`set`"),
            ast::Stmt::AutoEscape(one) => {
                self.refuse(one.span(), "`autoescape`: everything is escaped");
            }
            ast::Stmt::FilterBlock(one) => self.refuse(one.span(), "`filter` block"),
            ast::Stmt::Do(one) => self.refuse(one.span(), "`do`"),
        }
    }

    /// A place that is filled in.
    fn place(&mut self, expression: &ast::Expr<'a>, span: Span) {
        let problem = match self.expression(expression) {
            Some(Kind::Texts | Kind::Groups(_)) => Problem::error("a list cannot be filled in")
                .expected("a loop over it, {% for one in … %}"),
            Some(Kind::Group(inner)) => {
                let names: Vec<&str> = inner.iter().map(|one| one.name).collect();
                Problem::error("a group cannot be filled in")
                    .expected(format!("one of its variables: {}", names.join(", ")))
            }
            _ => return,
        };
        self.report(span, problem);
    }

    fn each(&mut self, each: &ast::Spanned<ast::ForLoop<'a>>) {
        if each.recursive {
            self.refuse(each.span(), "`recursive` loop");
        }
        let listed = self.expression(&each.iter);
        let element = match listed {
            Some(Kind::Texts) => Some(Kind::Text),
            Some(Kind::Groups(inner)) => Some(Kind::Group(inner)),
            Some(_) => {
                let problem = Problem::error("this is no list").expected("a list of the reference");
                self.report(each.iter.span(), problem);
                None
            }
            None => None,
        };
        let ast::Expr::Var(target) = &each.target else {
            let problem = Problem::error("a loop has one variable");
            self.report(each.target.span(), problem.expected("a name"));
            return;
        };
        // What stands in a loop over a list that is not known is not checked: the list is what is wrong.
        let Some(element) = element else { return };
        self.scopes.push((target.id, element));
        self.scopes.push(("loop", Kind::Group(LOOP)));
        if let Some(filter) = &each.filter_expr {
            self.expression(filter);
        }
        self.statements(&each.body);
        self.scopes.pop();
        self.scopes.pop();
        self.statements(&each.else_body);
    }

    /// What an expression is; nothing where that is not known, or was reported.
    fn expression(&mut self, expression: &ast::Expr<'a>) -> Option<Kind> {
        let span = expression.span();
        match expression {
            ast::Expr::Var(variable) => self.variable(variable.id, span),
            ast::Expr::Const(constant) => Some(match constant.value.kind() {
                ValueKind::Number => Kind::Number,
                ValueKind::Bool => Kind::YesNo,
                _ => Kind::Text,
            }),
            ast::Expr::GetAttr(inner) => {
                let group = self.expression(&inner.expr)?;
                self.attribute(group, inner.name, span)
            }
            ast::Expr::UnaryOp(inner) if matches!(inner.op, ast::UnaryOpKind::Not) => {
                self.expression(&inner.expr);
                Some(Kind::YesNo)
            }
            ast::Expr::BinOp(inner) => self.operator(inner, span),
            ast::Expr::Compare(inner) => {
                self.expression(&inner.expr);
                for operand in &inner.ops {
                    self.expression(&operand.expr);
                }
                Some(Kind::YesNo)
            }
            ast::Expr::IfExpr(inner) => {
                self.expression(&inner.test_expr);
                let kind = self.expression(&inner.true_expr);
                if let Some(other) = &inner.false_expr {
                    self.expression(other);
                } else {
                    let problem =
                        Problem::error("this is nothing where the condition does not hold");
                    self.report(span, problem.expected("`… if … else …`"));
                }
                kind
            }
            ast::Expr::Filter(inner) => self.filter(inner, span),
            ast::Expr::Test(inner) => {
                let problem = Problem::error(format!("there is no test `{}`", inner.name));
                let advice = "every variable of the reference is there; `{% if name %}` asks whether it is empty";
                self.report(span, problem.suggest(advice));
                None
            }
            ast::Expr::Call(_) => self.nothing(span, "functions"),
            ast::Expr::GetItem(_) | ast::Expr::Slice(_) => self.nothing(span, "`[…]`"),
            ast::Expr::List(_) | ast::Expr::Tuple(_) | ast::Expr::Map(_) => {
                self.nothing(span, "lists of its own")
            }
            ast::Expr::UnaryOp(_) => self.nothing(span, "calculations"),
        }
    }

    fn nothing(&mut self, span: Span, what: &str) -> Option<Kind> {
        self.refuse(span, what);
        None
    }

    fn variable(&mut self, name: &'a str, span: Span) -> Option<Kind> {
        let open = self.scopes.iter().rev().find(|(own, _)| *own == name);
        if let Some((_, kind)) = open {
            return Some(*kind);
        }
        let scopes: Vec<&str> = self.scopes.iter().map(|(own, _)| *own).collect();
        self.find(VARIABLES, name, &scopes, span)
    }

    fn attribute(&mut self, group: Kind, name: &str, span: Span) -> Option<Kind> {
        match group {
            Kind::Group(inner) => self.find(inner, name, &[], span),
            Kind::Groups(_) | Kind::Texts => {
                let problem = Problem::error(format!("`{name}` is asked of a list"));
                self.report(span, problem.expected("a loop over it, {% for one in … %}"));
                None
            }
            Kind::Text | Kind::Number | Kind::YesNo => {
                let problem = Problem::error(format!("there is no `{name}` in a text or a number"));
                self.report(span, problem);
                None
            }
        }
    }

    fn find(
        &mut self,
        variables: &'static [Variable],
        name: &str,
        scopes: &[&str],
        span: Span,
    ) -> Option<Kind> {
        if let Some(variable) = variables.iter().find(|one| one.name == name) {
            return Some(variable.kind);
        }
        let known = variables
            .iter()
            .map(|one| one.name)
            .chain(scopes.iter().copied());
        let known: Vec<&str> = known.collect();
        let problem = Problem::error(format!("there is no variable `{name}` here"))
            .expected(format!("one of {}", known.join(", ")))
            .suggest_maybe(did_you_mean(name, known.iter().copied()));
        self.report(span, problem);
        None
    }

    fn operator(&mut self, inner: &ast::BinOp<'a>, span: Span) -> Option<Kind> {
        use ast::BinOpKind::{Eq, Gt, Gte, Lt, Lte, Ne, ScAnd, ScOr};
        let (left, _) = (self.expression(&inner.left), self.expression(&inner.right));
        match inner.op {
            Eq | Ne | Lt | Lte | Gt | Gte => Some(Kind::YesNo),
            // `a or b` is one of the two.
            ScAnd | ScOr => left,
            _ => self.nothing(span, "calculations"),
        }
    }

    fn filter(&mut self, inner: &ast::Filter<'a>, span: Span) -> Option<Kind> {
        let Some(of) = &inner.expr else {
            return self.nothing(span, "`filter` block");
        };
        let kind = self.expression(of);
        let is_list = matches!(kind, Some(Kind::Texts | Kind::Groups(_)));
        let (expected, fits) = match inner.name {
            "upper" | "lower" => ("a text", matches!(kind, Some(Kind::Text))),
            "length" => ("a list", is_list),
            "join" => ("a list of texts", matches!(kind, Some(Kind::Texts))),
            "safe" | "escape" | "e" => {
                let problem = Problem::error(format!("there is no filter `{}`", inner.name));
                let advice =
                    "what is filled in is always escaped; write HTML into the template itself";
                self.report(span, problem.suggest(advice));
                return None;
            }
            other => {
                let known = ["upper", "lower", "length", "join"];
                let problem = Problem::error(format!("there is no filter `{other}`"))
                    .expected(format!("one of {}", known.join(", ")))
                    .suggest_maybe(did_you_mean(other, known));
                self.report(span, problem);
                return None;
            }
        };
        if kind.is_some() && !fits {
            let problem = Problem::error(format!("`{}` is for {expected}", inner.name));
            self.report(span, problem);
        }
        self.arguments(inner, span);
        Some(if inner.name == "length" {
            Kind::Number
        } else {
            Kind::Text
        })
    }

    /// `join` takes a text that stands in the template, and the others take nothing.
    fn arguments(&mut self, inner: &ast::Filter<'a>, span: Span) {
        let is_text = |argument: &ast::CallArg<'a>| matches!(argument, ast::CallArg::Pos(ast::Expr::Const(constant)) if constant.value.as_str().is_some());
        let fits = match inner.args.as_slice() {
            [] => inner.name != "join",
            [one] => inner.name == "join" && is_text(one),
            _ => false,
        };
        if !fits {
            let (message, expected) = if inner.name == "join" {
                (
                    "`join` lacks what stands between",
                    "a text, such as join(\", \")",
                )
            } else {
                ("this filter takes nothing", "its name alone")
            };
            self.report(span, Problem::error(message).expected(expected));
        }
    }
}

/// What a template is made of.
const ALLOWED: &str = "places {{ … }}, loops {% for … in … %} and conditions {% if … %}, over the variables of the reference";
