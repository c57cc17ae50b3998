//! Reading programs. Nothing is taken on trust: whatever does not fit gives no program.

use super::write::MAGIC;
use super::{Around, Entry, Shelf};
use crate::program::code::{
    Arm, Asked, Function, Label, Native, Node, Op, Path, Program, Sign, Switch, Than, What,
};
use crate::program::value::Value;
use crate::rule::facts::{Step, step};
use crate::source::Source;
use rhai::{ImmutableString, Position};
use std::cell::RefCell;
use std::ops::Range;

/// Where reading has come to.
struct Bytes {
    all: &'static [u8],
    at: usize,
}

impl Bytes {
    fn take(&mut self, count: usize) -> Option<&'static [u8]> {
        let end = self.at.checked_add(count)?;
        let taken = self.all.get(self.at..end)?;
        self.at = end;
        Some(taken)
    }

    fn number(&mut self) -> Option<usize> {
        let mut number = 0;
        for place in 0..9 {
            let byte = *self.all.get(self.at)?;
            self.at += 1;
            number |= usize::from(byte & 0x7f) << (7 * place);
            if byte < 0x80 {
                return Some(number);
            }
        }
        None
    }

    /// How many follow: no more than there are bytes.
    fn count(&mut self) -> Option<usize> {
        self.number().filter(|count| *count <= self.all.len())
    }

    fn float(&mut self) -> Option<f64> {
        let bytes = self.take(8)?.try_into().ok()?;
        Some(f64::from_le_bytes(bytes))
    }

    fn text(&mut self) -> Option<&'static str> {
        let length = self.number()?;
        std::str::from_utf8(self.take(length)?).ok()
    }
}

/// The list of what there is.
pub(super) fn shelf(all: &'static [u8]) -> Option<Shelf> {
    let mut bytes = Bytes { all, at: 0 };
    if bytes.take(MAGIC.len())? != MAGIC {
        return None;
    }
    let count = bytes.count()?;
    let texts = (0..count).map(|_| bytes.text());
    let texts: Vec<&'static str> = texts.collect::<Option<_>>()?;
    let text = |bytes: &mut Bytes| texts.get(bytes.number()?).copied();
    let mut programs = Vec::new();
    let mut lengths = Vec::new();
    for _ in 0..bytes.count()? {
        let id = text(&mut bytes)?;
        let script = match bytes.count()?.checked_sub(1) {
            None => None,
            Some(spans) => {
                let script = text(&mut bytes)?;
                let spans = (0..spans).map(|_| Some(bytes.number()?..bytes.number()?));
                Some((script, spans.collect::<Option<Vec<_>>>()?))
            }
        };
        lengths.push(bytes.number()?);
        programs.push(Entry {
            id,
            script,
            at: 0..0,
        });
    }
    let mut library = Vec::new();
    for _ in 0..bytes.count()? {
        library.push((text(&mut bytes)?, text(&mut bytes)?));
    }
    let mut at = bytes.at;
    for (program, length) in programs.iter_mut().zip(lengths) {
        program.at = at..at.checked_add(length)?;
        at = program.at.end;
    }
    Some(Shelf {
        bytes: all,
        texts,
        programs,
        library,
    })
}

/// One program.
pub(super) fn program(
    shelf: &Shelf,
    at: Range<usize>,
    around: &Around<'_>,
    script: &Source,
) -> Option<Program> {
    let mut reader = Reader {
        bytes: Bytes {
            all: shelf.bytes.get(..at.end)?,
            at: at.start,
        },
        shelf,
        around,
        script,
        files: RefCell::default(),
    };
    let mut entries = [None; 3];
    for entry in &mut entries {
        *entry = reader.bytes.number()?.checked_sub(1);
    }
    let count = reader.bytes.count()?;
    let functions = (0..count).map(|_| reader.function());
    let functions = functions.collect::<Option<Vec<_>>>()?;
    (reader.bytes.at == at.end).then_some(Program { functions, entries })
}

struct Reader<'a> {
    bytes: Bytes,
    shelf: &'a Shelf,
    around: &'a Around<'a>,
    script: &'a Source,
    /// Files that were looked up before.
    files: RefCell<Vec<(String, Source)>>,
}

