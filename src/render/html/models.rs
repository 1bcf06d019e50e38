//! The page of the models that a tenant may use.

use askama::Template;

use super::{FieldErrors, PageContext, visible::visible};
use crate::types::TenantId;

/// A model, and whether it may be used.
#[derive(Clone, Debug)]
pub struct ModelView {
    /// As the form sends it: its provider and its name.
    pub value: String,
    /// Its name.
    pub name: String,
    /// Its name for people, where that is another one.
    pub label: Option<String>,
    /// Whether this server has it.
    pub is_here: bool,
    /// Stored or chosen: field `model`.
    pub is_ticked: bool,
}

/// The models of one provider.
#[derive(Clone, Debug)]
pub struct ModelGroup {
    /// The provider's name for people.
    pub label: String,
    /// Its models.
    pub models: Vec<ModelView>,
}

/// `/admin/tenants/{id}/models`.
#[derive(Template)]
#[template(path = "admin/models.html")]
pub struct ModelsPage<'a> {
    /// The page's context.
    pub ctx: &'a PageContext,
    /// The tenant.
    pub tenant: TenantId,
    /// Its name.
    pub tenant_name: &'a str,
    /// The models by provider.
    pub groups: &'a [ModelGroup],
    /// Stored or chosen: field `allow`.
    pub allows_all: bool,
    /// Whether it was just saved.
    pub is_saved: bool,
    /// What is wrong.
    pub errors: &'a FieldErrors,
}

impl ModelsPage<'_> {
    /// Text of a provider's, with nothing hidden in it.
    fn seen(&self, text: &str) -> String {
        visible(text)
    }
}
