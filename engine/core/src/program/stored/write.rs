//! Writing programs.

use crate::program::code::{Arm, Asked, Function, Label, Node, Op, Path, Program};
use crate::program::value::Value;
use crate::rule::facts::Step;
use crate::source::Source;
use rhai::Position;
use std::collections::BTreeMap;
use std::ops::Range;

/// The first bytes of what is written; another number with each change of the form.
pub(super) const MAGIC: &[u8] = b"evenhand programs 1\n";

/// Puts the programs of a pack into bytes.
#[derive(Default)]
pub(crate) struct Writer {
    texts: BTreeMap<String, usize>,
    order: Vec<String>,
    programs: BTreeMap<String, (Option<Script>, Vec<u8>)>,
    library: BTreeMap<String, String>,
}

/// The script that a form stands for: a text, and the parts of the page that its lines come from.
pub(crate) type Script = (String, Vec<Range<usize>>);

/// One program, on the way.
struct Out<'a> {
    bytes: Vec<u8>,
    all: &'a mut Writer,
    /// The functions of plugins, by the numbers that lowering gave them.
    plugins: &'a [String],
    script: &'a Source,
}

impl Writer {
    /// Adds a function of the library and the file it stands in.
    pub(crate) fn library(&mut self, function: &str, file: &str) {
        self.library.insert(function.to_owned(), file.to_owned());
    }

    /// Adds the program of a rule, in which a plugin's function is one of `plugins`; false where it has something in it that is
    /// never lowered.
    pub(crate) fn add(
        &mut self,
        id: &str,
        form: Option<Script>,
        source: &Source,
        program: &Program,
        plugins: &[String],
    ) -> bool {
        let mut out = Out {
            bytes: Vec::new(),
            all: self,
            plugins,
            script: source,
        };
        let written = out.program(program);
        let bytes = out.bytes;
        if written.is_some() {
            self.programs.insert(id.to_owned(), (form, bytes));
        }
        written.is_some()
    }

    fn text(&mut self, text: &str) -> usize {
        if let Some(known) = self.texts.get(text) {
            return *known;
        }
        let number = self.order.len();
        self.texts.insert(text.to_owned(), number);
        self.order.push(text.to_owned());
        number
    }

    /// Everything that was added.
    pub(crate) fn into_bytes(mut self) -> Vec<u8> {
        let programs = std::mem::take(&mut self.programs);
        let library = std::mem::take(&mut self.library);
        let mut index = Vec::new();
        let mut bodies: Vec<u8> = Vec::new();
        number(&mut index, programs.len());
        for (id, (script, body)) in &programs {
            number(&mut index, self.text(id));
            match script {
                None => number(&mut index, 0),
                Some((script, spans)) => {
                    number(&mut index, spans.len() + 1);
                    number(&mut index, self.text(script));
                    for span in spans {
                        number(&mut index, span.start);
                        number(&mut index, span.end);
                    }
                }
            }
            number(&mut index, body.len());
            bodies.extend_from_slice(body);
        }
        number(&mut index, library.len());
        for (function, file) in &library {
            number(&mut index, self.text(function));
            number(&mut index, self.text(file));
        }
        let mut bytes = MAGIC.to_vec();
        number(&mut bytes, self.order.len());
        for text in &self.order {
            number(&mut bytes, text.len());
            bytes.extend(text.as_bytes());
        }
        bytes.extend(index);
        bytes.extend(bodies);
        bytes
    }
}

/// Seven bits a byte, the lowest first.
fn number(bytes: &mut Vec<u8>, number: usize) {
    let mut left = number;
    while left >= 0x80 {
        bytes.push(u8::try_from(left & 0x7f).unwrap_or_default() | 0x80);
        left >>= 7;
    }
    bytes.push(u8::try_from(left).unwrap_or_default());
}

