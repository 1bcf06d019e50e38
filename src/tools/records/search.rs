//! Looking through records for a question: by a filter where there is one, else by the question's words.

use std::sync::Arc;

use serde_json::{Map, Value};

use super::{
    evaluate::{Judge, meant},
    filter::Filter,
    store::{Store, named, wrong},
};
use crate::{
    models::record,
    tools::{ToolError, fetch::markdown::one_line},
    types::TenantId,
};

/// The most words of a question that are looked for.
const MAX_WORDS: usize = 32;

/// Shorter words say little, unless there are no others.
const SHORT: usize = 3;

/// The most characters of a document that are given.
const MAX_DOCUMENT: usize = 2000;

/// What is looked for.
#[derive(Clone)]
pub struct Search {
    /// In which collection; in all of the tenant's without.
    collection: Option<String>,
    judge: Judge<usize>,
    limit: usize,
}

/// A document that was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hit {
    /// Its collection.
    pub collection: String,
    /// Its `_id`.
    pub id: String,
    /// What it says, cut where it is long.
    pub document: String,
}

impl Search {
    /// Looks for what the filter means, or for what has words of the question in it, those with the most first; gives
    /// at most `limit`.
    ///
    /// # Errors
    /// `invalid_payload` for a name or a filter that is none.
    pub fn new(
        collection: Option<&str>,
        filter: Option<&Map<String, Value>>,
        question: &str,
        limit: usize,
    ) -> Result<Self, ToolError> {
        collection.map_or(Ok(()), named)?;
        let judge: Judge<usize> = match filter {
            Some(filter) => {
                let filter = meant(&Arc::new(Filter::parse(filter).map_err(wrong)?));
                Arc::new(move |value| filter(value).map(|()| 0))
            }
            None => {
                let words = words(question);
                Arc::new(move |value| Some(count(&words, value)).filter(|count| *count > 0))
            }
        };
        Ok(Self { collection: collection.map(str::to_owned), judge, limit })
    }
}

impl Store {
    /// Whether the collection that a search names is there.
    ///
    /// # Errors
    /// `tool_error` that names what there is.
    pub async fn check(&self, tenant: TenantId, search: &Search) -> Result<(), ToolError> {
        let Some(collection) = &search.collection else { return Ok(()) };
        self.in_time(async { Self::must_exist(&mut *self.db.read(tenant).await?, tenant, collection).await }).await
    }

    /// What is found, the best first.
    ///
    /// # Errors
    /// `tool_error`, `tool_timeout`.
    pub async fn search(&self, tenant: TenantId, search: &Search) -> Result<Vec<Hit>, ToolError> {
        self.in_time(async {
            let mut tx = self.db.read(tenant).await?;
            let collections = match &search.collection {
                Some(collection) => {
                    if let Err(error) = Self::must_exist(&mut tx, tenant, collection).await? {
                        return Ok(Err(error));
                    }
                    vec![collection.clone()]
                }
                None => record::collections(&mut tx, tenant).await?.into_iter().map(|found| found.name).collect(),
            };
            // Nothing is held while it is looked through them.
            drop(tx);
            let mut kept: Vec<(usize, Hit)> = Vec::new();
            for collection in &collections {
                self.look(tenant, collection, &search.judge, |record, _, count| {
                    let document = one_line(&record.document, MAX_DOCUMENT);
                    kept.push((count, Hit { collection: collection.clone(), id: record.id, document }));
                    if kept.len() >= 2 * search.limit + 100 {
                        best(&mut kept, search.limit);
                    }
                    true
                })
                .await?;
            }
            best(&mut kept, search.limit);
            // What shares one word with the question, where others share all, is there by chance.
            let most = kept.first().map_or(0, |(count, _)| *count);
            Ok(Ok(kept.into_iter().filter(|(count, _)| 2 * count >= most).map(|(_, hit)| hit).collect()))
        })
        .await
    }
}

/// Those with the highest counts; equal ones stay in their order.
fn best(kept: &mut Vec<(usize, Hit)>, limit: usize) {
    kept.sort_by_key(|(count, _)| std::cmp::Reverse(*count));
    kept.truncate(limit);
}

/// The words of a question, each once, in small letters.
fn words(question: &str) -> Vec<String> {
    let small = question.to_lowercase();
    let all: Vec<&str> =
        small.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let is_long = |word: &&str| word.chars().count() >= SHORT;
    let any_long = all.iter().any(is_long);
    let mut words: Vec<String> = Vec::new();
    for word in all.into_iter().filter(|word| !any_long || is_long(word)) {
        if words.len() < MAX_WORDS && !words.iter().any(|known| known == word) {
            words.push(word.to_owned());
        }
    }
    words
}

/// How many of the words stand anywhere in a document.
fn count(words: &[String], document: &Value) -> usize {
    let text = document.to_string().to_lowercase();
    words.iter().filter(|word| text.contains(word.as_str())).count()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn words_of_a_question_are_counted_in_documents() {
        assert_eq!(words("What is the PRICE of tea, the price?"), ["what", "the", "price", "tea"]);
        assert_eq!(words("1 + 1 = ?"), ["1"]);
        assert_eq!(words(" … "), Vec::<String>::new());
        assert_eq!(words("Grüße an ÉLAN"), ["grüße", "élan"]);
        let document = json!({"name": "Green Tea", "price": {"eur": "3.50"}});
        assert_eq!(count(&words("what is the price of tea"), &document), 2);
        assert_eq!(count(&words("coffee"), &document), 0);
        assert_eq!(count(&[], &document), 0);
    }

    #[test]
    fn what_cannot_be_looked_for_is_refused() {
        let filter = |value: Value| value.as_object().unwrap().clone();
        assert!(Search::new(Some("prices"), Some(&filter(json!({"a": {"$gt": 1}}))), "q", 5).is_ok());
        for (collection, filter) in
            [(Some("no name"), None), (None, Some(filter(json!({"$where": 1})))), (Some(""), None)]
        {
            let error = Search::new(collection, filter.as_ref(), "q", 5).err().unwrap();
            assert_eq!(error.code, "invalid_payload");
        }
    }
}
