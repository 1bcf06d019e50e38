//! Tool calls of a reply, from the fragments in which servers send them.

use serde_json::Value;

use crate::providers::{ModelEvent, reply::is_json_object};

/// The calls that have begun, in their order.
#[derive(Clone, Debug, Default)]
pub(super) struct Calls {
    all: Vec<Call>,
}

#[derive(Clone, Debug, Default)]
struct Call {
    index: Option<i64>,
    id: Option<String>,
    name: String,
    /// The number of its block; none until its name is known.
    number: Option<u32>,
    /// The arguments that came.
    input: String,
}

impl Calls {
    pub(super) fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    /// Takes a fragment: more of a call that has begun, or a new one. Id and name may be repeated in each of them.
    pub(super) fn fragment(&mut self, fragment: &Value, next: &mut u32, out: &mut Vec<ModelEvent>) {
        let function = fragment.get("function");
        let id = fragment.get("id").and_then(word);
        let name = function.and_then(|function| function.get("name")).and_then(word);
        let index = fragment.get("index").and_then(Value::as_i64);
        let at = self.position(index, id, name).unwrap_or_else(|| {
            self.all.push(Call { index, ..Call::default() });
            self.all.len() - 1
        });
        let Some(call) = self.all.get_mut(at) else { return };
        if call.id.is_none() {
            call.id = id.map(str::to_owned);
        }
        if let Some(name) = name.filter(|_| call.name.is_empty()) {
            name.clone_into(&mut call.name);
            call.begin(next, out);
        }
        match function.and_then(|function| function.get("arguments")) {
            Some(Value::String(more)) => call.input(more, out),
            // A server that gives them as JSON gives them whole.
            Some(arguments @ Value::Object(_)) => call.input(&arguments.to_string(), out),
            _ => {}
        }
    }

    /// Which call a fragment belongs to; `None` for a new one.
    fn position(&self, index: Option<i64>, id: Option<&str>, name: Option<&str>) -> Option<usize> {
        // The same index with another id and a name is another call: some servers number every call 0.
        let is_other = |call: &Call| name.is_some() && id.is_some() && call.id.is_some() && call.id.as_deref() != id;
        let last = |found: &dyn Fn(&Call) -> bool| self.all.iter().rposition(found);
        match (index, id, name) {
            (Some(_), ..) => last(&|call| call.index == index).filter(|at| !self.all.get(*at).is_some_and(is_other)),
            (None, Some(id), _) => last(&|call| call.id.as_deref() == Some(id)),
            (None, None, Some(_)) => None,
            (None, None, None) => self.all.len().checked_sub(1),
        }
    }

    /// Nothing more of any call comes. Of a reply that was cut off a call is whole only if its arguments are.
    pub(super) fn end(&mut self, is_cut: bool, next: &mut u32, out: &mut Vec<ModelEvent>) {
        for call in &mut self.all {
            let block = call.begin(next, out);
            if !is_cut || is_json_object(&call.input) {
                out.push(ModelEvent::BlockEnd { block });
            }
        }
    }
}

fn word(value: &Value) -> Option<&str> {
    value.as_str().filter(|word| !word.is_empty())
}

impl Call {
    /// Tells of the call and of what has come of it, unless that was done.
    fn begin(&mut self, next: &mut u32, out: &mut Vec<ModelEvent>) -> u32 {
        if let Some(number) = self.number {
            return number;
        }
        let block = *next;
        *next += 1;
        self.number = Some(block);
        out.push(ModelEvent::ToolCall { block, provider_id: self.id.clone(), name: self.name.clone() });
        if !self.input.is_empty() {
            out.push(ModelEvent::ToolInput { block, fragment: self.input.clone() });
        }
        block
    }

    fn input(&mut self, more: &str, out: &mut Vec<ModelEvent>) {
        self.input.push_str(more);
        if let (Some(block), false) = (self.number, more.is_empty()) {
            out.push(ModelEvent::ToolInput { block, fragment: more.to_owned() });
        }
    }
}
