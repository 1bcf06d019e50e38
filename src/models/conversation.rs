//! Conversations. `current_turn_id` is the lock: at most one turn of a conversation is not finished.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;

use super::{Owner, search::Query};
use crate::{
    db::{
        Conn, Prepare, now, on,
        schema::conversations,
        search::{HasWords, search_entries},
        types::Time,
    },
    error::Result,
    types::{ConversationId, ConversationKind, ModelChoice, TenantId, TitleSource, TurnId, UserId},
};

/// A conversation of one person in one tenant.
#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = conversations)]
pub struct Conversation {
    /// Its id.
    pub id: ConversationId,
    /// The tenant.
    pub tenant_id: TenantId,
    /// The person; nobody else sees it.
    pub user_id: UserId,
    /// Where it came from.
    pub kind: ConversationKind,
    /// Its title.
    pub title: String,
    /// Where the title came from.
    pub title_source: TitleSource,
    /// The provider chosen for it, if one was.
    pub provider: Option<String>,
    /// The model chosen for it, if one was.
    pub model: Option<String>,
    /// The turn that is not finished.
    pub current_turn_id: Option<TurnId>,
    /// The position of its newest message; 0 when there is none.
    pub last_position: i64,
    /// When it began.
    pub created_at: Time,
    /// When something was last said.
    pub updated_at: Time,
    /// When it was ended; read-only from then on.
    pub ended_at: Option<Time>,
    /// Where the window that models are sent begins: the position of a person's message.
    pub window_begins: i64,
}

impl Conversation {
    /// Whose it is.
    pub fn owner(&self) -> Owner {
        Owner { tenant: self.tenant_id, user: self.user_id }
    }

    /// Which model was chosen for it.
    pub fn choice(&self) -> ModelChoice {
        ModelChoice::from_parts(self.provider.as_deref(), self.model.as_deref())
    }
}

/// Where a page of the list begins: after this conversation.
pub type Cursor = (DateTime<Utc>, ConversationId);

/// Begins a conversation.
///
/// # Errors
/// When the database refuses.
pub async fn create(conn: &mut Conn, owner: Owner, kind: ConversationKind, title: &str) -> Result<Conversation> {
    let time = Time(now());
    let conversation = Conversation {
        id: ConversationId::new(),
        tenant_id: owner.tenant,
        user_id: owner.user,
        kind,
        title: title.to_owned(),
        title_source: TitleSource::FirstWords,
        provider: None,
        model: None,
        current_turn_id: None,
        last_position: 0,
        created_at: time,
        updated_at: time,
        ended_at: None,
        window_begins: 1,
    };
    on!(conn, c => diesel::insert_into(conversations::table).values(&conversation).execute(c).await)?;
    Ok(conversation)
}

/// The conversation of that id, if it is this person's.
///
/// # Errors
/// When the database does not answer.
pub async fn find(conn: &mut Conn, owner: Owner, id: ConversationId) -> Result<Option<Conversation>> {
    Ok(on!(conn, c => {
        conversations::table
            .find(id)
            .filter(conversations::tenant_id.eq(owner.tenant))
            .filter(conversations::user_id.eq(owner.user))
            .select(Conversation::as_select())
            .first(c)
            .await
            .optional()
    })?)
}

/// A person's chats, the one last spoken in first.
///
/// # Errors
/// When the database does not answer.
pub async fn list(conn: &mut Conn, owner: Owner, after: Option<Cursor>, limit: i64) -> Result<Vec<Conversation>> {
    listed(conn, owner, None, after, limit).await
}

/// Of a person's chats those that have every word of the query, the one last spoken in first. A query without words
/// finds nothing.
///
/// # Errors
/// When the database does not answer.
pub async fn search(
    conn: &mut Conn,
    owner: Owner,
    query: &Query,
    after: Option<Cursor>,
    limit: i64,
) -> Result<Vec<Conversation>> {
    if query.words().is_empty() {
        return Ok(Vec::new());
    }
    listed(conn, owner, Some(query), after, limit).await
}

