//! What a test asks a file of SQLite over all walls, beside the product that has it open.

use std::path::Path;

use diesel::{
    Connection, QueryResult, QueryableByName, RunQueryDsl, SqliteConnection,
    connection::SimpleConnection,
    deserialize::{self, FromSql},
    row::{Field, NamedRow, Row},
    sql_types::Text,
    sqlite::Sqlite,
};

#[diesel::declare_sql_function]
extern "SQL" {
    /// The product's own function, which the triggers of its search call.
    fn search_text(text: Text) -> Text;
}

/// A row as a line, its columns parted by `|`.
struct Line(String);

impl QueryableByName<Sqlite> for Line {
    fn build<'a>(row: &impl NamedRow<'a, Sqlite>) -> deserialize::Result<Self> {
        let mut columns = Vec::new();
        for index in 0..row.field_count() {
            let field = Row::get(row, index).ok_or("a row without its columns")?;
            let text = field.value().map(<String as FromSql<Text, Sqlite>>::from_sql).transpose()?;
            columns.push(text.unwrap_or_default());
        }
        Ok(Self(columns.join("|")))
    }
}

/// Runs one statement; rows as lines, columns parted by `|`.
pub fn query(file: &Path, sql: &str) -> QueryResult<String> {
    let url = format!("file:{}?mode=rw", file.display());
    let mut conn = SqliteConnection::establish(&url).unwrap_or_else(|fault| panic!("{url}: {fault}"));
    conn.batch_execute("PRAGMA busy_timeout = 10000")?;
    search_text_utils::register_impl(&mut conn, |text: String| text.to_lowercase())?;
    let lines: Vec<Line> = diesel::sql_query(sql).load(&mut conn)?;
    Ok(lines.into_iter().map(|line| line.0).collect::<Vec<_>>().join("\n").trim_end().to_owned())
}
