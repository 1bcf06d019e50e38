//! How our types are stored: native types on PostgreSQL, text on SQLite.
//!
//! Ids are `uuid` or 36 characters, times are `timestamptz` or fixed-width text whose order is the order of time.
//! JSON is text on both: nothing may reformat what a person approved.

use std::{fmt, io::Write as _};

use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::{
    backend::Backend,
    deserialize::{self, FromSql, FromSqlRow},
    expression::AsExpression,
    pg::{Pg, PgValue},
    query_builder::QueryId,
    serialize::{self, IsNull, Output, ToSql},
    sql_types::{self, BigInt, SqlType, Text},
    sqlite::{Sqlite, SqliteValue},
};
use serde::{Serialize, de::DeserializeOwned};

use crate::types::*;

/// SQL type of ids.
#[derive(SqlType, QueryId, Clone, Copy)]
#[diesel(sqlite_type(name = "Text"), postgres_type(oid = 2950, array_oid = 2951))]
pub struct Uuid;

/// SQL type of times.
#[derive(SqlType, QueryId, Clone, Copy)]
#[diesel(sqlite_type(name = "Text"), postgres_type(oid = 1184, array_oid = 1185))]
pub struct Timestamptz;

// `table!` demands these of a type of this name; nothing here adds intervals in SQL.
impl sql_types::ops::Add for Timestamptz {
    type Rhs = sql_types::Interval;
    type Output = Self;
}
impl sql_types::ops::Sub for Timestamptz {
    type Rhs = sql_types::Interval;
    type Output = Self;
}

/// Fixed width, so that text order is time order.
const TIME: &str = "%Y-%m-%dT%H:%M:%S%.6fZ";

/// A time as rows and filters carry it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, AsExpression, FromSqlRow)]
#[diesel(sql_type = Timestamptz)]
pub struct Time(pub DateTime<Utc>);

impl From<DateTime<Utc>> for Time {
    fn from(time: DateTime<Utc>) -> Self {
        Self(time)
    }
}

impl From<Time> for DateTime<Utc> {
    fn from(time: Time) -> Self {
        time.0
    }
}

impl ToSql<Timestamptz, Pg> for Time {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
        ToSql::<sql_types::Timestamptz, Pg>::to_sql(&self.0, out)
    }
}

impl FromSql<Timestamptz, Pg> for Time {
    fn from_sql(value: PgValue<'_>) -> deserialize::Result<Self> {
        FromSql::<sql_types::Timestamptz, Pg>::from_sql(value).map(Self)
    }
}

impl ToSql<Timestamptz, Sqlite> for Time {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Sqlite>) -> serialize::Result {
        out.set_value(self.0.format(TIME).to_string());
        Ok(IsNull::No)
    }
}

impl FromSql<Timestamptz, Sqlite> for Time {
    fn from_sql(value: SqliteValue<'_, '_, '_>) -> deserialize::Result<Self> {
        let text = <String as FromSql<Text, Sqlite>>::from_sql(value)?;
        Ok(Self(NaiveDateTime::parse_from_str(&text, TIME)?.and_utc()))
    }
}

macro_rules! ids {
    ($($name:ident $proxy:ident),+ $(,)?) => {$(
        #[allow(dead_code, reason = "stands for the type of row 1 in the derives")]
        #[derive(AsExpression, FromSqlRow)]
        #[diesel(foreign_derive)]
        #[diesel(sql_type = Uuid)]
        struct $proxy($name);

        impl ToSql<Uuid, Pg> for $name {
            fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
                ToSql::<sql_types::Uuid, Pg>::to_sql(&self.0, out)
            }
        }

        impl FromSql<Uuid, Pg> for $name {
            fn from_sql(value: PgValue<'_>) -> deserialize::Result<Self> {
                FromSql::<sql_types::Uuid, Pg>::from_sql(value).map(Self)
            }
        }

        impl ToSql<Uuid, Sqlite> for $name {
            fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Sqlite>) -> serialize::Result {
                out.set_value(self.0.hyphenated().to_string());
                Ok(IsNull::No)
            }
        }

        impl FromSql<Uuid, Sqlite> for $name {
            fn from_sql(value: SqliteValue<'_, '_, '_>) -> deserialize::Result<Self> {
                Ok(<String as FromSql<Text, Sqlite>>::from_sql(value)?.parse()?)
            }
        }
    )+};
}