async fn listed(
    conn: &mut Conn,
    owner: Owner,
    wanted: Option<&Query>,
    after: Option<Cursor>,
    limit: i64,
) -> Result<Vec<Conversation>> {
    Ok(on!(conn, c => {
        let mut query = conversations::table
            .filter(conversations::tenant_id.eq(owner.tenant))
            .filter(conversations::user_id.eq(owner.user))
            .filter(conversations::kind.eq(ConversationKind::Chat))
            .order((conversations::updated_at.desc(), conversations::id.desc()))
            .limit(limit)
            .select(Conversation::as_select())
            .into_boxed();
        if let Some((time, id)) = after {
            let time = Time(time);
            // The first bound is implied by the second; it is the one that an index can begin at.
            query = query.filter(conversations::updated_at.le(time)).filter(
                conversations::updated_at
                    .lt(time)
                    .or(conversations::updated_at.eq(time).and(conversations::id.lt(id))),
            );
        }
        for word in wanted.map(Query::words).unwrap_or_default() {
            query = query.filter(
                conversations::id.eq_any(
                    search_entries::table
                        .filter(search_entries::tenant_id.eq(owner.tenant))
                        .filter(search_entries::user_id.eq(owner.user))
                        .filter(HasWords::all(std::slice::from_ref(word)))
                        .select(search_entries::conversation_id),
                ),
            );
        }
        query.load(c).await
    })?)
}

/// Gives it the title a person chose; `false` if it is not theirs.
///
/// # Errors
/// When the database does not answer.
pub async fn rename(conn: &mut Conn, owner: Owner, id: ConversationId, title: &str) -> Result<bool> {
    let changed = on!(conn, c => {
        diesel::update(
            conversations::table
                .find(id)
                .filter(conversations::tenant_id.eq(owner.tenant))
                .filter(conversations::user_id.eq(owner.user)),
        )
        .set((conversations::title.eq(title), conversations::title_source.eq(TitleSource::Person)))
        .prepared()
        .execute(c)
        .await
    })?;
    Ok(changed == 1)
}

/// Gives it a title of the model's, unless a person chose one; `false` if nothing was changed.
///
/// # Errors
/// When the database does not answer.
pub async fn set_model_title(conn: &mut Conn, owner: Owner, id: ConversationId, title: &str) -> Result<bool> {
    let changed = on!(conn, c => {
        diesel::update(
            conversations::table
                .find(id)
                .filter(conversations::tenant_id.eq(owner.tenant))
                .filter(conversations::user_id.eq(owner.user))
                .filter(conversations::title_source.eq(TitleSource::FirstWords)),
        )
        .set((conversations::title.eq(title), conversations::title_source.eq(TitleSource::Model)))
        .prepared()
        .execute(c)
        .await
    })?;
    Ok(changed == 1)
}

/// Keeps which provider and model shall answer in it; `false` if it is not theirs.
///
/// # Errors
/// When the database does not answer.
pub async fn set_choice(conn: &mut Conn, owner: Owner, id: ConversationId, choice: ModelChoice) -> Result<bool> {
    let (provider, model) = choice.into_parts();
    let changed = on!(conn, c => {
        diesel::update(
            conversations::table
                .find(id)
                .filter(conversations::tenant_id.eq(owner.tenant))
                .filter(conversations::user_id.eq(owner.user)),
        )
        .set((conversations::provider.eq(provider), conversations::model.eq(model)))
        .prepared()
        .execute(c)
        .await
    })?;
    Ok(changed == 1)
}

/// Ends it: from now on it is read-only. `false` if it is not theirs, or was ended before.
///
/// # Errors
/// When the database does not answer.
pub async fn end(conn: &mut Conn, owner: Owner, id: ConversationId) -> Result<bool> {
    let time = Time(now());
    let changed = on!(conn, c => {
        diesel::update(
            conversations::table
                .find(id)
                .filter(conversations::tenant_id.eq(owner.tenant))
                .filter(conversations::user_id.eq(owner.user))
                .filter(conversations::ended_at.is_null()),
        )
        .set(conversations::ended_at.eq(Some(time)))
        .prepared()
        .execute(c)
        .await
    })?;
    Ok(changed == 1)
}

/// Deletes it with all that was said in it; `false` if it is not theirs.
///
/// # Errors
/// When the database does not answer.
pub async fn delete(conn: &mut Conn, owner: Owner, id: ConversationId) -> Result<bool> {
    let deleted = on!(conn, c => {
        diesel::delete(
            conversations::table
                .find(id)
                .filter(conversations::tenant_id.eq(owner.tenant))
                .filter(conversations::user_id.eq(owner.user)),
        )
        .execute(c)
        .await
    })?;
    Ok(deleted == 1)
}