impl Reader<'_> {
    fn number(&mut self) -> Option<usize> {
        self.bytes.number()
    }

    fn text(&mut self) -> Option<&'static str> {
        self.shelf.texts.get(self.bytes.number()?).copied()
    }

    fn file(&self, name: &str) -> Option<Source> {
        let mut files = self.files.borrow_mut();
        if let Some((_, known)) = files.iter().find(|(known, _)| known == name) {
            return Some(known.clone());
        }
        let file = (self.around.file)(name)?;
        files.push((name.to_owned(), file.clone()));
        Some(file)
    }

    fn function(&mut self) -> Option<Function> {
        Some(Function {
            params: self.number()?,
            names: self.number()?,
            source: match self.number()? {
                0 => None,
                1 => Some(self.script.clone()),
                _ => {
                    let name = self.text()?;
                    Some(self.file(name)?)
                }
            },
            body: self.nodes()?,
        })
    }

    fn nodes(&mut self) -> Option<Vec<Node>> {
        let count = self.bytes.count()?;
        let mut nodes = Vec::with_capacity(count);
        for _ in 0..count {
            nodes.push(self.node()?);
        }
        Some(nodes)
    }

    fn boxed(&mut self) -> Option<Box<Node>> {
        self.node().map(Box::new)
    }

    /// A step that may not be there, put into `slot`.
    fn maybe(&mut self, slot: &mut Option<Node>) -> Option<()> {
        if self.number()? != 0 {
            *slot = Some(self.node()?);
        }
        Some(())
    }

    fn pair(&mut self) -> Option<Box<(Node, Node)>> {
        Some(Box::new((self.node()?, self.node()?)))
    }

    fn position(&mut self) -> Option<Position> {
        let line = u16::try_from(self.number()?).ok()?;
        if line == 0 {
            return Some(Position::NONE);
        }
        Some(Position::new(line, u16::try_from(self.number()?).ok()?))
    }

    fn step(&mut self) -> Option<Step> {
        let name = self.text()?;
        Some(step(self.around.schema, name))
    }

    fn node(&mut self) -> Option<Node> {
        let at = self.position()?;
        let op = match self.number()? {
            0 => Op::Constant(self.value(0)?),
            1 => Op::Name(self.number()?),
            2 => {
                let step = self.step()?;
                Op::Property(self.boxed()?, step)
            }
            3 => Op::Index(self.pair()?),
            4 => {
                let back = self.number()?;
                Op::End(self.boxed()?, back)
            }
            5 => Op::And(self.nodes()?),
            6 => Op::Or(self.nodes()?),
            7 => Op::Not(self.boxed()?),
            8 => Op::Minus(self.boxed()?),
            9 => {
                let same = self.number()? == 1;
                Op::Equal(self.pair()?, same)
            }
            10 => {
                let than = *THAN.get(self.number()?)?;
                Op::Order(self.pair()?, than)
            }
            11 => {
                let sign = *SIGNS.get(self.number()?)?;
                Op::Sum(self.pair()?, sign)
            }
            12 => Op::In(self.pair()?),
            tag => self.control(tag)?,
        };
        Some(Node { at, op })
    }

    fn control(&mut self, tag: usize) -> Option<Op> {
        Some(match tag {
            13 => Op::If(Box::new((self.node()?, self.node()?, self.node()?))),
            14 => Op::Block(self.nodes()?),
            15 => Op::Let(self.number()?, self.boxed()?),
            16 => Op::Entry(self.number()?, self.pair()?),
            17 => Op::For(self.number()?, self.pair()?),
            18 => Op::Break,
            19 => Op::Continue,
            20 => {
                let mut value = None;
                self.maybe(&mut value)?;
                Op::Return(value.map(Box::new))
            }
            21 => {
                let on = self.node()?;
                let count = self.bytes.count()?;
                let arms = (0..count).map(|_| self.arm());
                let arms = arms.collect::<Option<Vec<_>>>()?;
                Op::Switch(Box::new(Switch { on, arms }))
            }
            22 => Op::Call(self.number()?, self.nodes()?),
            23 => Op::Native(*Native::ALL.get(self.number()?)?, self.nodes()?),
            24 => Op::Facts(Box::new(self.asked()?)),
            _ => return self.made(tag),
        })
    }

    fn made(&mut self, tag: usize) -> Option<Op> {
        Some(match tag {
            25 => {
                let function = self.number()?;
                let count = self.bytes.count()?;
                let captured = (0..count).map(|_| self.number());
                Op::Closure(function, captured.collect::<Option<_>>()?)
            }
            26 => {
                let name = self.text()?;
                let (plugin, function) = (self.around.plugins)(name)?;
                Op::Plugin(plugin, function, self.nodes()?)
            }
            27 => Op::List(self.nodes()?),
            28 => {
                let count = self.bytes.count()?;
                let entries =
                    (0..count).map(|_| Some((ImmutableString::from(self.text()?), self.node()?)));
                Op::Table(entries.collect::<Option<_>>()?)
            }
            29 => Op::Text(self.nodes()?),
            30 => Op::Push(self.number()?, self.boxed()?),
            31 => {
                let name = self.number()?;
                let mut by = None;
                self.maybe(&mut by)?;
                Op::Sort(name, by.map(Box::new))
            }
            _ => return None,
        })
    }

    fn asked(&mut self) -> Option<Asked> {
        let what = *WHAT.get(self.number()?)?;
        let of = self.node()?;
        let path = match self.bytes.count()?.checked_sub(1) {
            None => Path::Computed(self.node()?),
            Some(count) => {
                let steps = (0..count).map(|_| self.step());
                Path::Known(steps.collect::<Option<_>>()?)
            }
        };
        let mut otherwise = None;
        self.maybe(&mut otherwise)?;
        Some(Asked {
            what,
            of,
            path,
            otherwise,
        })
    }

    fn arm(&mut self) -> Option<Arm> {
        let count = self.bytes.count()?;
        let labels = (0..count).map(|_| {
            Some(match self.number()? {
                0 => Label::Value(self.value(0)?),
                inclusive @ (1 | 2) => {
                    Label::Range(self.bytes.float()?, self.bytes.float()?, inclusive == 2)
                }
                _ => Label::Other,
            })
        });
        let labels = labels.collect::<Option<_>>()?;
        let mut condition = None;
        self.maybe(&mut condition)?;
        Some(Arm {
            labels,
            condition,
            gives: self.node()?,
        })
    }

    fn value(&mut self, depth: u8) -> Option<Value> {
        Some(match self.number()? {
            0 => Value::Nothing,
            1 => Value::YesNo(false),
            2 => Value::YesNo(true),
            3 => Value::Number(self.bytes.float()?),
            4 => Value::text(self.text()?),
            _ if depth > crate::program::value::NESTING => return None,
            _ => {
                let count = self.bytes.count()?;
                let items = (0..count).map(|_| self.value(depth + 1));
                Value::list(items.collect::<Option<_>>()?)?
            }
        })
    }
}

const THAN: [Than; 4] = [Than::Less, Than::AtMost, Than::More, Than::AtLeast];
const SIGNS: [Sign; 5] = [Sign::Plus, Sign::Minus, Sign::Times, Sign::Over, Sign::Rest];
const WHAT: [What; 4] = [What::Has, What::GetOr, What::AttestedBy, What::Beside];