ids! {
    TenantId TenantIdProxy, UserId UserIdProxy, SessionId SessionIdProxy, ConversationId ConversationIdProxy,
    MessageId MessageIdProxy, TurnId TurnIdProxy, ToolCallId ToolCallIdProxy, ModelCallId ModelCallIdProxy, CreditEntryId CreditEntryIdProxy,
    GrantId GrantIdProxy, ApiTokenId ApiTokenIdProxy, FamilyId FamilyIdProxy,
    McpServerId McpServerIdProxy, McpTokenId McpTokenIdProxy, McpClientId McpClientIdProxy, AuditId AuditIdProxy, InvitationId InvitationIdProxy,
    InstanceId InstanceIdProxy, SubjectId SubjectIdProxy,
}

/// Whose usage: a tenant's as a whole, or one person's in it.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct SubjectId(pub uuid::Uuid);

impl From<TenantId> for SubjectId {
    fn from(tenant: TenantId) -> Self {
        Self(tenant.0)
    }
}

impl From<UserId> for SubjectId {
    fn from(user: UserId) -> Self {
        Self(user.0)
    }
}

impl fmt::Debug for SubjectId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SubjectId({})", self.0)
    }
}

impl std::str::FromStr for SubjectId {
    type Err = uuid::Error;

    fn from_str(text: &str) -> Result<Self, uuid::Error> {
        text.parse().map(Self)
    }
}

/// Types with one spelling, stored as that text.
macro_rules! texts {
    ($($name:ident $proxy:ident),+ $(,)?) => {$(
        #[allow(dead_code, reason = "stands for the type of row 1 in the derives")]
        #[derive(AsExpression, FromSqlRow)]
        #[diesel(foreign_derive)]
        #[diesel(sql_type = Text)]
        struct $proxy($name);

        impl ToSql<Text, Pg> for $name {
            fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
                out.write_all(self.to_string().as_bytes())?;
                Ok(IsNull::No)
            }
        }

        impl ToSql<Text, Sqlite> for $name {
            fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Sqlite>) -> serialize::Result {
                out.set_value(self.to_string());
                Ok(IsNull::No)
            }
        }

        impl<DB: Backend> FromSql<Text, DB> for $name
        where
            String: FromSql<Text, DB>,
        {
            fn from_sql(value: DB::RawValue<'_>) -> deserialize::Result<Self> {
                Ok(<String as FromSql<Text, DB>>::from_sql(value)?.parse()?)
            }
        }
    )+};
}

texts! {
    Role RoleProxy, ConversationKind ConversationKindProxy, TitleSource TitleSourceProxy, MessageRole MessageRoleProxy,
    MessageState MessageStateProxy, TurnState TurnStateProxy, ToolCallState ToolCallStateProxy,
    Decision DecisionProxy, Purpose PurposeProxy, Undo UndoProxy, Verdict VerdictProxy, Scopes ScopesProxy,
    Digest DigestProxy, QuestionAnswer QuestionAnswerProxy,
}

#[allow(dead_code, reason = "stands for the type of row 1 in the derives")]
#[derive(AsExpression, FromSqlRow)]
#[diesel(foreign_derive)]
#[diesel(sql_type = BigInt)]
struct CreditsProxy(Credits);

impl<DB: Backend> ToSql<BigInt, DB> for Credits
where
    i64: ToSql<BigInt, DB>,
{
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, DB>) -> serialize::Result {
        self.0.to_sql(out)
    }
}

impl<DB: Backend> FromSql<BigInt, DB> for Credits
where
    i64: FromSql<BigInt, DB>,
{
    fn from_sql(value: DB::RawValue<'_>) -> deserialize::Result<Self> {
        i64::from_sql(value).map(Self)
    }
}

/// A value stored as JSON text.
#[derive(Clone, Debug, AsExpression, FromSqlRow)]
#[diesel(sql_type = Text)]
pub struct Json<T: fmt::Debug>(pub T);

impl<T: fmt::Debug + Serialize> ToSql<Text, Pg> for Json<T> {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
        out.write_all(&serde_json::to_vec(&self.0)?)?;
        Ok(IsNull::No)
    }
}

impl<T: fmt::Debug + Serialize> ToSql<Text, Sqlite> for Json<T> {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Sqlite>) -> serialize::Result {
        out.set_value(serde_json::to_string(&self.0)?);
        Ok(IsNull::No)
    }
}

impl<T: fmt::Debug + DeserializeOwned, DB: Backend> FromSql<Text, DB> for Json<T>
where
    String: FromSql<Text, DB>,
{
    fn from_sql(value: DB::RawValue<'_>) -> deserialize::Result<Self> {
        Ok(Self(serde_json::from_str(&<String as FromSql<Text, DB>>::from_sql(value)?)?))
    }
}