/// Deletes all that a person wrote in a tenant; how many conversations that were.
///
/// # Errors
/// When the database does not answer.
pub async fn delete_of_person(conn: &mut Conn, owner: Owner) -> Result<usize> {
    Ok(on!(conn, c => {
        diesel::delete(
            conversations::table
                .filter(conversations::tenant_id.eq(owner.tenant))
                .filter(conversations::user_id.eq(owner.user)),
        )
        .execute(c)
        .await
    })?)
}

/// Of all that a person wrote anywhere, deletes so many conversations; how many that were.
///
/// # Errors
/// When the database does not answer.
pub async fn delete_some(conn: &mut Conn, user: UserId, limit: i64) -> Result<usize> {
    let some: Vec<ConversationId> = on!(conn, c => {
        conversations::table
            .filter(conversations::user_id.eq(user))
            .limit(limit)
            .select(conversations::id)
            .load(c)
            .await
    })?;
    Ok(on!(conn, c => {
        diesel::delete(conversations::table.filter(conversations::id.eq_any(&some))).execute(c).await
    })?)
}

/// A person's conversations of every kind in one tenant, in the order of their ids, so many after that one.
///
/// # Errors
/// When the database does not answer.
pub async fn of_every_kind(
    conn: &mut Conn,
    owner: Owner,
    after: Option<ConversationId>,
    limit: i64,
) -> Result<Vec<Conversation>> {
    let after = after.unwrap_or(ConversationId(uuid::Uuid::nil()));
    Ok(on!(conn, c => {
        conversations::table
            .filter(conversations::tenant_id.eq(owner.tenant))
            .filter(conversations::user_id.eq(owner.user))
            .filter(conversations::id.gt(after))
            .order(conversations::id)
            .limit(limit)
            .select(Conversation::as_select())
            .load(c)
            .await
    })?)
}

/// Idle → busy with `turn`, in place of `instead_of`, the turn that is current now (`None`: idle); `false` if
/// another one is.
///
/// # Errors
/// When the database does not answer.
pub async fn claim(
    conn: &mut Conn,
    owner: Owner,
    id: ConversationId,
    instead_of: Option<TurnId>,
    turn: TurnId,
) -> Result<bool> {
    let time = Time(now());
    let changed = on!(conn, c => {
        let mine = conversations::table
            .find(id)
            .filter(conversations::tenant_id.eq(owner.tenant))
            .filter(conversations::user_id.eq(owner.user))
            .filter(conversations::ended_at.is_null());
        let set = (conversations::current_turn_id.eq(Some(turn)), conversations::updated_at.eq(time));
        match instead_of {
            None => diesel::update(mine.filter(conversations::current_turn_id.is_null())).set(set).prepared().execute(c).await,
            Some(old) => diesel::update(mine.filter(conversations::current_turn_id.eq(old))).set(set).prepared().execute(c).await,
        }
    })?;
    Ok(changed == 1)
}

/// Busy with `turn` → idle.
///
/// # Errors
/// When the database does not answer.
pub async fn release(conn: &mut Conn, tenant: TenantId, id: ConversationId, turn: TurnId) -> Result<()> {
    on!(conn, c => {
        diesel::update(
            conversations::table
                .find(id)
                .filter(conversations::tenant_id.eq(tenant))
                .filter(conversations::current_turn_id.eq(turn)),
        )
        .set(conversations::current_turn_id.eq(None::<TurnId>))
        .prepared()
        .execute(c)
        .await
    })?;
    Ok(())
}

/// Keeps where the window that models are sent begins.
///
/// # Errors
/// When the database does not answer.
pub async fn set_window(conn: &mut Conn, tenant: TenantId, id: ConversationId, begins: i64) -> Result<()> {
    on!(conn, c => {
        diesel::update(conversations::table.find(id).filter(conversations::tenant_id.eq(tenant)))
            .set(conversations::window_begins.eq(begins))
            .prepared()
            .execute(c)
            .await
    })?;
    Ok(())
}

/// Takes the next place in the order of messages.
///
/// # Errors
/// When the database does not answer, or the conversation is gone.
pub async fn next_position(conn: &mut Conn, tenant: TenantId, id: ConversationId) -> Result<i64> {
    let time = Time(now());
    Ok(on!(conn, c => {
        diesel::update(conversations::table.find(id).filter(conversations::tenant_id.eq(tenant)))
            .set((
                conversations::last_position.eq(conversations::last_position + 1),
                conversations::updated_at.eq(time),
            ))
            .returning(conversations::last_position)
            .prepared()
            .get_result(c)
            .await
    })?)
}
