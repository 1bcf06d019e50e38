//! The tools `records_find`, `records_insert` and `records_update`: JSON documents in named collections of the tenant,
//! in the customary operators. One evaluator, here, serves both databases.

pub mod document;
pub mod filter;
pub mod import;
pub mod intake;
pub mod number;
pub mod select;
pub mod update;
pub mod value;

mod change;
mod evaluate;
mod find;
mod insert;
mod search;
mod show;
mod store;

pub use change::RecordsUpdate;
pub use find::RecordsFind;
pub use insert::RecordsInsert;
pub use search::{Hit, Search};
pub use store::Store;

use serde_json::{Value, json};

use super::ToolDefinition;

/// The definition of one of the three.
fn definition(name: &str, description: String, properties: Value, required: &[&str]) -> ToolDefinition {
    ToolDefinition {
        server: "sayso".to_owned(),
        launch: "builtin".to_owned(),
        beside: Vec::new(),
        name: name.to_owned(),
        description,
        input_schema: json!({
            "type": "object",
            "properties": properties,
            "required": required,
            "additionalProperties": false,
        }),
    }
}

/// The schema of a collection's name.
fn collection_schema() -> Value {
    json!({
        "type": "string",
        "pattern": "^[A-Za-z][A-Za-z0-9_-]{0,63}$",
        "description": "The name of the collection: a letter, then letters, digits, _ and -.",
    })
}

#[cfg(test)]
mod tests;