impl Out<'_> {
    fn number(&mut self, value: usize) {
        number(&mut self.bytes, value);
    }

    fn text(&mut self, text: &str) {
        let number = self.all.text(text);
        self.number(number);
    }

    fn program(&mut self, program: &Program) -> Option<()> {
        for entry in program.entries {
            self.number(entry.map_or(0, |entry| entry + 1));
        }
        self.number(program.functions.len());
        for function in &program.functions {
            self.function(function)?;
        }
        Some(())
    }

    fn function(&mut self, function: &Function) -> Option<()> {
        self.number(function.params);
        self.number(function.names);
        match &function.source {
            None => self.number(0),
            Some(source) if source == self.script => self.number(1),
            Some(source) => {
                self.number(2);
                self.text(source.name());
            }
        }
        self.nodes(&function.body)
    }

    fn nodes(&mut self, nodes: &[Node]) -> Option<()> {
        self.number(nodes.len());
        nodes.iter().try_for_each(|node| self.node(node))
    }

    fn maybe(&mut self, node: Option<&Node>) -> Option<()> {
        self.number(usize::from(node.is_some()));
        node.map_or(Some(()), |node| self.node(node))
    }

    fn position(&mut self, at: Position) {
        self.number(at.line().unwrap_or_default());
        if at.line().is_some() {
            self.number(at.position().unwrap_or_default());
        }
    }

    fn pair(&mut self, pair: &(Node, Node)) -> Option<()> {
        self.node(&pair.0)?;
        self.node(&pair.1)
    }

    fn tagged(&mut self, tag: usize) {
        self.number(tag);
    }

    fn node(&mut self, node: &Node) -> Option<()> {
        self.position(node.at);
        match &node.op {
            Op::Constant(value) => {
                self.tagged(0);
                self.value(value)
            }
            Op::Name(name) => {
                self.tagged(1);
                self.number(*name);
                Some(())
            }
            Op::Property(of, step) => {
                self.tagged(2);
                self.step(step);
                self.node(of)
            }
            Op::Index(parts) => {
                self.tagged(3);
                self.pair(parts)
            }
            Op::End(of, back) => {
                self.tagged(4);
                self.number(*back);
                self.node(of)
            }
            Op::And(parts) => {
                self.tagged(5);
                self.nodes(parts)
            }
            Op::Or(parts) => {
                self.tagged(6);
                self.nodes(parts)
            }
            Op::Not(of) => {
                self.tagged(7);
                self.node(of)
            }
            Op::Minus(of) => {
                self.tagged(8);
                self.node(of)
            }
            Op::Equal(parts, same) => {
                self.tagged(9);
                self.number(usize::from(*same));
                self.pair(parts)
            }
            Op::Order(parts, than) => {
                self.tagged(10);
                self.number(*than as usize);
                self.pair(parts)
            }
            Op::Sum(parts, sign) => {
                self.tagged(11);
                self.number(*sign as usize);
                self.pair(parts)
            }
            Op::In(parts) => {
                self.tagged(12);
                self.pair(parts)
            }
            other => self.control(other),
        }
    }

    fn control(&mut self, op: &Op) -> Option<()> {
        match op {
            Op::If(parts) => {
                self.tagged(13);
                self.node(&parts.0)?;
                self.node(&parts.1)?;
                self.node(&parts.2)
            }
            Op::Block(steps) => {
                self.tagged(14);
                self.nodes(steps)
            }
            Op::Let(name, value) => {
                self.tagged(15);
                self.number(*name);
                self.node(value)
            }
            Op::Entry(name, parts) => {
                self.tagged(16);
                self.number(*name);
                self.pair(parts)
            }
            Op::For(name, parts) => {
                self.tagged(17);
                self.number(*name);
                self.pair(parts)
            }
            Op::Break => {
                self.tagged(18);
                Some(())
            }
            Op::Continue => {
                self.tagged(19);
                Some(())
            }
            Op::Return(value) => {
                self.tagged(20);
                self.maybe(value.as_deref())
            }
            Op::Switch(switch) => {
                self.tagged(21);
                self.node(&switch.on)?;
                self.number(switch.arms.len());
                switch.arms.iter().try_for_each(|arm| self.arm(arm))
            }
            Op::Call(function, args) => {
                self.tagged(22);
                self.number(*function);
                self.nodes(args)
            }
            Op::Native(native, args) => {
                self.tagged(23);
                self.number(*native as usize);
                self.nodes(args)
            }
            Op::Facts(asked) => {
                self.tagged(24);
                self.asked(asked)
            }
            other => self.made(other),
        }
    }

    fn made(&mut self, op: &Op) -> Option<()> {
        match op {
            Op::Closure(function, captured) => {
                self.tagged(25);
                self.number(*function);
                self.number(captured.len());
                for name in captured {
                    self.number(*name);
                }
                Some(())
            }
            Op::Plugin(_, function, args) => {
                self.tagged(26);
                let name = self.plugins.get(*function)?;
                self.text(name);
                self.nodes(args)
            }
            Op::List(items) => {
                self.tagged(27);
                self.nodes(items)
            }
            Op::Table(entries) => {
                self.tagged(28);
                self.number(entries.len());
                for (key, value) in entries {
                    self.text(key);
                    self.node(value)?;
                }
                Some(())
            }
            Op::Text(parts) => {
                self.tagged(29);
                self.nodes(parts)
            }
            Op::Push(name, value) => {
                self.tagged(30);
                self.number(*name);
                self.node(value)
            }
            Op::Sort(name, by) => {
                self.tagged(31);
                self.number(*name);
                self.maybe(by.as_deref())
            }
            // Only a copy of a script that is followed has it.
            _ => None,
        }
    }

    fn step(&mut self, step: &Step) {
        self.text(&step.name);
    }

    fn asked(&mut self, asked: &Asked) -> Option<()> {
        self.number(asked.what as usize);
        self.node(&asked.of)?;
        match &asked.path {
            Path::Known(steps) => {
                self.number(steps.len() + 1);
                for step in steps {
                    self.step(step);
                }
            }
            Path::Computed(node) => {
                self.number(0);
                self.node(node)?;
            }
        }
        self.maybe(asked.otherwise.as_ref())
    }

    fn arm(&mut self, arm: &Arm) -> Option<()> {
        self.number(arm.labels.len());
        for label in &arm.labels {
            match label {
                Label::Value(value) => {
                    self.number(0);
                    self.value(value)?;
                }
                Label::Range(from, to, inclusive) => {
                    self.number(1 + usize::from(*inclusive));
                    self.bytes.extend(from.to_le_bytes());
                    self.bytes.extend(to.to_le_bytes());
                }
                Label::Other => self.number(3),
            }
        }
        self.maybe(arm.condition.as_ref())?;
        self.node(&arm.gives)
    }

    /// A value that is written in a script.
    fn value(&mut self, value: &Value) -> Option<()> {
        match value {
            Value::Nothing => self.number(0),
            Value::YesNo(flag) => self.number(1 + usize::from(*flag)),
            Value::Number(number) => {
                self.number(3);
                self.bytes.extend(number.to_le_bytes());
            }
            Value::Text(text) => {
                self.number(4);
                self.text(text);
            }
            Value::List(list) => {
                self.number(5);
                self.number(list.items.len());
                list.items.iter().try_for_each(|item| self.value(item))?;
            }
            _ => return None,
        }
        Some(())
    }
}
